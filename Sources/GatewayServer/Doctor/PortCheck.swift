import Glibc

/// Whether the server could listen where it is told to.
struct PortCheck {
    enum Use: Equatable {
        case free
        /// A Parley listens there.
        case ours
        case taken
        /// `errno` of bind(2).
        case refused(Int32)
    }

    /// "http.port" or "https.port".
    var key: String
    var host: String
    var port: Int
    var use: Use

    var finding: DoctorFinding {
        let place = "\(host.contains(":") ? "[\(host)]" : host):\(port)"
        let flag = "--" + key.replacing(".", with: "-")
        switch use {
        case .free: return DoctorFinding("port", .good, "\(place) is free (\(key))")
        case .ours: return DoctorFinding("port", .good, "\(place) is served by a Parley that runs now (\(key))")
        case .taken:
            return DoctorFinding(
                "port", .failed, "\(place) is taken by another program, or by a Parley that asks for keys (\(key))",
                advice: "`ss -ltnp` shows which. Stop it, or choose another port with \(flag).")
        case .refused(EACCES):
            return DoctorFinding(
                "port", .failed, "\(place) may not be listened on by this user (\(key))",
                advice: "Ports below 1024 are root's. Choose another with \(flag), or allow it with "
                    + "`setcap cap_net_bind_service=+ep`.")
        case .refused(EADDRNOTAVAIL):
            return DoctorFinding(
                "port", .failed, "\(host) is no address of this machine (\(key.replacing("port", with: "hosts")))",
                advice: "`ip address` shows which there are; 0.0.0.0 stands for all.")
        case .refused(let code):
            return DoctorFinding(
                "port", .failed, "\(place) cannot be listened on: \(String(cString: strerror(code))) (\(key))",
                advice: "Choose another with \(flag).")
        }
    }
}

extension PortCheck {
    /// Listens there for a moment.
    ///
    /// - Parameter isOurs: asked where somebody else listens.
    init(key: String, host: String, port: Int, isOurs: () async -> Bool) async {
        self.init(key: key, host: host, port: port, use: .free)
        guard let code = Self.bind(host, port) else { return }
        guard code == EADDRINUSE else {
            use = .refused(code)
            return
        }
        use = await isOurs() ? .ours : .taken
    }

    /// Nil, or `errno`.
    static func bind(_ host: String, _ port: Int) -> Int32? {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let address = found else { return EADDRNOTAVAIL }
        defer { freeaddrinfo(found) }
        let descriptor = socket(address.pointee.ai_family, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        // As the server does: a port whose last connection is just over is free.
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard Glibc.bind(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0 else { return errno }
        return listen(descriptor, 1) == 0 ? nil : errno
    }
}
