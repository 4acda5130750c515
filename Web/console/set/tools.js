/** Tools that run in the page, as examples of what a client does: each with its JSON for the session and its function. */
import { calculate } from "./calculator.js";

const colours = {
    blue: 225, green: 150, red: 5, purple: 290, violet: 290, orange: 45, yellow: 80, pink: 345, teal: 190, turquoise: 190, brown: 55,
};

const examples = {
    get_time: {
        description: "Get the present time of day and the date where the user is.",
        parameters: { type: "object", properties: {}, required: [] },
        run: () => {
            const now = new Date();
            return { time: now.toLocaleTimeString("en", { timeStyle: "short" }), date: now.toLocaleDateString("en", { dateStyle: "full" }) };
        },
    },
    calculate: {
        description: "Work out an arithmetic expression.",
        parameters: {
            type: "object",
            properties: { expression: { type: "string", description: "Like 12 * (3 + 4)" } },
            required: ["expression"],
        },
        run: ({ expression }) => ({ result: calculate(String(expression)) }),
    },
    set_page_colour: {
        description: "Change the colour of the page that the user looks at.",
        parameters: {
            type: "object",
            properties: { colour: { type: "string", enum: Object.keys(colours) } },
            required: ["colour"],
        },
        run: ({ colour }) => {
            const name = String(colour).toLowerCase();
            if (!Object.hasOwn(colours, name)) return { error: `There is no ${name}.`, colours: Object.keys(colours) };
            document.documentElement.style.setProperty("--hue", colours[name]);
            document.documentElement.style.setProperty("--tint", "0.035");
            return { colour: name };
        },
    },
};

/** The examples as the JSON that a session takes. */
export const exampleTools = Object.entries(examples).map(([name, { description, parameters }]) => ({
    type: "function", name, description, parameters,
}));

/** Whether the page itself can answer a call of this name. */
export function runsHere(name) {
    return Object.hasOwn(examples, name);
}

/** @param {string} name  @param {string} argumentText JSON from the model  @returns {string} the result or the error, as JSON */
export function run(name, argumentText) {
    try {
        return JSON.stringify(examples[name].run(JSON.parse(argumentText || "{}") ?? {}));
    } catch (error) {
        return JSON.stringify({ error: error.message });
    }
}
