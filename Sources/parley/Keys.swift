import ArgumentParser
import GatewayServer

/// Makes keys for clients.
struct Keys: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make keys for clients.", subcommands: [Create.self])

    /// Prints a new key; nothing is stored.
    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a new API key and how to configure it. Nothing is stored.")

        func run() {
            let key = APIKeys.makeKey()
            print(
                """
                \(key)

                Give it to the server, in one of these ways, and to the client as its API key:
                  a line in the file of auth.keys-file   parley serve --auth-keys-file FILE
                  in the environment                     PARLEY_AUTH_KEYS=\(key) parley serve
                  in parley.yaml                         auth: {keys: [\(key)]}
                """)
        }
    }
}
