import Foundation
import Glibc
import LoadGenerator

/// Janus, started for the measurement with a configuration of its own.
struct JanusProcess {
    let server: JanusServer
    var probe: ProcessProbe { ProcessProbe(process.processID) }
    private let process: ServerProcess
    private let directory: URL

    /// - Parameters:
    ///   - address: where it takes media, one of this machine's, not loopback, which Janus leaves out.
    ///   - core: the only one that it may run on; nil for all.
    init(program: String, address: String, core: Int? = nil) async throws {
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw SignallingError.unexpected("\(program) is not there")
        }
        let port = try Self.freePort()
        let directory = FileManager.default.temporaryDirectory.appending(path: "janus-\(getpid())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        func write(_ name: String, _ text: String) throws {
            try text.write(to: directory.appending(path: name), atomically: true, encoding: .utf8)
        }
        let log = directory.appending(path: "log").path
        try write(
            "janus.jcfg",
            "general: { debug_level = 4\n session_timeout = 0\n log_to_stdout = false\n log_to_file = \"\(log)\" }\nmedia: {}\n"
                + "nat: { ice_enforce_list = \"\(address)\" }\n")
        for plugin in ["echotest", "audiobridge"] { try write("janus.plugin.\(plugin).jcfg", "general: {}\n") }
        try write("janus.transport.http.jcfg", "general: { http = true\n port = \(port)\n ip = \"127.0.0.1\" }\n")
        guard let base = URL(string: "http://127.0.0.1:\(port)/janus") else { throw SignallingError.unexpected("port") }
        server = JanusServer(base: base)
        self.directory = directory
        process = try ServerProcess(program: program, arguments: ["-F", directory.path], core: core)
        try await waitUntilReady()
    }

    func stop() async {
        await process.stop()
        try? FileManager.default.removeItem(at: directory)
    }

    private func waitUntilReady() async throws {
        for _ in 1...100 {
            if (try? await server.ping()) != nil { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        await stop()
        throw SignallingError.unexpected("Janus did not start")
    }

    /// A TCP port of loopback that nobody has now; Janus can be given a port only, not told to choose one.
    private static func freePort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
            }
        }
        guard code == 0 else { throw SignallingError.unexpected("no free port") }
        return UInt16(bigEndian: address.sin_port)
    }
}
