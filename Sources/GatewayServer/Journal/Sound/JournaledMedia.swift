import AudioPipeline
import SpeechEngines
import VoiceSession

/// The audio of a peer that is kept as it passes.
struct JournaledMedia: SessionMedia {
    let base: any SessionMedia
    let sound: JournalSound

    var executor: (any TaskExecutor)? { base.executor }
    var clock: (any MonotonicClock)? { base.clock }
    var audio: ReceivedAudio { base.audio.tapped { [sound] in sound.heard($0) } }
    var queuedAudio: Duration { base.queuedAudio }

    func hasRoom(for samples: Int, generation: Generation) -> Bool {
        base.hasRoom(for: samples, generation: generation)
    }

    func room(for samples: Int, generation: Generation) async -> Bool {
        await base.room(for: samples, generation: generation)
    }

    func play(_ samples: [Int16], generation: Generation) {
        sound.queued(samples, generation)
        base.play(samples, generation: generation)
    }

    func discardAudio(_ generation: Generation) { base.discardAudio(generation) }

    func nextPlayed() async -> [PlayedAudio] {
        let played = await base.nextPlayed()
        if !played.isEmpty { sound.played(played) }
        return played
    }
}
