/**
 * `window.parleyDemo`: the page by script, for tests and for trying things in the browser's console.
 *
 *   await start()                  as the Talk button; resolves when connected, rejects with the state's words
 *   stop()                         as the Hang up button
 *   state()                        "idle", "asking", "waiting", "connecting", "connected" or "failed"
 *   await sendMessage({text})      sends one message and resolves with the next that comes, both as {text} or
 *   await sendMessage({base64})    as {base64} (binary)
 *   await record(seconds)          resolves with {rate, sent, received}: mono 16-bit little-endian PCM as base64,
 *                                  both tracks from the same instant
 *   events(type)                   the events of one type that have passed, both ways
 *   await restart()                starts ICE anew; resolves with our user name fragments, before and after
 *   await stats()                  {received, lost, sentLost, jitterMs, roundTripMs, protocol}
 */
import { fromBase64, toBase64 } from "./call/base64.js";
import { Recorder } from "./sound/recorder.js";
import { figures } from "./see/figures.js";

const setUpLimitMilliseconds = 30_000;
const replyLimitMilliseconds = 20_000;

export function exposeDemo(page) {
    window.parleyDemo = {
        start: () => start(page),
        stop: () => page.stop(),
        state: () => page.state(),
        sendMessage: (message) => sendMessage(page, message),
        record: (seconds) => record(page, seconds),
        events: (type) => page.events(type),
        restart: () => restart(page.session().call),
        stats: async () => figures(await page.session().call.stats()),
    };
}

async function start(page) {
    page.start();
    await until(() => ["connected", "failed", "idle"].includes(page.state()), setUpLimitMilliseconds);
    if (page.state() !== "connected") throw new Error(document.getElementById("state").textContent);
}

function sendMessage(page, message) {
    const call = page.session()?.call;
    return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error("No message came back.")), replyLimitMilliseconds);
        call?.addEventListener("message", (event) => {
            clearTimeout(timer);
            resolve(typeof event.detail === "string" ? { text: event.detail } : { base64: toBase64(event.detail) });
        }, { once: true });
        page.send(message.base64 === undefined ? message.text : fromBase64(message.base64));
    });
}

async function restart(call) {
    const fragment = async () =>
        [...(await call.stats()).values()].find((entry) => entry.type === "transport")?.iceLocalUsernameFragment;
    const before = await fragment();
    await call.restart();
    await until(async () => (await fragment()) !== before, setUpLimitMilliseconds);
    return { before, after: await fragment() };
}

async function record(page, seconds) {
    const { context, source, received } = page.session();
    const recorder = await Recorder.start(context, source.stream, received, seconds + 1);
    await until(() => recorder.seconds >= seconds || page.session() === null, (seconds + 20) * 1000);
    const recording = recorder.stop();
    return {
        rate: recording.rate,
        sent: toBase64(recording.sent.buffer),
        received: toBase64(recording.received.buffer),
    };
}

async function until(condition, limitMilliseconds) {
    const end = performance.now() + limitMilliseconds;
    while (!(await condition())) {
        if (performance.now() > end) throw new Error("It took too long.");
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
}
