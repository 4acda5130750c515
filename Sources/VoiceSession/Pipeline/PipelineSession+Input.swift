import AudioPipeline
import CoreMetrics
import Logging
import Metrics
import RealtimeProtocol
import SessionEngine
import SpeechEngines

extension PipelineSession {
    func configureInput(_ settings: InputSettings) {
        if settings.format != inputSettings.format { input.formatChanged() }
        if settings.noiseReduction != inputSettings.noiseReduction { reduceNoise(settings.noiseReduction) }
        inputSettings = settings
        if settings.detectsVoice, !children.isRunning(.voiceActivity) {
            startVoiceActivity()
        } else if !settings.detectsVoice {
            children.cancel(.voiceActivity)
            wakeVoiceActivity()
        }
    }

    private func reduceNoise(_ reduction: NoiseReduction?) {
        noiseReduction = reduction.flatMap { engine.noiseReducer?.makeStream($0) }
        if reduction != nil, noiseReduction == nil {
            log.notice("Noise reduction is asked for and not there; the input is heard as it is")
        }
    }

    // MARK: Sound that comes in

    /// Audio of an event: a second of it at once; what is longer or to be cleared of noise comes in from the pool second by
    /// second, so that neither the session nor the sockets that share its event loop wait for it, and no more than a second
    /// is held twice. The next event waits.
    func append(_ bytes: [UInt8], _ ticket: ChildTicket) async {
        let format = inputSettings.format
        let secondBytes = format.sampleRate * format.bytesPerSample
        if bytes.count <= secondBytes, noiseReduction == nil {
            await append(bytes[...], format, ticket)
        } else {
            await withTaskExecutorPreference(globalConcurrentExecutor) {
                await append(bytes, inPiecesOf: secondBytes, format, ticket)
            }
        }
    }

    private nonisolated func append(
        _ bytes: [UInt8], inPiecesOf pieceBytes: Int, _ format: AudioFormat, _ ticket: ChildTicket
    ) async {
        for start in stride(from: 0, to: bytes.count, by: pieceBytes) {
            await append(bytes[start..<min(start + pieceBytes, bytes.count)], format, ticket)
        }
    }

    private func append(_ bytes: ArraySlice<UInt8>, _ format: AudioFormat, _ ticket: ChildTicket) async {
        guard children.isCurrent(ticket), let samples = try? input.decode(bytes, format: format) else { return }
        heard(noiseReduction == nil ? samples[...] : await cleared(samples)[...], ticket)
    }

    private func heard(_ samples: ArraySlice<Int16>, _ ticket: ChildTicket) {
        guard children.isCurrent(ticket) else { return }
        inputEnds(at: input.append(samples))
    }

    /// Without its noise, where that is wanted.
    private func cleared(_ samples: [Int16]) async -> [Int16] {
        guard let noiseReduction else { return samples }
        return await noiseReduction.reduce(samples)
    }

    func receive(_ received: PCMBlock, _ ticket: ChildTicket) async {
        var block = received
        // Not on the thread that the block came on, which serves other calls.
        if noiseReduction != nil {
            block.samples = await withTaskExecutorPreference(globalConcurrentExecutor) {
                await cleared(received.samples)
            }
        }
        guard children.isCurrent(ticket), block.rate == .hz24000 else { return }
        inputEnds(at: input.place(block, now: clock.now))
    }

    private func inputEnds(at end: AudioPosition) {
        wakeVoiceActivityForWindow()
        if let end = inputEnd.advance(to: end) { handle(.audio(until: end)) }
    }

    func fillSilence(_ ticket: ChildTicket) -> ContinuousClock.Instant? {
        guard children.isCurrent(ticket) else { return nil }
        if let end = input.fillSilence(now: clock.now) { inputEnds(at: end) }
        return input.silenceIsDue ?? clock.now + InputAudio.patience
    }

    // MARK: End of turn

    func scoreTurn(_ range: Range<AudioPosition>, silentSince: AudioPosition, pauseMs: Int) {
        guard let detector = engine.turnDetector else { return }
        let speech = input.samples(in: range)
        let silenceMs = range.upperBound.ms - silentSince.ms
        children.start(.turnScore) { [self] ticket in
            do throws(EngineFailure) {
                let evidence = TurnEvidence(speech: try Self.narrow(speech), silenceMs: silenceMs, pauseMs: pauseMs)
                let score = try await detector.score(of: evidence) { [self] in
                    await turnTranscript(silentSince: silentSince)
                }
                await finish(ticket, .turnScore(score, at: range.upperBound))
            } catch {
                await failed("turn_detector", error, ticket)
                await finish(ticket)
            }
        }
    }

    // MARK: Recogniser

    func transcribe(_ request: TranscriptionRequest) {
        let (item, index) = (request.item, request.contentIndex)
        let transcriber = engine.transcriber
        noteUnknown(language: request.configuration?.language)
        let speech = speech(request)
        let startedAt = clock.now
        children.start(.transcription(item, contentIndex: index)) { [self] ticket in
            do throws(EngineFailure) {
                let transcript = try await transcriber.transcribe(try speech.narrow(), request.configuration) { delta in
                    await report(.transcriptDelta(item, contentIndex: index, delta), ticket)
                }
                await transcribed(since: startedAt)
                await finish(ticket, .transcribed(item, contentIndex: index, transcript.text, transcript.usage))
            } catch {
                await failed("recogniser", error, ticket)
                await finish(ticket, .transcriptionFailed(item, contentIndex: index, error))
            }
        }
    }

    /// Says once that the recogniser does not know a language; the session is served as well as it can be.
    private func noteUnknown(language: String?) {
        guard let language, let known = engine.transcriber.languages, language != unknownLanguage,
            !known.contains(String(language.prefix { $0.isLetter }).lowercased())
        else { return }
        unknownLanguage = language
        log.notice(
            "The recogniser does not know this language",
            metadata: ["language": "\(language.prefix(16))", "known": "\(known.joined(separator: " "))"])
    }

    /// The audio of a request as it is held: with the item if it is kept there, in the input otherwise.
    private func speech(_ request: TranscriptionRequest) -> HeldSpeech {
        switch request.source {
        case .item(let item, let index): HeldSpeech(store[item, index])
        case .input(let range):
            store[request.item, request.contentIndex].map { HeldSpeech($0) } ?? .samples(input.samples(in: range))
        }
    }

    func transcribed(since start: ContinuousClock.Instant) {
        metrics.recogniser.record(duration: start.duration(to: clock.now))
    }

    func failed(_ stage: String, _ failure: EngineFailure, _ ticket: ChildTicket) {
        guard children.isCurrent(ticket) else { return }
        metrics.failed(stage)
        log.warning("A stage failed", metadata: ["stage": "\(stage)", "code": "\(failure.code)"])
    }

    static func narrow(_ samples: [Int16]) throws(EngineFailure) -> [Int16] {
        do throws(AudioError) {
            return try Resampler(from: .hz24000, to: .hz16000).resample(samples)
        } catch {
            throw EngineFailure(code: "audio", message: "The audio could not be resampled.")
        }
    }
}
