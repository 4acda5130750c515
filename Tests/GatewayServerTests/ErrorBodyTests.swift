import Foundation
import GatewayServer
import Testing

@Suite("Error bodies")
struct ErrorBodyTests {
    private func expect(
        _ response: RawResponse, _ status: Int, code: String, type: String = "invalid_request_error",
        param: String? = nil, _ location: SourceLocation = #_sourceLocation
    ) {
        #expect(response.status == status, sourceLocation: location)
        #expect(response.headers["content-type"] == "application/json", sourceLocation: location)
        #expect(Set(response.error.keys) == ["message", "type", "param", "code"], sourceLocation: location)
        #expect(response.error["code"] as? String == code, sourceLocation: location)
        #expect(response.error["type"] as? String == type, sourceLocation: location)
        #expect(response.error["param"] as? String == param, sourceLocation: location)
        #expect((response.error["message"] as? String)?.isEmpty == false, sourceLocation: location)
        #expect(response.headers["access-control-allow-origin"] == "*", sourceLocation: location)
    }

    @Test("An offer that cannot be answered is 400 with the service's own words")
    func badOffer() async throws {
        try await RunningGateway.with { gateway in
            await gateway.calls.fail(with: .badOffer("The offer has no ICE user fragment."))
            let response = try await gateway.place()
            expect(response, 400, code: "invalid_sdp", param: "sdp")
            #expect(response.error["message"] as? String == "The offer has no ICE user fragment.")
        }
    }

    @Test("Empty, blank and non-UTF-8 offers are 400 before the call service sees them")
    func unreadableOffer() async throws {
        try await RunningGateway.with { gateway in
            let type = [("Content-Type", "application/sdp")]
            expect(try await gateway.place(body: ""), 400, code: "missing_sdp", param: "sdp")
            expect(try await gateway.place(body: " \r\n"), 400, code: "missing_sdp", param: "sdp")
            let bytes: [UInt8] = [0x76, 0x3D, 0xFF, 0xFE, 0x00]
            expect(
                try await gateway.http.send("POST", "/v1/realtime/calls", headers: type, body: bytes), 400,
                code: "invalid_sdp", param: "sdp")
            #expect(await gateway.calls.requests.isEmpty)
        }
    }

    @Test("Broken forms are 400 and say what is wrong")
    func brokenForms() async throws {
        try await RunningGateway.with { gateway in
            let sdp = (name: "sdp", type: "application/sdp", body: "v=0")
            expect(
                try await gateway.placeForm([("session", "application/json", "{}")]), 400, code: "missing_sdp",
                param: "sdp")
            expect(
                try await gateway.placeForm([sdp, ("session", "application/json", "[1]")]), 400,
                code: "invalid_json", param: "session")
            expect(
                try await gateway.placeForm([sdp, ("session", "application/json", "{")]), 400, code: "invalid_json",
                param: "session")
            expect(try await gateway.placeForm([sdp, sdp]), 400, code: "invalid_multipart", param: "sdp")
            for type in ["multipart/form-data", "multipart/form-data; boundary=other"] {
                expect(
                    try await gateway.place([("Content-Type", type)], body: "--x\r\n\r\n"), 400,
                    code: "invalid_multipart")
            }
        }
    }

    @Test("An overloaded service is 503 with Retry-After, an unavailable one 503 without")
    func unavailable() async throws {
        try await RunningGateway.with { gateway in
            await gateway.calls.fail(with: .overloaded(retryAfterSeconds: 7, "Too many calls are connecting."))
            let overloaded = try await gateway.place()
            expect(overloaded, 503, code: "server_overloaded", type: "server_error")
            #expect(overloaded.headers["retry-after"] == "7")
            await gateway.calls.fail(with: .unavailable("No media."))
            let unavailable = try await gateway.place()
            expect(unavailable, 503, code: "service_unavailable", type: "server_error")
            #expect(unavailable.headers["retry-after"] == nil)
        }
    }

    @Test("Another or no content type is 415")
    func contentType() async throws {
        try await RunningGateway.with { gateway in
            expect(
                try await gateway.place([("Content-Type", "application/json")], body: "{}"), 415,
                code: "unsupported_content_type")
            expect(try await gateway.place([]), 415, code: "unsupported_content_type")
        }
    }

    @Test("An unknown path is 404 and a wrong method 405 with Allow")
    func routes() async throws {
        try await RunningGateway.with { gateway in
            expect(try await gateway.http.send("GET", "/v1/nothing"), 404, code: "unknown_url")
            expect(try await gateway.http.send("POST", "/v1/realtime/calls/x/y", body: []), 404, code: "unknown_url")
            for (path, allowed) in [("/v1/realtime/calls", "POST"), ("/v1/realtime/calls/x", "PATCH")] {
                let wrong = try await gateway.http.send("GET", path)
                expect(wrong, 405, code: "method_not_supported")
                #expect(wrong.headers["allow"] == allowed)
            }
            expect(try await gateway.http.send("DELETE", "/health"), 405, code: "method_not_supported")
        }
    }

    @Test("A body over the limit is 413 and ends the connection, announced or chunked")
    func oversized() async throws {
        try await RunningGateway.with { gateway in
            let body = [UInt8](repeating: UInt8(ascii: "a"), count: 300 * 1024)
            let type = [("Content-Type", "application/sdp")]
            let announced = try await gateway.http.send(
                "POST", "/v1/realtime/calls", headers: type, body: body, untilClose: true)
            expect(announced, 413, code: "request_too_large")
            #expect(announced.headers["connection"] == "close")
            #expect(announced.closed)
            let chunk = Array("40000\r\n".utf8) + body.prefix(0x40000) + Array("\r\n".utf8)
            let head =
                "POST /v1/realtime/calls HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sdp\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
            let chunked = try await gateway.http.exchange(Array(head.utf8) + chunk + chunk, untilClose: true)
            expect(chunked, 413, code: "request_too_large")
            #expect(chunked.closed)
            #expect(await gateway.calls.requests.isEmpty)
        }
    }

    @Test("A body of just the limit is read")
    func atTheLimit() async throws {
        try await RunningGateway.with { gateway async throws in
            #expect(try await gateway.place(body: String(repeating: "a", count: 256 * 1024)).status == 201)
        }
    }

    @Test("Bytes that are not HTTP end the connection and nothing else")
    func notHTTP() async throws {
        try await RunningGateway.with { gateway async throws in
            for bytes in [[0x16, 0x03, 0x01, 0x00, 0x05], Array("\0\0\0 nonsense\r\n\r\n".utf8)] as [[UInt8]] {
                _ = try? await gateway.http.exchange(bytes, untilClose: true)
            }
            let headers = [("X-Long", String(repeating: "x", count: 200_000))]
            _ = try? await gateway.http.send("GET", "/health", headers: headers, untilClose: true)
            #expect(try await gateway.http.send("GET", "/health").status == 200)
        }
    }
}
