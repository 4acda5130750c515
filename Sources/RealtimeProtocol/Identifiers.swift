/// The name of one conversation item, `item_…` when the server made it, up to 64 characters of the client's otherwise.
package struct ItemID: Hashable, Sendable {
    package let rawValue: String
    package init(_ rawValue: String) { self.rawValue = rawValue }
}

/// The name of one response, `resp_…`.
package struct ResponseID: Hashable, Sendable {
    package let rawValue: String
    package init(_ rawValue: String) { self.rawValue = rawValue }
}

/// The name of one session, `sess_…`.
package struct SessionID: Hashable, Sendable {
    package let rawValue: String
    package init(_ rawValue: String) { self.rawValue = rawValue }
}

/// The name of one conversation, `conv_…`.
package struct ConversationID: Hashable, Sendable {
    package let rawValue: String
    package init(_ rawValue: String) { self.rawValue = rawValue }
}

/// The name of one function call, `call_…`: what its output refers to.
package struct FunctionCallID: Hashable, Sendable {
    package let rawValue: String
    package init(_ rawValue: String) { self.rawValue = rawValue }
}
