package import RealtimeProtocol

/// One clause for the voice.
package struct SpeechRequest: Equatable, Sendable {
    /// Counts the clauses of a generation from 0.
    package var clause: Int
    /// As shown in the transcript, with its spaces.
    package var text: String
    package var voice: Voice
    package var speed: Double

    package init(clause: Int, text: String, voice: Voice, speed: Double) {
        self.clause = clause
        self.text = text
        self.voice = voice
        self.speed = speed
    }
}

/// A block of synthesized audio as the session machine sees it: how long, and which words. The PCM stays with the driver.
package struct SpeechChunk: Equatable, Sendable {
    /// Counts the blocks of a generation from 0; `SessionEffect.deliver` names it.
    package var number: Int
    package var clause: Int
    /// At 24 kHz mono.
    package var samples: Int
    /// Words whose end lies in this block or, as far as they are known already, after it; each word once. Times in ms from
    /// the first sample of the clause. Those known with the first block go out with the clause's transcript.
    package var words: [WordTiming]

    package init(number: Int, clause: Int, samples: Int, words: [WordTiming]) {
        self.number = number
        self.clause = clause
        self.samples = samples
        self.words = words
    }
}

/// What a recogniser is asked.
package struct TranscriptionRequest: Equatable, Sendable {
    package var item: ItemID
    package var contentIndex: Int
    package var source: AudioSource
    package var configuration: TranscriptionConfiguration?

    package init(
        item: ItemID, contentIndex: Int, source: AudioSource, configuration: TranscriptionConfiguration?
    ) {
        self.item = item
        self.contentIndex = contentIndex
        self.source = source
        self.configuration = configuration
    }
}

/// What a recogniser is asked of a turn that is not over.
package struct RecognitionRequest: Equatable, Sendable {
    /// The name the turn's item will have.
    package var item: ItemID
    package var range: Range<AudioPosition>
    /// Where the pause at its end began: the answer may be the transcript. Nil in the middle of speech: it is only wanted
    /// where the recogniser has nothing else to do.
    package var silentSince: AudioPosition?

    package init(item: ItemID, range: Range<AudioPosition>, silentSince: AudioPosition?) {
        self.item = item
        self.range = range
        self.silentSince = silentSince
    }
}

/// Where the audio of an item is.
package enum AudioSource: Equatable, Sendable {
    /// A stretch of the session's input.
    case input(Range<AudioPosition>)
    /// Given whole with the item.
    case item(ItemID, contentIndex: Int)
}
