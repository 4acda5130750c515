import Testing
import Wire

@Suite("Text that should be SDP")
struct OfferTextTests {
    @Test("Line ends may be LF, the last one may be missing, blank lines may stand between")
    func lineEnds() throws {
        let expected = try OfferText().negotiated()
        let lineFeeds = OfferText().text.replacing("\r\n", with: "\n")
        #expect(try Offer(parsing: lineFeeds).negotiate() == expected)
        #expect(try Offer(parsing: String(lineFeeds.dropLast())).negotiate() == expected)
        #expect(try Offer(parsing: lineFeeds.replacing("\n", with: "\r\n\r\n")).negotiate() == expected)
    }

    @Test(
        "What is not SDP is refused as such",
        arguments: [
            "", "x", "v=1\r\n", "hello\nv=0", "m=audio 9 X 0", "<html>", "v=0\r\ns=\u{0}\r\nm=audio 9 X 0",
            "\u{7F}ELF\u{1}", "v=",
        ])
    func notSDP(text: String) {
        #expect(throws: SDPError.notSDP) { try Offer(parsing: text) }
    }

    @Test(
        "JSON is told apart, since it is a common mistake",
        arguments: [
            "{\"sdp\": \"v=0\"}", " \n{", "\"v=0\\r\\n\"",
        ])
    func json(text: String) {
        #expect(throws: SDPError.looksLikeJSON) { try Offer(parsing: text) }
    }

    @Test(
        "Malformed lines are named by their number",
        arguments: [
            ("v=0\nhello", SDPError.malformedLine(number: 2)), ("v=0\n\n\nab=c", .malformedLine(number: 4)),
            ("v=0\n=c", .malformedLine(number: 2)), ("v=0\na=x\ry", .malformedLine(number: 2)),
            ("v=0\nm=audio", .malformedMediaLine(number: 2)), ("v=0\nm=audio 9 X", .malformedMediaLine(number: 2)),
            ("v=0\nm=audio 65536 X 0", .malformedMediaLine(number: 2)),
            ("v=0\nm=audio -1 X 0", .malformedMediaLine(number: 2)),
            ("v=0\nm=", .malformedMediaLine(number: 2)), ("v=0\ns=-\nt=0 0", .noMedia),
        ])
    func malformed(text: String, error: SDPError) {
        #expect(throws: error) { try Offer(parsing: text) }
    }

    @Test("Two sections of one name are refused")
    func duplicateNames() {
        var offer = OfferText()
        offer.data[2] = "a=mid:0"
        #expect(throws: SDPError.duplicateMediaIdentifier(section: 2)) { try offer.negotiated() }
    }

    @Test("Sixty-four kibibytes are read and one byte more is not")
    func length() throws {
        var offer = OfferText()
        offer.session.append("s=")
        let room = 65_536 - offer.text.utf8.count
        offer.session[offer.session.count - 1] += String(repeating: "x", count: room)
        #expect(try offer.negotiated().audio != nil)
        offer.session[0] += " "
        #expect(throws: SDPError.tooLong(bytes: 65_537, limit: 65_536)) { try offer.negotiated() }
    }

    @Test("Sixty-four sections are read and one more is not")
    func sections() throws {
        var offer = OfferText()
        offer.others = Array(repeating: "m=video 9 X 1", count: 62)
        #expect(try offer.answered().filter { $0.hasPrefix("m=video 0") }.count == 62)
        offer.others.append("m=video 9 X 1")
        #expect(throws: SDPError.tooManySections(limit: 64)) { try offer.negotiated() }
    }

    @Test("Two hundred and fifty-six candidates are read and one more is not")
    func candidates() throws {
        var offer = OfferText()
        let line = "a=candidate:1 1 udp 1 192.0.2.1 5000 typ host"
        offer.audio += Array(repeating: line, count: 256)
        #expect(try offer.negotiated().remoteICE.candidates.count == 256)
        offer.data.append(line)
        #expect(throws: SDPError.tooManyCandidates(limit: 256)) { try offer.negotiated() }
    }

    @Test("Every error has words of its own")
    func messages() {
        let errors: [SDPError] = [
            .notSDP, .looksLikeJSON, .tooLong(bytes: 1, limit: 0), .tooManySections(limit: 1),
            .tooManyCandidates(limit: 1), .malformedLine(number: 1), .malformedMediaLine(number: 1), .noMedia,
            .duplicateMediaIdentifier(section: 1), .missingCredentials, .invalidUsernameFragment(length: 1),
            .invalidPassword(length: 1), .malformedFingerprint, .missingFingerprint, .invalidSetup, .heldConnection,
            .conflictingSetup, .nothingUsable([]),
        ]
        let messages = Set(errors.map(\.message))
        #expect(messages.count == errors.count)
        #expect(messages.allSatisfy { $0.hasSuffix(".") && $0.utf8.count > 20 })
    }
}
