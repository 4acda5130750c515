/// One event of a client, decoded.
package struct ClientEvent: Equatable, Sendable {
    package enum Payload: Equatable, Sendable {
        /// The partial session as it came; `SessionConfiguration.merging` checks and applies it.
        case sessionUpdate(JSONObject)
        /// Bytes in the session's input format, base64 undone.
        case inputAudioBufferAppend([UInt8])
        case inputAudioBufferCommit
        case inputAudioBufferClear
        case conversationItemCreate(NewItem, Placement)
        case conversationItemRetrieve(ItemID)
        case conversationItemTruncate(ItemID, contentIndex: Int, audioEndMs: Int)
        case conversationItemDelete(ItemID)
        case responseCreate(ResponseParameters)
        case responseCancel(ResponseID?)
        case outputAudioBufferClear
    }

    /// Where a new item goes: `previous_item_id` absent or null, `"root"`, or an id.
    package enum Placement: Equatable, Sendable {
        case end
        case beginning
        case after(ItemID)
    }

    /// The client's own name for the event; errors echo it.
    package var eventID: String?
    package var payload: Payload

    package init(eventID: String? = nil, _ payload: Payload) {
        self.eventID = eventID
        self.payload = payload
    }
}
