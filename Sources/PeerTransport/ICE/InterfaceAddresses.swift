import AudioPipeline
import CNice
import Glibc

/// This machine's interfaces as libnice finds them, asked of the kernel once a second at most.
///
/// For each candidate and for each check that it sends libnice asks what place an address has among them, and for each socket whose
/// address it is: every time it opens a socket to the kernel and reads all links and addresses, five times and more for a call. Left to
/// that, a call's set-up took 12 % more CPU, set-up and end 9 % (median of 16 pairs of 80 calls, in turns, on a machine with four interfaces).
private enum InterfaceAddresses {
    typealias List = UnsafeMutablePointer<GList>

    private static let lifetime = Duration.seconds(1)
    // Held while the kernel answers, which calls nothing of ours: who comes meanwhile shall take the answer, not ask too.
    private static let addresses = PosixLock(ShortMemory<Bool, [String]>(lifetime: lifetime))
    private static let indices = PosixLock(ShortMemory<String, guint>(lifetime: lifetime))

    private static let readAddresses = original(
        "nice_interfaces_get_local_ips", (@convention(c) (gboolean) -> List?).self)
    private static let readIndex = original(
        "nice_interfaces_get_if_index_by_addr", (@convention(c) (UnsafeMutablePointer<NiceAddress>) -> guint).self)

    static func list(withLoopback: Bool) -> [String] {
        addresses.withLock { addresses in
            addresses.value(of: withLoopback, now: .now) { strings(readAddresses?(withLoopback ? 1 : 0)) }
        }
    }

    /// Of the interface that has the address; 0 when none has.
    static func index(of address: UnsafeMutablePointer<NiceAddress>) -> guint {
        let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(NICE_ADDRESS_STRING_LEN)) { text in
            text.initialize(repeating: 0)
            nice_address_to_string(address, text.baseAddress)
            return text.baseAddress.map { String(cString: $0) } ?? ""
        }
        return indices.withLock { $0.value(of: text, now: .now) { readIndex?(address) ?? 0 } }
    }

    /// libnice's own function, which comes after ours in the order in which symbols are looked up.
    private static func original<Function>(_ name: String, _: Function.Type) -> Function? {
        dlsym(UnsafeMutableRawPointer(bitPattern: -1), name).map { unsafeBitCast($0, to: Function.self) }
    }

    private static func strings(_ first: List?) -> [String] {
        defer { g_list_free_full(first) { g_free($0) } }
        var strings: [String] = []
        var list = first
        while let node = list {
            if let text = node.pointee.data?.assumingMemoryBound(to: CChar.self) {
                strings.append(String(cString: text))
            }
            list = node.pointee.next
        }
        return strings
    }
}

// These stand before libnice's functions of their names, for libnice too.

/// A list that the caller frees, as its strings.
@_cdecl("nice_interfaces_get_local_ips")
public func interfaceAddresses(includingLoopback: Int32) -> UnsafeMutableRawPointer? {
    var list: UnsafeMutablePointer<GList>?
    for address in InterfaceAddresses.list(withLoopback: includingLoopback != 0).reversed() {
        list = g_list_prepend(list, g_strdup(address))
    }
    return UnsafeMutableRawPointer(list)
}

@_cdecl("nice_interfaces_get_if_index_by_addr")
public func interfaceIndex(address: UnsafeMutableRawPointer) -> UInt32 {
    InterfaceAddresses.index(of: address.assumingMemoryBound(to: NiceAddress.self))
}
