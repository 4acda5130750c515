/** The API key: asked for once, kept in memory, in the tab's storage only if asked; calls go with secrets made from it. */
import { Refusal } from "./refusal.js";

const place = "parley-key";

export class Keys {
    #key = sessionStorage.getItem(place) ?? "";
    /** {currency, own, hosted}, these by the name of a model or `*`; null where the server has not told them. */
    prices = null;

    get key() {
        return this.#key;
    }

    /** @param {boolean} kept over a reload of this tab */
    set(key, kept) {
        this.#key = key;
        if (kept && key) sessionStorage.setItem(place, key);
        else sessionStorage.removeItem(place);
    }

    /** Headers for a request that wants the key itself. */
    get headers() {
        return this.#key ? { Authorization: `Bearer ${this.#key}` } : {};
    }

    /**
     * A client secret for one call, or "" where the server asks for no key.
     * @param {object} session what the call starts with  @throws {Refusal}
     */
    async secret(session) {
        if (!this.#key) return "";
        const headers = { "Content-Type": "application/json", ...this.headers };
        const response = await ask("/v1/realtime/client_secrets", { method: "POST", headers, body: JSON.stringify({ session }) });
        return (await response.json()).value;
    }

    /** Asks for prices, too. @returns {Promise<string[]>} the names of the models; none where the server asks for a key first */
    async models() {
        try {
            const response = await ask("/v1/models", { headers: { "Parley-Extensions": "1", ...this.headers } });
            const list = await response.json();
            this.prices = list.parley?.prices ?? null;
            return list.data.map((model) => model.id);
        } catch {
            return [];
        }
    }
}

/** `fetch` that throws a `Refusal` for every answer that is not ok. */
export async function ask(path, request) {
    let response;
    try {
        response = await fetch(path, request);
    } catch {
        throw new Refusal(0, null, "The server cannot be reached. Is it running?");
    }
    if (!response.ok) throw await Refusal.of(response);
    return response;
}

/** @returns {Promise<string | null>} why the server takes no calls now, in words; null when it does; `Refusal` when it is away */
export async function notReady() {
    try {
        await ask("/ready", {});
        return null;
    } catch (error) {
        if (error.status === 503) return error.message;
        throw error;
    }
}
