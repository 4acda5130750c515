import AudioPipeline
import CoreMetrics
import Metrics

/// The process's media counters. Handles are made once; a peer adds what it counted since the last time.
struct PeerMetrics: Sendable {
    static let shared = PeerMetrics()

    private let fields: [(counter: Counter, value: @Sendable (PeerCounters) -> Int)]
    private let encode = Counter(label: "gateway_codec_cpu_nanoseconds_total", dimensions: [("operation", "encode")])
    private let decode = Counter(label: "gateway_codec_cpu_nanoseconds_total", dimensions: [("operation", "decode")])
    private let holds: [Counter]
    let audioBlocksDropped = Counter(label: "gateway_audio_blocks_dropped_total")
    let sendFailures = Counter(label: "gateway_datagrams_unsent_total")
    let datagramsUnread = Counter(label: "gateway_datagrams_unread_total")
    let sctpPacketsDropped = Counter(label: "gateway_sctp_packets_dropped_total")
    /// From when a media loop's tick was due to when it came.
    let tickLateness = Metrics.Timer(label: "gateway_media_tick_late_seconds")
    let moves = Counter(label: "gateway_peer_moves_total")
    let mdnsCandidates = Counter(label: "gateway_mdns_candidates_skipped_total")

    private init() {
        holds = (HoldTimes.edgesMs.map(String.init) + ["more"]).map {
            Counter(label: "gateway_packets_held_total", dimensions: [("up_to_ms", $0)])
        }
        func packets(_ direction: String, _ kind: String) -> Counter {
            Counter(label: "gateway_packets_total", dimensions: [("direction", direction), ("kind", kind)])
        }
        func dropped(_ cause: String) -> Counter {
            Counter(label: "gateway_packets_dropped_total", dimensions: [("cause", cause)])
        }
        fields = [
            (packets("in", "rtp"), \.rtpReceived), (packets("out", "rtp"), \.rtpSent),
            (packets("in", "rtcp"), \.rtcpReceived), (packets("out", "rtcp"), \.rtcpSent),
            (dropped("unknown_class"), \.droppedUnknownClass), (dropped("unexpected"), \.droppedUnexpected),
            (dropped("malformed"), \.droppedMalformed), (dropped("unauthenticated"), \.droppedUnauthenticated),
            (dropped("replayed"), \.droppedReplayed), (dropped("payload_type"), \.droppedPayloadType),
            (dropped("source"), \.droppedSource), (dropped("late"), \.droppedLate),
            (dropped("ahead_of_time"), \.droppedAhead), (dropped("duplicate"), \.droppedDuplicate),
            (dropped("undecodable"), \.undecodable),
            (dropped("failed_to_send"), \.failedToSend),
            (Counter(label: "gateway_packets_lost_total"), \.lostPackets),
            (Counter(label: "gateway_packets_restored_total"), \.restoredPackets),
            (Counter(label: "gateway_packets_requested_total"), \.requestedPackets),
            (Counter(label: "gateway_packets_repaired_total"), \.repairedPackets),
            (Counter(label: "gateway_packets_resent_total"), \.resentPackets),
            (Counter(label: "gateway_concealed_samples_total"), \.concealedSamples),
            (Counter(label: "gateway_source_changes_total"), \.sourceChanges),
            (Counter(label: "gateway_data_channels_refused_total"), \.channelsRefused),
            (Counter(label: "gateway_data_messages_dropped_total"), \.messagesDropped),
        ]
    }

    /// Adds the difference between two readings of one peer's counters.
    func add(_ now: PeerCounters, since before: PeerCounters) {
        for field in fields {
            let difference = field.value(now) - field.value(before)
            if difference > 0 { field.counter.increment(by: difference) }
        }
        for (index, counter) in holds.enumerated() {
            let difference = now.holdTimes.packets[index] &- before.holdTimes.packets[index]
            if difference > 0 { counter.increment(by: Int64(clamping: difference)) }
        }
        encode.increment(by: Int64(clamping: now.encodeNanoseconds &- before.encodeNanoseconds))
        decode.increment(by: Int64(clamping: now.decodeNanoseconds &- before.decodeNanoseconds))
    }

    func closed(_ reason: PeerCloseReason) {
        Counter(label: "gateway_peers_closed_total", dimensions: [("reason", reason.label)]).increment()
    }
}
