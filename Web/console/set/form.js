/** The set-up as a form: what is chosen there is one flat object of settings. */
import { copy, element, make } from "../dom.js";
import { linkTo, settingsOfAddress } from "./link.js";
import { defaults, toolList } from "./settings.js";
import { exampleTools } from "./tools.js";

const voices = ["marin", "cedar", "alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse"];

export class Form {
    settings = settingsOfAddress();
    #form = element("set-up");
    #changed;

    /** @param {(settings: object) => void} changed after each change that can be used */
    constructor(changed) {
        this.#changed = changed;
        element("voices").append(...voices.map((value) => make("option", { value })));
        this.#write();
        this.#form.addEventListener("submit", (event) => event.preventDefault());
        this.#form.addEventListener("change", (event) => event.target.name && this.#read());
        for (const radio of this.#talkChoices) radio.addEventListener("change", () => this.#read());
        element("tools-examples").addEventListener("click", () => this.#useTools(JSON.stringify(exampleTools, null, 2)));
        element("tools-none").addEventListener("click", () => this.#useTools(""));
        element("link").addEventListener("click", (event) => copy(linkTo(this.settings), event.currentTarget));
        element("reset").addEventListener("click", () => this.#use({ ...defaults }));
        addEventListener("hashchange", () => this.#use(settingsOfAddress()));
    }

    /** Models that the server names; the one of a link stays even if it is not among them. */
    listModels(names) {
        const all = new Set([...names, ...(this.settings.model ? [this.settings.model] : [])]);
        element("model").replaceChildren(make("option", { value: "" }, "The server's choice"), ...[...all].map((name) => make("option", { value: name }, name)));
        element("model").value = this.settings.model;
    }

    /** The page itself changes one setting, as when there is no path for WebRTC. */
    set(name, value) {
        this.settings = { ...this.settings, [name]: value };
        this.#write();
    }

    /** Switches the examples on where no tools are offered. */
    offerExamples() {
        if (!this.settings.tools.trim()) this.#useTools(JSON.stringify(exampleTools, null, 2));
    }

    get #talkChoices() {
        return document.querySelectorAll("input[name=talk]");
    }

    #useTools(text) {
        element("tools").value = text;
        this.#read();
    }

    #use(settings) {
        this.settings = settings;
        this.#write();
        this.#changed(this.settings);
    }

    #read() {
        const settings = { ...this.settings };
        for (const [name, usual] of Object.entries(defaults)) {
            const field = this.#form.elements[name];
            if (field) settings[name] = valueOf(field, usual, settings[name]);
        }
        settings.talk = [...this.#talkChoices].find((radio) => radio.checked).value;
        if (!this.#checkTools(settings.tools)) return;
        this.settings = settings;
        history.replaceState(null, "", linkTo(settings));
        this.#showFields();
        this.#changed(settings);
    }

    #checkTools(text) {
        const state = element("tools-state");
        try {
            const count = toolList(text).length;
            state.textContent = count === 0 ? "" : `${count} ${count === 1 ? "tool" : "tools"} offered.`;
            state.classList.remove("bad");
            return true;
        } catch (error) {
            state.textContent = `Not sent, since it is not JSON: ${error.message}`;
            state.classList.add("bad");
            return false;
        }
    }

    #write() {
        this.listModels([...element("model").options].map((option) => option.value).filter(Boolean));
        for (const [name, usual] of Object.entries(defaults)) {
            const field = this.#form.elements[name];
            if (!field) continue;
            if (typeof usual === "boolean") {
                field.checked = this.settings[name];
                continue;
            }
            field.value = this.settings[name];
            // A word of a link that the list does not have.
            if (field.matches("select") && field.selectedIndex < 0) this.settings[name] = field.value = usual;
        }
        for (const radio of this.#talkChoices) radio.checked = radio.value === this.settings.talk;
        this.#checkTools(this.settings.tools);
        this.#showFields();
    }

    #showFields() {
        element("turn").disabled = this.settings.talk === "push-to-talk";
        for (const part of this.#form.querySelectorAll("[data-turn]")) {
            part.hidden = this.settings.talk === "push-to-talk" || !part.dataset.turn.split(" ").includes(this.settings.turn);
        }
    }
}

function valueOf(field, usual, before) {
    if (typeof usual === "boolean") return field.checked;
    if (typeof usual === "number") return field.validity.valid && field.value !== "" ? Number(field.value) : before;
    return field.value;
}
