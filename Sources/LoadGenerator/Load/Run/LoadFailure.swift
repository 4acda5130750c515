import Foundation

/// Why a call was not set up, in words that many calls share.
package enum LoadFailure: Error, Equatable, Sendable {
    /// The server says that it is full.
    case full(String)
    case failed(String)

    static func notes(of error: any Error) -> [LoadNote] {
        switch error {
        case LoadFailure.full(let words): [.count(.refused), .reason(words)]
        case LoadFailure.failed(let words): [.count(.failed), .reason(words)]
        case SignallingError.refused(let status, let body):
            [429, 503].contains(status)
                ? [.count(.refused), .reason("refused with \(status)")]
                : [.count(.failed), .reason("the POST was answered \(status): \(body.prefix(80))")]
        case SignallingError.unexpected(let words): [.count(.failed), .reason(words)]
        default: [.count(.failed), .reason("\(error.localizedDescription)")]
        }
    }
}
