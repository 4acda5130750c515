/** Microphone and loudspeaker of a call over WebSocket: 16-bit PCM at the server's rate to and from the context's rate. */

/** Turns samples of one rate into another by a windowed sinc, without a seam between blocks. */
class Resampler {
    static #taps = 16;
    #step;
    #cutoff;
    #history = new Float32Array(2 * Resampler.#taps);
    #position = 0;

    constructor(from, to) {
        this.#step = from / to;
        this.#cutoff = Math.min(1, to / from) * 0.95;
    }

    /** @param {Float32Array} input  @returns {Float32Array} what can be said now; a little stays for the next block */
    push(input) {
        const all = new Float32Array(this.#history.length + input.length);
        all.set(this.#history);
        all.set(input, this.#history.length);
        const output = [];
        while (this.#position + 2 * Resampler.#taps <= all.length) {
            output.push(this.#at(all, this.#position + Resampler.#taps - 1));
            this.#position += this.#step;
        }
        const used = Math.min(Math.floor(this.#position), all.length);
        this.#position -= used;
        this.#history = all.slice(used);
        return Float32Array.from(output);
    }

    #at(samples, position) {
        const first = Math.floor(position) - Resampler.#taps + 1;
        let sum = 0;
        for (let i = first; i <= first + 2 * Resampler.#taps - 1; i += 1) {
            sum += (samples[i] ?? 0) * this.#weight(i - position);
        }
        return sum;
    }

    #weight(distance) {
        const x = Math.PI * distance * this.#cutoff;
        const sinc = Math.abs(x) < 1e-6 ? 1 : Math.sin(x) / x;
        const window = 0.5 + 0.5 * Math.cos((Math.PI * distance) / (Resampler.#taps + 1));
        return this.#cutoff * sinc * window;
    }
}

/** Gives the page what the microphone hears, 40 ms at a time. */
class CaptureProcessor extends AudioWorkletProcessor {
    #resampler;
    #chunk;
    #filled = 0;

    constructor({ processorOptions: { rate } }) {
        super();
        this.#resampler = new Resampler(sampleRate, rate);
        this.#chunk = new Int16Array(rate / 25);
    }

    process([input]) {
        for (const sample of this.#resampler.push(input[0] ?? new Float32Array(128))) {
            this.#chunk[this.#filled] = Math.max(-1, Math.min(1, sample)) * 32767;
            this.#filled += 1;
            if (this.#filled < this.#chunk.length) continue;
            this.port.postMessage(this.#chunk.slice().buffer);
            this.#filled = 0;
        }
        return true;
    }
}

/** Of 128 samples: 160 ms at 48 kHz without a sample are an end. */
const silentBlocks = 60;

/**
 * Plays what it is sent, {item, samples}, in order; "clear" throws away what is left. Says {item, playedMs} about every
 * 20 ms while it plays, and {item: null} once nothing is left.
 */
class PlayerProcessor extends AudioWorkletProcessor {
    #rate;
    #resampler;
    #queue = [];
    #playing = null;
    #silent = 0;
    #blocks = 0;

    constructor({ processorOptions: { rate } }) {
        super();
        this.#rate = rate;
        this.#resampler = new Resampler(rate, sampleRate);
        this.port.onmessage = ({ data }) => this.#take(data);
    }

    #take(data) {
        if (data === "clear") {
            this.#queue = [];
            this.#playing = null;
            this.#resampler = new Resampler(this.#rate, sampleRate);
            return;
        }
        const samples = Float32Array.from(new Int16Array(data.samples), (sample) => sample / 32768);
        this.#queue.push({ item: data.item, samples: this.#resampler.push(samples), at: 0 });
    }

    process(inputs, [output]) {
        const channel = output[0];
        let filled = 0;
        while (filled < channel.length && this.#queue.length > 0) filled += this.#fill(channel, filled);
        this.#report(filled);
        return true;
    }

    #fill(channel, filled) {
        const block = this.#queue[0];
        const count = Math.min(channel.length - filled, block.samples.length - block.at);
        channel.set(block.samples.subarray(block.at, block.at + count), filled);
        block.at += count;
        if (this.#playing?.item !== block.item) this.#playing = { item: block.item, played: 0 };
        this.#playing.played += count;
        if (block.at === block.samples.length) this.#queue.shift();
        return count;
    }

    #report(filled) {
        if (!this.#playing) return;
        if (filled === 0) {
            // A pause of the network is no end of the speech; the same item goes on counting.
            this.#silent += 1;
            if (this.#silent === silentBlocks) this.port.postMessage({ item: null });
            return;
        }
        const begins = this.#silent >= silentBlocks || this.#playing.played === filled;
        this.#silent = 0;
        this.#blocks += 1;
        if (!begins && this.#blocks % 8 !== 0) return;
        this.port.postMessage({ item: this.#playing.item, playedMs: (this.#playing.played / sampleRate) * 1000 });
    }
}

registerProcessor("capture", CaptureProcessor);
registerProcessor("player", PlayerProcessor);
