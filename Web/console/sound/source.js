/** Where the outgoing sound comes from. Each kind has a `stream` with one audio track and `stop()`. */

/**
 * The microphone. Each kind of processing is switched on purpose: without echo cancellation a loudspeaker interrupts itself.
 * @param {{device: string, echo: boolean, noise: boolean, gain: boolean}} wishes `device` "" for the browser's choice
 */
export async function openMicrophone(wishes) {
    const audio = { echoCancellation: wishes.echo, noiseSuppression: wishes.noise, autoGainControl: wishes.gain };
    if (wishes.device) audio.deviceId = { exact: wishes.device };
    const stream = await navigator.mediaDevices.getUserMedia({ audio });
    return { stream, stop: () => stream.getTracks().forEach((track) => track.stop()) };
}

/**
 * A sound file, played into a stream and not to the loudspeaker.
 * @param {AudioContext} context  @param {ArrayBuffer} bytes of any format the browser decodes  @param {boolean} loop
 */
export async function openFile(context, bytes, loop) {
    const player = new AudioBufferSourceNode(context, { buffer: await context.decodeAudioData(bytes), loop });
    const line = silentLine(context);
    player.connect(line.destination);
    player.start();
    return { stream: line.stream, stop: () => { player.stop(); line.stop(); } };
}

/** No microphone: silence, for a call in writing. */
export function openSilence(context) {
    return silentLine(context);
}

/** A stream that is never without samples: a graph in which nothing plays sends nothing at all, unlike a microphone. */
function silentLine(context) {
    const destination = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    const quiet = new ConstantSourceNode(context, { offset: 0 });
    quiet.connect(destination);
    quiet.start();
    return { destination, stream: destination.stream, stop: () => quiet.stop() };
}

/** `?source=` in the page's address: a sound file of this server, or null. */
export async function fileOfAddress() {
    const path = new URLSearchParams(location.search).get("source");
    if (!path) return null;
    const url = new URL(path, location.href);
    if (url.origin !== location.origin) throw new Error("The sound file must come from this server.");
    const response = await fetch(url);
    if (!response.ok) throw new Error("The sound file was not found.");
    return response.arrayBuffer();
}
