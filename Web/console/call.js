/** Everything between the page and the server: the offer, the answer, the data channel, the goodbye. */

const callsPath = "/v1/realtime/calls";

/** Host candidates are there at once; a slow network interface must not hold up the offer. */
const gatheringLimitMilliseconds = 300;

/** The server refused the call. `status` is the HTTP status, 0 without an answer; `message` is for people. */
export class CallRefused extends Error {
    constructor(status, message) {
        super(message);
        this.status = status;
    }
}

/**
 * One call. Events: `connected`, also after each `interrupted`; `track` (detail: MediaStream); `message` (detail: string
 * or ArrayBuffer); `ended` once (detail: {words, failed}, or null after hangUp()).
 */
export class Call extends EventTarget {
    #connection = new RTCPeerConnection();
    #channel;
    #hangUpURL = null;
    #headers;
    #callsURL;
    #ended = false;
    #wasConnected = false;
    #isConnected = false;

    /**
     * @param {MediaStream} stream with one audio track  @param {string} key a bearer token, or "" for none
     * @param {string | null} model what is to answer, or null for the server's choice
     */
    constructor(stream, key, model) {
        super();
        this.#callsURL = model ? `${callsPath}?${new URLSearchParams({ model })}` : callsPath;
        this.#headers = key ? { Authorization: `Bearer ${key}` } : {};
        this.#connection.addTrack(stream.getAudioTracks()[0], stream);
        this.#channel = this.#connection.createDataChannel("oai-events");
        this.#channel.binaryType = "arraybuffer";
        this.#channel.onopen = () => this.#checkConnected();
        this.#channel.onmessage = (event) => this.#emit("message", event.data);
        this.#channel.onclose = () => this.#end({ words: "The server ended the call.", failed: false });
        this.#connection.ontrack = (event) => this.#emit("track", event.streams[0] ?? new MediaStream([event.track]));
        this.#connection.onconnectionstatechange = () => this.#connectionStateChanged();
    }

    /** Sends the offer and takes the answer. Throws CallRefused when the server says no. */
    async place() {
        await this.#connection.setLocalDescription();
        await gathered(this.#connection);
        const response = await this.#post(this.#callsURL, "application/sdp", this.#connection.localDescription.sdp);
        const body = await response.text();
        if (!response.ok) throw new CallRefused(response.status, errorMessage(response, body));
        this.#hangUpURL = hangUpURL(response.headers.get("Location"));
        if (this.#ended) return this.#sendHangUp();
        await this.#connection.setRemoteDescription({ type: "answer", sdp: body });
    }

    /** Ends the call on both sides. Does nothing when it has ended already. */
    hangUp() {
        this.#end(null);
    }

    get isOpen() {
        return this.#channel.readyState === "open";
    }

    /** @param {string | ArrayBuffer} data one data channel message */
    send(data) {
        this.#channel.send(data);
    }

    /** @returns {Promise<RTCStatsReport>} */
    stats() {
        return this.#connection.getStats();
    }

    async #post(path, type, body) {
        try {
            return await fetch(path, { method: "POST", headers: { "Content-Type": type, ...this.#headers }, body });
        } catch {
            throw new CallRefused(0, "The server cannot be reached.");
        }
    }

    #checkConnected() {
        if (this.#isConnected || !this.isOpen || this.#connection.connectionState !== "connected") return;
        this.#wasConnected = true;
        this.#isConnected = true;
        this.#emit("connected", null);
    }

    #connectionStateChanged() {
        const state = this.#connection.connectionState;
        this.#checkConnected();
        if (state === "disconnected" && this.#isConnected) {
            this.#isConnected = false;
            this.#emit("interrupted", null);
        }
        if (state === "failed" || state === "closed") {
            const words = this.#wasConnected ? "The connection was lost." : "No connection could be made.";
            this.#end({ words, failed: true });
        }
    }

    #end(reason) {
        if (this.#ended) return;
        this.#ended = true;
        this.#sendHangUp();
        this.#connection.close();
        this.#emit("ended", reason);
    }

    /** `keepalive` lets the request outlive the page. */
    #sendHangUp() {
        if (!this.#hangUpURL) return;
        fetch(this.#hangUpURL, { method: "POST", headers: this.#headers, keepalive: true }).catch(() => {});
    }

    #emit(type, detail) {
        this.dispatchEvent(new CustomEvent(type, { detail }));
    }
}

function gathered(connection) {
    return new Promise((resolve) => {
        if (connection.iceGatheringState === "complete") return resolve();
        setTimeout(resolve, gatheringLimitMilliseconds);
        connection.addEventListener("icegatheringstatechange", () => {
            if (connection.iceGatheringState === "complete") resolve();
        });
    });
}

/** The call id is the last part of Location, as every client of this API reads it. */
function hangUpURL(location) {
    const id = location?.split("/").pop();
    return id ? `${callsPath}/${encodeURIComponent(id)}/hangup` : null;
}

function errorMessage(response, body) {
    try {
        return JSON.parse(body).error.message;
    } catch {
        return `The server answered ${response.status}.`;
    }
}
