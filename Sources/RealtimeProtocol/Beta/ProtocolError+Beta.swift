extension ProtocolError {
    /// The same with the names of the beta dialect, in `param` and where the message quotes it.
    package var inBetaNames: ProtocolError {
        guard let param else { return self }
        let flat = Self.flat(param)
        guard flat != param else { return self }
        var error = self
        error.param = flat
        let parts = message.split(separator: "'\(param)'", maxSplits: 1, omittingEmptySubsequences: false)
        error.message = parts.joined(separator: "'\(flat)'")
        return error
    }

    private static func flat(_ param: String) -> String {
        for (root, fields) in [("session.", BetaFields.session), ("response.", BetaFields.response)]
        where param.utf8.starts(with: root.utf8) {
            return root + fields.flatPath(String(param.dropFirst(root.count)))
        }
        return BetaFields.session.flatPath(param)
    }
}
