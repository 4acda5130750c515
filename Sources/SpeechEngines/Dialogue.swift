/// What every language model is told, here or at a server.
enum Dialogue {
    /// Who it is, for a client that gives no instructions.
    static let persona = "You are Parley, a friendly and helpful voice assistant."
    /// How to answer where the answer is spoken.
    static let spokenStyle =
        "Your answer is spoken aloud: answer in one to three short, complete sentences of plain words. " + plainStyle
    /// The same for the embedded model's answers that are read, where the client says nothing of how: a small model is more
    /// often right so, and calls functions.
    static let writtenStyle = "Answer in one to three short, complete sentences of plain words. " + plainStyle
    private static let plainStyle = "Never use lists, markdown, code, links or emoji."
}
