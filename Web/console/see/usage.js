/** Tokens so far, and what the hosted service would take for them. */
import { make } from "../dom.js";

/** US dollars for a million tokens, and for a minute of transcription: gpt-realtime-2.1 in autumn 2026. */
const hosted = { textIn: 4, textCached: 0.4, textOut: 24, audioIn: 32, audioCached: 0.4, audioOut: 64, imageIn: 5, imageCached: 0.5, minute: 0.017 };
const million = 1_000_000;

export class Usage {
    #tokens = { textIn: 0, textCached: 0, textOut: 0, audioIn: 0, audioCached: 0, audioOut: 0, imageIn: 0, imageCached: 0 };
    #seconds = 0;
    #responses = 0;

    /** @returns {boolean} whether the event told of usage */
    take({ event }) {
        const usage = event.type === "response.done" ? event.response.usage : null;
        if (usage) this.#add(usage);
        const heard = event.type === "conversation.item.input_audio_transcription.completed" ? event.usage : null;
        if (heard?.type === "duration") this.#seconds += heard.seconds;
        return Boolean(usage || heard);
    }

    #add(usage) {
        const input = usage.input_token_details ?? {};
        const cached = input.cached_tokens_details ?? {};
        const output = usage.output_token_details ?? {};
        this.#responses += 1;
        for (const kind of ["text", "audio", "image"]) {
            const fromCache = cached[`${kind}_tokens`] ?? 0;
            this.#tokens[`${kind}Cached`] += fromCache;
            this.#tokens[`${kind}In`] += (input[`${kind}_tokens`] ?? 0) - fromCache;
        }
        this.#tokens.textOut += output.text_tokens ?? 0;
        this.#tokens.audioOut += output.audio_tokens ?? 0;
    }

    /** US dollars. */
    get hostedCost() {
        const tokens = Object.entries(this.#tokens).reduce((sum, [kind, count]) => sum + (count * hosted[kind]) / million, 0);
        return tokens + (this.#seconds / 60) * hosted.minute;
    }

    show(place) {
        const of = (...kinds) => kinds.reduce((sum, kind) => sum + this.#tokens[kind], 0).toLocaleString("en");
        place.replaceChildren(
            line("Answers", String(this.#responses)),
            line("Tokens read", of("textIn", "textCached", "audioIn", "audioCached", "imageIn", "imageCached")),
            line("of these from the cache", of("textCached", "audioCached", "imageCached")),
            line("Tokens written", `${of("textOut")} text, ${of("audioOut")} sound`),
            line("Parley charges", "$0"),
            line("The hosted service would (gpt-realtime-2.1)", `$${this.hostedCost.toFixed(4)}`));
    }
}

function line(name, value) {
    return make("div", {}, make("dt", {}, name), make("dd", {}, value));
}
