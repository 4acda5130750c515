extension GatewayConfiguration {
    /// What is kept of sessions.
    package struct Journal: Sendable {
        /// Nil: nothing.
        package var directory: String?
        package var retention: Duration

        init(_ values: inout ConfigurationValues) {
            directory = values.text("journal.directory")
            retention = .seconds(3_600 * values.integer("journal.retention-hours"))
        }
    }
}
