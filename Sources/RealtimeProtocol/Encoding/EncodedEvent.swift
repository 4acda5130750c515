/// An event as the messages that carry it, in order; none where the client's dialect has no such event.
package struct EncodedEvent: Equatable, Sendable {
    /// Complete JSON texts, each within the limit of the connection.
    package var messages: [[UInt8]]
    /// Whether something did not fit: a retrieved item went without its audio, or an `error` stands for the event.
    package var isReduced: Bool

    package init(messages: [[UInt8]], isReduced: Bool = false) {
        self.messages = messages
        self.isReduced = isReduced
    }
}
