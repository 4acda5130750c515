/** What the server counts of all its calls, from its metrics. */

/** @param {import("../call/keys.js").Keys} keys  @returns {Promise<[string, string][] | null>} null where it does not tell */
export async function serverFigures(keys) {
    const response = await fetch("/metrics", { headers: keys.headers }).catch(() => null);
    if (!response?.ok) return null;
    const text = await response.text();
    const count = (name) => sum(text, name).toLocaleString("en");
    return [
        ["Calls", count("gateway_calls")],
        ["Packets that did not come", count("gateway_packets_lost_total")],
        ["Samples made up in their place", count("gateway_concealed_samples_total")],
        ["Packets dropped", count("gateway_packets_dropped_total")],
    ];
}

/** All series of one name together. */
function sum(text, name) {
    const lines = text.split("\n").filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
    return lines.reduce((total, line) => total + (Number(line.slice(line.lastIndexOf(" ") + 1)) || 0), 0);
}
