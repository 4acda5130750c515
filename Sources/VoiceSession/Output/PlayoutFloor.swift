import AudioPipeline
import SessionEngine

/// Who speaks on the peers of a session: one response at a time, in the order they asked, since there is one track.
///
/// Each turn gets a playout generation of its own, counted up, as a playout queue wants it. Pure.
struct PlayoutFloor {
    private struct Turn {
        let number: Generation
        let response: ResponseGeneration
        /// Samples of the response in turns before.
        let before: Int
    }

    /// Turns whose playing may still be told of.
    private static let remembered = 32

    private var turns: [Turn] = []
    private var holder: ResponseGeneration?
    private var last: UInt64 = 0
    /// Samples given in each turn.
    private var samples: [Generation: Int] = [:]

    /// Takes the floor or keeps it; nil while another holds it.
    mutating func take(_ response: ResponseGeneration) -> Generation? {
        if let holder, holder != response { return nil }
        holder = response
        if let turn = turns.last, turn.response == response { return turn.number }
        let earlier = turns.last { $0.response == response }
        return begin(response, before: earlier.map { $0.before + (samples[$0.number] ?? 0) } ?? 0)
    }

    /// A turn for what is played once more to another peer, that has heard so many samples of the response.
    mutating func restart(_ response: ResponseGeneration, heard: Int) -> Generation { begin(response, before: heard) }

    private mutating func begin(_ response: ResponseGeneration, before: Int) -> Generation {
        last += 1
        let turn = Turn(number: Generation(rawValue: last), response: response, before: before)
        turns.append(turn)
        if turns.count > Self.remembered { samples[turns.removeFirst().number] = nil }
        return turn.number
    }

    mutating func give(_ count: Int, to number: Generation) { samples[number, default: 0] += count }

    /// Lets the next one speak; what was given is still played.
    mutating func release(_ response: ResponseGeneration) {
        if holder == response { holder = nil }
    }

    /// Whose samples were played, and how many of them in all.
    func response(_ played: PlayedAudio) -> (ResponseGeneration, samples: Int)? {
        guard let turn = turns.last(where: { $0.number == played.generation }) else { return nil }
        return (turn.response, turn.before + played.samples)
    }

    /// The turns of a response, for dropping what is queued of them.
    func numbers(of response: ResponseGeneration) -> [Generation] {
        turns.filter { $0.response == response }.map(\.number)
    }
}
