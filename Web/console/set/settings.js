/** A set-up as one flat object: what the form shows, what a link carries, and the session it asks the server for. */

export const defaults = {
    model: "",
    transport: "webrtc",
    talk: "hands-free",
    voice: "",
    modality: "audio",
    instructions: "",
    turn: "semantic_vad",
    eagerness: "auto",
    threshold: 0.5,
    prefix: 300,
    silence: 500,
    idle: 0,
    respond: true,
    interrupt: true,
    noise: "",
    tools: "",
};

/**
 * The session that a set-up asks for, in parts that can be sent each alone.
 * @returns {Record<string, object>} parts by name
 * @throws {SyntaxError} when the tools are not a JSON list
 */
export function parts(settings) {
    const input = (fields) => ({ audio: { input: fields } });
    return {
        transcription: input({ transcription: { model: "whisper-1" } }),
        turns: input({ turn_detection: turnDetection(settings) }),
        noise: input({ noise_reduction: settings.noise ? { type: settings.noise } : null }),
        ...(settings.voice ? { voice: { audio: { output: { voice: settings.voice } } } } : {}),
        modality: { output_modalities: [settings.modality] },
        instructions: settings.instructions.trim() ? { instructions: settings.instructions } : {},
        tools: { tools: toolList(settings.tools) },
    };
}

/** Parts put together into one session object. */
export function sessionOf(parts) {
    const session = { type: "realtime" };
    for (const part of Object.values(parts)) merge(session, part);
    return session;
}

/** @returns {object[]} @throws {SyntaxError} */
export function toolList(text) {
    if (!text.trim()) return [];
    const list = JSON.parse(text);
    if (!Array.isArray(list)) throw new SyntaxError("The tools are a list: [ … ].");
    return list;
}

function turnDetection(settings) {
    if (settings.talk === "push-to-talk" || settings.turn === "none") return null;
    const common = { type: settings.turn, create_response: settings.respond, interrupt_response: settings.interrupt };
    if (settings.turn === "semantic_vad") return { ...common, eagerness: settings.eagerness };
    return {
        ...common,
        threshold: settings.threshold,
        prefix_padding_ms: settings.prefix,
        silence_duration_ms: settings.silence,
        idle_timeout_ms: settings.idle > 0 ? settings.idle : null,
    };
}

function merge(into, from) {
    for (const [key, value] of Object.entries(from)) {
        const isObject = value !== null && typeof value === "object" && !Array.isArray(value);
        if (isObject && typeof into[key] === "object" && into[key] !== null) merge(into[key], value);
        else into[key] = isObject ? structuredClone(value) : value;
    }
}
