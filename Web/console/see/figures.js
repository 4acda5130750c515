/** The figures of a call, read from RTCPeerConnection.getStats(). */

/**
 * @param {RTCStatsReport} report
 * @returns {{received: number, lost: number, sentLost: number | null, jitterMs: number | null,
 *            roundTripMs: number | null, protocol: string | null}} packets of audio, milliseconds, "udp" or "tcp"
 */
export function figures(report) {
    const entries = [...report.values()];
    const of = (type) => entries.find((entry) => entry.type === type && (entry.kind ?? "audio") === "audio");
    const inbound = of("inbound-rtp");
    const remote = of("remote-inbound-rtp");
    const pair = selectedPair(report, entries);
    return {
        received: inbound?.packetsReceived ?? 0,
        lost: inbound?.packetsLost ?? 0,
        sentLost: remote?.packetsLost ?? null,
        jitterMs: milliseconds(inbound?.jitter),
        roundTripMs: milliseconds(remote?.roundTripTime ?? pair?.currentRoundTripTime),
        protocol: report.get(pair?.localCandidateId)?.protocol ?? null,
    };
}

/** One line for people. */
export function line(now) {
    const percent = (100 * now.lost) / Math.max(now.lost + now.received, 1);
    const parts = [`Loss ${percent.toFixed(1)} %`];
    if (now.jitterMs !== null) parts.push(`jitter ${now.jitterMs.toFixed(0)} ms`);
    if (now.roundTripMs !== null) parts.push(`round trip ${now.roundTripMs.toFixed(0)} ms`);
    if (now.protocol) parts.push(`over ${now.protocol.toUpperCase()}`);
    return parts.join(" · ");
}

/**
 * What changes from second to second. `here` is what this browser receives, `there` what the server reports of receiving us.
 * @param {RTCStatsReport} report
 */
export function samples(report) {
    const entries = [...report.values()];
    const of = (type) => entries.find((entry) => entry.type === type && (entry.kind ?? "audio") === "audio");
    const inbound = of("inbound-rtp");
    const remote = of("remote-inbound-rtp");
    return {
        here: {
            received: inbound?.packetsReceived ?? 0,
            lost: inbound?.packetsLost ?? 0,
            jitterMs: milliseconds(inbound?.jitter),
            concealed: (inbound?.concealedSamples ?? 0) - (inbound?.silentConcealedSamples ?? 0),
            samples: inbound?.totalSamplesReceived ?? 0,
        },
        there: {
            lossShare: remote?.fractionLost === undefined ? null : 100 * remote.fractionLost,
            jitterMs: milliseconds(remote?.jitter),
        },
        roundTripMs: figures(report).roundTripMs,
    };
}

function selectedPair(report, entries) {
    const transport = entries.find((entry) => entry.type === "transport" && entry.selectedCandidatePairId);
    if (transport) return report.get(transport.selectedCandidatePairId);
    return entries.find((entry) => entry.type === "candidate-pair" && entry.selected);
}

function milliseconds(seconds) {
    return seconds === undefined || seconds === null ? null : seconds * 1000;
}
