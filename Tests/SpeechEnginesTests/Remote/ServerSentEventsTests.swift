import Testing

@testable import SpeechEngines

@Suite("Server-sent events") struct ServerSentEventsTests {
    @Test("Data comes whole, however the bytes were cut and whatever ends the lines", arguments: ["\n", "\r\n", "\r"])
    func cuts(lineEnd: String) throws {
        let stream = [": hello", "", "event: x", "data: one", "data:two", "id: 7", "", "", "data: thrée", "", ""]
            .joined(separator: lineEnd)
        for size in 1...stream.utf8.count {
            var events = ServerSentEvents()
            var heard: [String] = []
            var rest = Array(stream.utf8)[...]
            while !rest.isEmpty {
                heard += try events.feed(rest.prefix(size)).map { String(decoding: $0, as: UTF8.self) }
                rest = rest.dropFirst(size)
            }
            #expect(heard == ["one\ntwo", "thrée"], "in pieces of \(size)")
            #expect(events.finish() == nil)
        }
    }

    @Test("An event without its last empty line is not lost")
    func unfinished() throws {
        var events = ServerSentEvents()
        #expect(try events.feed("data: [DONE]".utf8).isEmpty)
        #expect(events.finish().map { String(decoding: $0, as: UTF8.self) } == "[DONE]")
        #expect(events.finish() == nil)
    }

    @Test("An event without end is refused before it fills the memory")
    func endless() throws {
        var events = ServerSentEvents()
        _ = try events.feed("data: ".utf8)
        let piece = [UInt8](repeating: UInt8(ascii: "a"), count: 1 << 16)
        #expect(throws: (any Error).self) {
            for _ in 0...16 { _ = try events.feed(piece) }
        }
    }
}
