/** Hears its two inputs on one clock: the power of each in pieces of 10 ms, two at a time, with their time. */
class EarProcessor extends AudioWorkletProcessor {
    #size = Math.round(sampleRate / 100);
    #power = [0, 0];
    #filled = 0;
    #levels = [[], []];
    #running = true;

    constructor() {
        super();
        this.port.onmessage = () => { this.#running = false; };
    }

    process(inputs) {
        const length = 128;
        for (let i = 0; i < length; i += 1) {
            for (let side = 0; side < 2; side += 1) {
                const sample = inputs[side][0]?.[i] ?? 0;
                this.#power[side] += sample * sample;
            }
            this.#filled += 1;
            if (this.#filled === this.#size) this.#close(currentTime + (i + 1) / sampleRate);
        }
        return this.#running;
    }

    /** @param {number} end seconds of the context when the piece ended */
    #close(end) {
        this.#power.forEach((power, side) => this.#levels[side].push(power / this.#size));
        this.#power = [0, 0];
        this.#filled = 0;
        if (this.#levels[0].length < 2) return;
        this.port.postMessage({ end, sent: this.#levels[0], received: this.#levels[1] });
        this.#levels = [[], []];
    }
}

registerProcessor("ear", EarProcessor);
