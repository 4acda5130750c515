/** A session as a file: a line of JSON that says what it is, then one for each event with its time. */

const version = 1;

/**
 * What would let somebody take the session over is left out.
 * @param {{from: string, atMs: number, event: object}[]} passed  @returns {string}
 */
export function written(passed) {
    const start = passed[0]?.atMs ?? 0;
    const head = { parley_session: version, events: passed.length };
    const lines = passed.map(({ from, atMs, event }) => ({ ms: Math.round((atMs - start) * 10) / 10, from, event: shareable(event) }));
    return [head, ...lines].map((line) => `${JSON.stringify(line)}\n`).join("");
}

/** @param {string} text  @returns {{from: string, atMs: number, event: object}[]}  @throws {Error} in words */
export function read(text) {
    const [head, ...lines] = text.split("\n").filter((line) => line.trim()).map(parsed);
    if (head?.parley_session !== version) throw new Error("This is no session of the console.");
    return lines.map(({ ms, from, event }) => {
        if (typeof ms !== "number" || typeof event?.type !== "string") throw new Error("A line of the file is no event.");
        return { from: ["client", "page"].includes(from) ? from : "server", atMs: ms, event };
    });
}

function parsed(line) {
    try {
        return JSON.parse(line);
    } catch {
        throw new Error("The file is not lines of JSON.");
    }
}

function shareable(event) {
    if (!event.parley?.resume) return event;
    const { resume, ...parley } = event.parley;
    return { ...event, parley };
}
