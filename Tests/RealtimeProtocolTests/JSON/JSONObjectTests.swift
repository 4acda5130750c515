import RealtimeProtocol
import Testing

@Suite("JSON objects")
struct JSONObjectTests {
    @Test("Of two members of one name the later counts, in the place of the first")
    func laterMemberCounts() {
        let object = JSONObject([("a", .integer(1)), ("b", .null), ("a", .integer(2))])
        #expect(object.members.map(\.name) == ["a", "b"])
        #expect(object["a"] == .integer(2))
    }

    @Test("The same holds for an object of many members")
    func laterOfMany() {
        let object = JSONObject((0..<100).map { ("m\($0 % 40)", .integer($0)) })
        #expect(object.members.map(\.name) == (0..<40).map { "m\($0)" })
        #expect(object["m7"] == .integer(87) && object["m39"] == .integer(79))
    }

    @Test("Absent and null are different")
    func absentIsNotNull() {
        let object = JSONObject([("b", .null)])
        #expect(object["a"] == nil)
        #expect(object["b"] == .some(.null))
    }
}
