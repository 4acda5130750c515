import AsyncHTTPClient
package import Logging
import Metrics
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle
import Synchronization
package import Tracing

/// A tracer whose spans go to a collector by OTLP over HTTP, in JSON; each batch once, and what it does not take is counted.
package final class OTLPExporter: Service, Tracer {
    private static let interval = Duration.seconds(2)
    private static let timeout = TimeAmount.seconds(5)
    private static let maxWaiting = 8_192

    private let address: String
    private let log: Logger
    private let waiting = Mutex<[OTLPSpan.Record]>([])
    private let sent = Counter(label: "gateway_trace_spans_total", dimensions: [("outcome", "sent")])
    private let dropped = Counter(label: "gateway_trace_spans_total", dimensions: [("outcome", "dropped")])

    /// - Parameter url: of the collector, without `/v1/traces`.
    package init(_ url: String, logger: Logger) {
        address = (url.hasSuffix("/") ? String(url.dropLast()) : url) + "/v1/traces"
        log = logger
    }

    // MARK: Tracer

    package func startSpan<Instant: TracerInstant>(
        _ operationName: String, context: @autoclosure () -> ServiceContext, ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant, function: String, file fileID: String, line: UInt
    ) -> OTLPSpan {
        OTLPSpan(operationName, in: context(), startNanoseconds: instant().nanosecondsSinceEpoch) { [self] in add($0) }
    }

    package func forceFlush() {}

    /// Nothing comes from or goes to other services yet.
    package func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
    ) where Extract.Carrier == Carrier {}

    package func inject<Carrier, Inject: Injector>(
        _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
    ) where Inject.Carrier == Carrier {}

    private func add(_ span: OTLPSpan.Record) {
        let fits = waiting.withLock { waiting in
            guard waiting.count < Self.maxWaiting else { return false }
            waiting.append(span)
            return true
        }
        if !fits { dropped.increment() }
    }

    // MARK: Service

    package func run() async throws {
        var configuration = HTTPClient.Configuration()
        // Else each export made a span of its own, and that another export.
        configuration.tracing.tracer = nil
        let client = HTTPClient(eventLoopGroup: .singletonMultiThreadedEventLoopGroup, configuration: configuration)
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                // Spans go in batches. Cancelled at the stop.
                try? await Task.sleep(for: Self.interval)
                await self.flush(client)
            }
        }
        try await client.shutdown()
    }

    private func flush(_ client: HTTPClient) async {
        let spans = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        guard !spans.isEmpty else { return }
        do {
            var request = HTTPClientRequest(url: address)
            request.method = .POST
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(OTLPRequest.body(spans))
            let answer = try await client.execute(request, timeout: Self.timeout)
            guard (200..<300).contains(answer.status.code) else { throw Refusal(status: answer.status.code) }
            sent.increment(by: spans.count)
        } catch {
            dropped.increment(by: spans.count)
            log.warning("The collector of traces does not take them", metadata: ["error": "\(error)"])
        }
    }

    private struct Refusal: Error {
        let status: UInt
    }
}
