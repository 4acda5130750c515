import RealtimeProtocol

extension LoadReport {
    /// For machines: one JSON object.
    package var json: String {
        var report = JSONObject([("name", .string(name)), ("server", .string(server))])
        report["model"] = model.map { .string($0) } ?? .null
        report["seconds"] = .number(seconds)
        report["passed"] = .bool(isPassed)
        report["cut_short"] = .bool(isCutShort)
        if steps.count > 1 { report["most_calls"] = mostCalls.map { .integer($0) } ?? .null }
        report["steps"] = .array(steps.map { .object($0.json) })
        var writer = JSONWriter()
        writer.value(.object(report))
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

extension LoadStep {
    fileprivate var json: JSONObject {
        var step = JSONObject([("calls", .integer(calls)), ("passed", .bool(isPassed))])
        step["thresholds"] = .array(
            verdicts.map { verdict in
                .object(
                    JSONObject([
                        ("threshold", .string(verdict.text)), ("value", verdict.value.json),
                        ("met", .bool(verdict.isMet)),
                    ]))
            })
        step["all"] = .object(all.json)
        step["groups"] = .object(JSONObject(groups.map { ($0.name, .object($0.tally.json)) }))
        step["generator"] = .object(
            JSONObject([
                ("cpu_percent", .number(generator.cpuPercent)), ("skipped_frames", .integer(generator.skippedFrames)),
            ]))
        step["server"] = server.map { .object($0.json) } ?? .null
        step["speech_to_audio_growth_percent"] = answerGrowthPercent.json
        step["series"] = .array(series.map { .object($0.json) })
        return step
    }
}

extension LoadTally {
    fileprivate var json: JSONObject {
        let measured = LoadMeasure.allCases.compactMap { measure in times[measure].map { (measure, $0) } }
        return JSONObject([
            ("counts", .object(JSONObject(LoadCount.allCases.map { ($0.rawValue, .integer(count($0))) }))),
            ("loss_percent", lossPercent.json),
            ("times", .object(JSONObject(measured.map { ($0.rawValue, .object($1.json)) }))),
            ("reasons", .object(JSONObject(reasons.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) }))),
        ])
    }
}

extension LatencyHistogram {
    fileprivate var json: JSONObject {
        var object = JSONObject([("count", .integer(count)), ("min", leastMs.json), ("mean", meanMs.json)])
        for (name, value) in Self.percentiles { object[name] = percentile(value).json }
        object["max"] = mostMs.json
        return object
    }
}

extension ServerFigures {
    fileprivate var json: JSONObject {
        var object = JSONObject(values.map { ($0.name, .number($0.value)) })
        object["gauges_most"] = Self.json(gauges)
        object["troubles_rise"] = Self.json(troubles)
        return object
    }

    private static func json(_ values: [String: Double]) -> JSONValue {
        .object(JSONObject(values.sorted { $0.key < $1.key }.map { ($0.key, .number($0.value)) }))
    }
}

extension LoadPoint {
    fileprivate var json: JSONObject {
        JSONObject([
            ("seconds", .number(seconds)), ("calls_up", .integer(callsUp)), ("connected", .integer(connected)),
            ("refused", .integer(refused)), ("failed", .integer(failed)), ("answered", .integer(answered)),
            ("server_cpu_percent", serverCPUPercent.json), ("server_memory_mb", serverMegabytes.json),
            ("speech_to_audio_ms", speechToAudioMs.json), ("speech_to_audio_most_ms", speechToAudioMostMs.json),
        ])
    }
}

extension Double? {
    fileprivate var json: JSONValue { map { .number($0) } ?? .null }
}
