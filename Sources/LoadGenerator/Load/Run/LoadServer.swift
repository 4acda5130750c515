import PeerTransport

/// How calls reach the server under load.
package struct LoadServer: Sendable {
    /// One call: its number, whether it talks, when it begins and when it is hung up.
    typealias Call =
        @Sendable (_ index: Int, _ talks: Bool, _ begin: ContinuousClock.Instant, _ end: ContinuousClock.Instant) async
        -> Void

    /// Calls that may be placed at once; a server that takes longer is not to be spared.
    package static let connections = 256

    /// For reports.
    let address: String
    private let signalling: @Sendable (_ model: String?) -> any Signalling
    private let connect: @Sendable (_ model: String?) async throws -> SessionLine

    /// - Parameters:
    ///   - signalling: for calls over WebRTC.
    ///   - connect: opens a WebSocket; throws `LoadFailure` where it cannot.
    package init(
        address: String, signalling: @escaping @Sendable (_ model: String?) -> any Signalling,
        connect: @escaping @Sendable (_ model: String?) async throws -> SessionLine
    ) {
        self.address = address
        self.signalling = signalling
        self.connect = connect
    }

    /// How the calls of `plan` are had.
    func caller(_ plan: LoadPlan, model: String?, _ endpoint: PeerEndpoint, _ gauge: LoadGauge) -> Call {
        let model = plan.group.model ?? model
        switch plan.group.transport {
        case .webrtc:
            let call = WebRTCLoadCall(plan: plan, endpoint: endpoint, signalling: signalling(model), gauge: gauge)
            return { await call.run($0, talks: $1, begin: $2, end: $3) }
        case .websocket:
            let call = WebSocketLoadCall(plan: plan, connect: { try await connect(model) }, gauge: gauge)
            return { await call.run($0, talks: $1, begin: $2, end: $3) }
        }
    }
}
