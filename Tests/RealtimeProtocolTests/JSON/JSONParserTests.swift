import RealtimeProtocol
import Testing

@Suite("Reading JSON")
struct JSONParserTests {
    static let values: [(String, JSONValue)] = [
        ("null", .null), (" true\n", .bool(true)), ("false", .bool(false)), ("0", .integer(0)), ("-7", .integer(-7)),
        ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
        ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("-0", .number(-0.0)), ("1.0", .number(1)),
        ("1e3", .number(1_000)), ("1E+2", .number(100)), ("-2.5e-1", .number(-0.25)), ("1e-400", .number(0)),
        (#""""#, .string("")), (#""a\"\\\/\b\f\n\r\tz""#, .string("a\"\\/\u{8}\u{C}\n\r\tz")),
        (#""\u0041\u00e9\u20AC""#, .string("Aé€")), (#""\ud83d\ude00""#, .string("😀")), (#""é😀""#, .string("é😀")),
        (#""\u0000""#, .string("\0")), ("\"\u{7F}\u{2028}\"", .string("\u{7F}\u{2028}")),
        ("[]", .array([])), ("[ 1 , [null] ]", .array([.integer(1), .array([.null])])), ("{}", .object(JSONObject())),
        (#"{ "a" : 1 , "" : {} }"#, .object(JSONObject([("a", .integer(1)), ("", .object(JSONObject()))]))),
    ]

    @Test("A text is read as its value", arguments: values)
    func reads(_ text: String, _ value: JSONValue) throws {
        #expect(try JSONParser.parse(Array(text.utf8)) == value)
    }

    /// Half a pair, in each place it can stand.
    static let halves = [
        (#""\ud83d""#, "\u{FFFD}"), (#""\ude00""#, "\u{FFFD}"), (#""\ud83dx""#, "\u{FFFD}x"),
        (#""\ud83d\n""#, "\u{FFFD}\n"), (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"), (#""\ud83d\u0041""#, "\u{FFFD}A"),
    ]

    @Test("Half a surrogate pair is the replacement character", arguments: halves)
    func replacesHalves(_ text: String, _ value: String) throws {
        #expect(try JSONParser.parse(Array(text.utf8)) == .string(value))
    }

    static let invalid: [(String, JSONError)] = [
        ("", JSONError(.unexpectedEnd, at: 0)), ("  ", JSONError(.unexpectedEnd, at: 2)),
        ("nul", JSONError(.unexpectedByte(UInt8(ascii: "n")), at: 0)),
        ("True", JSONError(.unexpectedByte(UInt8(ascii: "T")), at: 0)),
        ("\u{FEFF}1", JSONError(.unexpectedByte(0xEF), at: 0)), ("1 2", JSONError(.trailingBytes, at: 2)),
        ("1\0", JSONError(.trailingBytes, at: 1)), ("\0", JSONError(.unexpectedByte(0), at: 0)),
        ("01", JSONError(.trailingBytes, at: 1)), ("-", JSONError(.invalidNumber, at: 1)),
        ("-a", JSONError(.invalidNumber, at: 1)), ("1.", JSONError(.invalidNumber, at: 2)),
        (".5", JSONError(.unexpectedByte(UInt8(ascii: ".")), at: 0)), ("1e", JSONError(.invalidNumber, at: 2)),
        ("1e+", JSONError(.invalidNumber, at: 3)), ("+1", JSONError(.unexpectedByte(UInt8(ascii: "+")), at: 0)),
        ("1e999", JSONError(.numberOutOfRange, at: 0)), ("NaN", JSONError(.unexpectedByte(UInt8(ascii: "N")), at: 0)),
        ("\"", JSONError(.unexpectedEnd, at: 1)), ("\"\n\"", JSONError(.controlCharacter, at: 1)),
        ("\"\0\"", JSONError(.controlCharacter, at: 1)), (#""\x""#, JSONError(.invalidEscape, at: 2)),
        (#""\u12G4""#, JSONError(.invalidEscape, at: 5)), (#""\u12"#, JSONError(.unexpectedEnd, at: 5)),
        (#""\"#, JSONError(.unexpectedEnd, at: 2)), ("'a'", JSONError(.unexpectedByte(UInt8(ascii: "'")), at: 0)),
        ("[", JSONError(.unexpectedEnd, at: 1)), ("[1", JSONError(.unexpectedEnd, at: 2)),
        ("[1,]", JSONError(.unexpectedByte(UInt8(ascii: "]")), at: 3)),
        ("[1 2]", JSONError(.unexpectedByte(UInt8(ascii: "2")), at: 3)),
        ("{", JSONError(.unexpectedEnd, at: 1)), ("{1:2}", JSONError(.unexpectedByte(UInt8(ascii: "1")), at: 1)),
        (#"{"a"}"#, JSONError(.unexpectedByte(UInt8(ascii: "}")), at: 4)),
        (#"{"a":1,}"#, JSONError(.unexpectedByte(UInt8(ascii: "}")), at: 7)),
        (#"{"a":}"#, JSONError(.unexpectedByte(UInt8(ascii: "}")), at: 5)),
        ("/**/1", JSONError(.unexpectedByte(UInt8(ascii: "/")), at: 0)),
    ]

    @Test("What RFC 8259 does not allow is refused where it stands", arguments: invalid)
    func refuses(_ text: String, _ error: JSONError) {
        #expect(throws: error) { try JSONParser.parse(Array(text.utf8)) }
    }

    static let notUTF8: [[UInt8]] = [
        [0x80], [0xC0, 0x80], [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80],
        [0xFF],
    ]

    @Test("A string that is not UTF-8 is refused, escapes in it or not", arguments: notUTF8)
    func refusesOtherBytes(_ bytes: [UInt8]) {
        #expect(throws: JSONError(.invalidUTF8, at: 1)) { try JSONParser.parse([0x22] + bytes + [0x22]) }
        #expect(throws: JSONError(.invalidUTF8, at: 1)) {
            try JSONParser.parse([0x22] + Array(#"\n"#.utf8) + bytes + [0x22])
        }
    }

    @Test("Nesting, the number of values and the length of a number have limits")
    func limits() throws {
        func nested(_ depth: Int) -> [UInt8] { Array((String(repeating: "[", count: depth) + "1").utf8) }
        func flat(_ values: Int) -> [UInt8] {
            Array(("[" + String(repeating: "1,", count: values - 2) + "1]").utf8)
        }
        _ = try JSONParser.parse(
            nested(JSONParser.maxDepth) + Array(String(repeating: "]", count: JSONParser.maxDepth).utf8))
        #expect(throws: JSONError(.tooDeep, at: JSONParser.maxDepth)) {
            try JSONParser.parse(nested(JSONParser.maxDepth + 1))
        }
        _ = try JSONParser.parse(flat(JSONParser.maxValues))
        #expect(throws: JSONError.self) { try JSONParser.parse(flat(JSONParser.maxValues + 1)) }
        #expect(throws: JSONError(.numberOutOfRange, at: 0)) {
            try JSONParser.parse(Array("0.".utf8) + [UInt8](repeating: UInt8(ascii: "1"), count: 2_000))
        }
    }
}
