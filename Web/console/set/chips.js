/** Things to say, for who does not know where to begin; a press says one in writing. */
import { button, make } from "../dom.js";

const suggestions = ["What can you do?", "What time is it?", "What is twelve times three?", "Turn the page blue.", "Tell me a story."];

/** @param {HTMLElement} list  @param {(text: string) => void} say */
export function showChips(list, say) {
    list.append(...suggestions.map((text) => make("li", {}, button(text, () => say(text), { class: "chip" }))));
}
