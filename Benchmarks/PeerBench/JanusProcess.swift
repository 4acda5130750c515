import Foundation
import Glibc
import LoadGenerator

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Janus's EchoTest, started for the measurement with a configuration of its own.
struct JanusProcess {
    let signalling: JanusSignalling
    private let process: Process
    private let directory: URL

    init(program: String) async throws {
        let port = Int.random(in: 20_000...28_000)
        let directory = FileManager.default.temporaryDirectory.appending(path: "janus-\(getpid())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        func write(_ name: String, _ text: String) throws {
            try text.write(to: directory.appending(path: name), atomically: true, encoding: .utf8)
        }
        try write("janus.jcfg", "general: { debug_level = 2 }\nmedia: {}\nnat: {}\n")
        try write("janus.plugin.echotest.jcfg", "general: {}\n")
        try write("janus.transport.http.jcfg", "general: { http = true\n port = \(port)\n ip = \"127.0.0.1\" }\n")
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = ["-F", directory.path]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        guard let base = URL(string: "http://127.0.0.1:\(port)/janus") else { throw SignallingError.unexpected("port") }
        let signalling = JanusSignalling(base: base)
        self.directory = directory
        self.process = process
        self.signalling = signalling
        for attempt in 1...50 {
            if (try? await signalling.ping()) != nil { return }
            try await Task.sleep(for: .milliseconds(100))
            if attempt == 50 { throw SignallingError.unexpected("Janus did not start") }
        }
    }

    func stop() {
        process.terminate()
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: directory)
    }
}

/// Janus's HTTP API: a session and a handle for each call, the offer as a message, the answer as an event.
struct JanusSignalling: Signalling {
    let base: URL

    func ping() async throws { _ = try await post(base, ["janus": "info"]) }

    func exchange(offer: String) async throws -> String {
        let session = base.appending(path: String(try await create(base, ["janus": "create"])))
        let handle = try await create(session, ["janus": "attach", "plugin": "janus.plugin.echotest"])
        _ = try await post(
            session.appending(path: String(handle)),
            [
                "janus": "message", "body": ["audio": true, "video": false],
                "jsep": ["type": "offer", "sdp": offer],
            ])
        for _ in 0..<10 {
            var poll = URLRequest(url: session.appending(queryItems: [.init(name: "maxev", value: "1")]))
            poll.timeoutInterval = 5
            let (body, _) = try await URLSession.shared.data(for: poll)
            let event = try JSONSerialization.jsonObject(with: body) as? [String: Any]
            if let answer = (event?["jsep"] as? [String: Any])?["sdp"] as? String { return answer }
        }
        throw SignallingError.unexpected("Janus gave no answer")
    }

    private func create(_ url: URL, _ body: [String: Any]) async throws -> Int {
        let reply = try await post(url, body)
        guard let id = (reply["data"] as? [String: Any])?["id"] as? Int else {
            throw SignallingError.unexpected("Janus: \(reply)")
        }
        return id
    }

    private func post(_ url: URL, _ body: [String: Any]) async throws -> [String: Any] {
        var request = URLRequest(url: url)
        request.httpMethod = "POST"
        request.httpBody = try JSONSerialization.data(
            withJSONObject: body.merging(["transaction": "t"]) { old, _ in old })
        let (data, _) = try await URLSession.shared.data(for: request)
        return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    }
}
