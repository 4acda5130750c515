import Foundation
import PeerTransport
import Testing

@testable import GatewayServer

@Suite("ICE servers for clients")
struct ICEServerTests {
    @Test("The code is that of RFC 2202, test case 1")
    func code() {
        let code = HMACSHA1.code(of: Array("Hi There".utf8), key: [UInt8](repeating: 0x0B, count: 20))
        let digits = code.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
        #expect(digits.joined() == "b617318655057264e28bc0b6fb378c8ef146be00")
    }

    @Test("Credentials are the expiry with a name, and its code under the secret")
    func credentials() {
        let credentials = RelayCredentials(secret: "shared", name: "parley", lifetimeSeconds: 600, now: 1_800_000_000)
        #expect(credentials.expiresAt == 1_800_000_600)
        #expect(credentials.username == "1800000600:parley")
        #expect(credentials.credential == "WYfM30gWmwmIwbzSsVTKt9X4sPI=")
        #expect(
            RelayCredentials(secret: "other", name: "parley", lifetimeSeconds: 600, now: 1_800_000_000).credential
                != credentials.credential)
    }

    @Test("Without servers the list is empty and nothing expires")
    func none() async throws {
        try await RunningGateway.with { gateway in
            let (response, members) = try await gateway.json("/v1/realtime/ice-servers", method: "GET")
            #expect(response.status == 200)
            #expect(response.headers["cache-control"] == "no-store")
            #expect((members["data"] as? [Any])?.isEmpty == true)
            #expect(members["expires_at"] is NSNull)
        }
    }

    @Test("Who has a key or a client secret gets the servers, relays with credentials that expire; others get none")
    func servers() async throws {
        let arguments = [
            "--ice-client-servers", "stun:stun.example,turn:turn.example?transport=udp,turns:turn.example",
            "--ice-client-secret", "shared", "--ice-client-seconds", "600", "--auth-keys", "one",
        ]
        try await RunningGateway.with(arguments) { gateway in
            #expect(try await gateway.json("/v1/realtime/ice-servers", method: "GET").response.status == 401)
            let made = try await gateway.json("/v1/realtime/client_secrets", "{}", key: "one")
            let secret = try #require(made.members["value"] as? String)
            var names: Set<String> = []
            for key in ["one", secret] {
                let (response, members) = try await gateway.json("/v1/realtime/ice-servers", method: "GET", key: key)
                #expect(response.status == 200)
                #expect(!response.text.contains("shared"))
                let data = try #require(members["data"] as? [[String: Any]])
                #expect(
                    data.map { $0["urls"] as? [String] } == [
                        ["stun:stun.example"], ["turn:turn.example?transport=udp", "turns:turn.example"],
                    ])
                #expect(data.first?.count == 1)
                let expiry = try #require(members["expires_at"] as? Int)
                let username = try #require(data.last?["username"] as? String)
                #expect(username.hasPrefix("\(expiry):"))
                names.insert(username)
                #expect((data.last?["credential"] as? String)?.utf8.count == 28)
            }
            // A relay that counts what each user takes can tell them apart.
            #expect(names.count == 2)
        }
    }
}
