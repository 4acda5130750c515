import Foundation
import GatewayServer
import Testing

@Suite("Operations and static files")
struct OperationsTests {
    @Test("Metrics show requests by method, route pattern and status, never a call's name")
    func metrics() async throws {
        try await RunningGateway.with { gateway in
            let location = try #require(try await gateway.place().headers["location"])
            _ = try await gateway.http.send("POST", location + "/hangup", body: [])
            _ = try await gateway.http.send("GET", "/secret-path")
            _ = try await gateway.http.send("BREW", "/health")
            let response = try await gateway.http.send("GET", "/metrics")
            #expect(response.status == 200)
            #expect(response.headers["content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
            for line in [
                #"gateway_http_requests_total{method="POST",route="/v1/realtime/calls",status="201"} 1"#,
                #"gateway_http_requests_total{method="POST",route="/v1/realtime/calls/{id}/hangup",status="200"} 1"#,
                #"gateway_http_requests_total{method="GET",route="other",status="404"} 1"#,
                #"gateway_http_request_seconds_count{route="/v1/realtime/calls"} 1"#,
            ] {
                #expect(response.text.contains(line + "\n"), "\(line)")
            }
            #expect(!response.text.contains("rtc_") && !response.text.contains("secret"))
        }
    }

    @Test("Health and readiness answer while running")
    func probes() async throws {
        try await RunningGateway.with { gateway in
            let health = try await gateway.http.send("GET", "/health")
            let ready = try await gateway.http.send("GET", "/ready")
            #expect(health.status == 200)
            #expect(ready.status == 200)
        }
    }

    @Test("The directory's files are served, / is index.html")
    func staticFiles() async throws {
        let web = try TemporaryDirectory()
        _ = try web.file("index.html", "<p>page</p>")
        _ = try web.file("app/main.js", "let a = 1")
        try await RunningGateway.with(["--web-directory", web.path]) { gateway in
            let page = try await gateway.http.send("GET", "/?x=1")
            #expect(page.status == 200)
            #expect(page.text == "<p>page</p>")
            #expect(page.headers["content-type"]?.hasPrefix("text/html") == true)
            #expect(page.headers["cache-control"] == "no-cache")
            #expect(page.headers["x-content-type-options"] == "nosniff")
            #expect(page.headers["content-security-policy"] == "frame-ancestors 'self'")
            let script = try await gateway.http.send("GET", "/app/main.js", headers: [("Range", "bytes=99-1000000")])
            #expect(script.status == 200)
            #expect(script.text == "let a = 1")
            #expect(script.headers["content-type"]?.contains("javascript") == true)
            let missing = try await gateway.http.send("GET", "/none.html")
            #expect(missing.status == 404)
            #expect(missing.error["code"] as? String == "unknown_url")
        }
    }

    @Test("No path leaves the directory or shows a hidden file")
    func traversal() async throws {
        let outer = try TemporaryDirectory()
        _ = try outer.file("secret.txt", "secret")
        _ = try outer.file("web/index.html", "page")
        _ = try outer.file("web/.env", "secret")
        _ = try outer.file("web/.git/config", "secret")
        try await RunningGateway.with(["--web-directory", outer.path + "/web"]) { gateway in
            for path in [
                "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/app/../../secret.txt", "/.env",
                "/%2Eenv", "/.git/config", "/.git%2Fconfig", "//../secret.txt", "/%00", "/index.html%00", "/%ff%fe",
                "/%", "/..\\secret.txt", "/%252e%252e/secret.txt", "http://localhost/../secret.txt",
            ] {
                let response = try await gateway.http.send("GET", path)
                #expect(response.status == 404 || response.status == 400, "\(path)")
                #expect(!response.text.contains("secret\""), "\(path)")
                #expect(response.error.count == 4, "\(path)")
            }
        }
    }

    @Test("The local authority is served, and missed politely")
    func authority() async throws {
        let directory = try TemporaryDirectory()
        let file = try directory.file("ca.pem", "PEM")
        try await RunningGateway.with(["--https-ca-certificate", file]) { gateway in
            let response = try await gateway.http.send("GET", "/parley-ca.pem")
            #expect(response.status == 200)
            #expect(response.text == "PEM")
            #expect(response.headers["content-type"] == "application/x-x509-ca-cert")
        }
        try await RunningGateway.with(["--https-ca-certificate", directory.path + "/none"]) { gateway in
            let response = try await gateway.http.send("GET", "/parley-ca.pem")
            #expect(response.status == 404)
            #expect(response.error["code"] as? String == "no_certificate")
        }
    }
}
