// Runs in the page before its own scripts: keeps every event of the data channel, and the sound that arrives, as it is.
window.watched = { events: [], chunks: [], rate: 0, speaking: 0 };

const createDataChannel = RTCPeerConnection.prototype.createDataChannel;
RTCPeerConnection.prototype.createDataChannel = function (...names) {
    const channel = createDataChannel.apply(this, names);
    channel.addEventListener("message", ({ data }) => {
        watched.events.push({ ...JSON.parse(data), arrived: performance.now() });
    });
    watched.channel = channel;
    this.addEventListener("track", ({ track }) => keep(track));
    return channel;
};

async function keep(track) {
    const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
        const frame = next.value;
        const samples = new Float32Array(frame.numberOfFrames);
        frame.copyTo(samples, { planeIndex: 0, format: "f32-planar" });
        watched.rate = frame.sampleRate;
        watched.chunks.push(Int16Array.from(samples, (sample) => Math.max(-1, Math.min(1, sample)) * 32767));
        frame.close();
    }
}

window.takeSound = () => {
    const bytes = new Uint8Array(watched.chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
    let at = 0;
    for (const chunk of watched.chunks.splice(0)) {
        bytes.set(new Uint8Array(chunk.buffer), at);
        at += chunk.byteLength;
    }
    let text = "";
    for (let from = 0; from < bytes.length; from += 0x8000) text += String.fromCharCode(...bytes.subarray(from, from + 0x8000));
    return { rate: watched.rate, base64: btoa(text) };
};

// A microphone that says what a test tells it to, when it tells it to; the fake device's otherwise.
window.takeOverMicrophone = () => {
    const context = new AudioContext({ sampleRate: 48000 });
    const microphone = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    // A graph without a source that plays sends nothing at all, unlike a microphone.
    const quiet = new ConstantSourceNode(context, { offset: 0 });
    quiet.connect(microphone);
    quiet.start();
    navigator.mediaDevices.getUserMedia = async () => microphone.stream;
    window.speak = async (base64) => {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        const samples = Float32Array.from(new Int16Array(bytes.buffer), (sample) => sample / 32768);
        const buffer = new AudioBuffer({ length: samples.length, sampleRate: 16000 });
        buffer.copyToChannel(samples, 0);
        const player = new AudioBufferSourceNode(context, { buffer });
        player.connect(microphone);
        player.start();
        watched.speaking = performance.now();
        await new Promise((resolve) => { player.onended = resolve; });
    };
};
