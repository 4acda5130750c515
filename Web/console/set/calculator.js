/** Arithmetic in writing: + - * / ^ %, brackets, and the functions below. Nothing is run as code. */

const functions = { sqrt: Math.sqrt, abs: Math.abs, round: Math.round, floor: Math.floor, ceil: Math.ceil, sin: Math.sin, cos: Math.cos, tan: Math.tan, ln: Math.log, log: Math.log10 };
const constants = { pi: Math.PI, e: Math.E };
const deepest = 100;

/** @param {string} text like "2 * (3 + 4)"  @returns {number}  @throws {Error} in words */
export function calculate(text) {
    const tokens = text.toLowerCase().replaceAll("×", "*").replaceAll("÷", "/").replaceAll("−", "-").replaceAll("**", "^")
        .match(/\d+(?:\.\d+)?(?:e[+-]?\d+)?|\.\d+|[a-z]+|[-+*/^%()]|\S/g) ?? [];
    const parser = new Parser(tokens);
    const value = parser.sum();
    if (!parser.isAtEnd) throw new Error(`"${parser.next}" is not understood.`);
    if (!Number.isFinite(value)) throw new Error("There is no such number.");
    return Number(value.toPrecision(12));
}

class Parser {
    #tokens;
    #at = 0;
    #depth = 0;

    constructor(tokens) {
        this.#tokens = tokens;
    }

    get next() {
        return this.#tokens[this.#at];
    }

    get isAtEnd() {
        return this.#at >= this.#tokens.length;
    }

    sum() {
        let value = this.#product();
        while (this.next === "+" || this.next === "-") {
            value = this.#take() === "+" ? value + this.#product() : value - this.#product();
        }
        return value;
    }

    #product() {
        let value = this.#signed();
        while (["*", "/", "%"].includes(this.next)) {
            const sign = this.#take();
            const other = this.#signed();
            value = sign === "*" ? value * other : sign === "/" ? value / other : value % other;
        }
        return value;
    }

    #signed() {
        if (this.next === "-" || this.next === "+") return this.#take() === "-" ? -this.#nested(() => this.#signed()) : this.#nested(() => this.#signed());
        const base = this.#atom();
        if (this.next !== "^") return base;
        this.#take();
        return base ** this.#nested(() => this.#signed());
    }

    #atom() {
        if (this.isAtEnd) throw new Error("Something is missing at the end.");
        const token = this.#take();
        if (/^[\d.]/.test(token) && Number.isFinite(Number(token))) return Number(token);
        if (token === "(") return this.#bracketed();
        if (Object.hasOwn(constants, token)) return constants[token];
        if (Object.hasOwn(functions, token) && this.#take() === "(") return functions[token](this.#bracketed());
        throw new Error(`"${token}" is not understood.`);
    }

    #bracketed() {
        const value = this.#nested(() => this.sum());
        if (this.#take() !== ")") throw new Error("A bracket is not closed.");
        return value;
    }

    #nested(read) {
        if (this.#depth === deepest) throw new Error("That is too deep.");
        this.#depth += 1;
        const value = read();
        this.#depth -= 1;
        return value;
    }

    #take() {
        const token = this.#tokens[this.#at];
        this.#at += 1;
        return token;
    }
}
