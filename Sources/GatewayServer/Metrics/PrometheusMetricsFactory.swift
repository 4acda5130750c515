package import Metrics
import NIOConcurrencyHelpers

/// swift-metrics backend that renders everything in the Prometheus text format 0.0.4.
///
/// Creating a metric takes a lock, changing one is a single atomic operation. Equal label and dimensions share one series,
/// so destroying a handle leaves the series in place: a counter must not run backwards for whoever scrapes it.
package final class PrometheusMetricsFactory: MetricsFactory {
    private struct Family {
        let kind: PrometheusKind
        /// By rendered labels.
        var series: [String: any PrometheusSeries] = [:]
    }

    private let families = NIOLockedValueBox<[String: Family]>([:])

    package init() {}

    /// The whole exposition, sorted by name and labels.
    package func render() -> String {
        let families = families.withLockedValue { $0 }
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            text += "# TYPE \(name) \(family.kind.rawValue)\n"
            for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                for sample in series.samples() {
                    let all = [labels, sample.label].filter { !$0.isEmpty }.joined(separator: ",")
                    text += name + sample.suffix + (all.isEmpty ? "" : "{\(all)}") + " \(sample.value)\n"
                }
            }
        }
        return text
    }

    /// The series of this name and these labels; one outside the exposition if the name already has another kind.
    private func series<Series: PrometheusSeries>(
        _ name: String, _ dimensions: [(String, String)], _ make: () -> Series
    ) -> Series {
        let labels = PrometheusName.labels(dimensions)
        return families.withLockedValue { families in
            if let known = families[name]?.series[labels] as? Series { return known }
            let made = make()
            guard families[name, default: Family(kind: Series.kind)].kind == Series.kind else { return made }
            families[name, default: Family(kind: Series.kind)].series[labels] = made
            return made
        }
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(PrometheusName.metric(label, unit: "total"), dimensions, PrometheusCounter.init)
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        series(PrometheusName.metric(label, unit: "total"), dimensions, PrometheusFloatingPointCounter.init)
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(PrometheusName.metric(label), dimensions, PrometheusGauge.init)
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        let name = PrometheusName.metric(label)
        return aggregate
            ? series(name, dimensions, PrometheusSummary.init) : series(name, dimensions, PrometheusGauge.init)
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(PrometheusName.metric(label, unit: "seconds"), dimensions, PrometheusHistogram.init)
    }

    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}
}
