import RealtimeProtocol

/// What the console's inspector of events saves (docs/console.md): a line of JSON that says what the file is, then one for each
/// event.
package struct SessionFile: Sendable {
    /// Why a file cannot be read, in words that name the line.
    package struct Failure: Error, Equatable {
        package var words: String
    }

    private static let version = 1

    /// The events of each session in the file, in order: a call that began anew is another session.
    package private(set) var sessions: [[RecordedEvent]] = []

    package init(_ bytes: [UInt8]) throws(Failure) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
            .filter { !$0.element.allSatisfy { $0 <= UInt8(ascii: " ") } }
        guard let head = lines.first, let first = try? Self.object(head.element),
            first["parley_session"] == .integer(Self.version)
        else {
            throw Failure(words: #"It is no session of the console: its first line is not {"parley_session": 1, …}."#)
        }
        var events: [RecordedEvent] = []
        for line in lines.dropFirst() { events.append(try Self.event(line.element, number: line.offset + 1)) }
        if case .integer(let said)? = first["events"], said > events.count {
            throw Failure(
                words: "It was cut short: its first line says \(said) events, and there are \(events.count). "
                    + "If that was on purpose, change the number.")
        }
        for event in events { add(event) }
    }

    private mutating func add(_ event: RecordedEvent) {
        if sessions.isEmpty || (event.type == "session.created" && event.sender == .server) {
            sessions.append([event])
        } else {
            sessions[sessions.count - 1].append(event)
        }
    }

    /// A hundred days; what lies outside is no time of a session.
    private static let longestMs = 8_640_000_000.0

    private static func event(_ line: ArraySlice<UInt8>, number: Int) throws(Failure) -> RecordedEvent {
        let object: JSONObject
        do {
            object = try Self.object(line)
        } catch {
            throw Failure(words: "Line \(number) is not JSON: \(error.message).")
        }
        guard let ms = object.number("ms"), (0...longestMs).contains(ms), case .object(let event)? = object["event"],
            event.text("type") != nil
        else {
            throw Failure(words: #"Line \#(number) is no event: it needs "ms", from 0 on, and "event" with a "type"."#)
        }
        guard let sender = object.text("from").flatMap(RecordedEvent.Sender.init) else {
            throw Failure(words: #"Line \#(number) does not say who sent its event: "from" is client, server or page."#)
        }
        return RecordedEvent(ms: ms, sender: sender, event: event)
    }

    private static func object(_ line: ArraySlice<UInt8>) throws(JSONError) -> JSONObject {
        guard case .object(let object) = try JSONParser.parse(Array(line)) else {
            throw JSONError(.unexpectedByte(line.first ?? 0), at: 0)
        }
        return object
    }
}

extension JSONObject {
    fileprivate func number(_ name: String) -> Double? {
        switch self[name] {
        case .integer(let value)?: Double(value)
        case .number(let value)?: value
        default: nil
        }
    }
}
