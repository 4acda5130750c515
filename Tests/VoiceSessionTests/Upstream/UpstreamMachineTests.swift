import AudioPipeline
import RealtimeProtocol
import SessionEngine
import Testing
import VoiceSession

@Suite("Upstream machine: events")
struct UpstreamMachineTests {
    @Test("The client sees the upstream's session under the names it knows")
    func greeting() {
        var scene = UpstreamScene(.webSocket)
        #expect(scene.tell(.connected) == [])
        #expect(scene.upstream(UpstreamScene.created) == [UpstreamScene.shownCreated])
    }

    @Test("What the client configured is the upstream's before the client hears of a session")
    func configuration() {
        var scene = UpstreamScene(.webSocket) { $0.instructions = "Be brief." }
        scene.tell(.connected)
        #expect(
            scene.upstream(UpstreamScene.created) == [
                #"send {"type":"session.update","event_id":"parley_own_1","session":{"instructions":"Be brief.","type":"realtime"}}"#
            ])
        #expect(
            scene.upstream(
                #"{"type":"session.updated","session":{"id":"sess_up","model":"big","instructions":"Be brief."}}"#) == [
                    #"relay {"type":"session.created","event_id":"u1","session":{"id":"sess_ours","model":"mine","instructions":"Be brief.","expires_at":31536000}}"#
                ])
    }

    @Test("A peer's upstream is told the format of its audio, unless it says the same")
    func peerFormats() {
        var scene = UpstreamScene()
        scene.tell(.connected)
        #expect(
            scene.upstream(UpstreamScene.created) == [
                #"send {"type":"session.update","event_id":"parley_own_1","session":{"audio":{"input":{"format":{"type":"audio/pcm","rate":24000}},"output":{"format":{"type":"audio/pcm","rate":24000}}},"type":"realtime"}}"#
            ])
        var other = UpstreamScene()
        other.tell(.connected)
        #expect(other.upstream(UpstreamScene.createdForPeers).count == 1)
    }

    @Test("An event nobody knows is passed on as it came, both ways")
    func unknown() {
        var scene = UpstreamScene.open()
        let odd = #"{ "type" : "some.thing", "n": 1.0e2, "x":[null] }"#
        #expect(scene.client(odd) == ["send " + odd])
        #expect(scene.upstream(odd) == ["relay " + odd])
    }

    @Test("What is asked before there is a connection is sent in its order once there is one")
    func held() {
        var scene = UpstreamScene(.webSocket)
        #expect(scene.client(#"{"type":"input_audio_buffer.append","audio":"AAAA"}"#) == [])
        #expect(scene.client(#"{"type":"input_audio_buffer.commit","event_id":"c1"}"#) == [])
        #expect(scene.client(#"{"type":"response.create","event_id":"c2"}"#) == [])
        scene.tell(.connected)
        #expect(
            scene.upstream(UpstreamScene.created) == [
                UpstreamScene.shownCreated,
                #"send {"type":"input_audio_buffer.append","audio":"AAAA"}"#,
                #"send {"type":"input_audio_buffer.commit","event_id":"c1"}"#,
                #"send {"type":"response.create","event_id":"c2"}"#,
            ])
    }

    @Test("Too much that is asked without a connection is refused, and the session goes on")
    func heldTooLong() {
        var scene = UpstreamScene(.webSocket)
        for _ in 0..<256 { #expect(scene.client(#"{"type":"response.cancel"}"#) == []) }
        #expect(
            scene.client(#"{"type":"response.cancel","event_id":"c9"}"#) == [
                #"tell {"type":"error","event_id":"e","error":{"type":"server_error","code":"engine_overloaded","message":"Too many events wait for the upstream.","param":null,"event_id":"c9"}} to 0"#
            ])
    }

    @Test("A refusal names the client's event, or none where the client gave no name")
    func refusals() {
        var scene = UpstreamScene.open(.webSocket)
        #expect(
            scene.client(#"{"type":"response.create"}"#) == [
                #"send {"type":"response.create","event_id":"parley_lent_1"}"#
            ])
        #expect(
            scene.upstream(#"{"type":"error","error":{"code":"x","event_id":"parley_lent_1"}}"#) == [
                #"relay {"type":"error","error":{"code":"x","event_id":null}}"#
            ])
        let own = #"{"type":"error","error":{"code":"x","event_id":"mine"}}"#
        #expect(scene.upstream(own) == ["relay " + own])
    }

    @Test("A peer's audio is PCM for the upstream, whatever format its client names")
    func formats() {
        var scene = UpstreamScene.open()
        #expect(
            scene.client(
                #"{"type":"session.update","event_id":"c","session":{"audio":{"input":{"format":{"type":"audio/pcmu"},"turn_detection":null}}}}"#
            ) == [
                #"send {"type":"session.update","event_id":"c","session":{"audio":{"input":{"turn_detection":null}}}}"#
            ])
    }

    @Test("Usage of responses and of transcriptions is accounted")
    func usage() {
        var scene = UpstreamScene.open()
        let done =
            #"{"type":"response.done","response":{"id":"r","status":"completed","usage":{"input_tokens":9,"output_tokens":5,"input_token_details":{"text_tokens":4,"audio_tokens":5,"cached_tokens":2},"output_token_details":{"text_tokens":1,"audio_tokens":4}}}}"#
        #expect(scene.upstream(done) == ["relay " + done, "account 9 2 5"])
        let heard =
            #"{"type":"conversation.item.input_audio_transcription.completed","item_id":"i","content_index":0,"transcript":"Hi.","usage":{"type":"duration","seconds":1.5}}"#
        #expect(scene.upstream(heard) == ["account duration(seconds: 1.5)", "relay " + heard])
    }

    @Test("A session of our own length ends as ours, not as the upstream's")
    func expiry() {
        var scene = UpstreamScene(maxDuration: .seconds(60))
        scene.tell(.connected)
        scene.upstream(UpstreamScene.created)
        #expect(
            scene.waitForDeadline() == [
                #"tell {"type":"error","event_id":"e","error":{"type":"invalid_request_error","code":"session_expired","message":"Your session hit the maximum duration of 1 minutes.","param":null,"event_id":null}}"#,
                "disconnect", "close 0 expired", "closed expired",
            ])
        #expect(scene.client(#"{"type":"response.create"}"#) == [])
    }

    @Test("The session ends with its last client, and a sideband is none")
    func departure() {
        var scene = UpstreamScene.open()
        scene.tell(.attached(TransportID(rawValue: 1), .sideband))
        #expect(
            scene.tell(.detached(TransportID(rawValue: 0), .lost)) == [
                "disconnect", "close 1 clientLeft", "closed clientLeft",
            ])
    }

    @Test("Who joins later is told of the session as it is")
    func sideband() {
        var scene = UpstreamScene.open()
        #expect(
            scene.tell(.attached(TransportID(rawValue: 1), .sideband)) == [
                #"relay {"type":"session.created","session":{"id":"sess_ours","model":"mine","audio":{"input":{"format":{"type":"audio/pcm","rate":24000}},"output":{"format":{"type":"audio/pcm","rate":24000}}},"expires_at":31536000}} to 1"#
            ])
    }
}

@Suite("Upstream machine: what was heard")
struct UpstreamPlayoutTests {
    @Test("The user speaks: what is queued is dropped, and the upstream is told what was played")
    func interruption() {
        var scene = UpstreamScene.open()
        scene.answer()
        #expect(
            scene.tell(.played(Generation(1), samples: 480)) == [
                #"tell {"type":"output_audio_buffer.started","event_id":"e","response_id":"r1"} to peer"#
            ])
        #expect(scene.tell(.played(Generation(1), samples: 12_000)) == [])
        let speech = #"{"type":"input_audio_buffer.speech_started","audio_start_ms":900,"item_id":"i2"}"#
        #expect(
            scene.upstream(speech) == [
                "relay " + speech, "discard 1",
                #"tell {"type":"output_audio_buffer.cleared","event_id":"e","response_id":"r1"} to peer"#,
                #"send {"type":"conversation.item.truncate","event_id":"parley_own_1","item_id":"i1","content_index":0,"audio_end_ms":500}"#,
            ])
        // What was on its way is not heard any more.
        #expect(scene.second(3) == ["relay response.output_audio.delta to webSocket", "drop 3"])
        let done = #"{"type":"response.done","response":{"id":"r1","status":"cancelled"}}"#
        #expect(scene.upstream(done) == ["relay " + done])
    }

    @Test("An item that nobody heard is truncated to nothing")
    func unheardItem() {
        var scene = UpstreamScene.open()
        scene.answer()
        scene.second(3, item: "i9")
        scene.tell(.played(Generation(1), samples: 24_000))
        let speech = #"{"type":"input_audio_buffer.speech_started","item_id":"i2"}"#
        #expect(
            scene.upstream(speech).suffix(2) == [
                #"send {"type":"conversation.item.truncate","event_id":"parley_own_1","item_id":"i1","content_index":0,"audio_end_ms":1000}"#,
                #"send {"type":"conversation.item.truncate","event_id":"parley_own_2","item_id":"i9","content_index":0,"audio_end_ms":0}"#,
            ])
    }

    @Test("A session that is not to be interrupted is not")
    func noInterruption() {
        var scene = UpstreamScene.open()
        scene.upstream(
            #"{"type":"session.updated","session":{"audio":{"input":{"turn_detection":{"type":"server_vad","interrupt_response":false}}}}}"#
        )
        scene.answer()
        let speech = #"{"type":"input_audio_buffer.speech_started","item_id":"i2"}"#
        #expect(scene.upstream(speech) == ["relay " + speech])
    }

    @Test("An answer that is played to its end stops")
    func wholeAnswer() {
        var scene = UpstreamScene.open()
        scene.answer()
        let done = #"{"type":"response.done","response":{"id":"r1","status":"completed"}}"#
        #expect(scene.upstream(done) == ["relay " + done, "end 1"])
        #expect(
            scene.tell(.played(Generation(1), samples: 48_000)) == [
                #"tell {"type":"output_audio_buffer.started","event_id":"e","response_id":"r1"} to peer"#,
                #"tell {"type":"output_audio_buffer.stopped","event_id":"e","response_id":"r1"} to peer"#,
            ])
        let speech = #"{"type":"input_audio_buffer.speech_started","item_id":"i2"}"#
        #expect(scene.upstream(speech) == ["relay " + speech])
    }

    @Test("The client clears what is heard: the response that says it is cancelled, and cut to what was played")
    func clear() {
        var scene = UpstreamScene.open()
        scene.answer()
        scene.tell(.played(Generation(1), samples: 4_800))
        #expect(
            scene.client(#"{"type":"output_audio_buffer.clear"}"#) == [
                #"send {"type":"response.cancel","event_id":"parley_own_1","response_id":"r1"}"#, "discard 1",
                #"tell {"type":"output_audio_buffer.cleared","event_id":"e","response_id":"r1"} to peer"#,
                #"send {"type":"conversation.item.truncate","event_id":"parley_own_2","item_id":"i1","content_index":0,"audio_end_ms":200}"#,
            ])
        // The upstream's refusal of such an event is not the client's.
        #expect(
            scene.upstream(#"{"type":"error","error":{"code":"x","event_id":"parley_own_1"}}"#) == ["count refused"])
    }

    @Test("A client on a WebSocket gets audio as it comes, and truncates by itself")
    func webSocket() {
        var scene = UpstreamScene.open(.webSocket)
        scene.answer()
        let speech = #"{"type":"input_audio_buffer.speech_started","item_id":"i2"}"#
        #expect(scene.upstream(speech) == ["relay " + speech])
        let clear = #"{"type":"output_audio_buffer.clear"}"#
        #expect(scene.client(clear) == ["send " + clear])
    }
}

@Suite("Upstream machine: a connection that is lost")
struct UpstreamLossTests {
    private static let failed =
        #"relay {"type":"response.done","response":{"id":"r1","status":"failed","status_details":{"type":"failed","error":{"type":"server_error","code":"engine_unreachable","message":"The upstream broke off in the middle of the answer."}},"output":[{"id":"i1","type":"message","role":"assistant","content":[{"type":"output_audio","transcript":"Hello there."}],"status":"incomplete"}]}}"#

    @Test("An upstream that is cut in an answer is given the conversation anew, and answers again")
    func cut() {
        var scene = UpstreamScene.open()
        scene.upstream(
            #"{"type":"conversation.item.added","previous_item_id":null,"item":{"id":"q1","type":"message","role":"user","content":[{"type":"input_audio","transcript":null}]}}"#
        )
        scene.upstream(
            #"{"type":"conversation.item.input_audio_transcription.completed","item_id":"q1","content_index":0,"transcript":"Hi."}"#
        )
        scene.answer()
        #expect(
            scene.tell(.disconnected) == [
                #"count lost("engine_unreachable")"#,
                #"relay {"type":"response.output_item.done","response_id":"r1","output_index":0,"item":{"id":"i1","type":"message","role":"assistant","content":[{"type":"output_audio","transcript":"Hello there."}],"status":"incomplete"}}"#,
                Self.failed, "end 1", "connect 0",
            ])
        scene.tell(.connected)
        #expect(
            scene.upstream(UpstreamScene.created) == [
                "count resumed",
                #"send {"type":"session.update","event_id":"parley_own_2","session":{"audio":{"input":{"format":{"type":"audio/pcm","rate":24000}},"output":{"format":{"type":"audio/pcm","rate":24000}}}}}"#,
                #"send {"type":"conversation.item.create","event_id":"parley_own_3","item":{"id":"q1","type":"message","role":"user","content":[{"type":"input_text","text":"Hi."}]}}"#,
                #"send {"type":"conversation.item.create","event_id":"parley_own_4","item":{"id":"i1","type":"message","role":"assistant","content":[{"type":"output_text","text":"Hello there."}]}}"#,
                #"send {"type":"response.create","event_id":"parley_own_1"}"#,
            ])
        // Clients know these items.
        #expect(
            scene.upstream(#"{"type":"conversation.item.added","item":{"id":"q1","type":"message","role":"user"}}"#)
                == []
        )
        #expect(scene.upstream(#"{"type":"conversation.item.done","item":{"id":"q1","type":"message"}}"#) == [])
        let again = #"{"type":"response.created","response":{"id":"r2"}}"#
        #expect(scene.upstream(again) == ["relay " + again])
        // One that is cut again is not asked for a third time.
        scene.tell(.disconnected)
        _ = scene.waitForDeadline()
        scene.tell(.connected)
        #expect(!scene.upstream(UpstreamScene.created).contains { $0.contains("response.create") })
    }

    @Test(
        "An answer is carried although the upstream tells of it in its response alone; one beside the conversation is not"
    )
    func answersInResponses() {
        var scene = UpstreamScene.open(.webSocket)
        for (response, conversation) in [("r1", "auto"), ("r2", "none")] {
            scene.client(
                #"{"type":"response.create","event_id":"c","response":{"conversation":"\#(conversation)"}}"#)
            scene.upstream(#"{"type":"response.created","response":{"id":"\#(response)"}}"#)
            scene.upstream(
                #"{"type":"response.output_item.done","response_id":"\#(response)","output_index":0,"item":{"id":"i\#(response)","type":"message","role":"assistant","content":[{"type":"output_text","text":"Yes."}]}}"#
            )
            scene.upstream(#"{"type":"response.done","response":{"id":"\#(response)","status":"completed"}}"#)
        }
        scene.tell(.disconnected)
        scene.tell(.connected)
        #expect(
            scene.upstream(UpstreamScene.created) == [
                "count resumed",
                #"send {"type":"conversation.item.create","event_id":"parley_own_1","item":{"id":"ir1","type":"message","role":"assistant","content":[{"type":"output_text","text":"Yes."}]}}"#,
            ])
    }

    @Test("The upstream's longest session is bridged, with the settings it had")
    func upstreamExpiry() {
        var scene = UpstreamScene.open(.webSocket)
        scene.upstream(
            #"{"type":"session.updated","session":{"type":"realtime","id":"sess_up","object":"realtime.session","expires_at":5,"model":"big","instructions":"Be brief.","prompt":null,"audio":{"input":{"turn_detection":null,"transcription":{"model":"w","language":null}}}}}"#
        )
        #expect(
            scene.upstream(#"{"type":"error","error":{"code":"session_expired","message":"Your session hit…"}}"#) == [
                "disconnect", #"count lost("engine_expired")"#, "connect 0",
            ])
        scene.tell(.connected)
        #expect(
            scene.upstream(UpstreamScene.created) == [
                "count resumed",
                #"send {"type":"session.update","event_id":"parley_own_1","session":{"type":"realtime","instructions":"Be brief.","audio":{"input":{"turn_detection":null,"transcription":{"model":"w"}}}}}"#,
            ])
        #expect(scene.upstream(#"{"type":"session.updated","session":{"id":"other"}}"#) == [])
    }

    @Test("What was asked and not taken up is asked again")
    func unanswered() {
        var scene = UpstreamScene.open(.webSocket)
        let item =
            #"{"type":"conversation.item.create","event_id":"c1","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"Hi"}]}}"#
        scene.client(item)
        scene.client(#"{"type":"response.create","event_id":"c2"}"#)
        scene.upstream(#"{"type":"error","error":{"event_id":"c9"}}"#)
        scene.tell(.disconnected)
        scene.tell(.connected)
        #expect(
            scene.upstream(UpstreamScene.created) == [
                "count resumed", "send " + item, #"send {"type":"response.create","event_id":"c2"}"#,
            ])
    }

    @Test("A word that is being said when the upstream goes is said to the next one")
    func speech() {
        var scene = UpstreamScene.open()
        scene.upstream(#"{"type":"input_audio_buffer.speech_started","item_id":"i2"}"#)
        let append = #"{"type":"input_audio_buffer.append","audio":"AAAA"}"#
        #expect(scene.client(append) == ["send " + append])
        scene.tell(.disconnected)
        #expect(scene.client(append) == [])
        scene.tell(.connected)
        #expect(scene.upstream(UpstreamScene.created).suffix(2) == ["send " + append, "send " + append])
    }

    @Test("An upstream that cannot be reached is given up after its time, in words")
    func unreachable() {
        var scene = UpstreamScene.open()
        let opened = scene.now
        scene.wait(.seconds(10))
        #expect(scene.tell(.disconnected) == [#"count lost("engine_unreachable")"#, "connect 0"])
        var last = scene.tell(.notConnected(.brokenOff))
        var tries = 1
        while last == [#"count lost("engine_unreachable")"#] {
            #expect(scene.waitForDeadline() == ["connect 0"])
            tries += 1
            last = scene.tell(.notConnected(.brokenOff))
        }
        #expect(tries == 11)
        #expect(opened.duration(to: scene.now) <= .seconds(40))
        #expect(
            last == [
                #"count lost("engine_unreachable")"#,
                #"tell {"type":"error","event_id":"e","error":{"type":"server_error","code":"engine_unreachable","message":"The upstream cannot be reached, or broke off.","param":null,"event_id":null}}"#,
                "disconnect", #"close 0 internalError("upstream: engine_unreachable")"#,
                #"closed internalError("upstream: engine_unreachable")"#,
            ])
    }

    @Test("A key that the upstream does not take ends the session, unless there is another endpoint to try")
    func refused() {
        var scene = UpstreamScene()
        scene.tell(.connected)
        let refusal = #"{"type":"error","error":{"type":"invalid_request_error","code":"invalid_api_key"}}"#
        #expect(scene.upstream(refusal).last == #"closed internalError("upstream: engine_unauthorized")"#)
        var other = UpstreamScene(endpoints: 2)
        other.tell(.connected)
        #expect(
            other.upstream(refusal) == ["disconnect", #"count lost("engine_unauthorized")"#, "connect 1"])
    }

    @Test("An upstream that does not greet in time is left")
    func silentUpstream() {
        var scene = UpstreamScene()
        scene.tell(.connected)
        #expect(scene.waitForDeadline() == ["disconnect", #"count lost("engine_unreachable")"#, "connect 0"])
    }
}

extension Generation {
    fileprivate init(_ rawValue: UInt64) { self.init(rawValue: rawValue) }
}
