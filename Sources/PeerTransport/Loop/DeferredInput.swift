/// Input that came while the outputs of another were being performed.
enum DeferredInput {
    case datagram([UInt8], from: DatagramPath?)
    case pathUp
    case pathLost
    case close(PeerCloseReason)
}
