/** A text that is spoken, and how much of it has been heard by a moment of its sound. */

/** Where the server tells no word times: about fifteen characters a second. */
const millisecondsPerCharacter = 65;

export class SpokenText {
    text = "";
    /** Of each timed word: where it ends in the text, and when it is spoken. */
    #words = [];
    #found = 0;

    /** @param {string} delta  @param {{text: string, start_ms: number, end_ms: number}[] | undefined} words */
    add(delta, words) {
        this.text += delta;
        for (const word of words ?? []) this.#place(word);
    }

    /** Milliseconds from the first sample to the end of the last word that is known. */
    get lengthMs() {
        return this.#words.at(-1)?.endMs ?? this.text.length * millisecondsPerCharacter;
    }

    /** Characters to show at a moment: a word is shown as it begins. */
    spokenAt(ms) {
        if (this.#words.length === 0) return this.#untilSpace(ms / millisecondsPerCharacter);
        const word = this.#words.findLast((word) => word.startMs <= ms);
        return word ? word.end : 0;
    }

    /** Characters that were heard when the sound was cut: whole words that had ended, which is what the server keeps. */
    heardAt(ms) {
        if (this.#words.length === 0) return this.#untilSpace(ms / millisecondsPerCharacter);
        const word = this.#words.findLast((word) => word.endMs <= ms);
        return word ? word.end : 0;
    }

    #place({ text, start_ms, end_ms }) {
        const at = this.text.indexOf(text, this.#found);
        if (at < 0) return;
        this.#found = at + text.length;
        this.#words.push({ end: this.#found, startMs: start_ms, endMs: end_ms });
    }

    #untilSpace(count) {
        if (count >= this.text.length) return this.text.length;
        return Math.max(this.text.lastIndexOf(" ", count), 0);
    }
}
