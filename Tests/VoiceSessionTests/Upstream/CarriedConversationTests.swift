import RealtimeProtocol
import Testing
import VoiceSession

@Suite("Carried conversation")
struct CarriedConversationTests {
    private func object(_ json: String) throws -> JSONObject {
        guard case .object(let object) = try JSONParser.parse(Array(json.utf8)) else { return JSONObject() }
        return object
    }

    private func texts(_ conversation: CarriedConversation) -> [String] {
        conversation.creations.map { creation in
            var json = JSONWriter()
            json.value(creation)
            return String(decoding: json.bytes, as: UTF8.self)
        }
    }

    private func message(_ id: String, _ role: String, _ content: String) throws -> JSONObject {
        try object(#"{"id":"\#(id)","type":"message","role":"\#(role)","content":[\#(content)]}"#)
    }

    @Test("What was spoken is carried as text, in the order of the conversation")
    func order() throws {
        var conversation = CarriedConversation()
        conversation.put(try message("b", "user", #"{"type":"input_audio","transcript":null}"#), at: .end)
        conversation.put(try message("c", "assistant", ""), at: .after("b"))
        conversation.put(try message("a", "system", #"{"type":"input_text","text":"Short."}"#), at: .beginning)
        conversation.addText("c", 0, "Four")
        conversation.addText("c", 0, " o'clock.")
        conversation.setText("b", 0, "What time is it?")
        #expect(
            texts(conversation) == [
                #"{"id":"a","type":"message","role":"system","content":[{"type":"input_text","text":"Short."}]}"#,
                #"{"id":"b","type":"message","role":"user","content":[{"type":"input_text","text":"What time is it?"}]}"#,
                #"{"id":"c","type":"message","role":"assistant","content":[{"type":"output_text","text":"Four o'clock."}]}"#,
            ])
    }

    @Test("The assistant has said what was heard of it, in whole words")
    func heard() throws {
        var conversation = CarriedConversation()
        conversation.put(try message("a", "assistant", ""), at: .end)
        conversation.addText("a", 0, "One two three four")
        conversation.addSound("a", 0, samples: 96_000)
        conversation.cut("a", 0, ms: 2_100)
        #expect(texts(conversation).first?.contains(#""text":"One two"}"#) == true)
        // What the upstream shows of it afterwards does not bring it back.
        conversation.update(
            try message("a", "assistant", #"{"type":"output_audio","transcript":"One two three four"}"#))
        #expect(texts(conversation).first?.contains(#""text":"One two"}"#) == true)
        conversation.cut("a", 0, ms: 0)
        #expect(texts(conversation) == [])
    }

    @Test("Calls are carried with their results; an unfinished call and a result without its call are not")
    func calls() throws {
        var conversation = CarriedConversation()
        conversation.put(
            try object(
                #"{"id":"c1","type":"function_call","status":"in_progress","call_id":"k1","name":"f","arguments":""}"#),
            at: .end)
        #expect(texts(conversation) == [])
        conversation.update(
            try object(
                #"{"id":"c1","type":"function_call","status":"completed","call_id":"k1","name":"f","arguments":"{}"}"#))
        conversation.put(
            try object(#"{"id":"o1","type":"function_call_output","status":"completed","call_id":"k1","output":"7"}"#),
            at: .end)
        conversation.put(
            try object(#"{"id":"o2","type":"function_call_output","call_id":"k2","output":"8"}"#), at: .end)
        #expect(
            texts(conversation) == [
                #"{"id":"c1","type":"function_call","call_id":"k1","name":"f","arguments":"{}"}"#,
                #"{"id":"o1","type":"function_call_output","call_id":"k1","output":"7"}"#,
            ])
    }

    @Test("What is deleted is not carried, and the oldest is forgotten at the limit")
    func limits() throws {
        var conversation = CarriedConversation()
        conversation.put(try message("x", "user", #"{"type":"input_text","text":"x"}"#), at: .end)
        conversation.delete("x")
        #expect(conversation.count == 0)
        for number in 0...CarriedConversation.maxItems {
            conversation.put(try message("\(number)", "user", #"{"type":"input_text","text":"x"}"#), at: .end)
        }
        #expect(conversation.count == CarriedConversation.maxItems)
        #expect(conversation.dropped == 1)
        #expect(texts(conversation).first?.contains(#""id":"1""#) == true)
    }

    @Test("An image that a client showed is carried as it was given")
    func image() throws {
        var conversation = CarriedConversation()
        conversation.put(
            try message("a", "user", #"{"type":"input_image","image_url":"data:image/png;base64,AAAA"}"#), at: .end)
        #expect(
            texts(conversation) == [
                #"{"id":"a","type":"message","role":"user","content":[{"type":"input_image","image_url":"data:image/png;base64,AAAA"}]}"#
            ])
    }
}
