import Testing

@testable import GatewayServer

@Suite("Multipart forms")
struct MultipartFormTests {
    private func form(_ text: String, boundary: String = "b") throws(MultipartError) -> MultipartForm {
        try MultipartForm(Array(text.utf8), boundary: boundary)
    }

    private func part(_ name: String, _ text: String) -> String {
        "--b\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(text)\r\n"
    }

    @Test("Content is exact: inner line ends, boundary look-alikes and empty parts survive")
    func exactContent() throws {
        let texts = ["", "\r\n", "\n", "a\r\nb\r\n", "--\r\n--bb\r\n --b\r\nx--b", "\r\n\r\n", "v=0\r\n"]
        for text in texts {
            let parsed = try form(part("x", text) + part("y", "") + "--b--\r\n")
            #expect(parsed.part("x")?.body == Array(text.utf8))
            #expect(parsed.part("y")?.body == [])
        }
    }

    @Test("Preamble, epilogue, blanks after a boundary and a missing last line end are fine")
    func surroundings() throws {
        let parsed = try form(
            "hello\r\n--b  \r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--b-- \r\nbye\r\n--b")
        #expect(parsed.part("a")?.body == Array("1".utf8))
        #expect(parsed.parts.count == 1)
        #expect(try form(part("a", "1") + "--b--").part("a")?.body == Array("1".utf8))
    }

    @Test("Header names have any case, other headers are skipped, file names do no harm")
    func headers() throws {
        let parsed = try form(
            "--b\ncontent-TYPE: Application/SDP; x=y\nX-Other: 1\n"
                + "CONTENT-DISPOSITION: form-data; filename=\"name=\\\"no\\\"\"; name=\"sdp\"\n\nv=0\n--b--\n")
        #expect(parsed.part("sdp") == .init(name: "sdp", contentType: "application/sdp", body: Array("v=0".utf8)))
    }

    @Test("Two parts of one name are no part of that name")
    func duplicate() throws {
        #expect(try form(part("a", "1") + part("a", "2") + "--b--").part("a") == nil)
    }

    @Test("Each kind of damage has its error")
    func damage() {
        let cases: [(String, String, MultipartError)] = [
            ("", "b", .noOpeningBoundary),
            ("--b--\r\n", "b", .noOpeningBoundary),
            ("x", "", .badBoundary),
            ("x", String(repeating: "b", count: 71), .badBoundary),
            ("x", "a\r\nb", .badBoundary),
            (part("a", "1"), "b", .noClosingBoundary),
            ("--b\r\n\r\nx\r\n--b--", "b", .badPartHeader),
            ("--b\r\nno colon\r\n\r\nx\r\n--b--", "b", .badPartHeader),
            ("--b\r\nContent-Disposition: form-data; name=a\r\n--b--", "b", .badPartHeader),
            ("--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--", "b", .badPartHeader),
            ((0..<17).map { part("p\($0)", "") }.joined() + "--b--", "b", .tooManyParts(limit: 16)),
        ]
        for (text, boundary, error) in cases {
            #expect(throws: error) { try form(text, boundary: boundary) }
        }
    }

    @Test("Ten thousand mutated forms are parsed or refused, never worse")
    func mutations() {
        var generator = SeededGenerator(state: 0xB0DA)
        let seed = Array(
            (part("sdp", "v=0\r\n")
                + "--b\nContent-Type: application/json\nContent-Disposition: x; name=\"session\"\n\n{}\n--b--\r\n")
                .utf8)
        let pieces: [[UInt8]] = ["\r", "\n", "\r\n", "--b", "--b--", "-", "\"", "\\", ":", ";", "=", "\0", "name="].map
        {
            Array($0.utf8)
        }
        var accepted = 0
        for _ in 0..<10_000 {
            var body = seed
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                let at = Int.random(in: 0...body.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: body.removeSubrange(at..<min(body.count, at + Int.random(in: 0...9, using: &generator)))
                case 1: body.insert(contentsOf: pieces.randomElement(using: &generator) ?? [], at: at)
                case 2: body = Array(body.prefix(at))
                default: if at < body.count { body[at] = UInt8.random(in: 0...255, using: &generator) }
                }
            }
            if (try? MultipartForm(body, boundary: "b")) != nil { accepted += 1 }
            _ = MediaTypeHeader(String(decoding: body, as: UTF8.self))
        }
        #expect(accepted > 0 && accepted < 10_000)
    }

    @Test("A media type's parameters may be quoted, escaped, upper case, repeated or broken")
    func mediaTypes() {
        #expect(
            MediaTypeHeader("Multipart/Form-Data; Boundary=\"a \\\"b\\\"; c\" ; x = y; boundary=z")
                == MediaTypeHeader("multipart/form-data;boundary=\"a \\\"b\\\"; c\";x=y"))
        #expect(MediaTypeHeader("a/b; boundary=\"a \\\"b\\\"\"").parameters["boundary"] == "a \"b\"")
        for text in ["", ";", ";;=", "a;b", "a;b=", "a;b=\"", "a;b=\"\\", "a;=c"] {
            let values = MediaTypeHeader(text).parameters.values
            #expect(values.allSatisfy { $0.isEmpty }, "\(text)")
        }
    }

    @Test("A Host header gives host and port, IPv6 without brackets, or nothing")
    func hostHeaders() {
        #expect(HostHeader("[::1]:80")?.host == "::1")
        #expect(HostHeader("A.b:80")?.port == 80)
        for bad in ["", ":80", "a:", "a:b", "a:70000", "[::1", "[::1]x", "[]"] {
            #expect(HostHeader(bad) == nil, "\(bad)")
        }
        for foreign in ["128.0.0.1", "127.1", "localhost.x", "::2", "::ffff:10.0.0.1", "0.0.0.0"] {
            #expect(!HostHeader.isLoopback(foreign), "\(foreign)")
        }
    }
}

/// SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
