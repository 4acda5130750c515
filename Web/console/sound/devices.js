/** The choice of microphone and loudspeaker. Browsers name the devices only once the microphone has been allowed. */
import { make } from "../dom.js";

/** Whether this browser lets a page choose the loudspeaker. */
export const choosesSpeaker = "setSinkId" in HTMLMediaElement.prototype;

/** Fills both lists with what is plugged in now and keeps what was chosen. */
export async function listDevices(microphones, speakers) {
    if (!navigator.mediaDevices?.enumerateDevices) return;
    const devices = await navigator.mediaDevices.enumerateDevices();
    fill(microphones, devices.filter((device) => device.kind === "audioinput"), "Microphone");
    fill(speakers, devices.filter((device) => device.kind === "audiooutput"), "Loudspeaker");
}

/** Calls back whenever something is plugged in or out. */
export function whenDevicesChange(act) {
    navigator.mediaDevices?.addEventListener?.("devicechange", act);
}

function fill(list, devices, kind) {
    const chosen = list.value;
    const named = devices.filter((device) => device.deviceId && device.deviceId !== "default");
    list.replaceChildren(make("option", { value: "" }, "The browser's choice"));
    named.forEach((device, index) => {
        list.append(make("option", { value: device.deviceId }, device.label || `${kind} ${index + 1}`));
    });
    list.value = named.some((device) => device.deviceId === chosen) ? chosen : "";
}
