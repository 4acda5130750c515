import Testing

@testable import PeerTransport

/// What usrsctp tells, byte for byte (RFC 6458 §6.1.1).
@Suite("SCTP notifications")
struct SCTPNotificationTests {
    private static let lost: UInt8 = 2

    @Test("An association that ended by the peer's ABORT is told from one that was lost")
    func abort() {
        let header = Self.change(Self.lost, length: 20)
        #expect(header.withUnsafeBytes(SCTPNotification.event) == .down(.lost))
        let withAbort = Self.change(Self.lost, length: 24) + [6, 0, 0, 4]
        #expect(withAbort.withUnsafeBytes(SCTPNotification.event) == .down(.aborted))
    }

    @Test("A notification that is cut short says nothing")
    func short() {
        #expect(Self.change(Self.lost, length: 20).dropLast().withUnsafeBytes(SCTPNotification.event) == nil)
    }

    /// type, flags, length, state, error, streams out and in, association; in this machine's order of bytes.
    private static func change(_ state: UInt8, length: UInt8) -> [UInt8] {
        [1, 0, 0, 0, length, 0, 0, 0, state, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0]
    }
}
