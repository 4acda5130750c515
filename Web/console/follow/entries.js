/** The kinds of entry that a conversation is made of, as elements of the list. */
import { button, make } from "../dom.js";

/** One entry: who, and what. */
export class Entry {
    element;
    body = make("div", { class: "what" });

    constructor(kind, who) {
        this.element = make("li", { class: `entry ${kind}` }, make("span", { class: "who" }, who), this.body);
    }
}

/** What the user says: a guess while speaking, then what was understood. */
export class UserEntry extends Entry {
    #text = "";
    #words = make("p", { class: "partial" }, "…");

    constructor() {
        super("user", "You");
        this.body.append(this.#words);
    }

    get text() {
        return this.#text;
    }

    grow(delta) {
        this.#text += delta;
        this.#words.textContent = `${this.#text} …`;
    }

    settle(text) {
        this.#text = text.trim();
        this.#words.className = this.#text ? "" : "faint";
        this.#words.textContent = this.#text || "Nothing was understood.";
    }

    fail(words) {
        this.#text = "";
        this.#words.className = "faint";
        this.#words.textContent = `Not understood: ${words}`;
    }
}

/** What the assistant says: as much as has been heard, and after an interruption what was not. */
export class AssistantEntry extends Entry {
    #heard = make("span");
    #shown = 0;

    constructor() {
        super("assistant", "Parley");
        this.body.append(make("p", {}, this.#heard));
    }

    get heardText() {
        return this.#heard.textContent.trim();
    }

    /** @param {string} text  @param {number} count its characters that are shown */
    show(text, count) {
        if (count === this.#shown && this.#heard.textContent.length === count) return;
        this.#shown = count;
        this.#heard.textContent = text.slice(0, count);
    }

    /** @param {number} ms of the sound that were heard */
    cut(text, count, ms) {
        this.show(text, count);
        const rest = text.slice(count).trim();
        const paragraph = this.#heard.parentElement;
        if (rest) paragraph.append(" ", make("span", { class: "unseen" }, "Interrupted. Not heard: "), make("s", { class: "unheard" }, rest));
        paragraph.append(" ", make("span", { class: "cut" }, `cut at ${(ms / 1000).toFixed(1)} s`));
    }
}

/** A call of a tool: name, arguments, result. */
export class CallEntry extends Entry {
    #arguments = make("code");
    #result = make("p", { class: "result" });

    constructor(name) {
        super("call", "Tool");
        this.body.append(make("p", { class: "called" }, make("b", {}, name), " ", this.#arguments), this.#result);
    }

    growArguments(delta) {
        this.#arguments.textContent += delta;
    }

    setArguments(text) {
        this.#arguments.textContent = text;
    }

    setResult(text) {
        this.#result.replaceChildren("→ ", make("code", {}, text));
    }

    /** Asks the person at the page for the result of a tool that the page does not have. */
    askForResult(give) {
        const input = make("input", { type: "text", "aria-label": "Result of the tool", placeholder: "What does it return?" });
        const form = make("form", { class: "row" }, input, make("button", { type: "submit" }, "Return"));
        form.addEventListener("submit", (event) => {
            event.preventDefault();
            give(input.value);
        });
        this.#result.replaceChildren(form);
    }

    /** Asks whether a server's tool may run. */
    askForApproval(answer) {
        this.#result.replaceChildren(
            make("span", { class: "row" }, button("Allow", () => answer(true)), button("Refuse", () => answer(false))));
    }
}

/** Something that went wrong, or a word of the page's own. */
export class NoteEntry extends Entry {
    constructor(kind, words) {
        super(kind, kind === "error" ? "Error" : "Note");
        this.body.append(make("p", {}, words));
    }
}
