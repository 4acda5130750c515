/** Where the outgoing sound comes from. Both kinds have a `stream` with one audio track and `stop()`. */

/** @param {boolean} processing echo cancellation, noise suppression and gain control by the browser */
export async function openMicrophone(processing) {
    const audio = { echoCancellation: processing, noiseSuppression: processing, autoGainControl: processing };
    const stream = await navigator.mediaDevices.getUserMedia({ audio });
    return { stream, stop: () => stream.getTracks().forEach((track) => track.stop()) };
}

/**
 * A sound file, played over and over into a stream and not to the loudspeaker.
 * @param {AudioContext} context  @param {ArrayBuffer} bytes of any format the browser decodes
 */
export async function openFile(context, bytes) {
    const player = new AudioBufferSourceNode(context, { buffer: await context.decodeAudioData(bytes), loop: true });
    const destination = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    player.connect(destination);
    player.start();
    return { stream: destination.stream, stop: () => player.stop() };
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
