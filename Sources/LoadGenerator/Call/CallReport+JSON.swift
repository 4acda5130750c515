import RealtimeProtocol

extension CallReport {
    /// For machines: one JSON object. Times are milliseconds; those of `stages_ms` count from the end of speech.
    package var json: String {
        let report = JSONObject([
            ("setup_ms", setUp.json), ("turns", .array(turns.map { .object($0.json) })),
            ("late_frames", .integer(lateFrames)),
        ])
        var writer = JSONWriter()
        writer.value(.object(report))
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

extension CallTurn {
    fileprivate var json: JSONObject {
        JSONObject([
            ("recording", .string(recording)), ("question", .string(question)), ("answer", .string(answer)),
            ("status", .string(status)), ("failure", failure.map { .string($0) } ?? .null),
            ("cut_off", .bool(wasCutOff)), ("answer_ms", answerLength.json), ("gaps_ms", gaps.json),
            ("latest_packet_ms", latestPacket.json),
            (
                "stages_ms",
                .object(
                    JSONObject(Stage.allCases.map { ($0.rawValue, stages[$0]?.json ?? .null) }))
            ),
        ])
    }
}

extension Duration {
    /// Milliseconds to a tenth.
    fileprivate var json: JSONValue { .number((inMs * 10).rounded() / 10) }
}
