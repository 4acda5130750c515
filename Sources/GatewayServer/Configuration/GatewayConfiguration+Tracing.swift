extension GatewayConfiguration {
    /// Where traces go.
    package struct Tracing: Sendable {
        /// Of a collector that takes OTLP over HTTP; nil: nowhere.
        package var url: String?

        init(_ values: inout ConfigurationValues) {
            url = values.text("tracing.otlp-url")
        }
    }
}
