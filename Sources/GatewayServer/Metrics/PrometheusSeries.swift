import Metrics
import Synchronization

/// TYPE of a family in the text format.
enum PrometheusKind: String {
    case counter
    case gauge
    case histogram
    case summary
}

/// One line of a series: what follows the name, an own label, the number.
struct PrometheusSample {
    var suffix = ""
    var label = ""
    let value: String
}

/// One metric with one set of labels.
protocol PrometheusSeries: AnyObject, Sendable {
    static var kind: PrometheusKind { get }
    func samples() -> [PrometheusSample]
}

/// A Double changed without a lock.
private struct AtomicDouble: ~Copyable, Sendable {
    private let bits = Atomic<UInt64>(0)

    var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }

    func add(_ amount: Double) {
        var seen = bits.load(ordering: .relaxed)
        while true {
            let sum = (Double(bitPattern: seen) + amount).bitPattern
            let (exchanged, now) = bits.weakCompareExchange(expected: seen, desired: sum, ordering: .relaxed)
            if exchanged { return }
            seen = now
        }
    }
}

/// A whole number that only grows.
final class PrometheusCounter: CounterHandler, PrometheusSeries {
    static let kind = PrometheusKind.counter
    private let value = Atomic<Int64>(0)

    func increment(by amount: Int64) { value.wrappingAdd(amount, ordering: .relaxed) }
    func reset() { value.store(0, ordering: .relaxed) }
    var current: Int64 { value.load(ordering: .relaxed) }
    func samples() -> [PrometheusSample] { [.init(value: String(current))] }
}

/// A number that only grows, such as seconds of processor time.
final class PrometheusFloatingPointCounter: FloatingPointCounterHandler, PrometheusSeries {
    static let kind = PrometheusKind.counter
    private let value = AtomicDouble()

    func increment(by amount: Double) { value.add(amount) }
    func reset() { value.set(0) }
    func samples() -> [PrometheusSample] { [.init(value: PrometheusName.number(value.value))] }
}

/// A number that goes both ways.
final class PrometheusGauge: MeterHandler, RecorderHandler, PrometheusSeries {
    static let kind = PrometheusKind.gauge
    private let value = AtomicDouble()

    func set(_ value: Int64) { self.value.set(Double(value)) }
    func set(_ value: Double) { self.value.set(value) }
    func increment(by amount: Double) { value.add(amount) }
    func decrement(by amount: Double) { value.add(-amount) }
    func record(_ value: Int64) { set(value) }
    func record(_ value: Double) { set(value) }
    func samples() -> [PrometheusSample] { [.init(value: PrometheusName.number(value.value))] }
}

/// Count and sum of recorded values of any unit.
final class PrometheusSummary: RecorderHandler, PrometheusSeries {
    static let kind = PrometheusKind.summary
    private let count = Atomic<Int64>(0)
    private let sum = AtomicDouble()

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        count.wrappingAdd(1, ordering: .relaxed)
        sum.add(value)
    }

    func samples() -> [PrometheusSample] {
        [
            .init(suffix: "_sum", value: PrometheusName.number(sum.value)),
            .init(suffix: "_count", value: String(count.load(ordering: .relaxed))),
        ]
    }
}

/// Durations in seconds in fixed buckets from 1 ms to 10 s.
final class PrometheusHistogram: TimerHandler, PrometheusSeries {
    static let kind = PrometheusKind.histogram
    private static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    /// One more than the bounds: the last one holds what is above them all.
    private let counts = PrometheusHistogram.bounds.indices.map { _ in PrometheusCounter() } + [PrometheusCounter()]
    private let sum = AtomicDouble()

    func recordNanoseconds(_ duration: Int64) {
        let seconds = Double(duration) / 1e9
        counts[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count].increment(by: 1)
        sum.add(seconds)
    }

    func samples() -> [PrometheusSample] {
        var total: Int64 = 0
        var samples: [PrometheusSample] = []
        for (bound, counter) in zip(Self.bounds + [.infinity], counts) {
            total &+= counter.current
            samples.append(
                .init(suffix: "_bucket", label: "le=\"\(PrometheusName.number(bound))\"", value: String(total)))
        }
        samples.append(.init(suffix: "_sum", value: PrometheusName.number(sum.value)))
        samples.append(.init(suffix: "_count", value: String(total)))
        return samples
    }
}
