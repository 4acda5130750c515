/** How far each answer has been heard: what is said keeps pace with its sound, and ends where it was cut. */
import { SpokenText } from "./spoken-text.js";

/** An answer whose sound has not begun by then is read and not heard. */
const silentMilliseconds = 3000;

export class Playback {
    /** By item: {response, spoken: SpokenText, entry, isOver}. */
    #items = new Map();
    /** By response: {startedMs, isOver, doneMs}. */
    #responses = new Map();

    /** A delta of a spoken answer. */
    speak(event, entry) {
        const item = this.#item(event, entry);
        if (!item.isOver) item.spoken.add(event.delta, event.parley?.words);
    }

    /** A delta of a written answer: there is nothing to wait for. */
    write(event, entry) {
        const item = this.#item(event, entry);
        item.spoken.add(event.delta);
        item.entry.show(item.spoken.text, item.spoken.text.length);
        item.isOver = true;
    }

    started(response, atMs) {
        this.#response(response).startedMs ??= atMs;
    }

    stopped(response) {
        this.#response(response).isOver = true;
    }

    /** Over before its sound began: a failure, a written answer, or an interruption before the first word. */
    done(response, atMs) {
        const state = this.#response(response.id);
        state.doneMs = atMs;
        if (response.status !== "cancelled" || state.startedMs !== null) return;
        for (const item of this.#itemsOf(response.id)) this.#cut(item, 0);
    }

    truncated(id, ms) {
        const item = this.#items.get(id);
        if (item && !item.isCut) this.#cut(item, ms);
    }

    /** @returns {boolean} whether anything is new */
    advance(playedMs) {
        const now = performance.now();
        let changed = false;
        for (const [id, item] of this.#items) {
            if (item.isOver) continue;
            const { spoken, entry } = item;
            const isHeardOut = this.#isHeardOut(item.response, now);
            const count = isHeardOut ? spoken.text.length : spoken.spokenAt(playedMs(id) ?? this.#positionMs(id, now));
            item.isOver = isHeardOut && this.#response(item.response).doneMs !== null;
            changed ||= count !== item.count;
            item.count = count;
            entry.show(spoken.text, count);
        }
        return changed;
    }

    #isHeardOut(response, now) {
        const state = this.#response(response);
        return state.isOver || (state.startedMs === null && state.doneMs !== null && now - state.doneMs > silentMilliseconds);
    }

    /** Milliseconds into the sound of an item, which begins after the items before it in the same response. */
    #positionMs(id, now) {
        const response = this.#items.get(id).response;
        const { startedMs } = this.#response(response);
        if (startedMs === null) return -1;
        let before = 0;
        for (const [other, item] of this.#items) {
            if (other === id) break;
            if (item.response === response) before += item.spoken.lengthMs;
        }
        return now - startedMs - before;
    }

    #cut(item, ms) {
        item.isOver = true;
        item.isCut = true;
        const { spoken, entry } = item;
        if (spoken.text) entry.cut(spoken.text, spoken.heardAt(ms), ms);
    }

    #itemsOf(response) {
        return [...this.#items.values()].filter((item) => item.response === response && !item.isOver);
    }

    #item(event, entry) {
        if (!this.#items.has(event.item_id)) {
            this.#items.set(event.item_id, {
                response: event.response_id, spoken: new SpokenText(), entry, isOver: false, isCut: false, count: 0,
            });
        }
        return this.#items.get(event.item_id);
    }

    #response(id) {
        if (!this.#responses.has(id)) this.#responses.set(id, { startedMs: null, isOver: false, doneMs: null });
        return this.#responses.get(id);
    }
}
