import RealtimeProtocol
import SessionEngine
import Testing

@testable import SpeechEngines

/// Requests that would go into our own network, tried by what a name means.
@Suite("Addresses of tool servers")
struct AddressGuardTests {
    private func found(_ url: String, _ answers: [String], privateHosts: Set<String> = []) async throws -> String {
        let addresses = answers.compactMap(NetworkAddress.init)
        let `guard` = AddressGuard(privateHosts: privateHosts) { _ in addresses }
        return try await `guard`.address(of: try #require(ServerURL(url))).text
    }

    @Test(
        "A name whose address is a private one is refused",
        arguments: [
            ["127.0.0.1"], ["169.254.169.254"], ["10.0.0.1", "192.168.0.1"], ["::ffff:10.0.0.1"], ["64:ff9b::a00:1"],
        ])
    func refuses(_ answers: [String]) async {
        await #expect(throws: MCPError.self) { try await found("https://evil.example/mcp", answers) }
    }

    @Test("Of several addresses the first public one is taken")
    func first() async throws {
        #expect(try await found("https://tools.example/mcp", ["10.0.0.1", "8.8.8.8", "1.1.1.1"]) == "8.8.8.8")
    }

    @Test("A host that is listed may have a private address, and no other by it")
    func listed() async throws {
        let hosts: Set = ["tools.internal", "10.0.0.7"]
        #expect(try await found("http://Tools.Internal:8000/mcp", ["10.0.0.1"], privateHosts: hosts) == "10.0.0.1")
        #expect(try await found("http://10.0.0.7/mcp", ["10.0.0.7"], privateHosts: hosts) == "10.0.0.7")
        await #expect(throws: MCPError.self) {
            try await found("http://tools.internal.evil.example/", ["10.0.0.1"], privateHosts: hosts)
        }
    }

    @Test(
        "Numbers in every spelling come to the address they mean, and are refused",
        arguments: [
            "http://127.0.0.1/", "http://127.1/", "http://0x7f000001/", "http://2130706433/", "http://[::1]/",
            "http://localhost/",
        ])
    func spellings(_ url: String) async throws {
        let url = try #require(ServerURL(url))
        await #expect(throws: MCPError.self) { try await AddressGuard(privateHosts: []).address(of: url) }
    }

    @Test("A name without an address is told so")
    func unknown() async {
        await #expect(throws: MCPError.http(code: 0, message: "The server's name has no address.")) {
            try await found("https://nowhere.invalid/", [])
        }
    }
}
