/** Every event both ways: filter, search, pause, JSON, code, file. */
import { button, copy, element, isAtEnd, make, save } from "../dom.js";
import { javaScript, python } from "./sdk-code.js";
import { read, written } from "./session-file.js";

const keptEvents = 20_000;
const shownEvents = 400;
/** Many a second, and all alike: they may not push the others out. */
const noisy = new Set(["input_audio_buffer.append", "response.output_audio.delta"]);
const keptNoisy = 1000;
const isNoisy = ({ event }) => noisy.has(event.type);
const arrows = { client: "→", server: "←", page: "·" };
const senders = { client: "sent", server: "received", page: "by the page" };

export class Inspector {
    #all = [];
    #list = element("events");
    #noisy = 0;
    #startMs = null;
    #isPaused = false;
    #load;

    /** @param {(passed: object[]) => void} load shows a session read from a file */
    constructor(load) {
        this.#load = load;
        for (const id of ["event-direction", "event-search", "event-sound"]) element(id).addEventListener("input", () => this.#showAll());
        element("event-pause").addEventListener("click", () => this.#pause());
        element("event-clear").addEventListener("click", () => this.clear());
        element("event-save").addEventListener("click", () => save("session.jsonl", "application/jsonl", written(this.#all)));
        element("event-load").addEventListener("change", (event) => this.#read(event.target));
        this.#count();
    }

    clear() {
        this.#all = [];
        this.#noisy = 0;
        this.#startMs = null;
        this.#list.replaceChildren();
        this.#count();
    }

    /** What has passed so far of one type. @returns {object[]} */
    events(type) {
        return this.#all.filter(({ event }) => event.type === type).map(({ event }) => event);
    }

    /** @param {{from: string, atMs: number, event: object}} passed */
    take(passed) {
        this.#keep(passed);
        this.#count();
        if (this.#isPaused || !this.#matches(passed)) return;
        const stays = isAtEnd(this.#list);
        this.#list.append(this.#row(passed));
        while (this.#list.childElementCount > shownEvents) this.#list.firstElementChild.remove();
        if (stays) this.#list.scrollTop = this.#list.scrollHeight;
    }

    #keep(passed) {
        this.#startMs ??= passed.atMs;
        this.#all.push(passed);
        if (isNoisy(passed)) this.#noisy += 1;
        if (this.#noisy > keptNoisy) this.#drop(this.#all.findIndex(isNoisy));
        if (this.#all.length > keptEvents) this.#drop(0);
    }

    #drop(index) {
        const [dropped] = this.#all.splice(index, 1);
        if (isNoisy(dropped)) this.#noisy -= 1;
    }

    #pause() {
        this.#isPaused = !this.#isPaused;
        element("event-pause").setAttribute("aria-pressed", String(this.#isPaused));
        if (!this.#isPaused) this.#showAll();
    }

    #showAll() {
        this.#list.replaceChildren(...this.#all.filter((passed) => this.#matches(passed)).slice(-shownEvents).map((passed) => this.#row(passed)));
        this.#list.scrollTop = this.#list.scrollHeight;
    }

    #matches({ from, event }) {
        const direction = element("event-direction").value;
        if (direction && direction !== from) return false;
        if (isNoisy({ event }) && !element("event-sound").checked) return false;
        const wanted = element("event-search").value.trim().toLowerCase();
        return !wanted || JSON.stringify(event).toLowerCase().includes(wanted);
    }

    #count() {
        element("event-count").textContent = `${this.#all.length.toLocaleString("en")} events`;
    }

    /** The JSON is written out when it is asked for. */
    #row(passed) {
        const { from, atMs, event } = passed;
        const seconds = ((atMs - this.#startMs) / 1000).toFixed(3);
        const details = make("details", {}, make("summary", {},
            make("time", {}, seconds), make("span", { class: `arrow ${from}`, "aria-hidden": "true" }, arrows[from]),
            make("span", { class: "unseen" }, senders[from]), make("span", { class: "type" }, ...breakable(event.type)),
            make("span", { class: "gist" }, gist(event))));
        details.addEventListener("toggle", () => {
            if (details.open && details.childElementCount === 1) details.append(...this.#contents(from, event));
        });
        return make("li", {}, details);
    }

    #contents(from, event) {
        const json = JSON.stringify(event, null, 2);
        const copies = [["JSON", json], ["Python", python(from, event)], ["JavaScript", javaScript(from, event)]];
        const buttons = copies.map(([words, text]) => button(words, (click) => copy(text, click.currentTarget), { "aria-label": `Copy as ${words}` }));
        return [make("pre", { tabindex: "0" }, json), make("p", { class: "copies" }, "Copy as ", ...buttons)];
    }

    async #read(input) {
        const file = input.files[0];
        input.value = "";
        if (!file) return;
        try {
            const passed = read(await file.text());
            this.clear();
            this.#load(passed);
        } catch (error) {
            for (const id of ["event-count", "announcements"]) element(id).textContent = error.message;
        }
    }
}

/** The name of an event, with room for a line to break at its dots. */
function breakable(type) {
    return type.split(/(?<=\.)/).flatMap((part) => [part, make("wbr")]);
}

/** A few words of what an event says. */
function gist(event) {
    const text = event.delta ?? event.transcript ?? event.text ?? event.error?.message ?? event.arguments ?? event.item?.content?.[0]?.text
        ?? event.item?.type ?? event.response?.status ?? event.audio;
    return typeof text === "string" ? text.slice(0, 80) : "";
}
