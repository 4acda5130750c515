import Testing

@testable import SpeechEngines

@Suite("One score of sound, words, melody and silence")
struct TurnFusionTests {
    private func score(_ text: String?, smartTurn: Double = 0.9, pauseMs: Int = 200) -> Double {
        TurnFusion.score(
            TurnFeatures(
                smartTurn: smartTurn, pauseMs: pauseMs, prosody: Prosody(),
                ending: text.map { TranscriptEnding($0) }))
    }

    @Test("There is a weight for every feature, and a middle for every feature of the words")
    func counts() {
        #expect(TurnFusion.weights.count == TurnFeatures.names.count)
        #expect(TurnFusion.middleOfTranscripts.count == TurnFeatures.transcriptNames.count)
    }

    @Test("A sentence that stops at an article sounds less finished than a whole one, however sure smart-turn is")
    func words() {
        #expect(score("Turn off the lights in the") < score("Turn off the lights.", smartTurn: 0.1))
    }

    @Test("The longer the silence, the likelier the end")
    func silence() {
        let scores = [200, 400, 800, 1_600].map { score("I'm not sure", pauseMs: $0) }
        #expect(scores == scores.sorted() && Set(scores).count == 4)
    }

    @Test("Without words the score lies between that of a whole and that of a broken sentence")
    func unread() {
        #expect(score("I need the") < score(nil))
        #expect(score(nil) < score("I need it."))
    }

    @Test(
        "It is a probability for the worst that a model can say",
        arguments: [-1, 0, 1, 2, Double.infinity, -Double.infinity])
    func extremes(smartTurn: Double) {
        #expect((0...1).contains(score("So", smartTurn: smartTurn, pauseMs: 0)))
    }
}
