import Hummingbird
import Logging

/// What every handler knows about its request beside the request itself.
struct GatewayContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Numeric; empty for a connection that has no address.
    let clientAddress: String
    /// As `Edge` found out.
    var caller = Caller.anybody

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        clientAddress = source.channel.remoteAddress?.ipAddress ?? ""
    }
}
