/** Passes its two mono inputs to the page as 16-bit PCM, a tenth of a second at a time. */
class RecorderProcessor extends AudioWorkletProcessor {
    #size = Math.ceil(sampleRate / 10 / 128) * 128;
    #chunks = this.#fresh();
    #filled = 0;
    #running = true;

    constructor() {
        super();
        this.port.onmessage = () => { this.#running = false; };
    }

    process(inputs) {
        inputs.forEach((input, track) => this.#write(this.#chunks[track], input[0]));
        this.#filled += 128;
        if (this.#filled >= this.#size) {
            this.port.postMessage(this.#chunks, this.#chunks.map((chunk) => chunk.buffer));
            this.#chunks = this.#fresh();
            this.#filled = 0;
        }
        return this.#running;
    }

    /** An input without a source has no channel: that is silence. */
    #write(chunk, samples) {
        for (let i = 0; samples && i < samples.length; i += 1) {
            chunk[this.#filled + i] = Math.max(-1, Math.min(1, samples[i])) * 32767;
        }
    }

    #fresh() {
        return [new Int16Array(this.#size), new Int16Array(this.#size)];
    }
}

registerProcessor("recorder", RecorderProcessor);
