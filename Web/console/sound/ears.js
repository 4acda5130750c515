/** What the page itself hears of both sides: levels for the meters, and when speech ends and begins. */

const pieceSeconds = 0.01;
/** Above the quiet of the line by so much, and never below that. */
const marginDecibels = 12;
const quietestDecibels = -50;
/** So much quiet parts one sound from another: the end of an answer that was cut still comes out of the jitter buffer. */
const quietPieces = 5;
/** How long the memory for "when did it end" reaches back. */
const keptPieces = 3000;
/** Of 20 ms each. */
const keptOrigins = 50;

/** One side of the call. */
class Side {
    /** Of each of the last pieces: when it ended, in seconds of the context, and whether it was loud. */
    #pieces = [];
    #floor = -70;
    decibels = -100;

    hear(power, end) {
        this.decibels = 10 * Math.log10(power + 1e-10);
        this.#floor = this.decibels < this.#floor ? this.decibels : Math.min(this.#floor + 0.03, -30);
        const isLoud = this.decibels > Math.max(quietestDecibels, this.#floor + marginDecibels);
        this.#pieces.push({ end, isLoud });
        if (this.#pieces.length > keptPieces) this.#pieces.splice(0, keptPieces / 10);
    }

    /** When the last loud piece before a second ended; null where none was heard. */
    lastSound(second) {
        const piece = this.#pieces.findLast((piece) => piece.isLoud && piece.end <= second);
        return piece?.end ?? null;
    }

    /** When the first sound began after a second with quiet before it; null when nothing has begun yet. */
    firstSound(second) {
        const start = this.#pieces.findIndex((piece) => piece.end > second);
        if (start < 0) return null;
        let quiet = 0;
        for (let at = Math.max(0, start - quietPieces); at < this.#pieces.length; at += 1) {
            const { isLoud, end } = this.#pieces[at];
            if (isLoud && quiet >= quietPieces && end > second) return end - pieceSeconds;
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
    /** Page milliseconds at second 0 of the context, by each of the last messages. */
    #origins = [];

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

    /** Milliseconds of the page at a second of the context. Messages come late and never early, so the earliest counts;
     * but a sound card that stumbles sets its clock back, so it counts for a second. */
    pageMs(second) {
        return second * 1000 + Math.min(...this.#origins);
    }

    /** The second of the context at a moment of the page. */
    second(pageMs) {
        return (pageMs - Math.min(...this.#origins)) / 1000;
    }

    #hear({ end, sent, received }) {
        this.#origins.push(performance.now() - end * 1000);
        if (this.#origins.length > keptOrigins) this.#origins.shift();
        sent.forEach((power, index) => {
            const pieceEnd = end - (sent.length - 1 - index) * pieceSeconds;
            this.sent.hear(power, pieceEnd);
            this.received.hear(received[index], pieceEnd);
        });
    }
}
