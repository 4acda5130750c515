import Foundation
import GatewayServer
import RealtimeProtocol
import Testing
import VoiceSession

@Suite("Signalling of calls")
struct CallRoutesTests {
    @Test("A raw SDP offer is answered 201 with the answer and a Location that ends in the call's name")
    func rawOffer() async throws {
        try await RunningGateway.with { gateway in
            let response = try await gateway.place(path: "/v1/realtime/calls?model=gpt-realtime")
            #expect(response.status == 201)
            #expect(response.headers["content-type"] == "application/sdp")
            #expect(response.text == ScriptedCallService.answer)
            let location = try #require(response.headers["location"])
            #expect(location.hasPrefix("/v1/realtime/calls/rtc_"))
            let name = try #require(location.split(separator: "/").last)
            #expect(CallID(String(name)) != nil)
            #expect(name.utf8.count >= 26)
            let request = try #require(await gateway.calls.requests.first)
            #expect(request.offer == RunningGateway.offer)
            #expect(request.start.model == "gpt-realtime")
            #expect(request.start.part == nil)
            #expect(request.clientAddress == "127.0.0.1")
        }
    }

    @Test("The content type may carry parameters and any case")
    func contentTypeParameters() async throws {
        try await RunningGateway.with { gateway async throws in
            #expect(try await gateway.place([("content-type", "Application/SDP; charset=utf-8")]).status == 201)
        }
    }

    @Test("A form with sdp and session is taken in any order, with CRLF or bare LF", arguments: ["\r\n", "\n"])
    func form(lineEnd: String) async throws {
        try await RunningGateway.with { gateway async throws in
            let session = #"{"type":"realtime","model":"gpt-realtime"}"#
            let sdp = (name: "sdp", type: "application/sdp", body: "v=0\r\ns=-\r\n")
            let json = (name: "session", type: "application/json", body: session)
            #expect(try await gateway.placeForm([sdp, json], lineEnd: lineEnd).status == 201)
            #expect(try await gateway.placeForm([json, sdp], lineEnd: lineEnd).status == 201)
            for request in await gateway.calls.requests {
                #expect(request.offer == "v=0\r\ns=-\r\n")
                #expect(
                    request.start.part
                        == JSONObject([("type", .string("realtime")), ("model", .string("gpt-realtime"))]))
            }
        }
    }

    @Test("A form without session is a call with the defaults")
    func formWithoutSession() async throws {
        try await RunningGateway.with { gateway async throws in
            #expect(try await gateway.placeForm([("sdp", "application/sdp", "v=0")]).status == 201)
            #expect(await gateway.calls.requests.first?.start.part == nil)
        }
    }

    @Test("A bad session part is 400 with the field's path, and no call is placed")
    func badSession() async throws {
        try await RunningGateway.with { gateway in
            let sdp = (name: "sdp", type: "application/sdp", body: "v=0")
            let session =
                #"{"type":"realtime","audio":{"input":{"turn_detection":{"type":"server_vad","threshold":2}}}}"#
            let response = try await gateway.placeForm([sdp, ("session", "application/json", session)])
            #expect(response.status == 400)
            #expect(response.error["code"] as? String == "invalid_value")
            #expect(response.error["param"] as? String == "session.audio.input.turn_detection.threshold")
            #expect(gateway.sessions.configurations.isEmpty)
        }
    }

    @Test("The form's model wins over the address, and the beta header and extensions reach the call")
    func profile() async throws {
        try await RunningGateway.with { gateway in
            let session = (name: "session", type: "application/json", body: #"{"model":"of-form"}"#)
            _ = try await gateway.placeForm([("sdp", "application/sdp", "v=0"), session])
            #expect(gateway.sessions.configurations.map(\.model) == ["of-form"])
            _ = try await gateway.place(
                [("Content-Type", "application/sdp"), ("OpenAI-Beta", "realtime=v1"), ("Parley-Extensions", "1")])
            let profile = try #require(await gateway.calls.requests.last?.profile)
            #expect(profile.dialect == .beta)
            #expect(profile.wantsExtensions)
        }
    }

    @Test(
        "Accept, reject and refer answer 404, since there are no SIP calls", arguments: ["accept", "reject", "refer"])
    func sip(verb: String) async throws {
        try await RunningGateway.with { gateway in
            let response = try await gateway.http.send("POST", "/v1/realtime/calls/rtc_x/\(verb)", body: [])
            #expect(response.status == 404)
            #expect(response.error["code"] as? String == "call_not_found")
            #expect((response.error["message"] as? String)?.contains("SIP") == true)
        }
    }

    @Test("POST /v1/realtime is the legacy alias and carries the model")
    func legacyAlias() async throws {
        try await RunningGateway.with { gateway in
            let response = try await gateway.place(path: "/v1/realtime?model=old")
            #expect(response.status == 201)
            #expect(response.headers["location"]?.hasPrefix("/v1/realtime/calls/rtc_") == true)
            #expect(await gateway.calls.requests.first?.start.model == "old")
        }
    }

    @Test("Unknown request headers are ignored")
    func unknownHeaders() async throws {
        try await RunningGateway.with { gateway in
            let response = try await gateway.place([
                ("Content-Type", "application/sdp"), ("X-Stainless-Lang", "python"), ("OpenAI-Beta", "assistants=v2"),
                ("OpenAI-Safety-Identifier", "x"), ("X-OpenAI-Agents-SDK", "1"), ("Authorization", "Bearer anything"),
            ])
            #expect(response.status == 201)
        }
    }

    @Test("A client that waits for 100 Continue gets its answer")
    func expectContinue() async throws {
        try await RunningGateway.with { gateway in
            let response = try await gateway.place([
                ("Content-Type", "application/sdp"), ("Expect", "100-continue"),
            ])
            #expect(response.status == 201)
        }
    }

    @Test("PATCH of a running call with an offer answers 200 and the answer, and preflights allow it")
    func restart() async throws {
        try await RunningGateway.with { gateway in
            let location = try #require(try await gateway.place().headers["location"])
            let response = try await gateway.restart(location)
            #expect(response.status == 200)
            #expect(response.headers["content-type"] == "application/sdp")
            #expect(response.text == ScriptedCallService.restartAnswer)
            #expect(await gateway.calls.restarts == [RunningGateway.offer])
            let preflight = try await gateway.http.send("OPTIONS", location, body: nil)
            #expect(preflight.headers["access-control-allow-methods"]?.contains("PATCH") == true)
        }
    }

    @Test("A restart that is not one gets the error body, and the call can still be hung up")
    func refusedRestarts() async throws {
        try await RunningGateway.with { gateway in
            let location = try #require(try await gateway.place().headers["location"])
            let form = try await gateway.restart(location, type: "multipart/form-data; boundary=x")
            #expect(form.status == 415)
            let empty = try await gateway.restart(location, " \r\n")
            #expect(empty.status == 400)
            #expect(empty.error["code"] as? String == "missing_sdp")
            for (failure, code) in [
                (CallError.badOffer("no"), "invalid_sdp"), (.badRestart("no"), "invalid_restart"),
            ] {
                await gateway.calls.fail(with: failure)
                let response = try await gateway.restart(location)
                #expect(response.status == 400)
                #expect(response.error["code"] as? String == code)
                #expect(response.error["param"] as? String == "sdp")
            }
            #expect(try await gateway.http.send("POST", location + "/hangup", body: []).status == 200)
            #expect(try await gateway.restart(location).status == 404)
        }
    }

    @Test("A call is restarted by who may reach it: with no key 401, under an unknown or malformed name 404")
    func restartAccess() async throws {
        try await RunningGateway.with(["--auth-keys", "one,two"]) { gateway in
            let place = try await gateway.place([
                ("Content-Type", "application/sdp"), ("Authorization", "Bearer one"),
            ])
            let location = try #require(place.headers["location"])
            #expect(try await gateway.restart(location).status == 401)
            #expect(try await gateway.restart(location, key: "three").status == 401)
            #expect(try await gateway.restart(location, key: "one").status == 200)
            for name in [CallID.random().rawValue, "rtc_", "rtc_%00%ff"] {
                let response = try await gateway.restart("/v1/realtime/calls/\(name)", key: "one")
                #expect(response.status == 404)
                #expect(response.error["code"] as? String == "call_not_found")
            }
        }
    }

    @Test("Hanging up a running call answers 200 with an empty body, and 404 the second time")
    func hangUp() async throws {
        try await RunningGateway.with { gateway in
            let location = try #require(try await gateway.place().headers["location"])
            let first = try await gateway.http.send("POST", location + "/hangup", body: [])
            #expect(first.status == 200)
            #expect(first.body.isEmpty)
            #expect(first.headers["content-length"] == "0")
            let second = try await gateway.http.send("POST", location + "/hangup", body: [])
            #expect(second.status == 404)
            #expect(second.error["code"] as? String == "call_not_found")
        }
    }

    @Test("Hanging up an unknown or malformed name answers 404 and asks nobody for the malformed one")
    func hangUpUnknown() async throws {
        try await RunningGateway.with { gateway in
            let unknown = CallID.random().rawValue
            for name in [
                unknown, "rtc_", "rtc_short", "call_\(unknown)", "rtc_%00%ff",
                "rtc_" + String(repeating: "a", count: 999),
            ] {
                let response = try await gateway.http.send("POST", "/v1/realtime/calls/\(name)/hangup", body: [])
                #expect(response.status == 404, "\(name)")
                #expect(response.error.count == 4)
            }
            #expect(await gateway.calls.hungUp.map(\.rawValue) == [unknown])
        }
    }

    @Test("Call names are distinct and hold at least 128 random bits")
    func callNames() {
        let names = Set((0..<1000).map { _ in CallID.random().rawValue })
        #expect(names.count == 1000)
        #expect(names.allSatisfy { $0.hasPrefix("rtc_") && $0.utf8.count >= 26 && CallID($0) != nil })
    }
}
