import COpenSSL

/// Collects what OpenSSL writes, one array per datagram: a memory BIO would glue records together.
final class DatagramOutbox {
    var datagrams: [[UInt8]] = []
}

/// The BIO method whose every write is one datagram for the `DatagramOutbox` in its data pointer.
enum DatagramBIO {
    /// Payload of a datagram that OpenSSL may fill: what is left of 1200 bytes, which cross every path unfragmented.
    static let mtu = 1200

    // Written once; OpenSSL only reads it.
    nonisolated(unsafe) private static let method: OpaquePointer? = {
        let method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "parley datagrams")
        BIO_meth_set_create(method) { bio in
            BIO_set_init(bio, 1)
            return 1
        }
        BIO_meth_set_write(method) { bio, bytes, count in
            guard let outbox = BIO_get_data(bio), let bytes, count > 0 else { return -1 }
            let datagram = Array(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
            Unmanaged<DatagramOutbox>.fromOpaque(outbox).takeUnretainedValue().datagrams.append(datagram)
            return count
        }
        BIO_meth_set_ctrl(method) { _, command, _, _ in
            switch command {
            case BIO_CTRL_FLUSH: 1
            case BIO_CTRL_DGRAM_QUERY_MTU, BIO_CTRL_DGRAM_GET_FALLBACK_MTU: mtu
            default: 0
            }
        }
        return method
    }()

    /// A BIO that writes to `outbox`, which must outlive it.
    static func make(writingTo outbox: DatagramOutbox) -> OpaquePointer? {
        guard let bio = BIO_new(method) else { return nil }
        BIO_set_data(bio, Unmanaged.passUnretained(outbox).toOpaque())
        return bio
    }
}
