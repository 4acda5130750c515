/** The page: one button from cold to call. */
import { Call, CallRefused } from "./call.js";
import { Conversation } from "./conversation.js";
import { exposeDemo } from "./demo.js";
import { Meter } from "./sound.js";
import { fileOfAddress, openFile, openMicrophone } from "./source.js";
import { figures, line } from "./stats.js";

const element = (id) => document.getElementById(id);
const shownMessages = 200;

/** The one call the page can have, and everything that lives exactly as long; null between calls. */
let session = null;
let currentState = "idle";

function show(state, words) {
    currentState = state;
    element("state").dataset.state = state;
    element("state").textContent = words;
    const busy = session !== null;
    element("call").textContent = busy ? "Hang up" : "Call";
    element("call").classList.toggle("hang-up", busy);
    for (const id of ["mute", "message", "send"]) element(id).disabled = state !== "connected";
    for (const id of ["processing", "file"]) element(id).disabled = busy;
}

async function start() {
    if (session) return;
    const mine = { context: new AudioContext(), meters: [], source: null, call: null, conversation: null, received: null };
    session = mine;
    show("asking", "Asking for the microphone…");
    try {
        mine.source = await openSource(mine.context);
        if (session !== mine) return release(mine);
        show("connecting", "Connecting…");
        mine.meters.push(new Meter(mine.context, mine.source.stream, element("sent-level")));
        mine.call = newCall(mine);
        await mine.call.place();
    } catch (error) {
        if (session === mine) stop(words(error), "failed");
    }
}

function stop(reason = "Call ended.", state = "idle") {
    const ending = session;
    if (!ending) return;
    session = null;
    release(ending);
    element("mute").setAttribute("aria-pressed", "false");
    show(state, reason);
}

function release(ending) {
    ending.call?.hangUp();
    ending.meters.forEach((meter) => meter.stop());
    ending.source?.stop();
    ending.context.close();
    element("sound").srcObject = null;
}

async function openSource(context) {
    await context.resume();
    const picked = element("file").files[0];
    const bytes = picked ? await picked.arrayBuffer() : await fileOfAddress();
    return bytes ? openFile(context, bytes) : openMicrophone(element("processing").checked);
}

/** `?model=` in the page's address, or null. */
function modelOfAddress() {
    return new URLSearchParams(location.search).get("model");
}

function newCall(mine) {
    const call = new Call(mine.source.stream, element("key").value, modelOfAddress());
    mine.conversation = new Conversation((text) => call.send(text), addLine);
    const whileMine = (act) => (event) => { if (session === mine) act(event.detail); };
    call.addEventListener("connected", whileMine(() => {
        element("key-form").hidden = true;
        show("connected", "Connected. Speak.");
    }));
    call.addEventListener("interrupted", whileMine(() => show("connecting", "Interrupted. Waiting for the server…")));
    call.addEventListener("ended", whileMine((end) => stop(end.words, end.failed ? "failed" : "idle")));
    call.addEventListener("message", whileMine((data) => {
        if (!mine.conversation.take(data)) log("Server", data);
    }));
    call.addEventListener("track", whileMine((stream) => {
        mine.received = stream;
        element("sound").srcObject = stream;
        mine.meters.push(new Meter(mine.context, stream, element("received-level")));
    }));
    return call;
}

function words(error) {
    if (error instanceof CallRefused && error.status === 401) {
        element("key-form").hidden = false;
        element("key").focus();
        return "The server asks for a key.";
    }
    if (error instanceof CallRefused && error.status) return `The server refused the call: ${error.message}`;
    if (error.name === "NotAllowedError") return "The microphone was not allowed.";
    if (error.name === "NotFoundError") return "No microphone was found.";
    if (!navigator.mediaDevices) return "The microphone needs HTTPS or localhost.";
    return error.message;
}

/** A new line of the list; what is returned writes into it. */
function addLine(who) {
    const item = document.createElement("li");
    const name = document.createElement("b");
    name.textContent = who;
    const words = document.createElement("span");
    item.append(name, words);
    const list = element("messages");
    list.append(item);
    while (list.childElementCount > shownMessages) list.firstElementChild.remove();
    return (text) => {
        words.textContent = text;
        list.scrollTop = list.scrollHeight;
    };
}

function log(who, data) {
    const text = typeof data === "string" ? data : `${data.byteLength} bytes`;
    addLine(who)(text.length > 500 ? `${text.slice(0, 500)}… (${text.length} characters)` : text);
}

function send(data) {
    if (!session?.call?.isOpen) throw new Error("No call is connected.");
    session.call.send(data);
    log("You", data);
}

/** What is typed: a part of the conversation, or a message as it is where there is none. */
function say(text) {
    if (session?.conversation?.isOpen) session.conversation.say(text);
    else send(text);
}

function toggleMute() {
    const track = session?.source?.stream.getAudioTracks()[0];
    if (!track) return;
    track.enabled = !track.enabled;
    element("mute").setAttribute("aria-pressed", String(!track.enabled));
}

element("call").addEventListener("click", () => (session ? stop() : start()));
element("mute").addEventListener("click", toggleMute);
element("key-form").addEventListener("submit", (event) => {
    event.preventDefault();
    start();
});
element("message-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = element("message").value;
    if (!text) return;
    say(text);
    element("message").value = "";
});
addEventListener("pagehide", () => stop());

requestAnimationFrame(function frame() {
    session?.meters.forEach((meter) => meter.update());
    requestAnimationFrame(frame);
});
setInterval(async () => {
    if (currentState === "connected") element("stats").textContent = line(figures(await session.call.stats()));
}, 1000);

exposeDemo({ start, stop, send, state: () => currentState, session: () => session });
