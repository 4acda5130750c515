/** What the page measures and keeps of the sound of a call. */

/** Shows the level of a stream on a `role=meter` element: 0 to 100 from -60 dBFS to 0 dBFS. */
export class Meter {
    #analyser;
    #source;
    #samples;
    #element;
    #level = 0;

    constructor(context, stream, element) {
        this.#analyser = new AnalyserNode(context, { fftSize: 1024 });
        this.#source = new MediaStreamAudioSourceNode(context, { mediaStream: stream });
        this.#source.connect(this.#analyser);
        this.#samples = new Float32Array(this.#analyser.fftSize);
        this.#element = element;
    }

    /** Call once per animation frame. The needle rises at once and falls slowly. */
    update() {
        this.#analyser.getFloatTimeDomainData(this.#samples);
        const power = this.#samples.reduce((sum, sample) => sum + sample * sample, 0) / this.#samples.length;
        const decibels = 10 * Math.log10(power + 1e-9);
        this.#level = Math.max(Math.min(Math.max((decibels + 60) / 60, 0), 1), this.#level - 0.03);
        this.#show();
    }

    stop() {
        this.#source.disconnect();
        this.#level = 0;
        this.#show();
    }

    #show() {
        this.#element.setAttribute("aria-valuenow", Math.round(this.#level * 100));
        this.#element.firstElementChild.style.transform = `scaleX(${this.#level})`;
    }
}

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
        await context.audioWorklet.addModule("recorder-worklet.js");
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
