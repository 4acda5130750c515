/** When each step of a turn came: what the events say, and what the page's own ears hear. */

/** The steps in their order, with what they end in. */
export const steps = [
    { name: "decided", words: "end of turn decided" },
    { name: "transcript", words: "transcript" },
    { name: "token", words: "first token" },
    { name: "audio", words: "first audio" },
    { name: "heard", words: "heard" },
];

/** Sound may overtake the word of its beginning by so much; what is heard before is the end of another answer. */
const earlyMilliseconds = 40;

/** One turn: `marks` are page milliseconds by step; `start` is the end of speech, or when a text was sent. */
class Turn {
    marks = {};
    response = null;
    item = null;

    constructor(number, kind) {
        this.number = number;
        this.kind = kind;
        this.start = null;
        /** The start by the ears' clock; null for what was not spoken. */
        this.startSecond = null;
    }

    mark(step, atMs) {
        this.marks[step] ??= atMs;
    }

    /** Milliseconds from the start to a step, or null. */
    after(step) {
        return this.start === null || this.marks[step] === undefined ? null : Math.max(0, this.marks[step] - this.start);
    }

    get isFinished() {
        return this.marks.heard !== undefined;
    }
}

export class Turns {
    /** All turns, the newest last. */
    all = [];
    #ears = null;
    #open = null;

    /** @param {import("../sound/ears.js").Ears | null} ears of the present call */
    listenWith(ears) {
        this.#ears = ears;
        this.#open = null;
    }

    clear() {
        this.all = [];
        this.#open = null;
    }

    /** @returns {boolean} whether there is something new to show */
    take({ from, atMs, event }) {
        const before = this.#open;
        const handled = from === "client" ? this.#sent(event, atMs) : this.#came(event, atMs);
        return handled || before !== this.#open;
    }

    /** Call often: sound is not announced. @returns {boolean} whether there is something new to show */
    listen() {
        const turn = this.#open;
        if (!this.#ears || !turn || turn.isFinished || turn.marks.audio === undefined) return false;
        const heard = this.#ears.received.firstSound(this.#ears.second(turn.marks.audio - earlyMilliseconds));
        if (heard === null) return false;
        // Both ends by one clock where both were heard: events come by another.
        turn.mark("heard", turn.startSecond === null ? this.#ears.pageMs(heard) : turn.start + (heard - turn.startSecond) * 1000);
        return true;
    }

    #sent(event, atMs) {
        const isText = event.type === "conversation.item.create" && event.item.type === "message" && event.item.role === "user";
        if (!isText || event.item.id) return false;
        this.#begin("written").start = atMs;
        return true;
    }

    #came(event, atMs) {
        switch (event.type) {
        case "input_audio_buffer.committed":
            return this.#committed(event, atMs);
        case "conversation.item.input_audio_transcription.completed":
            return this.#mark(this.#open?.item === event.item_id, "transcript", atMs);
        case "response.created":
            if (this.#open && this.#open.response === null) this.#open.response = event.response.id;
            return false;
        case "response.output_audio_transcript.delta":
        case "response.output_text.delta":
        case "response.function_call_arguments.delta":
            return this.#mark(this.#isOfTurn(event), "token", atMs);
        case "output_audio_buffer.started":
            return this.#mark(this.#isOfTurn(event), "audio", atMs);
        case "response.done":
            this.#continueAfterCall(event.response);
            return false;
        }
        return false;
    }

    #committed(event, atMs) {
        const turn = this.#begin("spoken");
        turn.item = event.item_id;
        turn.startSecond = this.#ears?.sent.lastSound(this.#ears.second(atMs)) ?? null;
        turn.start = turn.startSecond === null ? atMs : this.#ears.pageMs(turn.startSecond);
        turn.mark("decided", atMs);
        return true;
    }

    /** The answer to a spoken question may come only after a tool: the turn goes on with the next response. */
    #continueAfterCall(response) {
        const isCall = (response.output ?? []).some((item) => item.type === "function_call");
        if (isCall && this.#open?.response === response.id) this.#open.response = null;
    }

    #isOfTurn(event) {
        return this.#open !== null && this.#open.response === event.response_id;
    }

    #mark(applies, step, atMs) {
        if (!applies) return false;
        this.#open.mark(step, atMs);
        return true;
    }

    #begin(kind) {
        const number = (this.all.at(-1)?.number ?? 0) + 1;
        this.#open = new Turn(number, kind);
        this.all.push(this.#open);
        if (this.all.length > 200) this.all.shift();
        return this.#open;
    }
}
