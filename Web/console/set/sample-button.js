/** The button that lets a voice be heard before it is chosen. */
import { element } from "../dom.js";
import { playSample } from "./sample.js";

export function offerSamples(keys, form) {
    element("sample").addEventListener("click", async () => {
        const { model } = form.settings;
        element("sample").disabled = true;
        element("sample-state").textContent = "Asking the voice…";
        try {
            const secret = await keys.secret({ type: "realtime" });
            await playSample({ secret, model, voice: element("voice").value.trim() });
            element("sample-state").textContent = "";
        } catch (error) {
            element("sample-state").textContent = error.message;
        }
        element("sample").disabled = false;
    });
}
