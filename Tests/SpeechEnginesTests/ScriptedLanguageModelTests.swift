import RealtimeProtocol
import SessionEngine
import SpeechEngines
import TestKit
import Testing

@Suite("Scripted language model", .timeLimit(.minutes(1))) struct ScriptedLanguageModelTests {
    private static let weather = Tool(name: "get_weather")
    private static let clock = Tool(name: "get_time")

    @Test("The first rule that matches speaks, word by word, and usage counts words")
    func firstRule() async throws {
        let script = script([
            Script.Rule(when: Script.Condition(user: TextPattern("bye")), reply: [.say("Goodbye.")]),
            Script.Rule(when: Script.Condition(user: TextPattern("/hi/")), reply: [.say("Hello, my friend!")]),
            Script.Rule(reply: [.say("What?")]),
        ])
        let answer = try await ask(script, request(user: "Hi there"))
        #expect(answer.outputs == [.text("Hello,"), .text(" my"), .text(" friend!")])
        #expect(answer.reason == .stop)
        #expect(answer.usage == ModelUsage(inputTokens: 2, cachedTokens: 0, outputTokens: 3))
    }

    @Test("Conditions on instructions and on a tool's output, with both filled into the reply")
    func conditions() async throws {
        let script = script([
            Script.Rule(
                when: Script.Condition(toolOutput: "get_weather", instructions: TextPattern("polite")),
                reply: [.say("{user}: {tool_output}, please.")]),
            Script.Rule(when: Script.Condition(user: TextPattern("weather")), reply: [.say("wrong")]),
            Script.Rule(reply: [.say("default")]),
        ])
        var asked = request(user: "weather?", output: ("get_weather", "sunny"))
        #expect(try await ask(script, asked).text == "default")
        asked.instructions = "Be polite."
        #expect(try await ask(script, asked).text == "weather?: sunny, please.")
    }

    @Test("A call streams its arguments, filled, and the words around it are messages of their own")
    func call() async throws {
        let script = script([
            Script.Rule(reply: [
                .say("Look:"), .call(name: "get_weather", arguments: JSONObject([("q", .string("is it {user}"))])),
                .say("Done."), .messageEnd, .say("Really."),
            ])
        ])
        let answer = try await ask(script, request(user: "warm", tools: [Self.weather]))
        #expect(
            answer.outputs == [
                .text("Look:"), .functionCall(nil, name: "get_weather"), .arguments(#"{"q":"is it warm"#),
                .arguments(#""}"#), .functionCallEnd, .text("Done."), .messageEnd, .text("Really."),
            ])
    }

    @Test("A rule that calls a function the client has not declared is passed over")
    func undeclared() async throws {
        let script = script([
            Script.Rule(reply: [.call(name: "get_weather", arguments: JSONObject())]),
            Script.Rule(reply: [.say("I can't.")]),
        ])
        #expect(try await ask(script, request(user: "x", tools: [Self.clock])).text == "I can't.")
    }

    @Test(
        "tool_choice forbids, forces the first function or a named one, and leaves the rest to the script",
        arguments: [
            (ToolChoice.none, [String]()), (.auto, []), (.required, ["get_weather"]),
            (.function(name: "get_time"), ["get_time"]),
        ])
    func toolChoice(_ choice: ToolChoice, _ calls: [String]) async throws {
        var asked = request(user: "x", tools: [Self.weather, Self.clock])
        asked.toolChoice = choice
        #expect(try await ask(script([Script.Rule(reply: [.say("no")])]), asked).calls == calls)
    }

    @Test("tool_choice none drops the calls of a reply; without parallel calls only the first is made")
    func fewerCalls() async throws {
        let script = script([
            Script.Rule(reply: [
                .say("Both."), .call(name: "get_weather", arguments: JSONObject()),
                .call(name: "get_time", arguments: JSONObject()),
            ])
        ])
        var asked = request(user: "x", tools: [Self.weather, Self.clock])
        #expect(try await ask(script, asked).calls == ["get_weather", "get_time"])
        asked.parallelToolCalls = false
        #expect(try await ask(script, asked).calls == ["get_weather"])
        asked.toolChoice = .none
        #expect(try await ask(script, asked).outputs == [.text("Both.")])
    }

    @Test("Failures and early ends are those of the script; the least of the limits on tokens ends a reply")
    func endings() async throws {
        let failing = script([Script.Rule(reply: [.say("a"), .fail(code: "c", message: "m")])])
        await #expect(throws: EngineFailure(code: "c", message: "m")) { try await ask(failing, request(user: "x")) }
        let filtered = script([Script.Rule(reply: [.say("a"), .stop(.contentFilter), .say("b")])])
        let answer = try await ask(filtered, request(user: "x"))
        #expect(answer.text == "a" && answer.reason == .contentFilter)
        var short = request(user: "x")
        short.maxOutputTokens = .tokens(2)
        let cut = try await ask(script([Script.Rule(reply: [.say("one two three")])]), short)
        #expect(cut.text == "one two" && cut.reason == .maxOutputTokens)
    }

    @Test("The first token comes after its own wait and the others after theirs, on the engine's clock")
    func timing() async {
        var script = script([Script.Rule(reply: [.say("one two")])])
        script.timing.firstTokenMs = 100
        script.timing.tokenMs = 30
        let clock = ManualClock()
        let model = ScriptedEngine(script, clock: clock).engine.languageModel
        let (outputs, outputsOut) = AsyncStream.makeStream(of: ModelOutput.self)
        let asked = request(user: "x")
        let answer = Task { try await model.respond(to: asked) { outputsOut.yield($0) } }
        var iterator = outputs.makeAsyncIterator()
        let start = clock.now
        for (wait, token) in [(100, "one"), (30, " two")] {
            await clock.sleepers(1)
            clock.advance(by: .milliseconds(wait))
            #expect(await iterator.next() == .text(token))
        }
        #expect(start.duration(to: clock.now) == .milliseconds(130))
        _ = await answer.result
    }

    // MARK: Inside

    private struct Answer {
        var outputs: [ModelOutput]
        var reason: ModelEnd.Reason
        var usage: ModelUsage?

        var text: String {
            outputs.reduce("") { text, output in
                if case .text(let more) = output { text + more } else { text }
            }
        }

        var calls: [String] {
            outputs.compactMap { output in
                if case .functionCall(_, let name) = output { name } else { nil }
            }
        }
    }

    private func script(_ rules: [Script.Rule]) -> Script {
        var script = Script()
        script.timing = Script.Timing(recogniserMs: 0, firstTokenMs: 0, tokenMs: 0, wordMs: 100)
        script.rules = rules
        return script
    }

    private func ask(_ script: Script, _ request: ModelRequest) async throws -> Answer {
        let (outputs, outputsOut) = AsyncStream.makeStream(of: ModelOutput.self)
        let end = try await ScriptedEngine(script).engine.languageModel.respond(to: request) { outputsOut.yield($0) }
        outputsOut.finish()
        return Answer(
            outputs: await outputs.reduce(into: []) { $0.append($1) }, reason: end.reason, usage: end.usage)
    }

    private func request(
        user: String, tools: [Tool] = [], output: (name: String, output: String)? = nil
    ) -> ModelRequest {
        var items = [
            Item(id: ItemID("item_1"), body: .message(Message(role: .user, content: [.inputText(user)])))
        ]
        if let output {
            let call = FunctionCallID("call_1")
            items.append(
                Item(
                    id: ItemID("item_2"),
                    body: .functionCall(FunctionCall(callID: call, name: output.name, arguments: "{}")))
            )
            items.append(
                Item(
                    id: ItemID("item_3"),
                    body: .functionCallOutput(FunctionCallOutput(callID: call, output: output.output))))
        }
        return ModelRequest(
            instructions: "", items: items, tools: tools, toolChoice: .auto, parallelToolCalls: nil,
            reasoningEffort: nil, maxOutputTokens: .infinite, outputModality: .text)
    }
}
