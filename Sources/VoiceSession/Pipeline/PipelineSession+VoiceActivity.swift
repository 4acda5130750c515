import AudioPipeline
import SessionEngine
import SpeechEngines

extension PipelineSession {
    /// Where windows are judged.
    enum VoicePlace {
        /// On the thread that the sound comes on, in the same turn of it; nil for none.
        case withSound((any TaskExecutor)?)
        /// On the pool, where others on the thread would wait for long.
        case pool

        fileprivate var executor: (any TaskExecutor)? {
            switch self {
            case .withSound(let executor): executor
            case .pool: globalConcurrentExecutor
            }
        }
    }

    /// Where one run of voice activity is.
    private struct Hearing {
        let stream: any VoiceActivityStream
        var epoch: Int?
        /// Of the last window, until it is taken.
        var result: (probability: Double, window: InputAudio.Window)?
    }

    /// The detector takes windows out of the ring in order, as fast as it can.
    func startVoiceActivity() {
        input.startWindows()
        let detector = engine.voiceActivity
        children.start(.voiceActivity) { [self] ticket in
            var hearing = Hearing(stream: detector.makeStream())
            while let place = await voicePlace(ticket) {
                await withTaskExecutorPreference(place.executor) { await hear(&hearing, at: place, ticket) }
            }
        }
    }

    /// Judges windows until the place is another or voice activity is over.
    private nonisolated func hear(_ hearing: inout Hearing, at place: VoicePlace, _ ticket: ChildTicket) async {
        while let window = await nextWindow(after: &hearing.result, at: place, ticket) {
            if window.epoch != hearing.epoch { hearing.stream.reset() }
            hearing.epoch = window.epoch
            do throws(EngineFailure) {
                let probability = try await hearing.stream.probability(in: window.samples)
                let isEcho = probability >= Self.voiceAtLeast ? await hearsEcho(ticket) : false
                hearing.result = (isEcho ? 0 : probability, window)
            } catch {
                await failed("voice_activity", error, ticket)
                await finish(ticket, .end(.internalError("voice activity: \(error.code)")))
            }
        }
    }

    /// Takes the result of one window and waits for the next; nil when voice activity is not wanted any more, or elsewhere.
    private func nextWindow(
        after result: inout (probability: Double, window: InputAudio.Window)?, at place: VoicePlace,
        _ ticket: ChildTicket
    ) async -> InputAudio.Window? {
        if let (probability, window) = result, window.epoch == input.epoch {
            report(.voice(probability: probability, at: window.end), ticket)
        }
        result = nil
        while children.isCurrent(ticket), isRight(place) {
            // Resampling whole windows between two fixed rates does not fail; if it ever did, detection would end loudly.
            do throws(AudioError) {
                if let window = try input.nextWindow() {
                    echo.hear(window.samples, endingAt: window.end)
                    return window
                }
            } catch {
                finish(ticket, .end(.internalError("resampler: \(error)")))
                return nil
            }
            await withCheckedContinuation { windowWaiter = $0 }
        }
        return nil
    }

    // MARK: Where

    /// The sound comes on another thread now.
    func soundMoved() {
        let transport = transports.principal?.value.transport
        soundExecutor = transport?.media.map(\.executor) ?? transport?.executor
        wakeVoiceActivity()
    }

    /// Nil when voice activity is over.
    private func voicePlace(_ ticket: ChildTicket) -> VoicePlace? {
        guard children.isCurrent(ticket) else { return nil }
        return input.isBehind || isLong ? .pool : .withSound(soundExecutor)
    }

    /// On the pool it stays until it has caught up.
    private func isRight(_ place: VoicePlace) -> Bool {
        switch place {
        case .withSound(let executor): executor === soundExecutor && !input.isBehind && !isLong
        case .pool: input.hasWindow || isLong
        }
    }

    /// The conversation is read for the answer when a turn has ended: 0.3 ms for 400 items, 33 for the most there may be.
    private var isLong: Bool { itemsTold > Self.longItems }

    /// More than an hour of talk makes.
    static let longItems = 1_000

    // MARK: Echo

    /// Windows that sound less like a voice decide nothing, echo or not.
    private static let voiceAtLeast = 0.3

    /// Whether the latest of the input is what was played. Looked for on the pool: up to 0.3 ms.
    private nonisolated func hearsEcho(_ ticket: ChildTicket) async -> Bool {
        guard let question = await echoQuestion(ticket) else { return false }
        let answer = await withTaskExecutorPreference(globalConcurrentExecutor) { question.answer }
        await settle(answer, ticket)
        return answer.isEcho
    }

    private func echoQuestion(_ ticket: ChildTicket) -> EchoQuestion? {
        children.isCurrent(ticket) ? echo.question : nil
    }

    private func settle(_ answer: EchoQuestion.Answer, _ ticket: ChildTicket) {
        if children.isCurrent(ticket) { echo.settle(answer) }
    }

    // MARK: Waking

    /// Frames are shorter than windows: the detector's task is not woken for a part of one.
    func wakeVoiceActivityForWindow() {
        if input.hasWindow { wakeVoiceActivity() }
    }

    /// There is a window, the sound comes from elsewhere, or voice activity is over.
    func wakeVoiceActivity() {
        windowWaiter?.resume()
        windowWaiter = nil
    }
}
