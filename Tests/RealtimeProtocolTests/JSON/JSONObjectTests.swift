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

    @Test("Absent and null are different")
    func absentIsNotNull() {
        let object = JSONObject([("b", .null)])
        #expect(object["a"] == nil)
        #expect(object["b"] == .some(.null))
    }
}
