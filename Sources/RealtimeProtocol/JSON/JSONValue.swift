/// A JSON value (RFC 8259). Absent and null are different things here, and so are 1 and 1.0.
package enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}
