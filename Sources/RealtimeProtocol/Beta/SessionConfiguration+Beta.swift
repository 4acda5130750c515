extension SessionConfiguration {
    /// The flat body of `POST /v1/realtime/sessions` or `/v1/realtime/transcription_sessions`; errors have its names.
    package init(
        parsingBeta object: JSONObject, kind: Kind, defaultModel: String
    ) throws(ProtocolError) {
        var current = BetaFields.session.current(object)
        current["type"] = .string(kind.rawValue)
        do throws(ProtocolError) {
            try self.init(parsing: current, defaultModel: defaultModel, path: "")
        } catch {
            throw error.inBetaNames
        }
    }
}
