/** A voice to listen to: one sentence, in a session of its own. */
import { fromBase64 } from "../call/base64.js";

const sentence = "Hello. This is how I sound when I talk with you.";
const rate = 24_000;
const limitMilliseconds = 30_000;

/**
 * Says a sentence with a voice and resolves when it has been heard.
 * @param {{secret: string, model: string, voice: string}} wish  @throws {Error} in words
 */
export async function playSample({ secret, model, voice }) {
    const samples = await spoken(secret, model, voice);
    if (samples.length === 0) throw new Error("The server said nothing.");
    const context = new AudioContext();
    const buffer = new AudioBuffer({ length: samples.length, sampleRate: rate });
    buffer.copyToChannel(samples, 0);
    const player = new AudioBufferSourceNode(context, { buffer });
    player.connect(context.destination);
    player.start();
    await new Promise((resolve) => { player.onended = resolve; });
    await context.close();
}

function spoken(secret, model, voice) {
    const url = new URL(`/v1/realtime?${new URLSearchParams({ model: model || "gpt-realtime" })}`, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url, ["realtime", ...(secret ? [`openai-insecure-api-key.${secret}`] : [])]);
    const chunks = [];
    return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error("The voice took too long.")), limitMilliseconds);
        socket.onclose = () => reject(new Error("The server cannot be reached."));
        socket.onmessage = ({ data }) => {
            const event = JSON.parse(data);
            if (event.type === "session.created") socket.send(JSON.stringify(request(voice)));
            if (event.type === "response.output_audio.delta") chunks.push(new Int16Array(fromBase64(event.delta)));
            if (event.type === "error") reject(new Error(event.error.message));
            if (event.type === "response.done") resolve(joined(chunks));
        };
        socket.closed = () => clearTimeout(timer);
    }).finally(() => {
        socket.closed();
        socket.close();
    });
}

function request(voice) {
    return {
        type: "response.create",
        response: {
            conversation: "none",
            instructions: `Say exactly this sentence and nothing else: ${sentence}`,
            input: [{ type: "message", role: "user", content: [{ type: "input_text", text: `Say: ${sentence}` }] }],
            ...(voice ? { audio: { output: { voice } } } : {}),
        },
    };
}

function joined(chunks) {
    const whole = new Float32Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
    let at = 0;
    for (const chunk of chunks) {
        whole.set(Float32Array.from(chunk, (sample) => sample / 32768), at);
        at += chunk.length;
    }
    return whole;
}
