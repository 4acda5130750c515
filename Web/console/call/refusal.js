/** What the server refused, and what to do about whatever went wrong, in plain words. */

/** The server said no. `status` is the HTTP status, 0 without an answer; `code` the server's own, or null. */
export class Refusal extends Error {
    constructor(status, code, message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    /** Of a response that is not ok. */
    static async of(response) {
        let error = null;
        try {
            error = (await response.json()).error;
        } catch {
            // Something else than Parley answered.
        }
        return new Refusal(response.status, error?.code ?? null, error?.message ?? `The server answered ${response.status}.`);
    }

    get wantsKey() {
        return this.status === 401 || this.code === "invalid_api_key";
    }
}

const microphone = {
    NotAllowedError: "The microphone was not allowed. Allow it in the browser's address bar and press Talk again, or write.",
    NotFoundError: "No microphone was found. Plug one in and press Talk again, or write.",
    NotReadableError: "The microphone is in use by another program. Close that one and press Talk again.",
    OverconstrainedError: "The chosen microphone is gone. Choose another one under Set-up.",
};

/** @param {Error} error of a call that could not be placed  @returns {string} */
export function words(error) {
    if (error instanceof Refusal) {
        if (!error.status) return error.message;
        if (error.status === 503) return `${error.message} Try again in a moment.`;
        return `The server refused the call: ${error.message}`;
    }
    if (!navigator.mediaDevices) return "The microphone needs HTTPS or localhost. Open this page by https://, or write.";
    return microphone[error.name] ?? error.message;
}

const advice = {
    cannot_update_voice: "The voice stays as it is once it has spoken. Hang up and call again to hear the new one.",
    session_expired: "The session has reached its longest time. Press Talk for a new one.",
    conversation_already_has_active_response: "An answer is under way already. Wait for its end or interrupt it.",
    input_audio_buffer_commit_empty: "Nothing was heard. Hold the button while you speak.",
    insufficient_quota: "The budget of this session or key is used up. Who runs the server can raise it.",
    response_cancel_not_active: "There was no answer to stop.",
};

/** @param {{code?: string | null, message: string, param?: string | null}} error of an `error` event */
export function adviceFor(error) {
    const known = advice[error.code];
    if (known) return known;
    const field = error.param ? ` (${error.param})` : "";
    return `${error.message}${field}`;
}
