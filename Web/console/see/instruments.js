/** What is seen of a call beside the conversation: turns, cost, the line, every event. */
import { element, make } from "../dom.js";
import { figures, line } from "./figures.js";
import { Inspector } from "./inspector.js";
import { Line } from "./line.js";
import { serverFigures } from "./server-figures.js";
import { Turns } from "./turns.js";
import { Usage } from "./usage.js";
import { showTurns } from "./waterfall.js";

export class Instruments {
    #phone;
    #keys;
    #turns = new Turns();
    #usage = new Usage();
    #line = new Line(element("charts"));
    #inspector;

    /** @param {(passed: object[]) => void} load shows a session read from a file */
    constructor(phone, keys, load) {
        this.#phone = phone;
        this.#keys = keys;
        this.#inspector = new Inspector(load);
        this.#showTurns();
        this.showUsage();
        setInterval(() => this.#measure(), 1000);
    }

    /** A call is placed. */
    begin(now) {
        this.#turns.listenWith(now.ears);
        this.#line.clear();
    }

    events(type) {
        return this.#inspector.events(type);
    }

    clear() {
        this.#turns.clear();
        this.#usage = new Usage();
        this.showUsage();
        this.#showTurns();
    }

    /** A list that nobody saw could not follow its end. */
    shown() {
        element("events").scrollTop = element("events").scrollHeight;
    }

    take(passed) {
        this.#inspector.take(passed);
        if (this.#turns.take(passed)) this.#showTurns();
        if (this.#usage.take(passed)) this.showUsage();
    }

    /** Also once prices are known. */
    showUsage() {
        this.#usage.show(element("usage"), this.#keys.prices);
    }

    listen() {
        if (this.#turns.listen()) this.#showTurns();
    }

    #showTurns() {
        showTurns(element("turns"), this.#turns.all);
    }

    async #measure() {
        const { call } = this.#phone.now ?? {};
        if (this.#phone.state !== "connected") return;
        const report = await call.stats();
        const isMeasured = report.size > 0;
        element("stats").textContent = isMeasured ? `${call.name} · ${line(figures(report))}` : `${call.name} · over TCP`;
        if (isMeasured) this.#line.add(report);
        if (!element("panel-line").hidden) this.#showServer(await serverFigures(this.#keys));
    }

    #showServer(rows) {
        const shown = rows ?? [["Not told", "metrics need the key"]];
        element("server-figures").replaceChildren(...shown.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))));
    }
}
