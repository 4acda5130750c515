import NIOCore
import NIOWebSocket
import VoiceSession

/// A whole message as it came, unmasked when the session asks for the bytes.
struct WebSocketMessage: Sendable {
    let isText: Bool
    private let data: ByteBuffer
    private let mask: WebSocketMaskingKey?

    init(isText: Bool, data: ByteBuffer, mask: WebSocketMaskingKey?) {
        self.isText = isText
        self.data = data
        self.mask = mask
    }

    var byteCount: Int { data.readableBytes }

    /// Unmasked.
    var bytes: [UInt8] {
        guard let mask else { return Array(buffer: data) }
        return data.withUnsafeReadableBytes { masked in
            [UInt8](unsafeUninitializedCapacity: masked.count) { bytes, count in
                Self.unmask(masked, mask, into: bytes)
                count = masked.count
            }
        }
    }

    /// For one that takes milliseconds.
    func unmaskedOnPool() async -> TransportMessage {
        await withTaskExecutorPreference(globalConcurrentExecutor) { TransportMessage(self) }
    }

    /// RFC 6455 §5.3, eight bytes at a time: unmasking byte by byte was an eighth of what a stream costs.
    private static func unmask(
        _ masked: UnsafeRawBufferPointer, _ mask: WebSocketMaskingKey, into bytes: UnsafeMutableBufferPointer<UInt8>
    ) {
        let width = MemoryLayout<UInt64>.size
        let word = (0..<width).reduce(UInt64(0)) { $0 | UInt64(mask[$1 % 4]) << (8 * $1) }.littleEndian
        let words = masked.count / width
        let output = UnsafeMutableRawBufferPointer(bytes)
        for index in 0..<words {
            let value = masked.loadUnaligned(fromByteOffset: index * width, as: UInt64.self) ^ word
            output.storeBytes(of: value, toByteOffset: index * width, as: UInt64.self)
        }
        for index in (words * width)..<masked.count { bytes[index] = masked[index] ^ mask[index % 4] }
    }
}

extension TransportMessage {
    /// A WebSocket has one channel, 0.
    init(_ message: WebSocketMessage) {
        self.init(channel: 0, payload: message.isText ? .text(message.bytes) : .binary(message.bytes))
    }
}
