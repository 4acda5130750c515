package import AudioPipeline

/// How much work the encoders of one media loop put into a frame, by how busy its thread is. Pure; told once a second.
///
/// A busy thread does less at once, long before frames leave late or admission refuses calls; it does more again after some calm
/// seconds, when the dearer step fits without being too much: no step costs more than 1.5 times the next.
package struct CodecEffort: Equatable, Sendable {
    /// Complexities of libopus (0 to 10) that differ in time: 249, 172, 129, 100, 70 and 57 µs for 20 ms of speech at 24 kHz and
    /// 32 kbit/s (libopus 1.3.1, one core of the machine of docs/performance.md). What the ear loses is little: PESQ goes from 4.44
    /// to 4.24 (measured there too). Last of all what is above 8 kHz is left out, which takes a sixth less.
    private static let steps: [Int32] = [10, 6, 5, 3, 1, 0]
    private static let busy = 0.6
    private static let calm = 0.4
    private static let calmSeconds = 5

    private let ladder: [EncoderEffort]
    private var step = 0
    private var calmFor = 0

    /// - Parameter most: what encoders are set to while there is time, 0 to 10.
    package init(most: Int32) {
        let complexities = [most] + Self.steps.filter { $0 < most }
        ladder = complexities.map { EncoderEffort(complexity: $0) } + [EncoderEffort(complexity: 0, isWideband: true)]
    }

    package var effort: EncoderEffort { ladder[step] }

    /// `share`: of the last second, that the thread was at work, 0 to 1.
    package mutating func second(busy share: Double) {
        calmFor = share < Self.calm ? calmFor + 1 : 0
        if share >= Self.busy {
            step = min(step + 1, ladder.count - 1)
        } else if calmFor >= Self.calmSeconds {
            step = max(step - 1, 0)
            calmFor = 0
        }
    }
}
