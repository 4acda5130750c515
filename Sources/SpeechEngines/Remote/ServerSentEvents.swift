import SessionEngine

/// Takes the data of server-sent events out of a byte stream (HTML Living Standard, section 9.2.6); names, ids and comments are left out.
struct ServerSentEvents {
    /// A longer event is a broken server's.
    static let maxEventBytes = 1 << 20

    private var line: [UInt8] = []
    private var data: [UInt8] = []
    private var hasData = false
    /// A line feed right after a carriage return belongs to it.
    private var followsReturn = false
    private var hasField = false
    private var hasOther = false

    /// Whether something came and no line of it was one of an event stream.
    var hasOnlyJunk: Bool { hasOther && !hasField }

    /// Data of the events that are whole now.
    mutating func feed(_ bytes: some Sequence<UInt8>) throws(EngineFailure) -> [[UInt8]] {
        var events: [[UInt8]] = []
        for byte in bytes {
            let isFeed = byte == UInt8(ascii: "\n")
            defer { followsReturn = byte == UInt8(ascii: "\r") }
            if isFeed && followsReturn { continue }
            if isFeed || byte == UInt8(ascii: "\r") {
                if let event = endLine() { events.append(event) }
            } else {
                line.append(byte)
                guard line.count + data.count <= Self.maxEventBytes else {
                    throw EngineFailure(code: "engine_error", message: "The engine's server sent an event without end.")
                }
            }
        }
        return events
    }

    /// What a server that closes without the last empty line left.
    mutating func finish() -> [UInt8]? {
        if !line.isEmpty { _ = endLine() }
        return takeEvent()
    }

    private mutating func endLine() -> [UInt8]? {
        defer { line.removeAll(keepingCapacity: true) }
        guard !line.isEmpty else { return takeEvent() }
        let prefix = Array("data:".utf8)
        guard line.starts(with: prefix) else {
            note(line)
            return nil
        }
        hasField = true
        var value = line[prefix.count...]
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        if hasData { data.append(UInt8(ascii: "\n")) }
        data += value
        hasData = true
        return nil
    }

    private mutating func note(_ line: [UInt8]) {
        let name = line.prefix { $0 != UInt8(ascii: ":") }
        // Comments begin with the colon.
        if ["", "event", "id", "retry"].contains(where: { name.elementsEqual($0.utf8) }) {
            hasField = true
        } else {
            hasOther = true
        }
    }

    private mutating func takeEvent() -> [UInt8]? {
        guard hasData else { return nil }
        defer {
            data = []
            hasData = false
        }
        return data
    }
}
