import HTTPTypes
import Hummingbird
import Metrics

/// Counts of answered requests and their durations.
struct HTTPMetrics: Sendable {
    let factory: any MetricsFactory

    private static let methods: Set<HTTPRequest.Method> = [.get, .head, .post, .options, .put, .delete, .patch]

    func count(
        _ method: HTTPRequest.Method, route: String, _ status: HTTPResponse.Status, took duration: Duration
    ) {
        let method = Self.methods.contains(method) ? method.rawValue : "other"
        Counter(
            label: "gateway_http_requests",
            dimensions: [("method", method), ("route", route), ("status", String(status.code))], factory: factory
        ).increment()
        Timer(
            label: "gateway_http_request_seconds", dimensions: [("route", route)],
            preferredDisplayUnit: .seconds, factory: factory
        ).record(duration: duration)
    }
}
