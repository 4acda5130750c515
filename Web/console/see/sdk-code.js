/** An event that the page sent, as a line of the official packages; one that came, as the branch that takes it. */

const none = "None";

/** @param {string} from "client" or not  @param {object} event */
export function python(from, event) {
    if (from !== "client") return `async for event in connection:\n    if event.type == ${JSON.stringify(event.type)}:\n        print(event)\n`;
    return `await connection.send(${pythonValue(event, 0)})\n`;
}

export function javaScript(from, event) {
    if (from !== "client") return `rt.on(${JSON.stringify(event.type)}, (event) => console.log(event));\n`;
    return `rt.send(${JSON.stringify(event, null, 4)});\n`;
}

/** JSON's words for nothing and for truth are Python's with other letters. */
function pythonValue(value, depth) {
    const inner = " ".repeat(4 * (depth + 1));
    const end = " ".repeat(4 * depth);
    if (value === null) return none;
    if (value === true) return "True";
    if (value === false) return "False";
    if (typeof value !== "object") return JSON.stringify(value);
    if (Array.isArray(value)) {
        if (value.length === 0) return "[]";
        return `[\n${value.map((one) => `${inner}${pythonValue(one, depth + 1)},\n`).join("")}${end}]`;
    }
    const fields = Object.entries(value);
    if (fields.length === 0) return "{}";
    return `{\n${fields.map(([key, one]) => `${inner}${JSON.stringify(key)}: ${pythonValue(one, depth + 1)},\n`).join("")}${end}}`;
}
