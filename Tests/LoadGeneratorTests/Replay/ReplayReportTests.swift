import RealtimeProtocol
import Testing

@testable import LoadGenerator

@Suite("A replay's report")
struct ReplayReportTests {
    private static let recorded = recording(
        """
        server {"type":"session.created"}
        server {"type":"error","error":{"code":"known","message":"Then too."}}
        server {"type":"response.output_audio_transcript.delta"}
        server {"type":"response.output_audio_transcript.delta"}
        server {"type":"input_audio_buffer.speech_started"}
        client {"type":"error"}
        """)

    private static func report(_ events: [String]) -> ReplayReport {
        var report = ReplayReport(recorded: recorded)
        for event in events { object(event).map { report.note($0) } }
        return report
    }

    @Test("Kinds of events are counted then and now, those of sound not")
    func counts() {
        let report = Self.report([
            #"{"type":"session.created"}"#, #"{"type":"error","error":{"code":"known","message":"Other words."}}"#,
            #"{"type":"response.output_audio_transcript.delta"}"#, #"{"type":"rate_limits.updated"}"#,
            #"{"type":"response.output_audio.delta"}"#, #"{"type":"input_audio_buffer.cleared"}"#,
        ])
        #expect(
            report.text == """
                The server's events: 2 of 4 kinds came as often as then.
                  response.output_audio_transcript.delta: 2 then, 1 now
                  rate_limits.updated: none then, 1 now
                No error that the recording does not have.
                """)
        #expect(report.isGood)
    }

    @Test("An error is new by its code, and as many as the recording has are not")
    func errors() {
        let known = #"{"type":"error","error":{"code":"known","message":"Again."}}"#
        #expect(Self.report([known]).isGood)
        #expect(Self.report([known, known]).newErrors == [ReplayReport.Refusal(code: "known", message: "Again.")])
        let new = Self.report([#"{"type":"error","error":{"type":"server_error","code":null,"message":"No."}}"#])
        #expect(!new.isGood && new.text.hasSuffix("An error that the recording does not have: server_error: No."))
    }

    @Test("An answer that failed and had not, and a session that ended too early, are no success")
    func failures() throws {
        let failed = try #require(object(#"{"response":{"status":"failed","status_details":{"error":{"code":"x"}}}}"#))
        let answer = try #require(ReplayTurn.Answer(failed))
        var report = ReplayReport(recorded: [])
        report.note(ReplayTurn(number: 1, asked: [], then: answer, now: answer))
        #expect(report.isGood)
        report.note(ReplayTurn(number: 2, asked: [], then: nil, now: answer))
        #expect(!report.isGood && answer.text == "(failed: x)")
        var broken = ReplayReport(recorded: [])
        broken.brokenOff = "Gone."
        #expect(!broken.isGood && broken.text.hasSuffix("Gone."))
    }

    @Test("A session that the server did not open is told apart from one that broke off later")
    func refused() {
        var refused = Self.report([#"{"type":"error","error":{"code":"invalid_api_key","message":"No key."}}"#])
        #expect(refused.refusal == nil)
        refused.brokenOff = "Gone."
        #expect(refused.refusal == ReplayReport.Refusal(code: "invalid_api_key", message: "No key."))
        var later = Self.report([#"{"type":"session.created"}"#])
        later.brokenOff = "Gone."
        #expect(later.refusal == nil)
    }
}
