/** A recording of both sides of a call. */

/**
 * Records two streams side by side as 16-bit PCM at the context's rate, so that the lag between them can be read.
 * It keeps at most `limitSeconds`, then stops by itself.
 */
export class Recorder {
    #context;
    #node;
    #sources;
    #tracks = [[], []];
    #room;

    static async start(context, sent, received, limitSeconds = 60) {
        await context.audioWorklet.addModule(new URL("recorder-worklet.js", import.meta.url));
        return new Recorder(context, [sent, received], limitSeconds);
    }

    constructor(context, streams, limitSeconds) {
        this.#context = context;
        this.#room = limitSeconds * context.sampleRate;
        this.#node = new AudioWorkletNode(context, "recorder", {
            numberOfInputs: 2, numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit",
        });
        this.#sources = streams.map((mediaStream) => new MediaStreamAudioSourceNode(context, { mediaStream }));
        this.#sources.forEach((source, input) => source.connect(this.#node, 0, input));
        this.#node.port.onmessage = ({ data }) => this.#append(data);
    }

    /** Ends the recording. @returns {{rate: number, sent: Int16Array, received: Int16Array}} of equal length */
    stop() {
        this.#sources.forEach((source) => source.disconnect());
        this.#node.port.postMessage("stop");
        this.#node.port.onmessage = null;
        const [sent, received] = this.#tracks.map(joined);
        return { rate: this.#context.sampleRate, sent, received };
    }

    get seconds() {
        return this.#tracks[1].reduce((sum, chunk) => sum + chunk.length, 0) / this.#context.sampleRate;
    }

    #append(chunks) {
        if (this.#room < chunks[0].length) return;
        this.#room -= chunks[0].length;
        chunks.forEach((chunk, track) => this.#tracks[track].push(chunk));
    }
}

function joined(chunks) {
    const whole = new Int16Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
    let at = 0;
    for (const chunk of chunks) {
        whole.set(chunk, at);
        at += chunk.length;
    }
    return whole;
}
