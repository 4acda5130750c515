/** The page put together: the phone, what is followed of a call, what is seen of it, and the set-up. */
import { Keys } from "./call/keys.js";
import { Phone } from "./call/phone.js";
import { exposeDemo } from "./demo.js";
import { element } from "./dom.js";
import { Conversation } from "./follow/conversation.js";
import { Instruments } from "./see/instruments.js";
import { Tabs } from "./see/tabs.js";
import { Form } from "./set/form.js";
import { offerSamples } from "./set/sample-button.js";
import { showChips } from "./set/chips.js";
import { choosesSpeaker, listDevices, whenDevicesChange } from "./sound/devices.js";
import { Desk } from "./talk/desk.js";

/** How often what is heard is shown; a word lasts several of them. */
const followMilliseconds = 40;

const keys = new Keys();
const form = new Form((settings) => changed(settings));
const conversation = new Conversation(element("messages"), (words) => { element("announcements").textContent = words; });
const phone = new Phone(keys, () => ({
    settings: form.settings,
    microphone: {
        device: element("microphone").value,
        echo: element("echo").checked,
        noise: element("noise-browser").checked,
        gain: element("gain").checked,
    },
    file: element("file").files[0],
    history: conversation.history,
}));
const instruments = new Instruments(phone, keys, (passed) => replay(passed));
const desk = new Desk(phone, keys, form, (text) => say(text));
let transport = form.settings.transport;

phone.addEventListener("session", ({ detail: session }) => {
    conversation.session = session;
    instruments.begin(phone.now);
    session.addEventListener("event", ({ detail }) => show(detail));
    session.addEventListener("raw", ({ detail }) => conversation.note(rawWords("Server", detail)));
    session.addEventListener("activity", () => desk.showActivity());
});
phone.addEventListener("track", ({ detail: stream }) => { element("sound").srcObject = stream; });
phone.addEventListener("state", ({ detail }) => {
    if (detail.state === "connected") listDevices(element("microphone"), element("speaker"));
    if (!phone.now) element("sound").srcObject = null;
});
phone.addEventListener("pathless", () => {
    transport = "websocket";
    form.set("transport", transport);
    conversation.note("Media found no path to the server within five seconds (UDP and TCP), so this call goes over WebSocket.");
});

/** A change of the set-up goes to the session that there is; another transport means another call. */
function changed(settings) {
    desk.showTalk();
    const isOther = settings.transport !== transport;
    transport = settings.transport;
    if (phone.state !== "connected") return;
    if (isOther) phone.restart();
    else if (phone.now.session.isOpen) phone.now.session.configure(settings);
}

function show(passed) {
    conversation.take(passed);
    instruments.take(passed);
}

/** A session from a file, as if it had just been had. */
function replay(passed) {
    phone.stop();
    conversation.clear();
    instruments.clear();
    passed.forEach(show);
}

/** What is typed: part of the conversation, which begins without a microphone if need be; a loopback gets it as it is. */
async function say(text) {
    if (!phone.now) {
        phone.start({ isSilent: true });
        await connected();
    }
    const session = phone.now?.session;
    if (session?.isOpen) session.say(text);
    else if (phone.state === "connected") send(text);
}

/** Resolves when the server has opened the session, or the call has come to nothing. */
function connected() {
    return new Promise((resolve) => {
        const timer = setInterval(() => {
            if (phone.now && !phone.now.session?.isOpen) return;
            clearInterval(timer);
            resolve();
        }, followMilliseconds);
    });
}

function send(data) {
    if (!phone.now?.call?.isOpen) throw new Error("No call is connected.");
    phone.now.call.send(data);
    conversation.note(rawWords("You", data));
}

function rawWords(who, data) {
    const text = typeof data === "string" ? data : `${data.byteLength} bytes`;
    return `${who}: ${text.length > 500 ? `${text.slice(0, 500)}… (${text.length} characters)` : text}`;
}

element("speaker").disabled = !choosesSpeaker;
element("speaker").addEventListener("change", () => element("sound").setSinkId(element("speaker").value));
whenDevicesChange(() => listDevices(element("microphone"), element("speaker")));
listDevices(element("microphone"), element("speaker"));
new Tabs(document.querySelector("[role=tablist]"), () => instruments.shown());
offerSamples(keys, form);
showChips(element("chips"), (text) => say(text), () => form.offerExamples());
keys.models().then((names) => {
    form.listModels(names);
    instruments.showUsage();
});
if (phone.hasWayBack) conversation.note("The connection was lost in the middle of a conversation. Press Talk soon to go on where you were.");
addEventListener("pagehide", () => phone.stop());
setInterval(() => {
    conversation.advance((item) => phone.now?.call?.playedMs(item) ?? null);
    instruments.listen();
    element("welcome").hidden = element("messages").childElementCount > 0;
}, followMilliseconds);

exposeDemo({
    start: () => phone.start(),
    stop: () => phone.stop(),
    send,
    state: () => phone.state,
    session: () => phone.now,
    events: (type) => instruments.events(type),
});
