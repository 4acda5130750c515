import RealtimeProtocol
import SessionEngine

/// Writes effects as lines a person can check against the contract. Names the session made become `$item1`, `$resp1`,
/// `$call1`, counted as they are met, so that the lines do not depend on the seed.
struct EffectText {
    private var aliases: [String: String] = [:]
    private var actual: [String: String] = [:]
    private var counts: [String: Int] = [:]
    private var shown: [String: String]

    init(initial: Session) { shown = Self.fields(of: initial) }

    /// What an alias in a script stands for.
    func resolve(_ text: String) -> String {
        // The longest first, so that `$item1` does not eat the head of `$item12`.
        actual.keys.sorted { $0.count > $1.count }.reduce(text) { $0.replacing($1, with: actual[$1] ?? $1) }
    }

    mutating func line(_ effect: SessionEffect) -> String {
        switch effect {
        case .emit(let event, let audience):
            switch audience {
            case .everyone: return line(event)
            case .only(let transport): return line(event) + " @\(transport.rawValue)"
            case .allOf(let kind): return line(event) + " @\(kind)"
            }
        case .emitRetrieved(let item, let transport):
            return "conversation.item.retrieved \(show(item)) @\(transport.rawValue)"
        case .hold: return "! hold"
        case .replay(let transport): return "! replay to \(transport.rawValue)"
        case .sayAgain(let generation, let heard, let stretches):
            return "! say again g\(generation.rawValue) after \(heard) samples:"
                + stretches.map { " \(show($0.part)) from \($0.from)" }.joined()
        case .configureInput(let settings):
            let noise = settings.noiseReduction.map { " " + $0.kind.rawValue } ?? ""
            return "! input \(settings.format.rawValue)\(settings.detectsVoice ? " vad" : "")\(noise)"
        case .clearInput(let position): return "! clear input before \(position.ms)ms"
        case .keepAudio(let item, let index, let range):
            return "! keep \(alias(item))/\(index) \(range.lowerBound.ms)-\(range.upperBound.ms)ms"
        case .storeAudio(let item, let index, let bytes): return "! store \(alias(item))/\(index) \(bytes.count) bytes"
        case .cutAudio(let item, let index, let samples):
            return "! cut \(alias(item))/\(index) to \(samples) samples"
        case .dropAudio(let item): return "! drop \(alias(item))"
        case .scoreTurn(let range, let since, let pauseMs):
            let (start, end) = (range.lowerBound.ms, range.upperBound.ms)
            return "! score \(start)-\(end)ms silent since \(since.ms)ms as of \(pauseMs)ms"
        case .recognise(let request, _):
            let since = request.silentSince.map { " silent since \($0.ms)ms" } ?? ""
            let (start, end) = (request.range.lowerBound.ms, request.range.upperBound.ms)
            return "! recognise \(alias(request.item)) \(start)-\(end)ms\(since)"
        case .transcribe(let request): return line(request)
        case .cancelTranscription(let item): return "! cancel transcription \(alias(item))"
        case .prepare(let request): return "! prepare \(show(request))"
        case .speculate(let generation, let request): return "! speculate g\(generation.rawValue) \(show(request))"
        case .settleSpeculation(let generation, let outcome): return "! speculation g\(generation.rawValue) \(outcome)"
        case .startResponse(let generation, let request): return "! start g\(generation.rawValue) \(show(request))"
        case .speak(let generation, let speech):
            let speed = speech.speed == 1 ? "" : " x\(speech.speed)"
            return "! speak g\(generation.rawValue) c\(speech.clause) \"\(speech.text)\"\(show(speech.voice))\(speed)"
        case .deliver(let generation, let chunk, let part, let format):
            return "! deliver g\(generation.rawValue) #\(chunk) \(alias(part.item.item)) \(format.rawValue)"
        case .discardAudio(let generation): return "! discard g\(generation.rawValue)"
        case .cancel(let generation): return "! free g\(generation.rawValue)"
        case .giveUp(let generation, let stage): return "! give up g\(generation.rawValue) \(stage)"
        case .listTools(let item, let server): return "! list tools \(alias(item)) \(show(server))"
        case .callTool(let item, let server, let name, let arguments):
            return "! call tool \(alias(item)) \(server.label) \(name)(\(arguments))"
        case .cancelTool(let item): return "! cancel tool \(alias(item))"
        case .account(let usage): return "! account \(show(usage))"
        case .accountTranscription(let usage): return "! account \(show(usage))"
        case .close(let transport, let reason): return "! close \(transport.rawValue) \(reason)"
        case .closed(let reason): return "! closed \(reason)"
        }
    }

    private mutating func line(_ request: TranscriptionRequest) -> String {
        let source =
            switch request.source {
            case .input(let range): "\(range.lowerBound.ms)-\(range.upperBound.ms)ms"
            case .item: "as stored"
            }
        let model = request.configuration.map { " \($0.model ?? "-")" } ?? ""
        return "! transcribe \(alias(request.item))/\(request.contentIndex) \(source)\(model)"
    }

    private mutating func line(_ event: ServerEvent) -> String {
        switch event {
        case .error(let error): return "error \(show(error))"
        case .sessionCreated(let session, let offer):
            let replay = offer?.replay.map { " after \($0.events) events\($0.isComplete ? "" : " of more")" } ?? ""
            return "session.created" + changes(session) + (offer.map { " resume by \($0.token) in \($0.grace)" } ?? "")
                + replay
        case .sessionUpdated(let session): return "session.updated" + changes(session)
        case .conversationCreated(let id): return "conversation.created \(id.rawValue)"
        case .conversationItemAdded(let item, let previous):
            return "conversation.item.added \(show(item)) after \(alias(previous))"
        case .conversationItemDone(let item, let previous):
            return "conversation.item.done \(show(item)) after \(alias(previous))"
        case .conversationItemRetrieved(let item): return "conversation.item.retrieved \(show(item))"
        case .conversationItemDeleted(let id): return "conversation.item.deleted \(alias(id))"
        case .conversationItemTruncated(let id, let index, let endMs):
            return "conversation.item.truncated \(alias(id))/\(index) \(endMs)ms"
        case .inputAudioTranscriptionDelta(let id, let index, let delta):
            return "transcription.delta \(alias(id))/\(index) \"\(delta)\""
        case .inputAudioTranscriptionCompleted(let id, let index, let transcript, let usage):
            return "transcription.completed \(alias(id))/\(index) \"\(transcript)\" \(show(usage))"
        case .inputAudioTranscriptionFailed(let id, let index, let error):
            return "transcription.failed \(alias(id))/\(index) \(show(error))"
        case .inputAudioBufferCommitted(let id, let previous):
            return "input_audio_buffer.committed \(alias(id)) after \(alias(previous))"
        case .inputAudioBufferCleared: return "input_audio_buffer.cleared"
        case .inputAudioBufferSpeechStarted(let id, let ms):
            return "input_audio_buffer.speech_started \(alias(id)) \(ms)ms"
        case .inputAudioBufferSpeechStopped(let id, let ms):
            return "input_audio_buffer.speech_stopped \(alias(id)) \(ms)ms"
        case .inputAudioBufferTimeoutTriggered(let id, let start, let end):
            return "input_audio_buffer.timeout_triggered \(alias(id)) \(start)-\(end)ms"
        default: return responseLine(event)
        }
    }

    private mutating func responseLine(_ event: ServerEvent) -> String {
        switch event {
        case .responseCreated(let response): return "response.created \(show(response))"
        case .responseDone(let response): return "response.done \(show(response))"
        case .outputItemAdded(let id, let index, let item):
            return "response.output_item.added \(alias(id))[\(index)] \(show(item))"
        case .outputItemDone(let id, let index, let item):
            return "response.output_item.done \(alias(id))[\(index)] \(show(item))"
        case .contentPartAdded(let part, let modality): return "response.content_part.added \(show(part)) \(modality)"
        case .contentPartDone(let part, let modality, let text):
            return "response.content_part.done \(show(part)) \(modality) \"\(text)\""
        case .outputTextDelta(let part, let text): return "response.output_text.delta \(show(part)) \"\(text)\""
        case .outputTextDone(let part, let text): return "response.output_text.done \(show(part)) \"\(text)\""
        case .outputAudioTranscriptDelta(let part, let text, let words):
            let times = words.map { " \($0.text):\($0.startMs)-\($0.endMs)" }.joined()
            return "response.output_audio_transcript.delta \(show(part)) \"\(text)\"\(times)"
        case .outputAudioTranscriptDone(let part, let text):
            return "response.output_audio_transcript.done \(show(part)) \"\(text)\""
        case .outputAudioDelta(let part, let bytes):
            return "response.output_audio.delta \(show(part)) \(bytes.count) bytes"
        case .outputAudioDone(let part): return "response.output_audio.done \(show(part))"
        case .functionCallArgumentsDelta(let item, let call, let text):
            return "response.function_call_arguments.delta \(show(item)) \(alias(call)) '\(text)'"
        case .functionCallArgumentsDone(let item, let call):
            return "response.function_call_arguments.done \(show(item)) \(show(call))"
        case .mcpListTools(let progress, let id, let error):
            return "mcp_list_tools.\(progress.rawValue) \(alias(id))" + (error.map { " '\($0.message)'" } ?? "")
        case .mcpCallArgumentsDelta(let item, let text):
            return "response.mcp_call_arguments.delta \(show(item)) '\(text)'"
        case .mcpCallArgumentsDone(let item, let text):
            return "response.mcp_call_arguments.done \(show(item)) '\(text)'"
        case .mcpCall(let progress, let item): return "response.mcp_call.\(progress.rawValue) \(show(item))"
        case .outputAudioBufferStarted(let id): return "output_audio_buffer.started \(alias(id))"
        case .outputAudioBufferStopped(let id): return "output_audio_buffer.stopped \(alias(id))"
        case .outputAudioBufferCleared(let id): return "output_audio_buffer.cleared \(alias(id))"
        case .rateLimitsUpdated(let limits):
            let all = limits.map { "\($0.name.rawValue) \($0.remaining)/\($0.limit) in \($0.resetSeconds)s" }
            return "rate_limits.updated \(all.joined(separator: ", "))"
        default: return "\(event)"
        }
    }

    private mutating func show(_ response: Response) -> String {
        var text = alias(response.id)
        switch response.status {
        case .inProgress: text += " in_progress"
        case .completed: text += " completed"
        case .cancelled(let reason): text += " cancelled(\(reason.rawValue))"
        case .incomplete(let reason): text += " incomplete(\(reason.rawValue))"
        case .failed(let failure): text += " failed(\(failure.type) \(failure.code): \(failure.message))"
        }
        text += " [" + response.output.map { show($0) }.joined(separator: " | ") + "]"
        if response.conversationID == nil { text += " conversation none" }
        if response.outputModality == .text { text += " text" }
        if response.outputFormat != .pcm { text += " \(response.outputFormat.rawValue)" }
        if response.voice != .named("marin") { text += show(response.voice) }
        if case .tokens(let count) = response.maxOutputTokens { text += " max \(count)" }
        if let usage = response.usage { text += " " + show(usage) }
        if let metadata = response.metadata {
            text += " metadata" + metadata.members.map { " \($0.name)=\(Self.text($0.value))" }.joined()
        }
        return text
    }

    private mutating func show(_ item: Item) -> String {
        var text = alias(item.id)
        if item.status != .completed { text += " \(item.status.rawValue)" }
        switch item.body {
        case .message(let message):
            text += " \(message.role.rawValue)" + message.content.map { " " + Self.show($0) }.joined()
        case .functionCall(let call): text += " \(show(call))"
        case .functionCallOutput(let output): text += " output \(alias(output.callID)) '\(output.output)'"
        case .mcp(let item): text += " " + show(item)
        }
        return text
    }

    private mutating func show(_ item: MCPItem) -> String {
        switch item {
        case .listTools(let list):
            "mcp \(list.label) [\(list.tools.map(\.name).joined(separator: ","))]"
        case .call(let call): show(call)
        case .approvalRequest(let request): "approve? \(request.label) \(request.name)(\(request.arguments))"
        case .approvalResponse(let response):
            "approve \(alias(response.request)) \(response.approves)" + (response.reason.map { " '\($0)'" } ?? "")
        }
    }

    private mutating func show(_ call: MCPCall) -> String {
        var text = "mcp \(call.label) \(call.name)(\(call.arguments))"
        if let request = call.approvalRequest { text += " approval \(alias(request))" }
        switch call.outcome {
        case .output(let output)?: text += " = '\(output)'"
        case .failed(.protocol(let code, let message))?: text += " protocol error \(code) '\(message)'"
        case .failed(.execution(let message))?: text += " error '\(message)'"
        case .failed(.http(let code, let message))?: text += " http error \(code) '\(message)'"
        case nil: break
        }
        return text
    }

    /// With its credentials, which no event shows.
    private func show(_ server: MCPServer) -> String {
        let key = server.authorization.map { " key \($0.text)" } ?? ""
        return "\(server.label) \(server.url.text)\(key)"
            + server.headers.map { " \($0.name): \($0.value.text)" }.joined()
    }

    private static func show(_ part: ContentPart) -> String {
        switch part {
        case .inputText(let text), .outputText(let text): "\"\(text)\""
        case .inputAudio(let transcript, let audio), .outputAudio(let transcript, let audio):
            "audio(\(transcript.map { "\"\($0)\"" } ?? "null")\(audio.map { ", \($0.count) bytes" } ?? ""))"
        case .inputImage: "image"
        }
    }

    private mutating func show(_ request: ModelRequest) -> String {
        var text = "\"\(request.instructions)\" [" + request.items.map { show($0) }.joined(separator: " | ") + "]"
        if !request.tools.isEmpty { text += " tools \(request.tools.map(\.name).joined(separator: ","))" }
        if request.toolChoice != .auto { text += " choice \(request.toolChoice)" }
        if case .tokens(let count) = request.maxOutputTokens { text += " max \(count)" }
        if request.outputModality == .text { text += " text" }
        if let effort = request.reasoningEffort { text += " effort \(effort.rawValue)" }
        if let parallel = request.parallelToolCalls { text += " parallel \(parallel)" }
        return text
    }

    private mutating func show(_ call: FunctionCall) -> String {
        "\(alias(call.callID)) \(call.name)(\(call.arguments))"
    }
    private mutating func show(_ item: ItemAddress) -> String { "\(alias(item.item))[\(item.outputIndex)]" }
    private mutating func show(_ part: PartAddress) -> String { show(part.item) + "/\(part.contentIndex)" }

    private func show(_ error: ProtocolError) -> String {
        "\(error.kind.rawValue) \(error.code ?? "null") \"\(unresolve(error.message))\""
            + (error.param.map { " param \($0)" } ?? "") + (error.eventID.map { " event \($0)" } ?? "")
    }

    private func show(_ voice: Voice) -> String {
        switch voice {
        case .named("marin"): ""
        case .named(let name): " voice \(name)"
        case .custom(let id): " voice {\(id)}"
        }
    }

    private func show(_ usage: Usage) -> String {
        let cached = usage.cached.total == 0 ? "" : " cached \(Self.show(usage.cached))"
        return "in \(Self.show(usage.input))\(cached) out \(Self.show(usage.output))"
    }

    private static func show(_ details: Usage.Details) -> String {
        "\(details.text)t+\(details.audio)a" + (details.image == 0 ? "" : "+\(details.image)i")
    }

    private func show(_ usage: TranscriptionUsage) -> String {
        switch usage {
        case .duration(let seconds): "\(seconds)s"
        case .tokens(let input, let output): "in \(Self.show(input)) out \(output)"
        }
    }

    private static func text(_ value: JSONValue) -> String {
        var writer = JSONWriter()
        writer.value(value)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    // MARK: Names

    private mutating func alias(_ id: ItemID?) -> String { id.map { alias($0.rawValue, "item") } ?? "-" }
    private mutating func alias(_ id: ResponseID) -> String { alias(id.rawValue, "resp") }
    /// The call of a server's tool has the name of its item.
    private mutating func alias(_ id: FunctionCallID) -> String {
        alias(id.rawValue, id.rawValue.hasPrefix("item_") ? "item" : "call")
    }

    /// Names that clients gave stay as they are: ours have 21 characters after the prefix.
    private mutating func alias(_ id: String, _ prefix: String) -> String {
        guard id.hasPrefix(prefix + "_"), id.count == prefix.count + 22 else { return id }
        if let alias = aliases[id] { return alias }
        counts[prefix, default: 0] += 1
        let alias = "$\(prefix)\(counts[prefix, default: 0])"
        aliases[id] = alias
        actual[alias] = id
        return alias
    }

    private func unresolve(_ text: String) -> String {
        aliases.keys.reduce(text) { $0.replacing($1, with: aliases[$1] ?? $1) }
    }

    // MARK: Sessions

    /// The fields of a session that differ from those shown last.
    private mutating func changes(_ session: Session) -> String {
        let fields = Self.fields(of: session)
        let names = Set(fields.keys).union(shown.keys).sorted()
        let changed = names.filter { fields[$0] != shown[$0] }.map { " \($0)=\(fields[$0] ?? "absent")" }
        shown = fields
        return changed.joined()
    }

    private static func fields(of session: Session) -> [String: String] {
        var writer = JSONWriter()
        writer.session(session, .current)
        var fields: [String: String] = [:]
        func flatten(_ value: JSONValue, _ path: String) {
            if case .object(let object) = value, !object.isEmpty {
                for member in object.members {
                    flatten(member.value, path.isEmpty ? member.name : "\(path).\(member.name)")
                }
            } else {
                fields[path] = text(value)
            }
        }
        if let value = try? JSONParser.parse(writer.bytes) { flatten(value, "") }
        return fields
    }
}
