/** The conversation as it happens: entries in the order they are said, each growing as it is heard. */
import { adviceFor } from "../call/refusal.js";
import { restoredMark } from "../call/session.js";
import { isAtEnd } from "../dom.js";
import { runsHere } from "../set/tools.js";
import { AssistantEntry, CallEntry, NoteEntry, UserEntry } from "./entries.js";
import { Playback } from "./playback.js";

const shownEntries = 400;

export class Conversation {
    #list;
    #announce;
    /** By item id; function calls by call id too. */
    #entries = new Map();
    #said = [];
    #playback;
    /** Whose answers to questions go out: the session of the present call. */
    session = null;

    /** @param {HTMLElement} list  @param {(words: string) => void} announce for screen readers */
    constructor(list, announce) {
        this.#list = list;
        this.#announce = announce;
        this.#playback = new Playback();
    }

    /** What was said and heard, for a session that is to go on. @returns {{role: string, text: string}[]} */
    get history() {
        return this.#said
            .map((entry) => (entry instanceof UserEntry ? { role: "user", text: entry.text } : { role: "assistant", text: entry.heardText }))
            .filter(({ text }) => text);
    }

    clear() {
        this.#entries.clear();
        this.#said = [];
        this.#playback = new Playback();
        this.#list.replaceChildren();
    }

    note(words, kind = "note") {
        this.#add(new NoteEntry(kind, words));
        this.#announce(words);
    }

    /** Call often: shows what has been heard by now. @param {(item: string) => number | null} playedMs the call's, where it knows */
    advance(playedMs) {
        const stays = isAtEnd(this.#list);
        if (this.#playback.advance(playedMs) && stays) this.#scroll();
    }

    /** @param {{from: string, atMs: number, event: object}} passed */
    take({ from, atMs, event }) {
        if (from === "client") return;
        const stays = isAtEnd(this.#list);
        this.#handle(event, atMs);
        if (stays) this.#scroll();
    }

    #handle(event, atMs) {
        switch (event.type) {
        case "input_audio_buffer.speech_started":
        case "input_audio_buffer.committed":
            return void this.#user(event.item_id);
        case "conversation.item.input_audio_transcription.delta":
            return this.#user(event.item_id).grow(event.delta);
        case "conversation.item.input_audio_transcription.completed":
            return this.#user(event.item_id).settle(event.transcript);
        case "conversation.item.input_audio_transcription.failed":
            return this.#user(event.item_id).fail(event.error.message);
        case "conversation.item.added":
            return this.#added(event.item);
        case "response.output_item.added":
            if (["function_call", "mcp_call"].includes(event.item.type)) this.#call(event.item);
            return;
        case "response.output_item.done":
            return this.#itemDone(event.item);
        case "response.function_call_arguments.delta":
        case "response.mcp_call_arguments.delta":
            return this.#entries.get(event.item_id)?.growArguments?.(event.delta);
        case "response.function_call_arguments.done":
            return this.#argumentsDone(event);
        case "response.output_audio_transcript.delta":
            return this.#playback.speak(event, this.#assistant(event.item_id));
        case "response.output_text.delta":
            return this.#playback.write(event, this.#assistant(event.item_id));
        case "output_audio_buffer.started":
            return this.#playback.started(event.response_id, atMs);
        case "output_audio_buffer.stopped":
            return this.#playback.stopped(event.response_id);
        case "conversation.item.truncated":
            return this.#playback.truncated(event.item_id, event.audio_end_ms);
        case "mcp_list_tools.failed":
            return this.note("A tool server did not say what it offers; its tools cannot be called.", "error");
        case "response.done":
            return this.#responseDone(event.response, atMs);
        case "error":
            return this.note(adviceFor(event.error), "error");
        }
    }

    #added(item) {
        if (item.id.startsWith(restoredMark)) return;
        if (item.type === "function_call_output") return this.#entries.get(item.call_id)?.setResult(item.output);
        if (item.type === "mcp_approval_request") return this.#askForApproval(item);
        const text = (item.content ?? []).map((part) => part.text ?? "").join("");
        if (item.type !== "message" || !text) return;
        if (item.role === "user") this.#user(item.id).settle(text);
        if (item.role === "assistant") this.#playback.write({ item_id: item.id, response_id: null, delta: text }, this.#assistant(item.id));
    }

    #user(id) {
        return this.#entry(id, () => new UserEntry());
    }

    #assistant(id) {
        return this.#entry(id, () => new AssistantEntry());
    }

    #call(item) {
        const entry = this.#entry(item.id, () => new CallEntry(item.name));
        if (item.call_id) this.#entries.set(item.call_id, entry);
        return entry;
    }

    #entry(id, create) {
        if (!this.#entries.has(id)) {
            const entry = create();
            this.#entries.set(id, entry);
            if (!(entry instanceof CallEntry)) this.#said.push(entry);
            this.#add(entry);
        }
        return this.#entries.get(id);
    }

    #argumentsDone(event) {
        const entry = this.#entries.get(event.item_id);
        entry?.setArguments(event.arguments);
        this.#announce(`Tool ${event.name ?? ""} called.`);
        if (event.name && !runsHere(event.name)) entry?.askForResult((output) => this.session?.giveResult(event.call_id, output));
    }

    #itemDone(item) {
        if (item.type !== "mcp_call") return;
        const entry = this.#call(item);
        entry.setArguments(item.arguments ?? "");
        entry.setResult(item.output ?? item.error?.message ?? "no result");
    }

    #askForApproval(item) {
        const entry = this.#call(item);
        entry.setArguments(item.arguments ?? "");
        entry.askForApproval((approve) => {
            this.session?.send({
                type: "conversation.item.create",
                item: { type: "mcp_approval_response", approval_request_id: item.id, approve },
            });
            entry.setResult(approve ? "allowed" : "refused");
        });
    }

    #responseDone(response, atMs) {
        this.#playback.done(response, atMs);
        if (response.status === "failed") this.note(adviceFor(response.status_details?.error ?? { message: "The answer failed." }), "error");
        const reason = response.status_details?.reason;
        if (response.status === "incomplete") this.note(`The answer ends early: ${reason === "max_output_tokens" ? "it had reached its longest length." : reason}`);
        if (response.output_modalities?.[0] !== "text") return;
        for (const item of response.output ?? []) {
            for (const part of item.content ?? []) this.#announce(`Parley: ${part.text ?? ""}`);
        }
    }

    #add(entry) {
        this.#list.append(entry.element);
        while (this.#list.childElementCount > shownEntries) this.#list.firstElementChild.remove();
        this.#scroll();
    }

    #scroll() {
        this.#list.scrollTop = this.#list.scrollHeight;
    }
}
