/// The event names and shapes a client speaks (REALTIME_API section 9).
package enum Dialect: Sendable {
    case current
    /// `OpenAI-Beta: realtime=v1`: the names of before general availability, mapped where events are read and written.
    case beta
}
