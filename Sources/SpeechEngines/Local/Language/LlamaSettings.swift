/// How much of the machine the language model may take.
struct LlamaSettings: Sendable {
    /// Tokens of all conversations together in the key-value cache.
    var cacheTokens: Int
    /// Tokens one conversation may use.
    var conversationTokens: Int
    /// Conversations whose cache is kept; the least recently used gives way.
    var conversations: Int
    /// Conversations that speak at once; more wait.
    var concurrent: Int
    /// Conversations that may wait; more are refused.
    var waiting: Int
    var threads: Int32

    /// Tokens given to the model in one step, so that a cancelled prompt ends soon and others get their turn.
    static let sliceTokens = 64
}
