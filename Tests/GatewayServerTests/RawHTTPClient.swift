import Foundation

/// A response as it came over the wire.
struct RawResponse: Sendable {
    let status: Int
    /// Names in lower case.
    let headers: [String: String]
    let body: [UInt8]
    /// Whether the server closed the connection within the client's patience.
    let closed: Bool

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The members of `{"error": {…}}`; null is `NSNull`.
    var error: [String: Any] {
        let object = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
        return object?["error"] as? [String: Any] ?? [:]
    }
}

/// A blocking HTTP/1.1 client over one TCP connection, so that tests send exactly the bytes they mean.
struct RawHTTPClient: Sendable {
    enum Failure: Error {
        case cannotConnect
        case noResponse
    }

    private static let patienceSeconds = 10

    let port: Int

    /// One request on a connection of its own.
    func send(
        _ method: String, _ path: String, headers: [(String, String)] = [], body: [UInt8]? = nil,
        host: String? = "localhost", untilClose: Bool = false
    ) async throws -> RawResponse {
        var text = "\(method) \(path) HTTP/1.1\r\n"
        if let host { text += "Host: \(host)\r\n" }
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        if let body { text += "Content-Length: \(body.count)\r\n" }
        return try await exchange(Array((text + "\r\n").utf8) + (body ?? []), untilClose: untilClose)
    }

    /// Any bytes, and the first response to them.
    func exchange(_ bytes: [UInt8], untilClose: Bool = false) async throws -> RawResponse {
        let responses = try await exchangeAll(bytes, untilClose: untilClose)
        guard let first = responses.first else { throw Failure.noResponse }
        return first
    }

    /// Any bytes, and all responses that came until the first was complete or the server closed.
    func exchangeAll(_ bytes: [UInt8], untilClose: Bool = true) async throws -> [RawResponse] {
        try await withCheckedThrowingContinuation { continuation in
            // A thread of its own: blocking one of the pool's would starve the server under test.
            Thread.detachNewThread {
                continuation.resume(with: Result { try self.blockingExchange(bytes, untilClose: untilClose) })
            }
        }
    }

    private func blockingExchange(_ bytes: [UInt8], untilClose: Bool) throws -> [RawResponse] {
        let socket = try connect()
        defer { close(socket) }
        // A server that has answered early may refuse the rest.
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { break }
            sent += count
        }
        var received: [UInt8] = []
        var closed = false
        while untilClose || Self.parse(received, closed: false).isEmpty {
            var chunk = [UInt8](repeating: 0, count: 65536)
            let count = recv(socket, &chunk, chunk.count, 0)
            guard count > 0 else {
                closed = count == 0 || errno == ECONNRESET
                break
            }
            received += chunk[..<count]
        }
        return Self.parse(received, closed: closed)
    }

    /// `receiveBuffer`: bytes the system keeps for a client that does not read.
    func connect(receiveBuffer: Int32? = nil) throws -> Int32 {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var receiveBuffer { setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, 4) }
        var patience = timeval(tv_sec: Self.patienceSeconds, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            close(socket)
            throw Failure.cannotConnect
        }
        return socket
    }

    /// The complete responses; informational ones are skipped.
    private static func parse(_ bytes: [UInt8], closed: Bool) -> [RawResponse] {
        guard let headEnd = bytes.firstRange(of: Array("\r\n\r\n".utf8)),
            let head = head(Array(bytes[..<headEnd.lowerBound]))
        else { return [] }
        let rest = Array(bytes[headEnd.upperBound...])
        if head.status < 200 { return parse(rest, closed: closed) }
        let length = head.status == 204 ? 0 : head.headers["content-length"].flatMap(Int.init) ?? 0
        guard rest.count >= length else { return [] }
        let response = RawResponse(
            status: head.status, headers: head.headers, body: Array(rest.prefix(length)), closed: closed)
        return [response] + parse(Array(rest.dropFirst(length)), closed: closed)
    }

    /// Status line and headers as a response without a body.
    static func head(_ bytes: [UInt8]) -> RawResponse? {
        let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
        guard let status = lines.first.flatMap({ Int($0.split(separator: " ").dropFirst().first ?? "") }) else {
            return nil
        }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() where !line.isEmpty {
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            headers[line[..<colon].lowercased()] = line[colon...].dropFirst().trimmingCharacters(in: .whitespaces)
        }
        return RawResponse(status: status, headers: headers, body: [], closed: false)
    }
}
