/** The level of one side on a `role=meter` element: 0 to 100 from -60 dBFS to 0 dBFS. */
export class Meter {
    #element;
    #level = 0;

    constructor(element) {
        this.#element = element;
    }

    /** Call once per animation frame. The needle rises at once and falls slowly. @param {number} decibels -100 for nothing */
    show(decibels) {
        const now = Math.min(Math.max((decibels + 60) / 60, 0), 1);
        const level = Math.max(now, this.#level - 0.03);
        if (level === this.#level) return;
        this.#level = level;
        this.#element.setAttribute("aria-valuenow", Math.round(level * 100));
        this.#element.firstElementChild.style.transform = `scaleX(${level})`;
    }
}
