/// Why a gateway cannot start.
package enum GatewayError: Error, Equatable, CustomStringConvertible {
    case cannotListen(key: String, address: String, reason: String)
    case badCertificate(key: String, path: String, reason: String)
    case unresolvedHost(key: String, host: String)
    case badDirectory(key: String, path: String, reason: String)
    case engine(String)

    package var description: String {
        switch self {
        case .cannotListen(let key, let address, let reason): "cannot listen on \(address) (\(key)): \(reason)"
        case .badCertificate(let key, let path, let reason): "\(key): \(path) is no usable PEM file: \(reason)"
        case .unresolvedHost(let key, let host): "\(key): \(host) does not resolve to an address"
        case .badDirectory(let key, let path, let reason): "\(key): \(path) cannot be used: \(reason)"
        case .engine(let reason): "the embedded engine cannot start: \(reason)"
        }
    }
}
