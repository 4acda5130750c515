import Foundation
import RealtimeProtocol
import SessionEngine

/// A scripted session: a file of inputs on virtual time, each followed by the lines of what it must bring about.
///
///     # What it shows, and the rows of the contract.
///     session {"audio": {"input": {"turn_detection": null}}}      how it starts; absent fields as by default
///     transport peer                                              of client 0; webSocket where absent
///     engine contextTokens=2000 images scores recognises speculates prepares limits that differ
///     server clock https://clock.example/mcp key              of the configuration; `host *.example.org` may be named by address
///     budget 20 Too dear.                                      thousandths of a session, words at its end; 0.1 a token in, 1 a token out
///     secret                                                  clients name labels alone
///     limit 3600 · rate tokens 1000 60                            maximum duration, rate limit
///
///     1.5 > {"type": "response.create"}                           seconds since the start (absent: as before), then
///       response.created …                                        what it does, as `EffectText` writes it
///
/// Inputs: JSON is an event of client 0, `2 {…}` of client 2; `user "text"` and `respond` are short for the events that
/// add a message and ask for an answer; `attach 1 sideband`, `detach 1 lost`; `speak 800`,
/// `silence 700` and `audio 500` (without voice activity, which `windows 0 500 speak` gives later) in ms; `score 0.9`; `heard $item1 "text"`,
/// `early $item1 "text"` (`-` for nothing), `partial $item1 "text"`, `deaf $item1 code`; `say g1 "text"`, `call g1 name`, `args g1 text`, `endcall g1`,
/// `endmessage g1`, `end g1 stop [in cached out]`, `broken g1 code`; `voice g1 1000` (the clauses that wait, each in one
/// block of so many ms with even word times), `block g1 c0 500 [word:0-300 …]`, `spoken g1 c0`, `mute g1 code`;
/// `listed $item1 name,name` (tools of a server; `name!` is read-only), `unlisted $item1 text`, `result $item1 text`, `failed $item1 text`;
/// `allowance 5 60` (thousandths that are left of a shared budget until a second);
/// `played g1 500` in ms; `deadline`; `close hangUp`.
struct Transcript {
    struct Step {
        let time: Double
        let input: String
        var expected: [String]
    }

    var title = ""
    var header: [String] = []
    var steps: [Step] = []

    init(_ text: String) {
        var time = 0.0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            let trimmed = line.trimmingCharacters(in: .whitespaces)
            if let mark = line.range(of: "> "), !line.hasPrefix(" "), Self.isTime(line[..<mark.lowerBound]) {
                time = Double(line[..<mark.lowerBound].trimmingCharacters(in: .whitespaces)) ?? time
                steps.append(Step(time: time, input: String(line[mark.upperBound...]), expected: []))
            } else if steps.isEmpty {
                header.append(line)
                if title.isEmpty, trimmed.hasPrefix("# ") { title = String(trimmed.dropFirst(2)) }
            } else if !trimmed.isEmpty {
                steps[steps.count - 1].expected.append(trimmed)
            }
        }
    }

    private static func isTime(_ text: Substring) -> Bool {
        let time = text.trimmingCharacters(in: .whitespaces)
        return time.isEmpty || Double(time) != nil
    }

    /// The file as it would be if what happens were what is expected.
    func text(_ actual: [[String]]) -> String {
        var lines = header
        while lines.last?.isEmpty == true { lines.removeLast() }
        lines.append("")
        var time = 0.0
        for (step, effects) in zip(steps, actual) {
            lines.append((step.time == time ? "" : "\(step.time) ") + "> " + step.input)
            time = step.time
            lines += effects.map { "  " + $0 }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
