import RealtimeProtocol

extension Script {
    /// A demonstration that needs no file: answers questions about itself, calls a tool that tells the time if the client
    /// has one, and otherwise repeats what was said.
    package static var builtIn: Script {
        var script = Script()
        let turns = ["Hello, who are you?", "What can you do?", "What time is it?", "How do you work?", "Thank you."]
        script.hears = turns.map { .transcript($0) }
        script.rules = [
            rule(toolOutput: clock, "The clock says {tool_output}."),
            Rule(
                when: Condition(user: TextPattern("what time")),
                reply: [.say("One moment, I look at the clock."), .call(name: clock, arguments: JSONObject())]),
            rule(
                "what time",
                "I can't see a clock: give the session a function called get_time, and I will ask it."),
            rule(
                "/who are you|your name/",
                "I am the scripted engine of Parley. I follow a script, so that you can try the server without a model."
            ),
            rule(
                "/what can you do|help/",
                "I can answer a few questions about myself, call a tool, and repeat what you say. "
                    + "Interrupt me whenever you like: I stop at the word you heard last."),
            rule(
                "/how do you work|how does this work/",
                "Your speech comes in by WebRTC or in events. A detector finds where your turn ends, a recogniser writes it "
                    + "down, and then I answer with one tone for each word."),
            rule("/thank|bye/", "You are welcome. Goodbye!"),
            rule("/hello|^hi\\b|good (morning|evening)/", "Hello! Ask me who I am, or what I can do."),
            rule("/\\S/", "You said: {user}"),
            Rule(reply: [.say("I am here. Say something, and I will answer.")]),
        ]
        return script
    }

    private static let clock = "get_time"

    private static func rule(_ user: String, _ answer: String) -> Rule {
        Rule(when: Condition(user: TextPattern(user)), reply: [.say(answer)])
    }

    private static func rule(toolOutput name: String, _ answer: String) -> Rule {
        Rule(when: Condition(toolOutput: name), reply: [.say(answer)])
    }
}
