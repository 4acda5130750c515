import CoreMetrics
import Metrics
import RealtimeProtocol
import SessionEngine
import SpeechEngines

/// What the recogniser hears of a turn up to a pause, for those who go by it beside the session's machine.
struct PauseTranscript {
    let silentSince: AudioPosition
    private var isPending = true
    private var text: String?
    private var waiters: [CheckedContinuation<String?, Never>] = []

    init(silentSince: AudioPosition) { self.silentSince = silentSince }

    /// Resumes `waiter` with the text, nil where there is none, now or as soon as it is known.
    mutating func wait(_ waiter: CheckedContinuation<String?, Never>) {
        if isPending { waiters.append(waiter) } else { waiter.resume(returning: text) }
    }

    /// It is known, or will not be.
    mutating func settle(_ text: String?) {
        guard isPending else { return }
        isPending = false
        self.text = text
        for waiter in waiters { waiter.resume(returning: text) }
        waiters = []
    }
}

extension PipelineSession {
    /// Has the recogniser look at a turn that is not over.
    func recognise(_ request: RecognitionRequest, _ configuration: TranscriptionConfiguration?) {
        let speech = input.samples(in: request.range)
        let transcriber = engine.transcriber
        let startedAt = clock.now
        pauseTranscript?.settle(nil)
        if let silentSince = request.silentSince { pauseTranscript = PauseTranscript(silentSince: silentSince) }
        children.start(.recognition) { [self] ticket in
            var text: String?
            do throws(EngineFailure) {
                let narrow = try Self.narrow(speech)
                text =
                    request.silentSince == nil
                    ? try await transcriber.transcribeInPassing(narrow, configuration)
                    : try await transcriber.transcribe(narrow, configuration, onDelta: { _ in }).text
            } catch {
                await failed("recogniser", error, ticket)
            }
            await recognised(request, text, since: startedAt, ticket)
        }
    }

    private func recognised(
        _ request: RecognitionRequest, _ text: String?, since start: ContinuousClock.Instant, _ ticket: ChildTicket
    ) {
        guard children.isCurrent(ticket) else { return metrics.stale.increment() }
        if request.silentSince != nil {
            transcribed(since: start)
            pauseTranscript?.settle(text)
        }
        finish(ticket, .recognised(request.item, until: request.range.upperBound, text))
    }

    /// What the recogniser makes of the turn before the pause that began there; nil where it was not asked, or cannot say.
    func turnTranscript(silentSince: AudioPosition) async -> String? {
        guard pauseTranscript?.silentSince == silentSince else { return nil }
        return await withCheckedContinuation { waiter in
            if pauseTranscript == nil { waiter.resume(returning: nil) } else { pauseTranscript?.wait(waiter) }
        }
    }
}
