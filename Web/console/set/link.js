/** A set-up in the fragment of the page's address, which no server sees: only what differs from the usual. */
import { defaults, toolList } from "./settings.js";

/** @returns {string} the address of this page with the set-up */
export function linkTo(settings) {
    const fields = new URLSearchParams();
    for (const [key, usual] of Object.entries(defaults)) {
        if (settings[key] !== usual) fields.set(key, String(settings[key]));
    }
    const url = new URL(location.href);
    url.hash = fields.toString();
    return url.href;
}

/** The set-up that the page was opened with. What a link does not say, or says wrongly, stays as usual. */
export function settingsOfAddress() {
    const settings = { ...defaults };
    const fields = new URLSearchParams(location.hash.slice(1));
    for (const [key, usual] of Object.entries(defaults)) {
        const value = fields.get(key);
        if (value !== null) settings[key] = read(value, usual);
    }
    try {
        toolList(settings.tools);
    } catch {
        settings.tools = "";
    }
    settings.model ||= new URLSearchParams(location.search).get("model") ?? "";
    return settings;
}

function read(text, usual) {
    if (typeof usual === "boolean") return text === "true";
    if (typeof usual === "string") return text;
    const number = Number(text);
    return Number.isFinite(number) ? number : usual;
}
