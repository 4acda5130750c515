import RealtimeProtocol

extension DoctorFinding {
    /// `{"ok": …, "checks": [{"check", "grade", "found", "advice"}]}`; `ok` unless something failed.
    package static func json(_ findings: [DoctorFinding]) -> String {
        let checks = findings.map { finding in
            JSONValue.object(
                JSONObject([
                    ("check", .string(finding.check)), ("grade", .string(finding.grade.rawValue)),
                    ("found", .string(finding.found)), ("advice", finding.advice.map { .string($0) } ?? .null),
                ]))
        }
        var writer = JSONWriter()
        writer.value(
            .object(
                JSONObject([
                    ("ok", .bool(findings.allSatisfy { $0.grade != .failed })), ("checks", .array(checks)),
                ])))
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
