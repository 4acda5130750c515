/** A call over WebSocket: sound goes both ways in events, so the page is microphone, loudspeaker and clock itself. */
import { fromBase64, toBase64 } from "./base64.js";
import { Refusal } from "./refusal.js";

const socketPath = "/v1/realtime";

/** Of pcm, both ways. */
const rate = 24_000;

/**
 * One call with the interface and the events of `WebRTCCall`; `sent` (detail: event) tells of sound sent. Beside the server's events `message` brings those that only
 * WebRTC has, made here from what the loudspeaker does: `output_audio_buffer.started`, `.stopped` and `.cleared`.
 */
export class WebSocketCall extends EventTarget {
    name = "WebSocket";
    #socket = null;
    #url;
    #protocols;
    #graph;
    #source;
    #ended = false;
    #isCreated = false;
    #failure = null;
    /** Of the sound that plays or played last. */
    #playing = { response: null, item: null, playedMs: 0, isOn: false };
    #responses = new Map();

    /**
     * @param {AudioContext} context  @param {MediaStream} stream  @param {string} secret
     * @param {object} query of the address: the model, if it is not the server's choice, or a way back
     */
    constructor(context, stream, secret, query) {
        super();
        const wanted = query.resume ? query : { model: "gpt-realtime", ...query };
        const url = new URL(`${socketPath}?${new URLSearchParams({ ...wanted, parley: "1" })}`, location.href);
        url.protocol = url.protocol.replace("http", "ws");
        this.#url = url;
        this.#protocols = ["realtime", ...(secret ? [`openai-insecure-api-key.${secret}`] : [])];
        this.#graph = { context, stream };
    }

    async place() {
        const { context, stream } = this.#graph;
        await context.audioWorklet.addModule(new URL("../sound/socket-worklet.js", import.meta.url));
        this.#source = new MediaStreamAudioSourceNode(context, { mediaStream: stream });
        this.#graph.capture = new AudioWorkletNode(context, "capture", {
            numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit", processorOptions: { rate },
        });
        this.#graph.player = new AudioWorkletNode(context, "player", {
            numberOfInputs: 0, outputChannelCount: [1], processorOptions: { rate },
        });
        this.#graph.capture.port.onmessage = ({ data }) => this.#capture(data);
        this.#graph.player.port.onmessage = ({ data }) => this.#progressed(data);
        this.#source.connect(this.#graph.capture);
        const speaker = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
        this.#graph.player.connect(speaker);
        await this.#open();
        this.#emit("track", speaker.stream);
    }

    hangUp() {
        this.#end(null);
    }

    get isOpen() {
        return this.#socket?.readyState === WebSocket.OPEN;
    }

    send(data) {
        this.#socket.send(data);
    }

    /** There is no media connection to ask. */
    async stats() {
        return new Map();
    }

    /** Milliseconds of an item that have been heard, or null. */
    playedMs(item) {
        return item === this.#playing.item ? this.#playing.playedMs : null;
    }

    /** Stops the loudspeaker. @returns {{item: string, playedMs: number} | null} what was cut */
    silence() {
        const { item, playedMs, isOn, response } = this.#playing;
        if (!isOn) return null;
        this.#graph.player.port.postMessage("clear");
        this.#playing.isOn = false;
        this.#tell("output_audio_buffer.cleared", response);
        return { item, playedMs };
    }

    /** Resolves when the server has said its first word, and throws what it refuses. */
    #open() {
        return new Promise((resolve, reject) => {
            this.#socket = new WebSocket(this.#url, this.#protocols);
            this.#socket.onmessage = ({ data }) => {
                this.#take(data);
                if (this.#isCreated) resolve();
            };
            this.#socket.onclose = ({ code, reason }) => {
                reject(this.#failure ?? new Refusal(0, null, reason || "The server cannot be reached. Is it running?"));
                if (!this.#isCreated) return;
                const lost = code === 1006;
                this.#end({ words: lost ? "The connection was lost." : "The server ended the call.", lost });
            };
        });
    }

    #take(data) {
        let event = null;
        try {
            event = typeof data === "string" ? JSON.parse(data) : null;
        } catch {
            // Not an event; shown as it is.
        }
        if (event?.type === "response.output_audio.delta") return this.#play(event);
        if (event?.type === "error" && !this.#isCreated) this.#failure = new Refusal(400, event.error.code, event.error.message);
        this.#emit("message", data);
        if (!this.#isCreated && event?.type === "session.created") {
            this.#isCreated = true;
            this.#emit("connected", null);
        }
    }

    #play(event) {
        const bytes = fromBase64(event.delta);
        this.#emit("message", JSON.stringify({ ...event, delta: words(bytes) }));
        this.#responses.set(event.item_id, event.response_id);
        this.#graph.player.port.postMessage({ item: event.item_id, samples: bytes }, [bytes]);
    }

    #capture(samples) {
        if (!this.#isCreated || !this.isOpen) return;
        this.#emit("sent", { type: "input_audio_buffer.append", audio: words(samples) });
        this.#socket.send(JSON.stringify({ type: "input_audio_buffer.append", audio: toBase64(samples) }));
    }

    /** The player's word: {item, playedMs} while it sounds, {item: null} when nothing is left. */
    #progressed({ item, playedMs }) {
        const response = this.#responses.get(item) ?? this.#playing.response;
        if (item === null) {
            if (this.#playing.isOn) this.#tell("output_audio_buffer.stopped", response);
            this.#playing.isOn = false;
            return;
        }
        const begins = !this.#playing.isOn || response !== this.#playing.response;
        this.#playing = { response, item, playedMs, isOn: true };
        if (begins) this.#tell("output_audio_buffer.started", response);
    }

    #tell(type, response) {
        this.#emit("message", JSON.stringify({ type, response_id: response, made_by_page: true }));
    }

    #end(reason) {
        if (this.#ended) return;
        this.#ended = true;
        this.#source?.disconnect();
        this.#graph.capture?.port.close();
        this.#graph.player?.disconnect();
        this.#socket?.close();
        this.#emit("ended", reason);
    }

    #emit(type, detail) {
        this.dispatchEvent(new CustomEvent(type, { detail }));
    }
}

/** In place of sound, where events are shown. @param {ArrayBuffer} bytes */
function words(bytes) {
    return `(${bytes.byteLength} bytes of sound)`;
}
