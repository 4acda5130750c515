/** What the page itself hears of both sides: levels for the meters, and when speech ends and begins. */

const pieceSeconds = 0.01;
/** Above the quiet of the line by so much, and never below that. */
const marginDecibels = 12;
const quietestDecibels = -50;
/** How long the memory for "when did it end" reaches back. */
const keptPieces = 3000;

/** One side of the call. */
class Side {
    /** Of each of the last pieces: when it ended, in page milliseconds, and whether it was loud. */
    #pieces = [];
    #floor = -70;
    decibels = -100;

    hear(power, endMs) {
        this.decibels = 10 * Math.log10(power + 1e-10);
        this.#floor = this.decibels < this.#floor ? this.decibels : Math.min(this.#floor + 0.03, -30);
        const isLoud = this.decibels > Math.max(quietestDecibels, this.#floor + marginDecibels);
        this.#pieces.push({ endMs, isLoud });
        if (this.#pieces.length > keptPieces) this.#pieces.splice(0, keptPieces / 10);
    }

    /** When the last loud piece before `ms` ended; null where none was heard. */
    lastSound(ms) {
        const piece = this.#pieces.findLast((piece) => piece.isLoud && piece.endMs <= ms);
        return piece?.endMs ?? null;
    }

    /** When the first sound began after `ms` with quiet before it; null when nothing has begun yet. */
    firstSound(ms) {
        const start = this.#pieces.findIndex((piece) => piece.endMs > ms);
        if (start < 0) return null;
        let quiet = 5;
        for (let at = start; at < this.#pieces.length; at += 1) {
            const { isLoud, endMs } = this.#pieces[at];
            if (isLoud && quiet >= 5) return endMs - pieceSeconds * 1000;
            quiet = isLoud ? 0 : quiet + 1;
        }
        return null;
    }
}

export class Ears {
    sent = new Side();
    received = new Side();
    #node;
    #sources = [null, null];
    #context;
    /** Page milliseconds at second 0 of the context: the smallest seen, since messages come late and never early. */
    #originMs = Infinity;

    static async open(context) {
        await context.audioWorklet.addModule(new URL("ear-worklet.js", import.meta.url));
        return new Ears(context);
    }

    constructor(context) {
        this.#context = context;
        this.#node = new AudioWorkletNode(context, "ear", {
            numberOfInputs: 2, numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit",
        });
        this.#node.port.onmessage = ({ data }) => this.#hear(data);
    }

    listenToSent(stream) {
        this.#listen(0, stream);
    }

    listenToReceived(stream) {
        this.#listen(1, stream);
    }

    close() {
        this.#sources.forEach((source) => source?.disconnect());
        this.#node.port.postMessage("stop");
        this.#node.port.onmessage = null;
    }

    #listen(side, stream) {
        this.#sources[side]?.disconnect();
        this.#sources[side] = new MediaStreamAudioSourceNode(this.#context, { mediaStream: stream });
        this.#sources[side].connect(this.#node, 0, side);
    }

    #hear({ end, sent, received }) {
        // Clocks drift: the origin may rise again, slowly.
        this.#originMs = Math.min(this.#originMs + 0.001, performance.now() - end * 1000);
        sent.forEach((power, index) => {
            const endMs = this.#originMs + (end - (sent.length - 1 - index) * pieceSeconds) * 1000;
            this.sent.hear(power, endMs);
            this.received.hear(received[index], endMs);
        });
    }
}
