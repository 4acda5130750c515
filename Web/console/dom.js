/** Elements made and found. Text goes in as text and never as markup. */

export const element = (id) => document.getElementById(id);

/**
 * A new element.
 * @param {string} name  @param {Record<string, unknown>} attributes `class`, `hidden` and the like; null is left out
 * @param {...(Node | string)} children a string becomes text
 */
export function make(name, attributes = {}, ...children) {
    return filled(document.createElement(name), attributes, children);
}

const namespace = "http://www.w3.org/2000/svg";

/** As `make`, for a drawing. */
export function draw(name, attributes = {}, ...children) {
    return filled(document.createElementNS(namespace, name), attributes, children);
}

function filled(node, attributes, children) {
    for (const [key, value] of Object.entries(attributes)) {
        if (value !== null && value !== undefined && value !== false) node.setAttribute(key, value === true ? "" : String(value));
    }
    node.append(...children);
    return node;
}

/** A button that does something. */
export function button(words, act, attributes = {}) {
    const made = make("button", { type: "button", ...attributes }, words);
    made.addEventListener("click", act);
    return made;
}

/** Whether a list is read at its end, so that it may follow what is added. */
export function isAtEnd(list) {
    return list.scrollHeight - list.scrollTop - list.clientHeight < 48;
}

/** Copies text, and says so on the button for a moment. */
export async function copy(text, from) {
    const words = from.textContent;
    try {
        await navigator.clipboard.writeText(text);
        from.textContent = "Copied";
    } catch {
        from.textContent = "Not allowed";
    }
    setTimeout(() => { from.textContent = words; }, 1200);
}

/** Gives the browser a file to save. */
export function save(name, type, text) {
    const link = make("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
