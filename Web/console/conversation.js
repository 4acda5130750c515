/** A conversation over the events of the data channel: what was said, as it is said. */

/**
 * Asks for transcripts of what the user says; the model's name is the engine's own recogniser, whatever it is. A turn ends
 * when what was said sounds finished.
 */
const input = { transcription: { model: "whisper-1" }, turn_detection: { type: "semantic_vad" } };
const wishes = { type: "session.update", session: { type: "realtime", audio: { input } } };

/**
 * One call's conversation. `send` takes a text for the data channel; `line(who)` makes a line of the page and returns
 * a function that replaces its words.
 */
export class Conversation {
    #send;
    #line;
    /** Of each item that has a line: its words so far and how to show them. */
    #items = new Map();
    #isOpen = false;

    constructor(send, line) {
        this.#send = (event) => send(JSON.stringify(event));
        this.#line = line;
    }

    /** Whether the server speaks in events; a loopback does not. */
    get isOpen() {
        return this.#isOpen;
    }

    /** @param {string | ArrayBuffer} data a message  @returns {boolean} whether it was an event */
    take(data) {
        const event = eventOf(data);
        if (!event) return false;
        if (event.type === "session.created") {
            this.#isOpen = true;
            this.#send(wishes);
        }
        if (!this.#isOpen) return false;
        this.#handle(event);
        return true;
    }

    /** Says something in writing. */
    say(text) {
        this.#line("You")(text);
        const content = [{ type: "input_text", text }];
        this.#send({ type: "conversation.item.create", item: { type: "message", role: "user", content } });
        this.#send({ type: "response.create" });
    }

    #handle(event) {
        switch (event.type) {
        case "input_audio_buffer.speech_started":
            return this.#write("You", event.item_id, () => "…");
        case "conversation.item.input_audio_transcription.completed":
            return this.#write("You", event.item_id, () => event.transcript);
        case "conversation.item.input_audio_transcription.failed":
            return this.#write("You", event.item_id, () => `(not understood: ${event.error.message})`);
        case "response.output_audio_transcript.delta":
        case "response.output_text.delta":
            return this.#write("Server", event.item_id, (words) => words + event.delta);
        case "response.function_call_arguments.done":
            return this.#write("Server", event.item_id, () => `${event.name}(${event.arguments})`);
        case "response.done":
            if (event.response.status === "failed") this.#line("Error")(event.response.status_details.error.message);
            return;
        case "error":
            return this.#line("Error")(event.error.message);
        }
    }

    #write(who, id, change) {
        const item = this.#items.get(id) ?? { words: "", show: this.#line(who) };
        item.words = change(item.words);
        item.show(item.words);
        this.#items.set(id, item);
    }
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
