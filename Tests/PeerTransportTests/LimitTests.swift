import AudioPipeline
import TestKit
import Testing
import Wire

@testable import PeerTransport

/// The bounds on what a peer can make us hold.
@Suite("Limits of one peer")
struct LimitTests {
    @Test("A peer that changes its RTP source for every packet is known by 64 sources and no more")
    func rtpSources() throws {
        let (sender, receiver) = try contexts()
        for source in 1...100 as ClosedRange<UInt32> {
            var packet = try protectedRTP(source: source, sequence: 1, by: sender)
            let isAllowed = source <= UInt32(SRTPContext.maxSources)
            #expect(outcome(&packet, receiver.unprotectRTP) == (isAllowed ? nil : .tooManySources))
        }
        var known = try protectedRTP(source: 1, sequence: 2, by: sender)
        #expect(outcome(&known, receiver.unprotectRTP) == nil)
    }

    @Test("The same bound holds for the sources of RTCP, and forged packets do not use it up")
    func rtcpSources() throws {
        let (sender, receiver) = try contexts()
        for source in 1...100 as ClosedRange<UInt32> {
            var forged = try protectedRTCP(source: source, by: sender)
            forged[forged.count - 5] ^= 0xFF
            #expect(outcome(&forged, receiver.unprotectRTCP) == .unauthenticated)
        }
        for source in 101...200 as ClosedRange<UInt32> {
            var packet = try protectedRTCP(source: source, by: sender)
            let isAllowed = source <= 100 + UInt32(SRTPContext.maxSources)
            #expect(outcome(&packet, receiver.unprotectRTCP) == (isAllowed ? nil : .tooManySources))
        }
    }

    @Test("Packets too short to name their source are refused")
    func shortPackets() throws {
        let (_, receiver) = try contexts()
        for length in 0..<12 {
            var packet = [UInt8](repeating: 0x80, count: length)
            #expect(outcome(&packet, receiver.unprotectRTP) != nil)
            #expect(outcome(&packet, receiver.unprotectRTCP) != nil)
        }
    }

    @Test("Events beyond the number or the bytes that may wait are refused until the session takes some")
    func events() async {
        let many = PeerEventQueue()
        for number in 0..<PeerEventQueue.maxWaiting {
            #expect(many.append(.channelClosed(UInt16(truncatingIfNeeded: number))))
        }
        #expect(!many.append(.established))

        let large = PeerEventQueue()
        let message = PeerEvent.message(
            DataChannelMessage(channel: 0, payload: .binary([UInt8](repeating: 1, count: 1 << 20))))
        for _ in 0..<4 { #expect(large.append(message)) }
        #expect(!large.append(message))
        #expect(large.append(.established))
        var events = large.events.makeAsyncIterator()
        #expect(await events.next() == message)
        #expect(large.append(message))
        #expect(!large.append(message))
        large.finish()
        var left = 0
        while await events.next() != nil { left += 1 }
        #expect(left == 5)
    }

    @Test("Packets that wait for SCTP are bounded for each peer apart")
    func backlog() {
        var backlog = PacketBacklog()
        let (flooding, quiet) = (AssociationID(rawValue: 1), AssociationID(rawValue: 2))
        let admitted = (0..<2_000).count { _ in backlog.admit(flooding) }
        #expect(admitted == PacketBacklog.maxWaitingPackets)
        let isQuietAdmitted = backlog.admit(quiet)
        #expect(isQuietAdmitted)
        backlog.handled(flooding)
        let again = (0..<2).map { _ in backlog.admit(flooding) }
        #expect(again == [true, false])
        for _ in 0..<PacketBacklog.maxWaitingPackets { backlog.handled(flooding) }
        backlog.handled(quiet)
        #expect(backlog.isEmpty)
    }

    @Test("Long channel names are refused")
    func names() {
        var channels = DataChannels(role: .server, remoteMaxMessageSize: 65_536)
        let longest = DataChannels.maxNameBytes
        let tooLong = channels.handle(open(2, label: longest / 2 + 1, name: longest / 2))
        #expect(tooLong == [.refused])
        let fitting = channels.handle(open(2, label: longest / 2, name: longest / 2))
        #expect(fitting.count == 2)
    }

    @Test("A peer that opens and closes channels without taking our answers is refused once they fill the buffer")
    func unreadAnswers() {
        var channels = DataChannels(role: .server, remoteMaxMessageSize: 65_536)
        var refused = false
        for _ in 0..<100_000 where !refused {
            refused = channels.handle(open(2, label: 1, name: 0)) == [.refused]
            _ = channels.streamsReset([2])
        }
        #expect(refused)
        #expect(channels.bufferedBytes <= DataChannels.maxBufferedBytes + SCTPMessage.overheadBytes)
    }

    private func open(_ stream: UInt16, label: Int, name: Int) -> SCTPMessage {
        let request = DataChannelOpen(
            label: String(repeating: "l", count: label), protocolName: String(repeating: "n", count: name))
        return SCTPMessage(stream: stream, payloadProtocol: 50, bytes: DCEPMessage.open(request).serialize())
    }

    /// One that protects and one that unprotects, under the same keys.
    private func contexts() throws -> (sender: SRTPContext, receiver: SRTPContext) {
        let keys = KeyingMaterial(
            profile: .aeadAES128GCM, client: (0..<28).map { $0 }, server: (100..<128).map { $0 })
        return (
            try SRTPContext(keys, role: .client, inbound: false), try SRTPContext(keys, role: .server, inbound: true)
        )
    }

    private func protectedRTP(source: UInt32, sequence: UInt16, by sender: SRTPContext) throws -> [UInt8] {
        let header = RTPHeader(
            payloadType: PayloadType(111), marker: false, sequenceNumber: sequence, timestamp: 0, ssrc: SSRC(source))
        var packet = [UInt8](repeating: 0, count: 64)
        let length = try packet.withUnsafeMutableBytes { bytes in
            try header.write(into: bytes)
            return try sender.protectRTP(bytes, length: 32)
        }
        return Array(packet[..<length])
    }

    private func protectedRTCP(source: UInt32, by sender: SRTPContext) throws -> [UInt8] {
        var packet: [UInt8] = []
        RTCPPacket.write([.receiverReport(ReceiverReport(ssrc: SSRC(source), reports: []))], into: &packet)
        let plain = packet.count
        packet += [UInt8](repeating: 0, count: SRTPContext.overhead)
        let length = try packet.withUnsafeMutableBytes { try sender.protectRTCP($0, length: plain) }
        return Array(packet[..<length])
    }

    private func outcome(
        _ packet: inout [UInt8], _ unprotect: (UnsafeMutableRawBufferPointer) throws(SRTPError) -> Int
    ) -> SRTPError? {
        packet.withUnsafeMutableBytes { bytes in
            do throws(SRTPError) {
                _ = try unprotect(bytes)
                return nil
            } catch {
                return error
            }
        }
    }
}
