extension GatewayConfiguration {
    /// What is kept of sessions.
    package struct Journal: Sendable {
        /// Nil: nothing.
        package var directory: String?
        package var retention: Duration
        /// Both sides' sound too.
        package var keepsSound: Bool

        init(_ values: inout ConfigurationValues) {
            directory = values.text("journal.directory")
            retention = .seconds(3_600 * values.integer("journal.retention-hours"))
            keepsSound = values.flag("journal.audio")
            if keepsSound, directory == nil {
                values.refuse("journal.audio", "needs journal.directory, where the sound is kept")
            }
        }
    }
}
