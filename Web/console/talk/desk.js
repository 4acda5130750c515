/** The buttons of a call, and its state in words. */
import { element } from "../dom.js";
import { Meter } from "../sound/meter.js";

const activities = { listening: "Listening.", hearing: "You are speaking.", thinking: "Thinking…", speaking: "Speaking. Interrupt as you like." };
/** Where nothing has been said yet. */
const greetings = { idle: "Press Talk and speak. You are answered by voice, and may interrupt.", connected: "Say something, or pick what to say." };
const silentActivities = { ...activities, listening: "In writing: the microphone is off." };

export class Desk {
    #phone;
    #keys;
    #form;
    #isHeld = false;
    #meters = [new Meter(element("sent-level")), new Meter(element("received-level"))];

    /** @param {(text: string) => void} say takes what is typed */
    constructor(phone, keys, form, say) {
        this.#phone = phone;
        this.#keys = keys;
        this.#form = form;
        phone.addEventListener("state", ({ detail }) => this.#show(detail));
        phone.addEventListener("key", () => this.#askForKey());
        element("call").addEventListener("click", () => (phone.now ? phone.stop() : this.#call()));
        element("mute").addEventListener("click", () => this.#toggleMute());
        element("answer").addEventListener("click", () => this.#phone.now?.session?.answer());
        this.#holdBy(element("hold"));
        element("key-form").addEventListener("submit", (event) => {
            event.preventDefault();
            this.#call();
        });
        element("message-form").addEventListener("submit", (event) => {
            event.preventDefault();
            const text = element("message").value.trim();
            if (text) say(text);
            element("message").value = "";
        });
        requestAnimationFrame(() => this.#frame());
        this.showTalk();
    }

    /** After a change between hands-free and push-to-talk. */
    showTalk() {
        const isPush = this.#isPush;
        element("hold").hidden = !isPush;
        element("mute").hidden = isPush;
        this.#applyMicrophone();
        this.showActivity();
    }

    showActivity() {
        const { session, isSilent } = this.#phone.now ?? {};
        const words = isSilent ? silentActivities : activities;
        const isOn = this.#phone.state === "connected" && session?.isOpen;
        const activity = isOn ? session.activity : "";
        element("answer").hidden = !isOn || this.#isAnsweredByItself;
        // Not `disabled`, which would take the focus from who pressed it.
        element("answer").setAttribute("aria-disabled", String(["thinking", "speaking"].includes(activity)));
        element("activity").textContent = (activity === "listening" && !isSilent && this.#listening) || (words[activity] ?? "");
        this.#status.dataset.activity = activity;
    }

    get #status() {
        return document.querySelector(".status");
    }

    get #isPush() {
        const { talk, turn } = this.#form.settings;
        return talk === "push-to-talk" || turn === "none";
    }

    get #isAnsweredByItself() {
        const { talk, turn, respond } = this.#form.settings;
        return talk !== "push-to-talk" && turn !== "none" && respond;
    }

    /** What there is to do before an answer comes, where something is. */
    get #listening() {
        if (this.#isPush) return "Hold the button or the space bar.";
        return this.#isAnsweredByItself ? "" : "Listening. You are answered when you press Answer now.";
    }

    #show({ state, words }) {
        this.#status.dataset.state = state;
        element("state").textContent = words;
        element("welcome").textContent = state === "connected" ? greetings.connected : greetings.idle;
        const isBusy = this.#phone.now !== null;
        element("call").textContent = isBusy ? "Hang up" : "Talk";
        element("call").classList.toggle("hang-up", isBusy);
        if (!isBusy) element("mute").setAttribute("aria-pressed", "false");
        for (const id of ["mute", "hold"]) element(id).disabled = state !== "connected";
        if (state === "connected") element("key-form").hidden = true;
        for (const id of ["echo", "noise-browser", "gain", "file", "microphone"]) element(id).disabled = isBusy;
        this.#applyMicrophone();
        this.showActivity();
    }

    #askForKey() {
        element("key-form").hidden = false;
        element("key").focus();
    }

    /** With the key, where one has been asked for. */
    #call() {
        if (!element("key-form").hidden) {
            this.#keys.set(element("key").value.trim(), element("key-kept").checked);
            this.#keys.models().then((names) => this.#form.listModels(names));
        }
        this.#phone.start();
    }

    #toggleMute() {
        const isMuted = element("mute").getAttribute("aria-pressed") === "true";
        element("mute").setAttribute("aria-pressed", String(!isMuted));
        this.#applyMicrophone();
    }

    #applyMicrophone() {
        const track = this.#phone.now?.source?.stream.getAudioTracks()[0];
        if (!track) return;
        const isMuted = element("mute").getAttribute("aria-pressed") === "true";
        track.enabled = this.#isPush ? this.#isHeld : !isMuted;
    }

    /** By pointer, by key while it has the focus, by the space bar anywhere; by a click of assistive technology on and off. */
    #holdBy(button) {
        button.addEventListener("pointerdown", (event) => {
            button.setPointerCapture(event.pointerId);
            this.#press();
        });
        for (const type of ["pointerup", "pointercancel"]) button.addEventListener(type, () => this.#letGo());
        button.addEventListener("click", (event) => {
            if (event.detail === 0) return this.#isHeld ? this.#letGo() : this.#press();
        });
        addEventListener("keydown", (event) => {
            if (!isHoldKey(event, button) || event.repeat || button.disabled || button.hidden) return;
            event.preventDefault();
            this.#press();
        });
        addEventListener("keyup", (event) => {
            if (!this.#isHeld || event.code !== "Space") return;
            event.preventDefault();
            this.#letGo();
        });
        addEventListener("blur", () => this.#letGo());
    }

    #press() {
        const session = this.#phone.now?.session;
        if (this.#isHeld || !session?.isOpen) return;
        this.#isHeld = true;
        element("hold").setAttribute("aria-pressed", "true");
        session.pressToTalk();
        this.#applyMicrophone();
    }

    async #letGo() {
        if (!this.#isHeld) return;
        const session = this.#phone.now?.session;
        element("hold").setAttribute("aria-pressed", "false");
        await session?.releaseToTalk();
        this.#isHeld = false;
        this.#applyMicrophone();
    }

    #frame() {
        const ears = this.#phone.now?.ears;
        this.#meters[0].show(ears?.sent.decibels ?? -100);
        this.#meters[1].show(ears?.received.decibels ?? -100);
        requestAnimationFrame(() => this.#frame());
    }
}

/** The space bar does what it always does in fields and on other buttons. */
function isHoldKey(event, button) {
    if (event.code !== "Space") return false;
    const at = document.activeElement;
    return at === button || at === document.body || at === element("messages");
}
