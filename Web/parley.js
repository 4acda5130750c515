/** The whole browser side of a call: an offer, an answer, sound both ways, and JSON events on a data channel. */
const element = (id) => document.getElementById(id);
let call = null;

async function start() {
    show("Asking for the microphone…");
    const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
    const connection = new RTCPeerConnection();
    const events = connection.createDataChannel("oai-events");
    call = { microphone, connection, events, lines: new Map() };
    connection.addTrack(microphone.getAudioTracks()[0], microphone);
    connection.ontrack = ({ track }) => { element("sound").srcObject = new MediaStream([track]); };
    events.onmessage = ({ data }) => take(JSON.parse(data));
    events.onclose = () => call?.events === events && stop("The server ended the call.");
    await connection.setLocalDescription();
    const request = { method: "POST", headers: { "Content-Type": "application/sdp" }, body: connection.localDescription.sdp };
    const response = await fetch(`/v1/realtime/calls${location.search}`, request);
    if (!response.ok) throw new Error((await response.json()).error.message);
    await connection.setRemoteDescription({ type: "answer", sdp: await response.text() });
}

function stop(words) {
    call?.microphone.getTracks().forEach((track) => track.stop());
    call?.connection.close();
    call = null;
    show(words);
}

function take(event) {
    if (event.type === "session.created") {
        show("Connected. Speak.");
        const input = { transcription: { model: "whisper-1" }, turn_detection: { type: "semantic_vad" } };
        send({ type: "session.update", session: { type: "realtime", audio: { input } } });
        const instructions = element("talk").dataset.greeting;
        if (instructions) send({ type: "response.create", response: { instructions } });
    }
    if (event.type === "input_audio_buffer.speech_started") write("You", event.item_id, "");
    if (event.type === "conversation.item.input_audio_transcription.completed") write("You", event.item_id, event.transcript);
    if (event.type === "response.output_audio_transcript.delta") write("Parley", event.item_id, event.delta);
    if (event.type === "error") write("Error", event.event_id, event.error.message);
}

const send = (event) => call.events.send(JSON.stringify(event));
function write(who, id, words) {
    if (!call.lines.has(id)) call.lines.set(id, element("words").appendChild(document.createElement("li")));
    call.lines.get(id).append(call.lines.get(id).firstChild ? words : `${who}: ${words}`);
}

function show(words) {
    element("state").textContent = words;
    element("talk").textContent = call ? "Hang up" : "Talk";
}

element("talk").onclick = () => (call ? stop("Call ended.") : start().catch((error) => stop(error.message)));
(async function wait() {
    const ready = await fetch("/ready");
    if (!call) show(ready.ok ? "Ready to talk." : (await ready.json()).error.message);
    if (!ready.ok) setTimeout(wait, 1000);
})();
