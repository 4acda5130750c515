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
    /// Conversations that may wait for an answer, and as many for their prompt to be read; more are refused.
    var waiting: Int
    var threads: Int32

    /// Tokens given to the model in one step, so that a cancelled prompt ends soon and others get their turn.
    static let sliceTokens = 64
    /// The same while nobody is being answered and a prompt is only read ahead: an answer that is asked for meanwhile waits
    /// for at most so much.
    static let readingTokens = 32
    /// Tokens of another conversation's cache that may be given up for one prompt. An answer that was cut off by its
    /// listener stays below; a cache with more behind the common part is taken for a conversation that goes on.
    static let looseTokens = 128
}
