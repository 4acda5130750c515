import Synchronization
package import Tracing

/// 16 and 8 random bytes as lower-case hex (W3C Trace Context §3.2.2).
struct TraceIdentity: Sendable {
    let trace: String
    let span: String

    /// A span of `parent`'s trace, or the first of a new one.
    init(in parent: TraceIdentity?) {
        trace = parent?.trace ?? Self.hex(16)
        span = Self.hex(8)
    }

    private static func hex(_ bytes: Int) -> String {
        (0..<bytes).map { _ in
            let byte = UInt8.random(in: .min ... .max)
            return (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}

private enum IdentityKey: ServiceContextKey {
    typealias Value = TraceIdentity
}

extension ServiceContext {
    var identity: TraceIdentity? {
        get { self[IdentityKey.self] }
        set { self[IdentityKey.self] = newValue }
    }
}

/// One span; given to its exporter when it ends.
package final class OTLPSpan: Tracing.Span {
    /// What a span has when it has ended.
    struct Record: Sendable {
        let identity: TraceIdentity
        let parent: String?
        var name: String
        let startNanoseconds: UInt64
        var endNanoseconds: UInt64
        var attributes = SpanAttributes()
        var events: [SpanEvent] = []
        var isError = false
    }

    package let context: ServiceContext
    private let record: Mutex<Record?>
    private let export: @Sendable (Record) -> Void

    init(
        _ name: String, in parent: ServiceContext, startNanoseconds: UInt64,
        export: @escaping @Sendable (Record) -> Void
    ) {
        let identity = TraceIdentity(in: parent.identity)
        var context = parent
        context.identity = identity
        self.context = context
        self.export = export
        record = Mutex(
            Record(
                identity: identity, parent: parent.identity?.span, name: name, startNanoseconds: startNanoseconds,
                endNanoseconds: startNanoseconds))
    }

    package var isRecording: Bool { record.withLock { $0 != nil } }

    package var operationName: String {
        get { record.withLock { $0?.name ?? "" } }
        set { record.withLock { $0?.name = newValue } }
    }

    package var attributes: SpanAttributes {
        get { record.withLock { $0?.attributes ?? [:] } }
        set { record.withLock { $0?.attributes = newValue } }
    }

    package func setStatus(_ status: SpanStatus) { record.withLock { $0?.isError = status.code == .error } }

    package func addEvent(_ event: SpanEvent) { record.withLock { $0?.events.append(event) } }

    /// Of an error no more is told than its kind: what it says may hold somebody's words.
    package func recordError<Instant: TracerInstant>(
        _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant
    ) {
        addEvent(SpanEvent(name: "\(type(of: error))", at: instant(), attributes: attributes))
    }

    /// Spans of ours stand in one tree; links between trees are not exported.
    package func addLink(_ link: SpanLink) {}

    package func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        let ended = record.withLock { record in
            defer { record = nil }
            return record
        }
        guard var ended else { return }
        ended.endNanoseconds = max(ended.startNanoseconds, instant().nanosecondsSinceEpoch)
        export(ended)
    }
}
