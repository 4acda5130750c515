/** Tokens so far, and what they cost: here, and by the hosted service. */
import { make } from "../dom.js";

const million = 1_000_000;
const none = { text_in: 0, text_cached: 0, text_out: 0, audio_in: 0, audio_cached: 0, audio_out: 0, image_in: 0, image_cached: 0, image_out: 0, minute: 0 };

export class Usage {
    /** By the model of the session, which has the price: tokens of each kind, and minutes of transcription. */
    #used = new Map();
    #model = "";
    #responses = 0;

    /** @returns {boolean} whether the event told of usage */
    take({ event }) {
        if (event.type === "session.created" || event.type === "session.updated") this.#model = event.session?.model ?? this.#model;
        const usage = event.type === "response.done" ? event.response.usage : null;
        const heard = event.type === "conversation.item.input_audio_transcription.completed" ? event.usage : null;
        if (usage) this.#responses += 1;
        if (usage || heard?.type === "tokens") this.#add(usage ?? heard);
        if (heard?.type === "duration") this.#of(this.#model).minute += heard.seconds / 60;
        return Boolean(usage || heard);
    }

    #of(model) {
        if (!this.#used.has(model)) this.#used.set(model, { ...none });
        return this.#used.get(model);
    }

    #add(usage) {
        const used = this.#of(this.#model);
        const input = usage.input_token_details ?? {};
        const cached = input.cached_tokens_details ?? {};
        const output = usage.output_token_details ?? { text_tokens: usage.output_tokens };
        for (const kind of ["text", "audio", "image"]) {
            const fromCache = cached[`${kind}_tokens`] ?? 0;
            used[`${kind}_cached`] += fromCache;
            used[`${kind}_in`] += (input[`${kind}_tokens`] ?? 0) - fromCache;
            used[`${kind}_out`] += output[`${kind}_tokens`] ?? 0;
        }
    }

    /**
     * @param {Record<string, object>} prices of a million tokens and of a minute, by model or `*`
     * @returns {number | null} null where there is no price for what was used
     */
    #cost(prices) {
        const priced = [...this.#used].filter(([model]) => prices[model] ?? prices["*"]);
        if (priced.length === 0) return null;
        return priced.reduce((sum, [model, used]) => sum + cost(used, prices[model] ?? prices["*"]), 0);
    }

    /** @param {import("../call/keys.js").Keys["prices"]} prices */
    show(place, prices) {
        const sum = (...kinds) => [...this.#used.values()].reduce((sum, used) => kinds.reduce((sum, kind) => sum + used[kind], sum), 0);
        const of = (...kinds) => sum(...kinds).toLocaleString("en");
        place.replaceChildren(
            line("Answers", String(this.#responses)),
            line("Tokens read", of("text_in", "text_cached", "audio_in", "audio_cached", "image_in", "image_cached")),
            line("of these from the cache", of("text_cached", "audio_cached", "image_cached")),
            line("Tokens written", `${of("text_out")} text, ${of("audio_out")} sound`),
            line("Cost here", prices ? this.#words(prices, prices.own) : "not told"),
            line("At the hosted service", prices ? this.#words(prices, prices.hosted) : "not told"));
    }

    #words({ currency }, table) {
        if (Object.keys(table).length === 0) return `${money(0, currency, 0)}: no price is configured`;
        const cost = this.#used.size === 0 ? 0 : this.#cost(table);
        return cost === null ? `${money(0, currency, 0)}: no price for this model` : money(cost, currency, 4);
    }
}

function cost(used, prices) {
    return Object.entries(used).reduce((sum, [kind, count]) => sum + (count * (prices[kind] ?? 0)) / (kind === "minute" ? 1 : million), 0);
}

function money(amount, currency, digits) {
    return currency === "USD" ? `$${amount.toFixed(digits)}` : `${amount.toFixed(digits)} ${currency}`;
}

function line(name, value) {
    return make("div", {}, make("dt", {}, name), make("dd", {}, value));
}
