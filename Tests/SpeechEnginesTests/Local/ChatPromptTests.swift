import RealtimeProtocol
import SessionEngine
import Testing

@testable import SpeechEngines

@Suite("The words a small model is asked with")
struct ChatPromptTests {
    private static let weather = Tool(name: "get_weather")
    private static let call = Item(
        id: ItemID("call"),
        body: .functionCall(FunctionCall(callID: FunctionCallID("1"), name: "get_weather", arguments: "{}")))

    @Test("The persona speaks only for a client that gives no instructions")
    func persona() {
        #expect(ChatPrompt(request()).messages[0].text.hasPrefix(Dialogue.persona))
        let own = ChatPrompt(request(instructions: "You are a parrot.")).messages[0].text
        #expect(own.hasPrefix("You are a parrot.") && !own.contains(Dialogue.persona))
    }

    @Test("What is spoken is asked to be short; what is written too, where the client says nothing of how")
    func style() {
        #expect(ChatPrompt(request()).messages[0].text.contains(Dialogue.spokenStyle))
        #expect(ChatPrompt(request(modality: .text)).messages[0].text.hasSuffix(Dialogue.writtenStyle))
        let own = ChatPrompt(request(instructions: "You are a parrot.", modality: .text)).messages[0].text
        #expect(own == "You are a parrot.")
    }

    @Test(
        "A function's result is told in words, without the functions that it would call again",
        arguments: [
            (#"{"temperature": 17, "sky": "cloudy"}"#, "get_weather says: temperature 17, sky cloudy."),
            (
                #"{"wind_speed": {"value": 3.5}, "days": ["Monday", "Tuesday"]}"#,
                "get_weather says: wind speed value 3.5, days Monday, Tuesday."
            ),
            ("It rains.", "get_weather says: It rains."), ("true", "get_weather says: true."),
        ])
    func result(output: String, told: String) {
        let prompt = ChatPrompt(request(items: [Self.call, Self.result(output)], tools: [Self.weather]))
        #expect(prompt.messages.last?.text == told + "\nSay this to me in one short sentence.")
        #expect(prompt.tools.isEmpty)
        #expect(!prompt.messages[0].text.contains("<tools>"))
    }

    @Test("Functions are offered with the last turn and the client's context; words know the conversation again")
    func offeredAgain() {
        let items = [
            Self.message(.user, "Hello."), Self.message(.assistant, "Hi."), Self.message(.system, "It is noon."),
            Self.message(.user, "What is the weather?"),
            Self.call, Self.result("17"), Self.message(.assistant, "It is 17."), Self.message(.user, "And now?"),
        ]
        let offering = ChatPrompt(request(items: items, tools: [Self.weather]))
        #expect(offering.tools == ["get_weather"])
        #expect(offering.wantsCall)
        #expect(offering.messages.dropFirst().map(\.text) == ["It is noon.", "And now?"])
        let inWords = ChatPrompt(request(items: items, tools: [Self.weather]), inWords: true)
        #expect(inWords.tools.isEmpty && !inWords.wantsCall)
        #expect(inWords.messages.map(\.text).contains("It is 17."))
        let first = ChatPrompt(request(items: Array(items.prefix(1)), tools: [Self.weather]))
        #expect(!first.wantsCall && first.messages.dropFirst().map(\.text) == ["Hello."])
    }

    private static func message(_ role: Message.Role, _ text: String) -> Item {
        let part: ContentPart = role == .assistant ? .outputText(text) : .inputText(text)
        return Item(id: ItemID(text), body: .message(Message(role: role, content: [part])))
    }

    private static func result(_ output: String) -> Item {
        Item(
            id: ItemID("result"),
            body: .functionCallOutput(FunctionCallOutput(callID: FunctionCallID("1"), output: output)))
    }

    private func request(
        instructions: String = "", items: [Item] = [], tools: [Tool] = [], modality: OutputModality = .audio
    ) -> ModelRequest {
        ModelRequest(
            instructions: instructions, items: items, tools: tools, toolChoice: .auto, parallelToolCalls: nil,
            reasoningEffort: nil, maxOutputTokens: .infinite, outputModality: modality)
    }
}
