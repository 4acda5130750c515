/** A row of tabs: click, or arrow keys, Home and End (WAI-ARIA Authoring Practices, "Tabs"). */
export class Tabs {
    #tabs;
    #shown;

    /** @param {HTMLElement} list  @param {(panel: HTMLElement) => void} shown after a panel has come to sight */
    constructor(list, shown) {
        this.#shown = shown;
        this.#tabs = [...list.querySelectorAll("[role=tab]")];
        for (const tab of this.#tabs) tab.addEventListener("click", () => this.#choose(tab));
        list.addEventListener("keydown", (event) => {
            const to = this.#target(event.key);
            if (!to) return;
            event.preventDefault();
            this.#choose(to);
            to.focus();
        });
    }

    #target(key) {
        const at = this.#tabs.findIndex((tab) => tab.getAttribute("aria-selected") === "true");
        const count = this.#tabs.length;
        const index = { ArrowRight: at + 1, ArrowLeft: at - 1 + count, Home: 0, End: count - 1 }[key];
        return index === undefined ? null : this.#tabs[index % count];
    }

    #choose(chosen) {
        for (const tab of this.#tabs) {
            const isChosen = tab === chosen;
            tab.setAttribute("aria-selected", String(isChosen));
            tab.tabIndex = isChosen ? 0 : -1;
            const panel = document.getElementById(tab.getAttribute("aria-controls"));
            panel.hidden = !isChosen;
            if (isChosen) this.#shown(panel);
        }
    }
}
