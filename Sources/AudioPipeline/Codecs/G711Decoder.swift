/// G.711 payloads (8 kHz, one byte per sample) to mono Int16 PCM at `rate`, with concealment.
///
/// Used from one executor at a time; the scratch space is allocated once.
final class G711Decoder {
    /// Samples at 8 kHz in the longest payload or concealment: 1,500 bytes are 187.5 ms, a concealment is 200 ms.
    private static let longest = 1_600

    private let law: G711.Law
    private let scale: Int
    private let resampler: Resampler?
    private let scratch: UnsafeMutableBufferPointer<Int16>
    private var concealer = PitchConcealer()

    init(_ law: G711.Law, rate: SampleRate) throws(AudioError) {
        self.law = law
        scale = Int(rate.hertz / SampleRate.hz8000.hertz)
        resampler = rate == .hz8000 ? nil : try Resampler(from: .hz8000, to: rate)
        scratch = .allocate(capacity: Self.longest)
    }

    deinit {
        scratch.deallocate()
    }

    func duration(of payload: UnsafeRawBufferPointer) -> Int? {
        payload.isEmpty || payload.count > Self.longest ? nil : payload.count * scale
    }

    func decode(
        _ payload: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<Int16>
    ) throws(AudioError) -> Int {
        guard payload.count <= Self.longest else { throw .oversized(have: payload.count, limit: Self.longest) }
        let count = G711.decode(payload, law, into: scratch)
        concealer.heard(UnsafeMutableBufferPointer(rebasing: scratch[..<count]))
        return try deliver(count, into: output)
    }

    /// `samples` counts at the output rate.
    func conceal(
        samples: Int, into output: UnsafeMutableBufferPointer<Int16>
    ) throws(AudioError) -> Int {
        let count = samples / scale
        guard count <= Self.longest else { throw .oversized(have: count, limit: Self.longest) }
        concealer.conceal(into: UnsafeMutableBufferPointer(rebasing: scratch[..<count]))
        return try deliver(count, into: output)
    }

    func reset() {
        concealer = PitchConcealer()
        resampler?.reset()
    }

    private func deliver(
        _ count: Int, into output: UnsafeMutableBufferPointer<Int16>
    ) throws(AudioError) -> Int {
        let input = UnsafeBufferPointer(rebasing: scratch[..<count])
        if let resampler { return try resampler.resample(input, into: output) }
        guard count <= output.count else { throw .oversized(have: count, limit: output.count) }
        _ = output.update(fromContentsOf: input)
        return count
    }
}
