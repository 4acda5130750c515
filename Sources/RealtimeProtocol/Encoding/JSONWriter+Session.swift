/// The secret of a session made over HTTP, as the legacy session objects carry it inside.
package struct ClientSecret: Equatable, Sendable {
    /// `ek_…`
    package var value: String
    /// Unix seconds.
    package var expiresAt: Int

    package init(value: String, expiresAt: Int) {
        self.value = value
        self.expiresAt = expiresAt
    }
}

extension JSONWriter {
    /// A session as a value: the whole effective configuration (RT-053, RT-080).
    ///
    /// - Parameter secret: written inside, in the beta dialect alone.
    package mutating func session(_ session: Session, _ dialect: Dialect, secret: ClientSecret? = nil) {
        object { $0.members(of: session, dialect, secret: secret) }
    }

    /// A session with the credentials of its MCP servers, for the inside of a client secret, which no client can read.
    package mutating func sealedSession(_ configuration: SessionConfiguration) {
        let session = Session(id: SessionID(""), expiresAt: 0, configuration: configuration)
        object {
            switch configuration.kind {
            case .realtime: $0.realtimeMembers(of: session, withCredentials: true)
            case .transcription: $0.transcriptionMembers(of: session)
            }
        }
    }

    mutating func members(of session: Session, _ dialect: Dialect, secret: ClientSecret?) {
        switch (dialect, session.configuration.kind) {
        case (.current, .realtime): realtimeMembers(of: session)
        case (.current, .transcription): transcriptionMembers(of: session)
        case (.beta, .realtime): betaMembers(of: session)
        case (.beta, .transcription): betaTranscriptionMembers(of: session)
        }
        guard dialect == .beta, let secret else { return }
        object("client_secret") {
            $0.member("value", secret.value)
            $0.member("expires_at", secret.expiresAt)
        }
    }

    private mutating func realtimeMembers(of session: Session, withCredentials: Bool = false) {
        let configuration = session.configuration
        member("type", "realtime")
        member("object", "realtime.session")
        member("id", session.id.rawValue)
        member("model", configuration.model)
        member("output_modalities", [configuration.outputModality.rawValue])
        modelMembers(of: configuration, servers: configuration.servers, withCredentials: withCredentials)
        maxOutputTokens("max_output_tokens", configuration.maxOutputTokens)
        truncation(configuration.truncation)
        member("prompt", .null)
        member("expires_at", session.expiresAt)
        object("audio") {
            $0.object("input") { $0.input(configuration.input, .realtime) }
            $0.object("output") {
                $0.format("format", configuration.output.format)
                $0.member("voice", configuration.output.voice.wireName)
                $0.member("speed", configuration.output.speed)
            }
        }
        include(configuration.include)
    }

    private mutating func transcriptionMembers(of session: Session) {
        member("type", "transcription")
        member("object", "realtime.transcription_session")
        member("id", session.id.rawValue)
        member("expires_at", session.expiresAt)
        object("audio") { $0.object("input") { $0.input(session.configuration.input, .transcription) } }
        include(session.configuration.include)
    }

    /// What both dialects say about the model in the same words; the beta one knows no MCP servers.
    mutating func modelMembers(
        of configuration: SessionConfiguration, servers: [MCPTool] = [], withCredentials: Bool = false
    ) {
        member("instructions", configuration.instructions)
        name("tools")
        tools(configuration.tools, servers, withCredentials: withCredentials)
        toolChoice(configuration.toolChoice)
        member("parallel_tool_calls", ifAny: configuration.parallelToolCalls)
        if let effort = configuration.reasoningEffort {
            object("reasoning") { $0.member("effort", effort.rawValue) }
        }
        member("tracing", configuration.tracing)
    }

    /// Functions first.
    private mutating func tools(_ functions: [Tool], _ servers: [MCPTool], withCredentials: Bool) {
        let writers: [(inout JSONWriter) -> Void] =
            functions.map { tool in { $0.tool(tool) } }
            + servers.map { server in { $0.tool(server, withCredentials: withCredentials) } }
        array(writers) { $1(&$0) }
    }

    private mutating func tool(_ tool: Tool) {
        object {
            $0.member("type", "function")
            $0.member("name", tool.name)
            $0.member("description", ifAny: tool.description)
            if let parameters = tool.parameters { $0.member("parameters", parameters) }
        }
    }

    private mutating func toolChoice(_ choice: ToolChoice) {
        switch choice {
        case .auto: member("tool_choice", "auto")
        case .none: member("tool_choice", "none")
        case .required: member("tool_choice", "required")
        case .function(let name):
            object("tool_choice") {
                $0.member("type", "function")
                $0.member("name", name)
            }
        case .mcp(let label, let name):
            object("tool_choice") {
                $0.member("type", "mcp")
                $0.member("server_label", label)
                $0.member("name", ifAny: name)
            }
        }
    }

    mutating func maxOutputTokens(_ name: StaticString, _ limit: MaxOutputTokens) {
        switch limit {
        case .infinite: member(name, "inf")
        case .tokens(let tokens): member(name, tokens)
        }
    }

    private mutating func truncation(_ truncation: Truncation) {
        switch truncation {
        case .auto: member("truncation", "auto")
        case .disabled: member("truncation", "disabled")
        case .retention(let ratio, let postInstructions):
            object("truncation") {
                $0.member("type", "retention_ratio")
                $0.member("retention_ratio", ratio)
                if let postInstructions {
                    $0.object("token_limits") { $0.member("post_instructions", postInstructions) }
                }
            }
        }
    }

    mutating func include(_ include: [String]?) {
        if let include { member("include", include) } else { member("include", .null) }
    }
}
