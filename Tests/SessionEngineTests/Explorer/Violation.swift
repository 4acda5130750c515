/// A rule of REALTIME_API 4.4, or of the driver's contract, that a machine broke.
struct Violation: Error, Hashable, CustomStringConvertible {
    enum Rule: String, CaseIterable {
        /// 4.4-1: one `response.done` for each `response.created`, and nothing of the response after it.
        case oneDonePerResponse
        /// 4.4-2: what was added is done before its response is.
        case everyAddedIsDone
        /// 4.4-3: a `.done` says what the deltas said.
        case doneIsSumOfDeltas
        /// 4.4-4: a turn has one name.
        case turnKeepsItsName
        /// 4.3: committed, added, done, with nothing between.
        case committedItemFollowsAtOnce
        /// 4.4-5: the previous item is the one before.
        case previousItemIsReal
        /// 4.4-6: one response writes to the conversation; others do not.
        case oneWriterOfTheConversation
        /// 4.4-7: speech cancels the running response where it shall, after `speech_started`, and only there.
        case interruptionEndsTheResponse
        /// 4.4-8: a client hears of every event it sent, an error names it, and nobody else gets that error.
        case clientEventIsAnswered
        /// 4.4-9: history holds what was heard.
        case unheardWordsAreForgotten
        /// 4.4-10.
        case metadataIsEchoed
        /// Transcripts lead what is heard by at most a clause.
        case transcriptLeadsByOneClause
        /// One `completed` or `failed` for each transcribed item, and only where configured.
        case transcriptionEndsOnce
        /// No model is asked before the audio of its context can be read.
        case responseWaitsForTranscripts
        /// The model reads ahead only while nobody is answered.
        case readingAheadYields
        /// An answer begun ahead is heard of by nobody unless the turn ends as foreseen.
        case speculationLeavesNoTrace
        /// `idle_timeout_ms` fires once in a quiet period.
        case timeoutFiresOnce
        /// `output_audio_buffer.*` in their order, for peers alone.
        case outputBufferEventsInOrder
        /// A generation that is over gets no work.
        case noWorkAfterCancel
        /// Every name is given once.
        case namesAreUnique
        /// `account` is what `response.done` says.
        case usageIsAccounted
        /// Nothing after `closed`, and that once, with everybody told.
        case closedOnce
        /// A server is asked once for each item, and never with arguments that are none.
        case toolsRunOnce
        /// The voice stays once there was audio.
        case voiceIsLocked
    }

    let rule: Rule
    let detail: String

    init(_ rule: Rule, _ detail: String) {
        self.rule = rule
        self.detail = detail
    }

    var description: String { "\(rule.rawValue): \(detail)" }
}
