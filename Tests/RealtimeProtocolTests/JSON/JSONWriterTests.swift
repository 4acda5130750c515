import RealtimeProtocol
import Testing

@Suite("Writing JSON")
struct JSONWriterTests {
    @Test("Commas stand between members and elements alone")
    func commas() {
        var json = JSONWriter()
        json.object {
            $0.member("a", 1)
            $0.array("b", [1, 2]) { $0.integer($1) }
            $0.object("c") { _ in }
            $0.member("d", .null)
        }
        #expect(String(decoding: json.bytes, as: UTF8.self) == #"{"a":1,"b":[1,2],"c":{},"d":null}"#)
    }

    @Test("Quotes, backslashes and control characters are escaped, nothing else is")
    func escapes() {
        let written = text(.string("a\"\\/\u{8}\u{C}\n\r\t\u{1}\u{1F}é😀\u{7F}"))
        #expect(written == #""a\"\\/\b\f\n\r\t\u0001\u001fé😀"# + "\u{7F}\"")
    }

    @Test("A number that is not finite is null")
    func notFinite() {
        #expect(text(.number(.infinity)) == "null")
        #expect(text(.number(.nan)) == "null")
    }

    @Test("What is written reads as it was", arguments: JSONParserTests.values.map(\.1))
    func roundTrip(_ value: JSONValue) throws {
        #expect(try JSONParser.parse(Array(text(value).utf8)) == value)
    }

    @Test(
        "Numbers keep their value and their kind",
        arguments: [
            .number(0.1), .number(1), .number(-0.0), .number(.leastNonzeroMagnitude),
            .number(.greatestFiniteMagnitude), .number(1e21), .integer(.min), .integer(.max),
        ] as [JSONValue])
    func numbers(_ value: JSONValue) throws {
        #expect(try JSONParser.parse(Array(text(value).utf8)) == value)
    }
}
