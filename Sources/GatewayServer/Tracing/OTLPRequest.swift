import RealtimeProtocol
import Tracing

/// Spans as an export request in OTLP's JSON (opentelemetry-proto, `ExportTraceServiceRequest`): what `POST /v1/traces` of a collector
/// takes.
enum OTLPRequest {
    static func body(_ spans: [OTLPSpan.Record]) -> [UInt8] {
        var json = JSONWriter(capacity: 512 * spans.count + 256)
        json.object {
            $0.array("resourceSpans", [spans]) { json, spans in
                json.object {
                    $0.object("resource") {
                        $0.array("attributes", [("service.name", "parley")]) { $0.attribute($1.0, text: $1.1) }
                    }
                    $0.array("scopeSpans", [spans]) { json, spans in
                        json.object {
                            $0.object("scope") { $0.member("name", "parley") }
                            $0.array("spans", spans) { $0.span($1) }
                        }
                    }
                }
            }
        }
        return json.bytes
    }
}

extension JSONWriter {
    fileprivate mutating func span(_ span: OTLPSpan.Record) {
        object {
            $0.member("traceId", span.identity.trace)
            $0.member("spanId", span.identity.span)
            $0.member("parentSpanId", ifAny: span.parent)
            $0.member("name", span.name)
            // Internal.
            $0.member("kind", 1)
            $0.member("startTimeUnixNano", String(span.startNanoseconds))
            $0.member("endTimeUnixNano", String(span.endNanoseconds))
            $0.attributes(span.attributes)
            $0.array("events", span.events) { json, event in
                json.object {
                    $0.member("timeUnixNano", String(event.nanosecondsSinceEpoch))
                    $0.member("name", event.name)
                    $0.attributes(event.attributes)
                }
            }
            if span.isError { $0.object("status") { $0.member("code", 2) } }
        }
    }

    private mutating func attributes(_ attributes: SpanAttributes) {
        var list: [(String, SpanAttribute)] = []
        // swift-format-ignore: ReplaceForEachWithForLoop, they are no sequence
        attributes.forEach { list.append(($0, $1)) }
        array("attributes", list) { $0.attribute($1.0, $1.1) }
    }

    private mutating func attribute(_ name: String, _ value: SpanAttribute) {
        switch value {
        case .int64(let number): attribute(name) { $0.member("intValue", String(number)) }
        case .int32(let number): attribute(name) { $0.member("intValue", String(number)) }
        case .bool(let value): attribute(name) { $0.member("boolValue", value) }
        case .double(let number): attribute(name) { $0.member("doubleValue", number) }
        case .string(let text): attribute(name, text: text)
        default: attribute(name, text: "\(value)")
        }
    }

    fileprivate mutating func attribute(_ name: String, text: String) {
        attribute(name) { $0.member("stringValue", text) }
    }

    private mutating func attribute(_ name: String, _ value: (inout JSONWriter) -> Void) {
        object {
            $0.member("key", name)
            $0.object("value", value)
        }
    }
}
