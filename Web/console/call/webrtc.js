/** A call over WebRTC: the offer, the answer, the data channel, the goodbye. */
import { ask } from "./keys.js";

const callsPath = "/v1/realtime/calls";
const iceServersPath = "/v1/realtime/ice-servers";

/** Host candidates are there at once; a slow network interface must not hold up the offer, a relay may a little. */
const gatheringLimitMilliseconds = 300;
const relayLimitMilliseconds = 1500;

/** Media that has found no way by then finds none. */
const pathLimitMilliseconds = 5000;
/** Between two tries to find another path, and for the answer to one. */
const restartMilliseconds = 3000;

/**
 * One call. Events: `connected`, also after each `interrupted`; `track` (detail: MediaStream); `message` (detail: string
 * or ArrayBuffer); `pathless` instead of all that when there is no way for media; `ended` once (detail: {words, lost}, or
 * null after hangUp()).
 */
export class WebRTCCall extends EventTarget {
    name = "WebRTC";
    #connection = new RTCPeerConnection();
    #channel;
    #url = null;
    #gatheringLimit = gatheringLimitMilliseconds;
    #headers;
    #callsURL;
    #ended = false;
    #wasConnected = false;
    #isConnected = false;
    #isSeeking = false;
    /** Whether its session waits for the page where it is lost: then that is no reason to hang up. */
    isAwaited = false;

    /**
     * @param {MediaStream} stream with one audio track  @param {string} secret a bearer token, or "" for none
     * @param {object} query of the address: the model, if it is not the server's choice, or a way back
     */
    constructor(stream, secret, query) {
        super();
        this.#callsURL = `${callsPath}?${new URLSearchParams(query)}`;
        this.#headers = { "Parley-Extensions": "1", ...(secret ? { Authorization: `Bearer ${secret}` } : {}) };
        this.#connection.addTrack(stream.getAudioTracks()[0], stream);
        this.#channel = this.#connection.createDataChannel("oai-events");
        this.#channel.binaryType = "arraybuffer";
        this.#channel.onopen = () => this.#checkConnected();
        this.#channel.onmessage = (event) => this.#emit("message", event.data);
        this.#channel.onclose = () => this.#end({ words: "The server ended the call.", lost: false });
        this.#connection.ontrack = (event) => this.#emit("track", event.streams[0] ?? new MediaStream([event.track]));
        this.#connection.onconnectionstatechange = () => this.#connectionStateChanged();
    }

    /** Sends the offer and takes the answer. Throws a Refusal when the server says no. */
    async place() {
        await this.#useServers();
        await this.#connection.setLocalDescription();
        await gathered(this.#connection, this.#gatheringLimit);
        const headers = { "Content-Type": "application/sdp", ...this.#headers };
        const response = await ask(this.#callsURL, { method: "POST", headers, body: this.#connection.localDescription.sdp });
        this.#url = callURL(response.headers.get("Location"));
        const sdp = await response.text();
        if (this.#ended) return this.#sendHangUp();
        await this.#connection.setRemoteDescription({ type: "answer", sdp });
        setTimeout(() => this.#wasConnected || this.#giveUp(), pathLimitMilliseconds);
    }

    /** Looks for another path, as after a change of network: the call goes on by the old one until there is one. */
    async restart() {
        if (!this.#url || this.#ended || this.#connection.signalingState !== "stable") return;
        try {
            await this.#useServers();
            await this.#connection.setLocalDescription(await this.#connection.createOffer({ iceRestart: true }));
            await gathered(this.#connection, this.#gatheringLimit);
            const headers = { "Content-Type": "application/sdp", ...this.#headers };
            const body = this.#connection.localDescription.sdp;
            const signal = AbortSignal.timeout(restartMilliseconds);
            const response = await fetch(this.#url, { method: "PATCH", headers, body, signal });
            if (!response.ok) throw new Error(`PATCH answered ${response.status}`);
            await this.#connection.setRemoteDescription({ type: "answer", sdp: await response.text() });
        } catch {
            // The server cannot be reached or knows better: what was agreed before holds.
            if (this.#connection.signalingState === "have-local-offer") {
                await this.#connection.setLocalDescription({ type: "rollback" }).catch(() => {});
            }
        }
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

    /** What is heard of an item follows from the server's word that its sound began. */
    playedMs() {
        return null;
    }

    /** The relays that the server names, with credentials for now; without them the direct path has to do. */
    async #useServers() {
        try {
            const response = await fetch(iceServersPath, { headers: this.#headers });
            if (!response.ok) return;
            const iceServers = (await response.json()).data;
            if (this.#ended || iceServers.length === 0) return;
            this.#connection.setConfiguration({ iceServers });
            this.#gatheringLimit = relayLimitMilliseconds;
        } catch {
            // A server that is gone is told of by the call itself.
        }
    }

    #checkConnected() {
        if (this.#isConnected || !this.isOpen || this.#connection.connectionState !== "connected") return;
        this.#wasConnected = true;
        this.#isConnected = true;
        this.#emit("connected", null);
    }

    /** Again and again: where the path breaks, the server is often out of reach for a while too. */
    async #seekPath() {
        if (this.#isSeeking) return;
        this.#isSeeking = true;
        while (!this.#isConnected && !this.#ended) {
            await this.restart();
            await new Promise((resolve) => setTimeout(resolve, restartMilliseconds));
        }
        this.#isSeeking = false;
    }

    #connectionStateChanged() {
        const state = this.#connection.connectionState;
        this.#checkConnected();
        if (state === "disconnected" && this.#isConnected) {
            this.#isConnected = false;
            this.#emit("interrupted", null);
            this.#seekPath();
        }
        if (state !== "failed" && state !== "closed") return;
        if (this.#wasConnected) this.#end({ words: "The connection was lost.", lost: true });
        else this.#giveUp();
    }

    #giveUp() {
        if (this.#ended) return;
        this.#close(this.isAwaited);
        this.#emit("pathless", null);
    }

    #end(reason) {
        if (this.#ended) return;
        this.#close(reason?.lost && this.isAwaited);
        this.#emit("ended", reason);
    }

    #close(comesBack) {
        this.#ended = true;
        if (!comesBack) this.#sendHangUp();
        this.#connection.close();
    }

    /** `keepalive` lets the request outlive the page. */
    #sendHangUp() {
        if (!this.#url) return;
        fetch(`${this.#url}/hangup`, { method: "POST", headers: this.#headers, keepalive: true }).catch(() => {});
    }

    #emit(type, detail) {
        this.dispatchEvent(new CustomEvent(type, { detail }));
    }
}

function gathered(connection, limitMilliseconds) {
    return new Promise((resolve) => {
        if (connection.iceGatheringState === "complete") return resolve();
        setTimeout(resolve, limitMilliseconds);
        connection.addEventListener("icegatheringstatechange", () => {
            if (connection.iceGatheringState === "complete") resolve();
        });
    });
}

/** The call id is the last part of Location, as every client of this API reads it. */
function callURL(location) {
    const id = location?.split("/").pop();
    return id ? `${callsPath}/${encodeURIComponent(id)}` : null;
}
