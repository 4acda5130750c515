/** The line over time: loss, jitter, round trip and concealment, as this browser and as the server see it. */
import { draw, make } from "../dom.js";
import { samples } from "./figures.js";

/** Two minutes of seconds. */
const kept = 120;

const charts = [
    { name: "loss", words: "Loss", unit: "%", least: 2, digits: 1 },
    { name: "jitter", words: "Jitter", unit: "ms", least: 20, digits: 0 },
    { name: "roundTrip", words: "Round trip", unit: "ms", least: 50, digits: 0 },
    { name: "concealed", words: "Concealed", unit: "%", least: 2, digits: 1 },
];

export class Line {
    #place;
    #last = null;
    /** By chart: values heard here and at the server, null where not known. */
    #series = Object.fromEntries(charts.map((chart) => [chart.name, { here: [], there: [] }]));

    constructor(place) {
        this.#place = place;
        this.#show();
    }

    clear() {
        for (const series of Object.values(this.#series)) Object.assign(series, { here: [], there: [] });
        this.#last = null;
        this.#show();
    }

    /** Once a second. @param {RTCStatsReport} report */
    add(report) {
        const now = samples(report);
        const before = this.#last;
        this.#last = now;
        if (!before) return;
        this.#push("loss", share(now.here.lost - before.here.lost, now.here.received - before.here.received), now.there.lossShare);
        this.#push("jitter", now.here.jitterMs, now.there.jitterMs);
        this.#push("roundTrip", now.roundTripMs, null);
        this.#push("concealed", fraction(now.here.concealed - before.here.concealed, now.here.samples - before.here.samples), null);
        this.#show();
    }

    #push(name, here, there) {
        for (const [side, value] of [["here", here], ["there", there]]) {
            this.#series[name][side].push(value);
            if (this.#series[name][side].length > kept) this.#series[name][side].shift();
        }
    }

    #show() {
        this.#place.replaceChildren(...charts.map((chart) => figure(chart, this.#series[chart.name])));
    }
}

function figure({ name, words, unit, least, digits }, { here, there }) {
    const known = [...here, ...there].filter((value) => value !== null);
    const top = Math.max(least, ...known);
    const said = (value) => (value === null || value === undefined ? "–" : `${value.toFixed(digits)} ${unit}`);
    const hasThere = there.some((value) => value !== null);
    const caption = make("figcaption", {}, make("b", {}, words), make("span", { class: "here" }, said(here.at(-1))));
    if (hasThere) caption.append(make("span", { class: "there" }, `${said(there.at(-1))} at the server`));
    const plot = draw("svg", { class: "plot", viewBox: `0 0 ${kept - 1} 40`, preserveAspectRatio: "none", role: "img", "aria-label": `${words} over the last two minutes, at most ${said(known.length ? Math.max(...known) : null)}` },
        path(there, top, "there"), path(here, top, "here"));
    return make("figure", { class: "chart", "data-chart": name }, caption, plot);
}

/** A line that breaks where nothing is known. */
function path(values, top, side) {
    const start = kept - values.length;
    let isDrawing = false;
    const commands = values.map((value, index) => {
        if (value === null) {
            isDrawing = false;
            return "";
        }
        const command = isDrawing ? "L" : "M";
        isDrawing = true;
        return `${command}${start + index} ${(39 - (38 * value) / top).toFixed(2)}`;
    });
    return draw("path", { class: side, d: commands.join("") });
}

function share(lost, received) {
    return fraction(lost, lost + received);
}

function fraction(part, whole) {
    return whole > 0 ? (100 * Math.max(part, 0)) / whole : null;
}
