import AudioPipeline
import Logging
import TestKit
import Testing
import Wire

@testable import PeerTransport

/// Real ICE, DTLS, SRTP and SCTP between two peers of one process, over the loopback interface.
@Suite("Peer connections over loopback", .serialized, .timeLimit(.minutes(1)))
struct PeerConnectionTests {
    @Test("A call connects, carries a message each way and ends with both sides told")
    func wholeCall() async throws {
        try await withEndpoint { endpoint in
            let (caller, callee) = try await call(endpoint)
            var events = caller.events.makeAsyncIterator()
            #expect(await events.next() == .established)
            caller.close(.hangUp)
            await caller.closed()
            await callee.closed()
            #expect(caller.closeReason == .hangUp)
        }
    }

    @Test("An endpoint that has stopped leaves usrsctp to the next one, whoever still holds its peers")
    func nextEndpoint() async throws {
        var held: [PeerConnection] = []
        for _ in 1...2 {
            try await withEndpoint { endpoint in
                let (caller, callee) = try await call(endpoint)
                // Both: who hangs up before DTLS is up has no way to say so, and the other goes by the silence.
                await established(caller)
                await established(callee)
                caller.close(.hangUp)
                await callee.closed()
                held += [caller, callee]
            }
        }
        #expect(held.allSatisfy { $0.closeReason != nil })
    }

    @Test("A restart of ICE is answered with new credentials, everything else as it was, and the call goes on")
    func restart() async throws {
        try await withEndpoint { endpoint in
            let (caller, callee) = peers(endpoint)
            let (offered, answered) = try await offerAndAnswer(caller, callee)
            // The caller has not begun: nothing can have made the connection yet.
            await #expect(throws: PeerRestartError.notEstablished) { try await Self.restart(callee, offered) }
            try await accept(answered, caller)
            await established(callee)
            for number in 2...3 {
                let answer = try await Self.restart(callee, Self.restarting(offered, number))
                for name in ["a=ice-ufrag:", "a=ice-pwd:"] {
                    #expect(Set(Self.lines(answer, name)).isDisjoint(with: Self.lines(answered, name)))
                }
                for name in ["a=fingerprint:", "a=setup:", "a=ssrc:", "a=mid:", "a=sctp-port:", "a=candidate:"] {
                    #expect(Self.lines(answer, name) == Self.lines(answered, name))
                    #expect(!Self.lines(answer, name).isEmpty)
                }
                let origin = try #require(Self.lines(answered, "o=").first)
                #expect(
                    Self.lines(answer, "o=") == [origin.replacing(" 1 IN", with: " \(number) IN", maxReplacements: 1)])
            }
            caller.close(.hangUp)
            await callee.closed()
            #expect(callee.closeReason?.isGoodbye == true)
            await #expect(throws: PeerRestartError.notEstablished) {
                try await Self.restart(callee, Self.restarting(offered, 4))
            }
        }
    }

    @Test("An offer that restarts nothing, has another certificate, or changes the media is refused; the call goes on")
    func refusedRestarts() async throws {
        try await withEndpoint { endpoint in
            let (caller, callee, offered) = try await signalledCall(endpoint)
            await established(callee)
            let fingerprint = try #require(Self.lines(offered, "a=fingerprint:").first)
            let other = String(fingerprint.dropLast(2)) + (fingerprint.hasSuffix("00") ? "01" : "00")
            let fresh = Self.restarting(offered, 2)
            let data = try #require(fresh.firstRange(of: "m=application"))
            let withoutData = String(fresh[..<data.lowerBound])
            for offer in [offered, fresh.replacing(fingerprint, with: other), withoutData] {
                let error = await #expect(throws: PeerRestartError.self) { try await Self.restart(callee, offer) }
                if case .refused = error { continue }
                Issue.record("not refused: \(String(describing: error))")
            }
            #expect(callee.closeReason == nil)
            caller.close(.hangUp)
            await callee.closed()
        }
    }

    /// `offer` with other credentials of its ICE.
    private static func restarting(_ offer: String, _ number: Int) -> String {
        var lines = offer.split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
        for index in lines.indices {
            if lines[index].hasPrefix("a=ice-ufrag:") { lines[index] = "a=ice-ufrag:fresh\(number)" }
            if lines[index].hasPrefix("a=ice-pwd:") { lines[index] = "a=ice-pwd:a-fresh-password-of-call-\(number)" }
        }
        return lines.joined(separator: "\r\n")
    }

    private static func lines(_ description: String, _ prefix: String) -> [String] {
        description.split(separator: "\r\n").map(String.init).filter { $0.hasPrefix(prefix) }
    }

    private static func restart(_ peer: PeerConnection, _ text: String) async throws -> String {
        let offer = try Offer(parsing: text)
        return try await peer.restart(offer, try offer.negotiate())
    }

    private func established(_ peer: PeerConnection) async {
        var events = peer.events.makeAsyncIterator()
        #expect(await events.next() == .established)
    }

    private func peers(_ endpoint: PeerEndpoint) -> (caller: PeerConnection, callee: PeerConnection) {
        (endpoint.makePeer(id: "caller"), endpoint.makePeer(id: "callee"))
    }

    private func offerAndAnswer(
        _ caller: PeerConnection, _ callee: PeerConnection
    ) async throws -> (offer: String, answer: String) {
        let offered = try await caller.offer(audio: true, data: true)
        let offer = try Offer(parsing: offered)
        return (offered, try await callee.answer(offer, try offer.negotiate()))
    }

    private func accept(_ answer: String, _ caller: PeerConnection) async throws {
        try await caller.accept(try Answer(parsing: answer).negotiation(offered: .actpass))
    }

    private func signalledCall(
        _ endpoint: PeerEndpoint
    ) async throws -> (caller: PeerConnection, callee: PeerConnection, offer: String) {
        let (caller, callee) = peers(endpoint)
        let (offered, answered) = try await offerAndAnswer(caller, callee)
        try await accept(answered, caller)
        return (caller, callee, offered)
    }

    private func call(_ endpoint: PeerEndpoint) async throws -> (PeerConnection, PeerConnection) {
        let (caller, callee, _) = try await signalledCall(endpoint)
        return (caller, callee)
    }

    private func withEndpoint(_ body: (PeerEndpoint) async throws -> Void) async throws {
        var configuration = PeerConfiguration(
            audio: AudioSettings(rate: .hz24000, encoder: OpusEncoderSettings()))
        configuration.ice.addresses = ["127.0.0.1"]
        configuration.ice.tcp = false
        let endpoint = try PeerEndpoint(configuration, logger: Logger(label: "test"))
        do { try await body(endpoint) } catch {
            await endpoint.stop()
            throw error
        }
        await endpoint.stop()
    }
}
