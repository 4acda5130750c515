import Metrics

/// Counts of refused keys and of client secrets made.
struct AuthMetrics: Sendable {
    private let factory: any MetricsFactory

    init(factory: any MetricsFactory) {
        self.factory = factory
    }

    /// `cause`: `missing`, `unknown`, `not_allowed`, or a `ClientSecrets.Refusal`.
    func failed(_ cause: String) {
        Counter(label: "gateway_auth_failures_total", dimensions: [("cause", cause)], factory: factory).increment()
    }

    /// `endpoint`: the last part of its path.
    func issued(_ endpoint: String) {
        Counter(label: "gateway_client_secrets_total", dimensions: [("endpoint", endpoint)], factory: factory)
            .increment()
    }
}
