import AudioPipeline
package import Foundation
import RealtimeProtocol

/// A group made ready: its recordings coded, its session written, its statistics empty.
package final class LoadPlan: Sendable {
    package let group: LoadGroup
    package let seed: UInt64
    private let clips: [SpeechClip]
    private let quiet: [[UInt8]]
    private let update: [UInt8]?
    private let coder: FrameCoder
    private let noted = PosixLock(Noted())

    private struct Noted {
        var tally = LoadTally()
        /// Of the answers since somebody asked last.
        var answers = LatencyHistogram()

        mutating func note(_ note: LoadNote) {
            tally.note(note)
            if case .time(.speechToAudio, let time, _) = note { answers.record(time) }
        }
    }

    /// Reads the recordings, which lie in `folder` where their names are relative.
    package init(_ group: LoadGroup, seed: UInt64, folder: URL) throws {
        self.group = group
        self.seed = seed
        let coder = FrameCoder(group.transport == .webrtc ? .opus : .events(ms: group.chunkMs))
        self.coder = coder
        clips = try group.speech.map { speech in
            let path = speech.file.hasPrefix("/") ? URL(filePath: speech.file) : folder.appending(path: speech.file)
            let samples = try SpeechFile.read(path, at: .hz24000)
            guard SpokenSound.endOfSpeech(in: samples) > 0 else {
                throw LoadScenarioError("\(speech.file) is silent.")
            }
            return try SpeechClip(samples, says: speech.says, coder: coder)
        }
        quiet = try SpeechClip.quiet(coder)
        update = group.speech.isEmpty ? nil : group.sessionUpdate
    }

    package func note(_ note: LoadNote) { noted.withLock { $0.note(note) } }

    package func notes(_ notes: [LoadNote]) {
        noted.withLock { noted in
            for note in notes { noted.note(note) }
        }
    }

    package var result: LoadTally { noted.withLock { $0.tally } }

    /// From the end of speech to the first audio, of what was answered since the last call of this.
    func takeAnswers() -> LatencyHistogram {
        noted.withLock { noted in
            defer { noted.answers = LatencyHistogram() }
            return noted.answers
        }
    }

    /// What a talker sends; nil where its microphone is off.
    func bytes(of frame: TalkerMachine.Frame, number: Int) -> [UInt8]? {
        switch frame {
        case .speech(let clip, let frame): clips[clip].frames[frame]
        case .quiet: quiet[number % quiet.count]
        case .off: group.microphone == .open ? quiet[number % quiet.count] : nil
        }
    }

    /// What the call with this number does.
    func talker(_ index: Int, talks: Bool) -> TalkerSettings {
        var settings = TalkerSettings()
        settings.index = index
        settings.talks = talks
        settings.isWebSocket = group.transport == .websocket
        settings.frame = coder.frame
        settings.clips = clips.map(\.shape)
        settings.think = group.thinkSeconds
        settings.patience = .seconds(group.patienceSeconds)
        settings.interrupt = group.interrupt
        settings.interruptAfter = .seconds(group.interruptAfterSeconds)
        settings.toolOutputs = Dictionary(group.tools.map { ($0.name, $0.output) }) { $1 }
        settings.sessionUpdate = update
        settings.seed = seed
        return settings
    }
}

extension LoadGroup {
    /// As `parley call` sets a session up, with the group's members and tools.
    var sessionUpdate: [UInt8] {
        var settings = CallSettings()
        settings.session = session
        if !tools.isEmpty {
            settings.session["tools"] = .array(
                tools.map { tool in
                    .object(
                        JSONObject([
                            ("type", .string("function")), ("name", .string(tool.name)),
                            ("description", .string(tool.description)), ("parameters", .object(tool.parameters)),
                        ]))
                })
        }
        return settings.update
    }
}
