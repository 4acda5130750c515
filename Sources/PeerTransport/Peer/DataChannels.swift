import Wire

/// An open data channel: the stream it runs on and what its opener called it (RFC 8831).
package struct DataChannel: Equatable, Sendable {
    package let id: UInt16
    package let label: String
    package let protocolName: String
}

/// One message on a data channel, whole.
package struct DataChannelMessage: Equatable, Sendable {
    package enum Payload: Equatable, Sendable {
        /// UTF-8, as the peer sent it.
        case string([UInt8])
        case binary([UInt8])

        package var count: Int {
            switch self {
            case .string(let bytes), .binary(let bytes): bytes.count
            }
        }
    }

    package let channel: UInt16
    package let payload: Payload

    package init(channel: UInt16, payload: Payload) {
        self.channel = channel
        self.payload = payload
    }
}

/// Why a message could not be sent.
package enum DataChannelError: Error, Equatable {
    case noSuchChannel(UInt16)
    /// Larger than the peer's `a=max-message-size`.
    case tooLarge(have: Int, limit: Int)
    /// The peer reads too slowly: this much is waiting already.
    case bufferFull(bufferedBytes: Int)
    case closed
}

/// The data channels of one peer: DCEP (RFC 8832), message types, limits. Pure; SCTP is elsewhere.
struct DataChannels {
    enum Effect: Equatable {
        case send(SCTPMessage)
        case resetStream(UInt16)
        case opened(DataChannel)
        case message(DataChannelMessage)
        case closed(UInt16)
        /// Not understood or not allowed; dropped.
        case dropped
        case refused
    }

    static let maxChannels = 16
    /// Bytes of label and protocol name together; longer ones are refused.
    static let maxNameBytes = 1024
    /// Bytes that may wait for a slow reader before sending fails, each message counted with `SCTPMessage.overheadBytes`.
    static let maxBufferedBytes = 4 << 20

    private let remoteMaxMessageSize: Int
    private var open: [UInt16: DataChannel] = [:]
    private var nextOwnID: UInt16
    private(set) var bufferedBytes = 0

    /// The DTLS client opens even streams, the server odd ones (RFC 8832 §6).
    init(role: DTLSRole, remoteMaxMessageSize: Int) {
        self.remoteMaxMessageSize = min(remoteMaxMessageSize, SCTPAssociations.maxMessageSize)
        nextOwnID = role == .client ? 0 : 1
    }

    // MARK: From the peer

    mutating func handle(_ message: SCTPMessage) -> [Effect] {
        switch PayloadProtocolIdentifier(rawValue: message.payloadProtocol) {
        case .dcep: control(message)
        case .string: [deliver(message, .string(message.bytes))]
        case .binary: [deliver(message, .binary(message.bytes))]
        // An empty message travels as one zero byte (RFC 8831 §6.6).
        case .stringEmpty: [deliver(message, .string([]))]
        case .binaryEmpty: [deliver(message, .binary([]))]
        case .stringPartial, .binaryPartial, nil: [.dropped]
        }
    }

    /// The peer closed its side of these streams; we close ours.
    mutating func streamsReset(_ streams: [UInt16]) -> [Effect] {
        streams.flatMap { id -> [Effect] in
            guard open.removeValue(forKey: id) != nil else { return [] }
            return [.resetStream(id), .closed(id)]
        }
    }

    /// SCTP took over messages of this cost.
    mutating func accepted(bytes: Int) { bufferedBytes = max(0, bufferedBytes - bytes) }

    // MARK: From us

    /// Opens a reliable, ordered channel.
    mutating func open(label: String) -> (DataChannel, Effect) {
        let channel = DataChannel(id: nextOwnID, label: label, protocolName: "")
        nextOwnID += 2
        open[channel.id] = channel
        let request = DCEPMessage.open(
            DataChannelOpen(channelType: 0, priority: 256, reliability: 0, label: label, protocolName: ""))
        return (channel, .send(makeControl(request, on: channel.id)))
    }

    mutating func send(_ message: DataChannelMessage) throws(DataChannelError) -> SCTPMessage {
        guard open[message.channel] != nil else { throw .noSuchChannel(message.channel) }
        let count = message.payload.count
        guard count <= remoteMaxMessageSize else { throw .tooLarge(have: count, limit: remoteMaxMessageSize) }
        guard bufferedBytes + count + SCTPMessage.overheadBytes <= Self.maxBufferedBytes else {
            throw .bufferFull(bufferedBytes: bufferedBytes)
        }
        let (identifier, bytes): (PayloadProtocolIdentifier, [UInt8]) =
            switch message.payload {
            case .string(let bytes): bytes.isEmpty ? (.stringEmpty, [0]) : (.string, bytes)
            case .binary(let bytes): bytes.isEmpty ? (.binaryEmpty, [0]) : (.binary, bytes)
            }
        return buffered(SCTPMessage(stream: message.channel, payloadProtocol: identifier.rawValue, bytes: bytes))
    }

    // MARK: Inside

    private mutating func control(_ message: SCTPMessage) -> [Effect] {
        switch try? DCEPMessage.parse(message.bytes) {
        case .open(let request): accept(request, on: message.stream)
        case .ack: open[message.stream] == nil ? [.dropped] : []
        case nil: [.dropped]
        }
    }

    private mutating func accept(_ request: DataChannelOpen, on stream: UInt16) -> [Effect] {
        // RFC 8832 §6: an OPEN on a stream in use is an error of the peer; the channel that is there stays.
        guard open[stream] == nil else { return [.dropped] }
        guard stream < DataNegotiation.streams, open.count < Self.maxChannels,
            request.label.utf8.count + request.protocolName.utf8.count <= Self.maxNameBytes,
            bufferedBytes < Self.maxBufferedBytes
        else { return [.refused] }
        let channel = DataChannel(id: stream, label: request.label, protocolName: request.protocolName)
        open[stream] = channel
        return [.send(makeControl(.ack, on: stream)), .opened(channel)]
    }

    private mutating func makeControl(_ message: DCEPMessage, on stream: UInt16) -> SCTPMessage {
        buffered(
            SCTPMessage(
                stream: stream, payloadProtocol: PayloadProtocolIdentifier.dcep.rawValue, bytes: message.serialize()))
    }

    private mutating func buffered(_ message: SCTPMessage) -> SCTPMessage {
        bufferedBytes += message.costBytes
        return message
    }

    private func deliver(_ message: SCTPMessage, _ payload: DataChannelMessage.Payload) -> Effect {
        guard open[message.stream] != nil else { return .dropped }
        return .message(DataChannelMessage(channel: message.stream, payload: payload))
    }
}
