/** The page's side of one session: what it asks for, says and answers, whatever the transport. */
import { parts, sessionOf } from "../set/settings.js";
import { ToolLoop } from "./tool-loop.js";

/** The last words of a button held down are still on their way when it is let go. */
const tailMilliseconds = 250;
/** Items given back to a server that has forgotten them. */
const restoredItems = 40;
/** What their ids begin with: they are on the page already. */
export const restoredMark = "restored_";

/**
 * Events: `event` (detail: {from: "server" | "client" | "page", atMs, event}) for all that goes either way; `raw` (detail: string or
 * ArrayBuffer) for a message that is no event; `activity` when `activity` has changed.
 */
export class Session extends EventTarget {
    /** "listening", "hearing", "thinking" or "speaking". */
    activity = "listening";
    isOpen = false;
    /** What the server said of the session last. */
    shown = {};
    #call;
    #settings;
    #sent = {};
    #response = null;
    #playing = null;
    #isHearing = false;
    #tools = new ToolLoop((event) => this.send(event));

    constructor(call, settings) {
        super();
        this.#call = call;
        this.#settings = settings;
        call.addEventListener("message", ({ detail }) => this.take(detail));
        call.addEventListener("sent", ({ detail }) => this.#note("client", detail));
    }

    /** A message of the call. */
    take(data) {
        const event = eventOf(data);
        if (event?.type === "session.created") this.isOpen = true;
        // A loopback sends back whatever it is sent, which is no session.
        if (!event || !this.isOpen) return this.#tell("raw", data);
        this.#note(event.made_by_page ? "page" : "server", event);
        this.#handle(event);
        this.#tools.take(event);
        if (event.type === "session.created") this.#tell("activity", this.activity);
        this.#showActivity();
    }

    send(event) {
        if (!this.#call.isOpen) return;
        this.#call.send(JSON.stringify(event));
        this.#note("client", event);
    }

    /** One that was resumed has its set-up; a new one gets it. */
    #begin(resume) {
        if (resume?.replayed === undefined) return this.configure(this.#settings);
        for (const [name, part] of Object.entries(parts(this.#settings))) this.#sent[name] = JSON.stringify(part);
    }

    /** Sends what has changed of the set-up. @throws {SyntaxError} when the tools are not JSON */
    configure(settings) {
        const wanted = parts(settings);
        const isFirst = Object.keys(this.#sent).length === 0;
        this.#settings = settings;
        if (!isFirst && !wanted.instructions.instructions) wanted.instructions = { instructions: "" };
        const changed = Object.keys(wanted).filter((name) => JSON.stringify(wanted[name]) !== this.#sent[name]);
        const { voice, ...others } = Object.fromEntries(changed.map((name) => [name, wanted[name]]));
        for (const name of changed) this.#sent[name] = JSON.stringify(wanted[name]);
        // Before the first word all goes at once. Later the voice goes alone: it may be refused, and takes the rest along.
        if (voice && !isFirst) {
            this.send({ type: "session.update", session: sessionOf({ voice }) });
            if (changed.length > 1) this.send({ type: "session.update", session: sessionOf(others) });
        } else if (changed.length > 0) {
            this.send({ type: "session.update", session: sessionOf(voice ? { ...others, voice } : others) });
        }
    }

    /** Says something in writing; an answer under way gives place. */
    say(text) {
        this.stopAnswer();
        this.send({ type: "conversation.item.create", item: message("user", text) });
        this.send({ type: "response.create" });
    }

    /** Tells a new session what was said in one that is gone. @param {{role: string, text: string}[]} history */
    restore(history) {
        history.slice(-restoredItems).forEach(({ role, text }, index) => {
            this.send({ type: "conversation.item.create", item: { id: `${restoredMark}${index}`, ...message(role, text) } });
        });
    }

    stopAnswer() {
        if (this.#response) this.send({ type: "response.cancel" });
        if (!this.#playing) return;
        if (this.#call.silence) this.#cutHere();
        else this.send({ type: "output_audio_buffer.clear" });
    }

    /** An answer to what has been said, where none comes by itself. Does nothing while there is one. */
    answer() {
        if (this.#response || this.#playing) return;
        this.send({ type: "response.create" });
    }

    pressToTalk() {
        this.stopAnswer();
        this.send({ type: "input_audio_buffer.clear" });
        this.#isHearing = true;
        this.#showActivity();
    }

    async releaseToTalk() {
        await new Promise((resolve) => setTimeout(resolve, tailMilliseconds));
        this.#isHearing = false;
        this.send({ type: "input_audio_buffer.commit" });
        this.send({ type: "response.create" });
        this.#showActivity();
    }

    /** The result of a function call that a person, not the page, has answered. */
    giveResult(callID, output) {
        this.#tools.giveResult(callID, output);
    }

    #handle(event) {
        switch (event.type) {
        case "session.created":
        case "session.updated":
            this.shown = event.session;
            if (event.type === "session.created") this.#begin(event.parley?.resume);
            return;
        case "input_audio_buffer.speech_started":
            this.#isHearing = true;
            if (this.#settings.interrupt) this.#cutHere();
            return;
        case "input_audio_buffer.speech_stopped":
            this.#isHearing = false;
            return;
        case "response.created":
            this.#response = event.response.id;
            return;
        case "output_audio_buffer.started":
            this.#playing = event.response_id;
            return;
        case "output_audio_buffer.stopped":
        case "output_audio_buffer.cleared":
            this.#playing = null;
            return;
        case "response.done":
            if (event.response.id === this.#response) this.#response = null;
        }
    }

    /** The page's loudspeaker stops, and the server learns how far it came. Over WebRTC the server does both. */
    #cutHere() {
        const cut = this.#call.silence?.();
        if (!cut) return;
        const audio_end_ms = Math.floor(cut.playedMs);
        this.send({ type: "conversation.item.truncate", item_id: cut.item, content_index: 0, audio_end_ms });
    }

    #showActivity() {
        const now = this.#isHearing ? "hearing" : this.#playing ? "speaking" : this.#response ? "thinking" : "listening";
        if (now === this.activity) return;
        this.activity = now;
        this.#tell("activity", now);
    }

    #note(from, event) {
        this.#tell("event", { from, atMs: performance.now(), event });
    }

    #tell(type, detail) {
        this.dispatchEvent(new CustomEvent(type, { detail }));
    }
}

function message(role, text) {
    return { type: "message", role, content: [{ type: role === "assistant" ? "output_text" : "input_text", text }] };
}

function eventOf(data) {
    if (typeof data !== "string") return null;
    try {
        const event = JSON.parse(data);
        return typeof event?.type === "string" ? event : null;
    } catch {
        return null;
    }
}
