/** Things to say, for who does not know where to begin; a press says one in writing. */
import { button, make } from "../dom.js";

const suggestions = [
    { text: "Who wrote Romeo and Juliet?" },
    { text: "What time is it?", needsTools: true },
    { text: "Turn the page blue.", needsTools: true },
    { text: "How does a rainbow form?" },
];

/**
 * @param {HTMLElement} list  @param {(text: string) => void} say
 * @param {() => void} offerTools called before what the page's tools are needed for
 */
export function showChips(list, say, offerTools) {
    list.append(...suggestions.map(({ text, needsTools }) => make("li", {}, button(text, () => {
        if (needsTools) offerTools();
        say(text);
    }, { class: "chip" }))));
}
