import COpenSSL

/// A failed OpenSSL call: which one, and the library's own words.
package struct OpenSSLError: Error, Equatable {
    package let operation: String
    package let reason: String

    /// Takes the oldest error from this thread's queue and empties it.
    static func last(_ operation: String) -> OpenSSLError {
        let code = ERR_get_error()
        defer { ERR_clear_error() }
        guard code != 0 else { return OpenSSLError(operation: operation, reason: "no error queued") }
        var text = [CChar](repeating: 0, count: 256)
        ERR_error_string_n(code, &text, text.count)
        let words = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return OpenSSLError(operation: operation, reason: words)
    }
}
