/// The table of keys as text for people: `parley serve --help` and docs/configuration.md.
package enum ConfigurationReference {
    /// One paragraph per key, for a terminal.
    package static var help: String {
        ConfigurationKey.all.map { key in
            "  \(key.flag) <\(placeholder(key))>  (default: \(defaultText(key)))\n      \(key.doc)"
        }.joined(separator: "\n")
    }

    /// The whole of docs/configuration.md.
    package static var markdown: String {
        """
        # Configuration

        Every key may be given as a flag, as an environment variable or in one YAML file (`--config FILE`, `PARLEY_CONFIG`, or
        `parley.yaml` in the working directory); flags win over the environment, that over the file, that over the default.
        Lists are separated by commas in flags and variables and are YAML lists in the file. Unknown keys and bad values stop the
        start with exit code \(ConfigurationError.exitCode) and a message that names the key and where it came from.

        `parley config-keys` prints this page; a test compares the two.

        | key | type | default | meaning |
        | --- | --- | --- | --- |

        """
            + ConfigurationKey.all.map { key in
                "| `\(key.name)` | \(key.kind.description) | \(defaultText(key)) | \(key.doc) |\n"
            }.joined()
                + """

                The flag and the variable follow from the key: `http.allowed-hosts` is `--http-allowed-hosts` and
                `PARLEY_HTTP_ALLOWED_HOSTS`, and in the file

                ```yaml
                http:
                  port: 8080
                  allowed-hosts: [gateway.example]
                ```

                """
    }

    private static func placeholder(_ key: ConfigurationKey) -> String {
        switch key.kind {
        case .text: "text"
        case .integer: "number"
        case .flag: "true|false"
        case .list: "a,b,…"
        }
    }

    private static func defaultText(_ key: ConfigurationKey) -> String {
        switch key.defaultValue {
        case .text(let text): text
        case .integer(let number): String(number)
        case .flag(let on): String(on)
        case .list(let list): list.isEmpty ? "none" : list.joined(separator: ",")
        case .absent: "none"
        }
    }
}
