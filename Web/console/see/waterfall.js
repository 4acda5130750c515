/** The latency of turns: the newest step by step, the ones before in a table. */
import { draw, make } from "../dom.js";
import { steps } from "./turns.js";

const shownTurns = 12;

/** @param {HTMLElement} place  @param {import("./turns.js").Turn[]} turns */
export function showTurns(place, turns) {
    const answered = turns.filter((turn) => turn.start !== null);
    const newest = answered.at(-1);
    if (!newest) {
        place.replaceChildren(make("p", { class: "faint" }, "Where the time of a turn goes is shown here, from the end of your speech to the first sound you hear."));
        return;
    }
    place.replaceChildren(waterfall(newest), table(answered.slice(-shownTurns).reverse()));
}

/** A bar for each step, from the step before to this one, on one scale. */
function waterfall(turn) {
    const timed = steps.filter((step) => turn.after(step.name) !== null)
        .map((step) => ({ ...step, ms: turn.after(step.name) }))
        .sort((one, other) => one.ms - other.ms);
    const total = Math.max(timed.at(-1)?.ms ?? 0, 1);
    let from = 0;
    const rows = timed.map((step) => {
        const row = make("li", {}, make("span", { class: "step" }, step.words), bar(from / total, step.ms / total, step.name), make("span", { class: "figure" }, `${Math.round(step.ms)} ms`));
        from = step.ms;
        return row;
    });
    const origin = turn.kind === "spoken" ? "from the end of your speech" : "from sending";
    return make("figure", { class: "waterfall" },
        make("figcaption", {}, make("b", {}, `Turn ${turn.number}`), `, ${origin}`),
        make("ol", { "data-turn": turn.number }, ...rows));
}

function bar(from, to, name) {
    const width = Math.max((to - from) * 100, 0.8);
    return draw("svg", { class: "bar", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" },
        draw("rect", { class: "track", x: 0, y: 4.5, width: 100, height: 1 }),
        draw("rect", { class: name, x: Math.min(from * 100, 100 - width), y: 1, width, height: 8 }));
}

function table(turns) {
    const head = ["Turn", "decided", "transcript", "token", "audio", "heard"].map((words) => make("th", { scope: "col" }, words));
    const rows = turns.map((turn) => make("tr", { "data-turn": turn.number },
        make("th", { scope: "row" }, String(turn.number)),
        ...steps.map((step) => make("td", { "data-step": step.name }, turn.after(step.name) === null ? "–" : String(Math.round(turn.after(step.name)))))));
    return make("table", { class: "turns" },
        make("caption", {}, "Milliseconds after the end of speech, or after sending"),
        make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows));
}
