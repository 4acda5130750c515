import Foundation
import NIOConcurrencyHelpers
import Testing
import Tracing

@testable import GatewayServer

@Suite("Traces by OTLP")
struct OTLPTests {
    @Test("Spans are told with their identities, times, attributes and events in OTLP's JSON, once each")
    func request() throws {
        let ended = NIOLockedValueBox<[OTLPSpan.Record]>([])
        let at = DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: 5_000)
        let root = OTLPSpan("turn", in: .topLevel, startNanoseconds: 1_000) { span in
            ended.withLockedValue { $0.append(span) }
        }
        let child = OTLPSpan("voice", in: root.context, startNanoseconds: 2_000) { span in
            ended.withLockedValue { $0.append(span) }
        }
        child.attributes["tokens"] = 7
        child.attributes["model"] = "m"
        child.setStatus(SpanStatus(code: .error))
        root.addEvent(SpanEvent(name: "error", at: at, attributes: ["code": "c"]))
        child.end(at: at)
        child.end(at: at)
        #expect(!child.isRecording)
        // A clock that went back.
        root.end(at: DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: 10))

        let body = OTLPRequest.body(ended.withLockedValue { $0 })
        let json = try #require(try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
        let resource = try #require((json["resourceSpans"] as? [[String: Any]])?.first)
        let scope = try #require((resource["scopeSpans"] as? [[String: Any]])?.first)
        let spans = try #require(scope["spans"] as? [[String: Any]])
        #expect(spans.map { $0["name"] as? String } == ["voice", "turn"])
        let (voice, turn) = (spans[0], spans[1])
        #expect((voice["traceId"] as? String)?.wholeMatch(of: /[0-9a-f]{32}/) != nil)
        #expect((voice["spanId"] as? String)?.wholeMatch(of: /[0-9a-f]{16}/) != nil)
        #expect(voice["traceId"] as? String == turn["traceId"] as? String)
        #expect(voice["parentSpanId"] as? String == turn["spanId"] as? String)
        #expect(turn["parentSpanId"] == nil)
        #expect(voice["startTimeUnixNano"] as? String == "2000")
        #expect(voice["endTimeUnixNano"] as? String == "5000")
        #expect(turn["endTimeUnixNano"] as? String == "1000")
        #expect((voice["status"] as? [String: Int]) == ["code": 2])
        let attributes = try #require(voice["attributes"] as? [[String: Any]])
        let values = Dictionary(
            uniqueKeysWithValues: attributes.map { ($0["key"] as? String ?? "", $0["value"] as? [String: String]) })
        #expect(values == ["tokens": ["intValue": "7"], "model": ["stringValue": "m"]])
        let events = try #require(turn["events"] as? [[String: Any]])
        #expect(events.map { $0["timeUnixNano"] as? String } == ["5000"])
    }

    @Test("The collector's address is a URL's beginning; any other stops the start with the key's name")
    func address() throws {
        #expect(
            try GatewayConfiguration(arguments: ["--tracing-otlp-url", "http://127.0.0.1:4318"]).tracing.url != nil)
        #expect {
            try GatewayConfiguration(arguments: ["--tracing-otlp-url", "collector"])
        } throws: { "\($0)".hasPrefix("tracing.otlp-url") }
    }
}
