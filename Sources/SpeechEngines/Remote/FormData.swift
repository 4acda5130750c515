/// A `multipart/form-data` body (RFC 7578).
struct FormData {
    // Long and odd enough that neither speech nor a prompt holds it.
    private static let boundary = "parley-7d0c3bd2f4a94b61a5e8-form"

    private var bytes: [UInt8] = []

    var contentType: String { "multipart/form-data; boundary=\(Self.boundary)" }

    mutating func add(_ name: String, _ value: String) {
        begin("Content-Disposition: form-data; name=\"\(name)\"\r\n", Array(value.utf8))
    }

    mutating func add(_ name: String, fileName: String, type: String, _ content: [UInt8]) {
        begin(
            "Content-Disposition: form-data; name=\"\(name)\"; filename=\"\(fileName)\"\r\nContent-Type: \(type)\r\n",
            content)
    }

    var finished: [UInt8] { bytes + Array("--\(Self.boundary)--\r\n".utf8) }

    private mutating func begin(_ headers: String, _ content: [UInt8]) {
        bytes += "--\(Self.boundary)\r\n\(headers)\r\n".utf8
        bytes += content
        bytes += "\r\n".utf8
    }
}
