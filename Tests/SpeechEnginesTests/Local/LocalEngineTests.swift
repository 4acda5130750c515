import AudioPipeline
import ModelLibrary
import RealtimeProtocol
import SessionEngine
import Synchronization
import Testing

@testable import SpeechEngines

@Suite(
    "The embedded engine with its real models", .serialized, .enabled(if: LocalModels.areThere, LocalModels.skipped))
struct LocalEngineTests {
    @Test(
        "What the voice says, the recogniser hears",
        arguments: [
            "The train to Bristol leaves at half past nine.", "I would like two cups of coffee and a glass of water.",
            "Please close the window before you go to bed.",
        ])
    func roundTrip(text: String) async throws {
        let heard = try await heard(speech(text))
        #expect(words(heard) == words(text))
    }

    @Test("Numbers and percentages are heard as they were written")
    func numbers() async throws {
        let heard = try await heard(speech("There are 21 people here, and 50% of them are from Rome."))
        for part in ["21", "50%"] { #expect(heard.contains(part)) }
    }

    @Test("Word times come with the first block, in order and within the sound")
    func wordTimes() async throws {
        let blocks = Mutex<[SynthesizedAudio]>([])
        let request = SpeechRequest(clause: 0, text: "One two three four.", voice: .named("marin"), speed: 1)
        try await LocalModels.engine.value.synthesizer.speak(request) { block in
            blocks.withLock { $0.append(block) }
        }
        let all = blocks.withLock { $0 }
        let words = try #require(all.first?.words)
        let lengthMs = all.reduce(0) { $0 + $1.samples.count } / 24
        #expect(words.map(\.text) == ["One", "two", "three", "four."])
        #expect(zip(words, words.dropFirst()).allSatisfy { $0.endMs <= $1.startMs })
        #expect(words.allSatisfy { $0.startMs < $0.endMs && $0.endMs <= lengthMs })
    }

    @Test("Half the speed takes about twice as long")
    func speed() async throws {
        let plain = try await speech("Good morning to everybody.").count
        let slow = try await speech("Good morning to everybody.", speed: 0.5).count
        #expect((1.6...2.4).contains(Double(slow) / Double(plain)))
    }

    @Test("Voice activity hears speech and not silence, alike for sessions that come together")
    func voiceActivity() async throws {
        let detector = try await LocalModels.engine.value.voiceActivity
        let sound = try await narrow(speech("Hello, is anybody there?"))
        let results = try await withThrowingTaskGroup(of: [Double].self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let stream = detector.makeStream()
                    var found: [Double] = []
                    for start in stride(from: 0, to: sound.count - voiceActivityWindow, by: voiceActivityWindow) {
                        let window = Array(sound[start..<start + voiceActivityWindow])
                        found.append(try await stream.probability(in: window))
                    }
                    return found
                }
            }
            return try await group.reduce(into: [[Double]]()) { $0.append($1) }
        }
        #expect((results[0].max() ?? 0) > 0.9)
        for other in results.dropFirst() {
            #expect(zip(results[0], other).allSatisfy { abs($0 - $1) < 0.01 })
        }
        let silence = try await detector.makeStream().probability(in: [Int16](repeating: 0, count: voiceActivityWindow))
        #expect(silence < 0.1)
    }

    @Test("Speech after silence that was not heard is found as soon as if it had been, and no sooner than it is there")
    func silenceGate() async throws {
        let detector = try #require(try await LocalModels.engine.value.voiceActivity as? SileroDetector)
        let speech = try await narrow(speech("Hello, is anybody there?"))
        for seconds in [1, 2, 5] {
            let silence = [Int16](repeating: 0, count: seconds * 16_000 / voiceActivityWindow * voiceActivityWindow)
            let windows = windows(silence + speech + silence + speech)
            let begins = [silence.count, 2 * silence.count + speech.count].map { $0 / voiceActivityWindow }
            let stream = detector.makeStream()
            var memory = SileroMemory()
            var (found, reference): ([Double], [Double]) = ([], [])
            for window in windows {
                found.append(try await stream.probability(in: window))
                let (probability, next) = try await detector.batcher.run(window.map { Float($0) / 32768 }, memory)
                memory = next
                reference.append(Double(probability))
            }
            for begin in begins {
                let onset = try #require(found[begin...].firstIndex { $0 >= 0.5 })
                let without = try #require(reference[begin...].firstIndex { $0 >= 0.5 })
                #expect(onset <= without, "\(seconds) s of silence")
                #expect(found[(begin - 5)..<begin].allSatisfy { $0 < 0.1 })
            }
        }
    }

    private func windows(_ sound: [Int16]) -> [[Int16]] {
        stride(from: 0, through: sound.count - voiceActivityWindow, by: voiceActivityWindow).map {
            Array(sound[$0..<$0 + voiceActivityWindow])
        }
    }

    @Test("A whole sentence sounds more finished than one that stops before its last words")
    func turns() async throws {
        let detector = try #require(try await LocalModels.engine.value.turnDetector)
        let whole = try await narrow(speech("What time does the next train to London leave?"))
        let cut = try await narrow(speech("What time does the next train to"))
        let scores = (
            try await detector.score(of: pause(after: whole), transcript: { try? await text(of: whole) }),
            try await detector.score(of: pause(after: cut), transcript: { try? await text(of: cut) })
        )
        #expect(scores.0 > 0.5)
        #expect(scores.0 > scores.1)
    }

    @Test("The language model knows a capital, and the second turn finds the first in the cache")
    func conversation() async throws {
        let first = Item(id: ItemID("1"), body: .message(user("What is the capital of France?")))
        let one = try await answer([first])
        #expect(one.text.contains("Paris"))
        let reply = Message(role: .assistant, content: [.outputText(one.text)])
        let more = [
            first, Item(id: ItemID("2"), body: .message(reply)),
            Item(id: ItemID("3"), body: .message(user("What is the capital of Italy?"))),
        ]
        let two = try await answer(more)
        #expect(two.text.contains("Rome"))
        #expect((two.usage?.cachedTokens ?? 0) >= (one.usage?.inputTokens ?? .max))
    }

    @Test("After instructions and tools were read ahead, a response reads only the user's words")
    func preparation() async throws {
        let tools = (1...6).map { number in
            Tool(
                name: "tool_\(number)", description: "Switches lamp number \(number) of the house on or off.",
                parameters: Self.weather.parameters)
        }
        var request = ModelRequest(
            instructions: "You look after the lamps of a house.", items: [], tools: tools, toolChoice: .auto,
            parallelToolCalls: nil, reasoningEffort: nil, maxOutputTokens: .tokens(8), outputModality: .audio)
        let model = try await LocalModels.engine.value.languageModel
        try await model.prepare(for: request)
        request.items = [Item(id: ItemID("1"), body: .message(user("Good evening to you.")))]
        let usage = try #require(try await model.respond(to: request, onOutput: { _ in }).usage)
        #expect(usage.inputTokens > 250)
        // Six words and the marks around the message and before the answer.
        #expect(usage.inputTokens - usage.cachedTokens < 20)
    }

    @Test("Conversations that begin alike do not take each other's place in the cache")
    func alike() async throws {
        func user(_ text: String) -> Item { Item(id: ItemID(text), body: .message(self.user(text))) }
        func assistant(_ text: String) -> Item {
            Item(id: ItemID(text), body: .message(Message(role: .assistant, content: [.outputText(text)])))
        }
        let story = "The sea was calm, and the old fisherman told the boy of the great fish. "
        let long = (0..<12).map { "\(story)That was chapter \($0)." }.joined(separator: " ")
        let first = [user("My name is Ann. " + long)]
        let second = [user("My name is Bob. " + long)]
        let one = try await answer(first)
        _ = try await answer(second)
        let again = try await answer(first + [assistant(one.text), user("Go on.")])
        #expect((again.usage?.cachedTokens ?? 0) >= (one.usage?.inputTokens ?? .max))
    }

    @Test("A function that is demanded is called with the place that was named")
    func functionCall() async throws {
        let item = Item(id: ItemID("1"), body: .message(user("What is the weather like in Lisbon?")))
        let result = try await answer([item], tools: [Self.weather], choice: .function(name: "get_weather"))
        #expect(result.call == "get_weather")
        #expect(result.arguments.contains("Lisbo"))
    }

    @Test("A response that is cancelled ends, and the model serves the next")
    func cancellation() async throws {
        let item = Item(id: ItemID("1"), body: .message(user("Tell me a very long story about the sea.")))
        let task = Task { try await answer([item]) }
        task.cancel()
        await #expect(throws: EngineFailure.self) { try await task.value }
        let next = Item(id: ItemID("1"), body: .message(user("What is the capital of France?")))
        #expect(try await answer([next]).text.contains("Paris"))
    }

    @Test("Conversations that speak at once each get their own answer")
    func together() async throws {
        let capitals = ["France": "Paris", "Italy": "Rome", "Japan": "Tokyo", "Germany": "Berlin"]
        let answers = try await withThrowingTaskGroup(of: (String, String).self) { group in
            for country in capitals.keys {
                group.addTask {
                    let item = Item(id: ItemID("1"), body: .message(user("What is the capital of \(country)?")))
                    return (country, try await answer([item]).text)
                }
            }
            return try await group.reduce(into: [String: String]()) { $0[$1.0] = $1.1 }
        }
        for (country, capital) in capitals { #expect(answers[country]?.contains(capital) == true) }
    }

    // MARK: What the tests ask

    private struct Answer: Sendable {
        var text = ""
        var call: String?
        var arguments = ""
        var usage: ModelUsage?
    }

    private static let weather = Tool(
        name: "get_weather", description: "The weather at a place now.",
        parameters: .object(
            JSONObject([
                ("type", .string("object")),
                (
                    "properties",
                    .object(JSONObject([("location", .object(JSONObject([("type", .string("string"))])))]))
                ),
            ])))

    private func user(_ text: String) -> Message { Message(role: .user, content: [.inputText(text)]) }

    private func answer(
        _ items: [Item], tools: [Tool] = [], choice: ToolChoice = .auto
    ) async throws -> Answer {
        let collected = Mutex(Answer())
        let request = ModelRequest(
            instructions: "", items: items, tools: tools, toolChoice: choice, parallelToolCalls: nil,
            reasoningEffort: nil, maxOutputTokens: .tokens(60), outputModality: .audio)
        let end = try await LocalModels.engine.value.languageModel.respond(to: request) { output in
            collected.withLock { answer in
                switch output {
                case .text(let text): answer.text += text
                case .functionCall(_, let name): answer.call = name
                case .arguments(let text): answer.arguments += text
                case .messageEnd, .functionCallEnd: break
                }
            }
        }
        var answer = collected.withLock { $0 }
        answer.usage = end.usage
        return answer
    }

    /// Mono at 24 kHz.
    private func speech(_ text: String, speed: Double = 1) async throws -> [Int16] {
        let samples = Mutex<[Int16]>([])
        let request = SpeechRequest(clause: 0, text: text, voice: .named("marin"), speed: speed)
        try await LocalModels.engine.value.synthesizer.speak(request) { block in
            samples.withLock { $0 += block.samples }
        }
        return samples.withLock { $0 }
    }

    /// The same at 16 kHz.
    private func narrow(_ samples: [Int16]) throws -> [Int16] {
        let resampler = try Resampler(from: .hz24000, to: .hz16000)
        let whole = samples.count / 24 * 24
        let input = Array(samples[..<whole])
        var output = [Int16](repeating: 0, count: resampler.outputCapacity(for: whole))
        let written = try input.withUnsafeBufferPointer { input in
            try output.withUnsafeMutableBufferPointer { try resampler.resample(input, into: $0) }
        }
        return Array(output[..<written])
    }

    private func heard(_ samples: [Int16]) async throws -> String { try await text(of: narrow(samples)) }

    private func text(of speech: [Int16]) async throws -> String {
        try await LocalModels.engine.value.transcriber.transcribe(speech, nil, onDelta: { _ in }).text
    }

    /// A pause of 200 ms after speech at 16 kHz.
    private func pause(after speech: [Int16]) -> TurnEvidence {
        TurnEvidence(speech: speech + [Int16](repeating: 0, count: 3_200), silenceMs: 200, pauseMs: 200)
    }

    private func words(_ text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
}
