import Foundation

/// A WebSocket frame as it came over the wire.
struct RawFrame: Equatable, Sendable {
    let isFinal: Bool
    let opcode: UInt8
    let payload: [UInt8]

    static let text: UInt8 = 1
    static let binary: UInt8 = 2
    static let close: UInt8 = 8
    static let ping: UInt8 = 9
    static let pong: UInt8 = 10

    var string: String { String(decoding: payload, as: UTF8.self) }

    /// The code of a close frame; 1005 for one without.
    var closeCode: Int { payload.count < 2 ? 1005 : Int(payload[0]) << 8 | Int(payload[1]) }
    var closeReason: String { String(decoding: payload.dropFirst(2), as: UTF8.self) }

    /// A text frame's JSON.
    var json: [String: Any] { (try? JSONSerialization.jsonObject(with: Data(payload))) as? [String: Any] ?? [:] }
    var error: [String: Any] { json["error"] as? [String: Any] ?? [:] }
}

/// A blocking WebSocket client over one TCP connection that sends exactly what it is told to. Used by one task at a time.
final class RawWebSocket: @unchecked Sendable {
    enum Failure: Error {
        /// The server answered with HTTP.
        case refused(RawResponse)
        case ended
        case timedOut
    }

    static let key = "dGhlIHNhbXBsZSBub25jZQ=="

    private let socket: Int32
    private var received: [UInt8]
    /// Of the 101 answer, names in lower case.
    let headers: [String: String]

    private init(_ socket: Int32, _ head: RawResponse, rest: [UInt8]) {
        self.socket = socket
        headers = head.headers
        received = rest
    }

    deinit { close(socket) }

    static func handshake(
        _ path: String, headers: [(String, String)] = [], host: String = "localhost"
    ) -> [UInt8] {
        var text = "GET \(path) HTTP/1.1\r\nHost: \(host)\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
        text += "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: \(key)\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        return Array((text + "\r\n").utf8)
    }

    /// Upgrades, or throws `refused`. `early` is sent in one piece with the handshake.
    static func connect(
        _ client: RawHTTPClient, _ path: String = "/v1/realtime?model=m", headers: [(String, String)] = [],
        host: String = "localhost", early: [UInt8] = [], receiveBuffer: Int32? = nil
    ) async throws -> RawWebSocket {
        try await onThread {
            let socket = try client.connect(receiveBuffer: receiveBuffer)
            try sendAll(socket, handshake(path, headers: headers, host: host) + early)
            var bytes: [UInt8] = []
            while bytes.firstRange(of: Array("\r\n\r\n".utf8)) == nil {
                bytes += try receiveSome(socket)
            }
            guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound,
                let head = RawHTTPClient.head(Array(bytes[..<end]))
            else { throw Failure.ended }
            guard head.status == 101 else {
                close(socket)
                throw Failure.refused(head)
            }
            return RawWebSocket(socket, head, rest: Array(bytes[end...]))
        }
    }

    // MARK: Sending

    static func frame(
        _ opcode: UInt8, _ payload: [UInt8], isFinal: Bool = true, isMasked: Bool = true, reserved: UInt8 = 0
    ) -> [UInt8] {
        var bytes = [(isFinal ? 0x80 : 0) | reserved << 4 | opcode]
        let bit: UInt8 = isMasked ? 0x80 : 0
        switch payload.count {
        case ..<126: bytes.append(bit | UInt8(payload.count))
        case ..<65536: bytes += [bit | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default:
            bytes.append(bit | 127)
            bytes += (0..<8).reversed().map { UInt8(truncatingIfNeeded: payload.count >> ($0 * 8)) }
        }
        guard isMasked else { return bytes + payload }
        let mask: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
        bytes += mask
        bytes.reserveCapacity(bytes.count + payload.count)
        for (index, byte) in payload.enumerated() { bytes.append(byte ^ mask[index & 3]) }
        return bytes
    }

    func send(_ text: String) async throws { try await send(bytes: Self.frame(RawFrame.text, Array(text.utf8))) }

    func send(bytes: [UInt8]) async throws {
        try await Self.onThread { [socket] in try Self.sendAll(socket, bytes) }
    }

    func sendClose(_ code: Int) async throws {
        try await send(bytes: Self.frame(RawFrame.close, [UInt8(code >> 8), UInt8(code & 0xFF)]))
    }

    /// No more bytes will come from us.
    func endSending() async throws {
        try await Self.onThread { [socket] in _ = Glibc.shutdown(socket, Int32(SHUT_WR)) }
    }

    // MARK: Receiving

    /// The next frame that is no ping.
    func receive() async throws -> RawFrame {
        while true {
            let frame = try await receiveAny()
            if frame.opcode != RawFrame.ping { return frame }
        }
    }

    func receiveAny() async throws -> RawFrame {
        while true {
            if let frame = parse() { return frame }
            received += try await Self.onThread { [socket] in try Self.receiveSome(socket) }
        }
    }

    /// Reads to the end of the connection, answering a close frame; the close frame that came before it.
    func receiveClose() async throws -> RawFrame? {
        var found: RawFrame?
        do {
            while true {
                let frame = try await receiveAny()
                guard frame.opcode == RawFrame.close else { continue }
                found = frame
                try? await send(bytes: Self.frame(RawFrame.close, Array(frame.payload.prefix(2))))
            }
        } catch Failure.ended {
            return found
        }
    }

    private func parse() -> RawFrame? {
        guard received.count >= 2 else { return nil }
        var length = Int(received[1] & 0x7F)
        var start = 2
        if length >= 126 {
            let size = length == 126 ? 2 : 8
            guard received.count >= 2 + size else { return nil }
            length = received[2..<(2 + size)].reduce(0) { $0 << 8 | Int($1) }
            start += size
        }
        guard received.count >= start + length else { return nil }
        let frame = RawFrame(
            isFinal: received[0] & 0x80 != 0, opcode: received[0] & 0x0F,
            payload: Array(received[start..<(start + length)]))
        received.removeFirst(start + length)
        return frame
    }

    // MARK: Sockets

    /// A thread of its own: blocking one of the pool's would starve the server under test.
    private static func onThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value
    {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try work() }) }
        }
    }

    private static func sendAll(_ socket: Int32, _ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure.ended }
            sent += count
        }
    }

    private static func receiveSome(_ socket: Int32) throws -> [UInt8] {
        var chunk = [UInt8](repeating: 0, count: 65536)
        let count = recv(socket, &chunk, chunk.count, 0)
        guard count > 0 else { throw count < 0 && errno == EAGAIN ? Failure.timedOut : Failure.ended }
        return Array(chunk[..<count])
    }
}
