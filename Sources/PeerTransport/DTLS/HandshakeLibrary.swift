import COpenSSL

/// OpenSSL as it would be if it knew nothing but what a DTLS handshake needs: a library context with one provider, which hands out the
/// default provider's algorithms, few of them (decision 30).
///
/// For each certificate that it reads OpenSSL 3 makes an object of every key type and of every decoder that the context has, and copies
/// the list of all algorithms that were ever used in it: 180 µs of a handshake of 520. Here they are 45.
enum HandshakeLibrary {
    /// Nil, which to OpenSSL is its own context, where this one cannot be had. Unchecked, since a pointer is not
    /// `Sendable`: it is set once and never freed, and OpenSSL locks inside.
    nonisolated(unsafe) static let context: OpaquePointer? = make()

    /// By the first of its names. Certificates are EC or RSA ones, which is all that browsers make (RFC 8827 §6.5).
    private static let wanted: [Int32: Set<String>] = [
        OSSL_OP_DIGEST: ["SHA1", "SHA2-256", "SHA2-384", "SHA2-512"],
        OSSL_OP_CIPHER: ["AES-128-GCM", "AES-256-GCM", "AES-128-CBC", "ChaCha20-Poly1305"],
        OSSL_OP_MAC: ["HMAC"],
        OSSL_OP_KDF: ["TLS1-PRF", "HKDF", "TLS13-KDF"],
        OSSL_OP_RAND: ["CTR-DRBG", "SEED-SRC"],
        OSSL_OP_KEYMGMT: keys,
        OSSL_OP_KEYEXCH: ["ECDH", "X25519"],
        OSSL_OP_SIGNATURE: ["ECDSA", "RSA"],
        OSSL_OP_DECODER: keys,
    ]
    private static let keys: Set<String> = ["EC", "RSA", "RSA-PSS", "X25519"]

    private static func make() -> OpaquePointer? {
        let name = "parley-handshake"
        guard provider != nil, let context = OSSL_LIB_CTX_new() else { return nil }
        // Its own context is the default provider's, since its algorithms are.
        let added = OSSL_PROVIDER_add_builtin(context, name) { _, _, functions, context in
            functions?.pointee = UnsafePointer(HandshakeLibrary.functions)
            context?.pointee = OSSL_PROVIDER_get0_provider_ctx(HandshakeLibrary.provider)
            return 1
        }
        guard added == 1, OSSL_PROVIDER_load(context, name) != nil else {
            OSSL_LIB_CTX_free(context)
            return nil
        }
        return context
    }

    // In a context of its own, as the process may be configured to use another. Set once; OpenSSL locks inside.
    nonisolated(unsafe) private static let provider = OSSL_LIB_CTX_new().flatMap { OSSL_PROVIDER_load($0, "default") }

    // MARK: The provider

    // Written once, and only read by OpenSSL.
    nonisolated(unsafe) private static let functions: UnsafeMutablePointer<OSSL_DISPATCH> = {
        let query: Query = { _, kind, _ in HandshakeLibrary.lists[kind] }
        let capabilities: Capabilities = { _, name, take, context in
            OSSL_PROVIDER_get_capabilities(HandshakeLibrary.provider, name, take, context)
        }
        let table = [
            OSSL_DISPATCH(
                function_id: OSSL_FUNC_PROVIDER_QUERY_OPERATION, function: unsafeBitCast(query, to: Function.self)),
            OSSL_DISPATCH(
                function_id: OSSL_FUNC_PROVIDER_GET_CAPABILITIES,
                function: unsafeBitCast(capabilities, to: Function.self)),
        ]
        return kept(table + [OSSL_DISPATCH()])
    }()

    // As openssl/core_dispatch.h has them, but in macros.
    private typealias Function = @convention(c) () -> Void
    private typealias Query = @convention(c) (UnsafeRawPointer?, Int32, UnsafeMutablePointer<Int32>?) -> List?
    private typealias Capabilities =
        @convention(c) (UnsafeRawPointer?, UnsafePointer<CChar>?, Take?, UnsafeMutableRawPointer?) -> Int32
    private typealias Take = @convention(c) (UnsafePointer<OSSL_PARAM>?, UnsafeMutableRawPointer?) -> Int32
    private typealias List = UnsafePointer<OSSL_ALGORITHM>

    // Written once, and only read by OpenSSL.
    nonisolated(unsafe) private static let lists: [Int32: List] = wanted.reduce(into: [:]) { lists, wanted in
        lists[wanted.key] = UnsafePointer(kept(algorithms(wanted.key, named: wanted.value) + [OSSL_ALGORITHM()]))
    }

    private static func algorithms(_ kind: Int32, named names: Set<String>) -> [OSSL_ALGORITHM] {
        var mayNotKeep: Int32 = 0
        var found: [OSSL_ALGORITHM] = []
        var next = OSSL_PROVIDER_query_operation(provider, kind, &mayNotKeep)
        while let algorithm = next?.pointee, let text = algorithm.algorithm_names {
            next = next?.successor()
            let first = String(cString: text).prefix { $0 != ":" }
            if names.contains(String(first)), kind != OSSL_OP_DECODER || readsCertificates(algorithm) {
                found.append(algorithm)
            }
        }
        return found
    }

    /// Whether it decodes keys as a certificate has them.
    private static func readsCertificates(_ decoder: OSSL_ALGORITHM) -> Bool {
        let properties = decoder.property_definition.map { String(cString: $0).split(separator: ",") } ?? []
        return properties.contains("input=der") && properties.contains("structure=SubjectPublicKeyInfo")
    }

    /// For as long as the process lives.
    private static func kept<Value>(_ values: [Value]) -> UnsafeMutablePointer<Value> {
        let memory = UnsafeMutablePointer<Value>.allocate(capacity: values.count)
        memory.initialize(from: values, count: values.count)
        return memory
    }
}
