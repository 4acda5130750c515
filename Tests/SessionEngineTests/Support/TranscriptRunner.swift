import Foundation
import RealtimeProtocol
import SessionEngine

/// Plays the inputs of a transcript to a machine.
struct TranscriptRunner {
    /// A line of a script that means nothing.
    struct Unreadable: Error, CustomStringConvertible {
        let description: String
    }

    private let start = ContinuousClock.now
    private var machine: SessionMachine
    private var text: EffectText
    private var position = AudioPosition(rawValue: 0)
    private var scored = AudioPosition(rawValue: 0)
    private var recognised = AudioPosition(rawValue: 0)
    private var blocks: [UInt64: Int] = [:]
    private var waiting: [UInt64: [SpeechRequest]] = [:]
    private let checker: InvariantCheck

    /// The effects of each step, as lines.
    static func run(_ transcript: Transcript) throws -> [[String]] {
        var runner = try TranscriptRunner(transcript.header)
        return try transcript.steps.map { try runner.perform($0) }
    }

    private init(_ header: [String]) throws {
        var configuration = SessionConfiguration(kind: .realtime, model: "gpt-realtime")
        var engine = EngineLimits(
            contextTokens: 32_000, maxOutputTokens: 4_096, acceptsImages: false, scoresTurns: false)
        var kind = TransportKind.webSocket
        var limit: Duration?
        var rate: RateLimit?
        var offer: ResumeOffer?
        var apology = ""
        var servers = MCPAllowList()
        var namesAddresses = true
        var spending: SpendingLimits?
        for line in header where !line.hasPrefix("#") && !line.isEmpty {
            let words = line.split(separator: " ").map(String.init)
            switch words[0] {
            case "session":
                guard case .object(let object) = try JSONParser.parse(Array(line.dropFirst(8).utf8)) else {
                    throw Unreadable(description: line)
                }
                configuration = try SessionConfiguration(parsing: object, defaultModel: "gpt-realtime")
            case "transport": kind = try Self.kind(words[1])
            case "engine":
                for word in words.dropFirst() {
                    if word == "images" { engine.acceptsImages = true }
                    if word == "scores" { engine.scoresTurns = true }
                    if word == "speculates" { engine.speculates = true }
                    if word == "recognises" { engine.recognisesEarly = true }
                    if word == "prepares" { engine.prepares = true }
                    if word.hasPrefix("contextTokens=") { engine.contextTokens = Int(word.dropFirst(14)) ?? 0 }
                    if word.hasPrefix("maxOutputTokens=") { engine.maxOutputTokens = Int(word.dropFirst(16)) ?? 0 }
                }
            case "grace": offer = ResumeOffer(token: "token0", grace: .seconds(Int(words[1]) ?? 0))
            case "limit": limit = .seconds(Int(words[1]) ?? 0)
            case "server":
                guard let url = ServerURL(words[2]) else { throw Unreadable(description: line) }
                let key = words.count > 3 ? Credential(words[3]) : nil
                servers.entries.append(.init(server: MCPServer(label: words[1], url: url, authorization: key)))
            case "host": servers.hosts.append(words[1])
            case "secret": namesAddresses = false
            case "budget":
                let price = PriceTable(
                    input: .init(text: 100), cached: .init(), output: .init(text: 1_000, audio: 1_000))
                spending = SpendingLimits(
                    prices: price, session: words[1] == "-" ? nil : Money(nanos: (Int64(words[1]) ?? 0) * 1_000_000),
                    currency: "USD", words: words.dropFirst(2).joined(separator: " "))
            case "apology": apology = String(line.dropFirst(8))
            case "rate":
                rate = RateLimit(
                    name: RateLimit.Name(rawValue: words[1]) ?? .tokens, limit: Int(words[2]) ?? 0, remaining: 0,
                    resetSeconds: Double(words[3]) ?? 0)
            default: throw Unreadable(description: line)
            }
        }
        var settings = SessionMachineConfiguration(
            session: SessionID("sess_golden"), conversation: ConversationID("conv_golden"), initial: configuration,
            engine: engine, maxDuration: limit, startedAt: 1_764_000_000, seed: 7, rateLimit: rate)
        settings.apology = apology
        settings.toolServers = servers
        settings.namesAddresses = namesAddresses
        settings.spending = spending
        machine = SessionMachine(settings, now: start)
        let seconds = limit.map { Int($0.components.seconds) } ?? 31_536_000
        text = EffectText(
            initial: Session(
                id: settings.session, expiresAt: settings.startedAt + seconds, configuration: configuration))
        checker = InvariantCheck()
        let attached = SessionInput.attached(TransportID(rawValue: 0), kind, resume: offer)
        let effects = machine.handle(attached, now: start)
        _ = checker.observe(attached, effects)
        // So that later lines can name what came with the attachment.
        for effect in effects { _ = text.line(effect) }
    }

    private mutating func perform(_ step: Transcript.Step) throws -> [String] {
        var lines: [String] = []
        for input in try inputs(text.resolve(step.input)) {
            let effects = machine.handle(input, now: start + .milliseconds(Int(step.time * 1_000)))
            for effect in effects {
                note(effect)
                lines.append(text.line(effect))
            }
            lines += checker.observe(input, effects).map { "VIOLATION \($0)" }
        }
        return lines
    }

    private mutating func note(_ effect: SessionEffect) {
        if case .speak(let generation, let request) = effect {
            waiting[generation.rawValue, default: []].append(request)
        }
        if case .scoreTurn(let range, _, _) = effect { scored = range.upperBound }
        if case .recognise(let request, _) = effect { recognised = request.range.upperBound }
    }

    private mutating func inputs(_ line: String) throws -> [SessionInput] {
        if line.hasPrefix("{") { return [try event(line, from: 0)] }
        let words = line.split(separator: " ").map(String.init)
        let rest = words.count > 2 ? String(line.dropFirst(words[0].count + words[1].count + 2)) : ""
        if let transport = Int(words[0]) {
            return [try event(String(line.dropFirst(words[0].count + 1)), from: transport)]
        }
        switch words[0] {
        case "user": return [try event(Self.message(line.dropFirst(5)), from: 0)]
        case "respond": return [try event(#"{"type": "response.create"}"#, from: 0)]
        case "attach": return [.attached(try transport(words[1]), try Self.kind(words[2]))]
        case "detach":
            let departures: [String: SessionInput.Departure] = [
                "lost": .lost, "unopened": .unopened, "overrun": .overrun,
            ]
            let departure = words.count > 2 ? departures[words[2]] ?? .goodbye : .goodbye
            let heard = words.count > 3 ? Double(words[3]).map { start + .milliseconds(Int($0 * 1_000)) } : nil
            return [.detached(try transport(words[1]), departure, lastHeard: heard)]
        case "resume":
            let replay = ResumeOffer.Replay(
                events: try number(words[3]), isComplete: words.count < 5 || words[4] != "incomplete")
            let offer = ResumeOffer(token: "token\(words[1])", grace: .seconds(30), replay: replay)
            return [.resumed(try transport(words[1]), try Self.kind(words[2]), offer)]
        case "speak": return windows(ms: try number(words[1]), probability: 0.9)
        case "silence": return windows(ms: try number(words[1]), probability: 0.05)
        case "murmur": return windows(ms: try number(words[1]), probability: 0.4)
        case "windows":
            // Voice activity of sound that came before, from one position to another.
            let probability = words[3] == "speak" ? 0.9 : 0.05
            return stride(from: try number(words[1]) + 32, through: try number(words[2]), by: 32).map {
                .voice(probability: probability, at: AudioPosition(ms: $0))
            }
        case "audio":
            position = position.advanced(byMs: try number(words[1]))
            return [.audio(until: position)]
        case "score": return [.turnScore(Double(words[1]) ?? 0, at: scored)]
        case "heard":
            return [.transcribed(ItemID(words[1]), contentIndex: 0, unquoted(rest), .duration(seconds: 1))]
        case "early": return [.recognised(ItemID(words[1]), until: recognised, rest == "-" ? nil : unquoted(rest))]
        case "partial": return [.transcriptDelta(ItemID(words[1]), contentIndex: 0, unquoted(rest))]
        case "deaf":
            return [
                .transcriptionFailed(
                    ItemID(words[1]), contentIndex: 0, EngineFailure(code: rest, message: "Not intelligible."))
            ]
        case "listed":
            let tools = rest.split(separator: ",").map { Self.tool(String($0)) }
            return [.toolsListed(ItemID(words[1]), tools)]
        case "unlisted": return [.toolListFailed(ItemID(words[1]), .http(code: 0, message: rest))]
        case "result": return [.toolEnded(ItemID(words[1]), .output(rest))]
        case "failed": return [.toolEnded(ItemID(words[1]), .failed(.execution(message: rest)))]
        case "allowance":
            return [
                .allowance(
                    left: Money(nanos: Int64(try number(words[1])) * 1_000_000),
                    renews: start + .seconds(try number(words[2])))
            ]
        case "deadline": return [.deadline]
        case "close": return [.end(try reason(words[1]))]
        default: return try response(words, rest)
        }
    }

    private mutating func response(_ words: [String], _ rest: String) throws -> [SessionInput] {
        guard words.count > 1, words[1].hasPrefix("g"), let raw = UInt64(words[1].dropFirst()) else {
            throw Unreadable(description: words.joined(separator: " "))
        }
        let generation = ResponseGeneration(rawValue: raw)
        switch words[0] {
        case "say": return [.model(generation, .text(unquoted(rest)))]
        case "call": return [.model(generation, .functionCall(nil, name: rest))]
        case "args": return [.model(generation, .arguments(rest))]
        case "endcall": return [.model(generation, .functionCallEnd)]
        case "endmessage": return [.model(generation, .messageEnd)]
        case "end": return [.modelEnded(generation, try end(words))]
        case "broken":
            return [.modelEnded(generation, .failed(EngineFailure(code: rest, message: "The model broke.")))]
        case "mute": return [.speechFailed(generation, EngineFailure(code: rest, message: "The voice broke."))]
        case "voice": return voice(generation, ms: try number(words[2]))
        case "block":
            return [block(generation, Int(words[2].dropFirst()) ?? 0, ms: try number(words[3]), words.dropFirst(4))]
        case "spoken": return [.clauseSpoken(generation, clause: Int(words[2].dropFirst()) ?? 0)]
        case "played": return [.played(generation, samples: try number(words[2]) * 24)]
        default: throw Unreadable(description: words.joined(separator: " "))
        }
    }

    private mutating func voice(_ generation: ResponseGeneration, ms: Int) -> [SessionInput] {
        let clauses = waiting.removeValue(forKey: generation.rawValue) ?? []
        return clauses.flatMap { clause -> [SessionInput] in
            let words = clause.text.split(separator: " ")
            let timings = words.enumerated().map { index, word in
                "\(word):\(ms * index / words.count)-\(ms * (index + 1) / words.count)"
            }
            return [
                block(generation, clause.clause, ms: ms, timings[...]),
                .clauseSpoken(generation, clause: clause.clause),
            ]
        }
    }

    private mutating func block(
        _ generation: ResponseGeneration, _ clause: Int, ms: Int, _ words: ArraySlice<String>
    ) -> SessionInput {
        let number = blocks[generation.rawValue, default: 0]
        blocks[generation.rawValue] = number + 1
        let timings = words.compactMap { word -> WordTiming? in
            guard let colon = word.lastIndex(of: ":") else { return nil }
            let times = word[word.index(after: colon)...].split(separator: "-").compactMap { Int($0) }
            return times.count == 2 ? WordTiming(text: String(word[..<colon]), startMs: times[0], endMs: times[1]) : nil
        }
        return .speech(
            generation, SpeechChunk(number: number, clause: clause, samples: ms * 24, words: timings))
    }

    private mutating func windows(ms: Int, probability: Double) -> [SessionInput] {
        (0..<(ms / 32)).flatMap { _ -> [SessionInput] in
            position = position.advanced(byMs: 32)
            return [.audio(until: position), .voice(probability: probability, at: position)]
        }
    }

    private func event(_ json: String, from raw: Int) throws -> SessionInput {
        do {
            return .client(
                try EventDecoder(dialect: .current).decode(Array(json.utf8)), from: TransportID(rawValue: raw))
        } catch {
            return .rejected(error, from: TransportID(rawValue: raw))
        }
    }

    private func end(_ words: [String]) throws -> ModelEnd {
        let reason: ModelEnd.Reason =
            switch words[2] {
            case "stop": .stop
            case "max": .maxOutputTokens
            case "filter": .contentFilter
            default: throw Unreadable(description: words.joined(separator: " "))
            }
        guard words.count == 6 else { return .finished(reason, usage: nil) }
        return .finished(
            reason,
            usage: ModelUsage(
                inputTokens: try number(words[3]), cachedTokens: try number(words[4]),
                outputTokens: try number(words[5])))
    }

    private static func tool(_ word: String) -> MCPListedTool {
        let isReadOnly = word.hasSuffix("!")
        return MCPListedTool(
            name: isReadOnly ? String(word.dropLast()) : word, inputSchema: .object(JSONObject()),
            annotations: .object(JSONObject([("readOnlyHint", .bool(isReadOnly))])))
    }

    private static func message(_ text: Substring) -> String {
        #"{"type": "conversation.item.create", "item": {"type": "message", "role": "user", "content": "#
            + #"[{"type": "input_text", "text": "# + text + "}]}}"
    }

    private static func kind(_ word: String) throws -> TransportKind {
        switch word {
        case "webSocket": .webSocket
        case "peer": .peer
        case "sideband": .sideband
        default: throw Unreadable(description: word)
        }
    }

    private func reason(_ word: String) throws -> SessionEndReason {
        switch word {
        case "hangUp": .hangUp
        case "shutdown": .shutdown
        case "overrun": .overrun
        default: throw Unreadable(description: word)
        }
    }

    private func transport(_ word: String) throws -> TransportID { TransportID(rawValue: try number(word)) }

    private func number(_ word: String) throws -> Int {
        guard let number = Int(word) else { throw Unreadable(description: word) }
        return number
    }

    private func unquoted(_ text: String) -> String {
        text.hasPrefix("\"") && text.hasSuffix("\"") && text.count > 1
            ? String(text.dropFirst().dropLast()).replacing("\\n", with: "\n") : text
    }
}
