import GatewayServer
import Metrics
import Testing

@Suite("Prometheus text")
struct PrometheusTests {
    @Test("Each kind of metric has its lines")
    func kinds() {
        let factory = PrometheusMetricsFactory()
        Counter(label: "gateway.calls", dimensions: [("result", "ok")], factory: factory).increment(by: 3)
        FloatingPointCounter(label: "cpu_seconds", factory: factory).increment(by: 0.25)
        Meter(label: "calls_open", factory: factory).set(7)
        Gauge(label: "temperature", factory: factory).record(-1.5)
        Recorder(label: "frame_bytes", factory: factory).record(100)
        Timer(label: "setup", factory: factory).recordMilliseconds(20)
        let text = factory.render()
        for line in [
            "# TYPE gateway_calls_total counter", "gateway_calls_total{result=\"ok\"} 3", "cpu_seconds_total 0.25",
            "# TYPE calls_open gauge", "calls_open 7", "temperature -1.5", "# TYPE frame_bytes summary",
            "frame_bytes_sum 100", "frame_bytes_count 1", "# TYPE setup_seconds histogram",
            "setup_seconds_bucket{le=\"0.01\"} 0", "setup_seconds_bucket{le=\"0.025\"} 1",
            "setup_seconds_bucket{le=\"+Inf\"} 1", "setup_seconds_sum 0.02", "setup_seconds_count 1",
        ] {
            #expect(text.contains(line + "\n"), "\(line)")
        }
    }

    @Test("Names are sanitised and label values escaped")
    func escaping() {
        let factory = PrometheusMetricsFactory()
        Meter(label: "9a-b.c", dimensions: [("la-bel", "a\"b\\c\nd")], factory: factory).set(1)
        #expect(factory.render() == "# TYPE _9a_b_c gauge\n_9a_b_c{la_bel=\"a\\\"b\\\\c\\nd\"} 1\n")
    }

    @Test("Equal name and labels in any order are one series; another kind under the name stays out")
    func sharing() {
        let factory = PrometheusMetricsFactory()
        Counter(label: "n", dimensions: [("a", "1"), ("b", "2")], factory: factory).increment()
        Counter(label: "n", dimensions: [("b", "2"), ("a", "1")], factory: factory).increment()
        Meter(label: "n_total", factory: factory).set(9)
        #expect(factory.render() == "# TYPE n_total counter\nn_total{a=\"1\",b=\"2\"} 2\n")
    }

    @Test("Concurrent changes are all counted")
    func concurrency() async {
        let factory = PrometheusMetricsFactory()
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    let counter = Counter(label: "c", factory: factory)
                    let seconds = FloatingPointCounter(label: "s", factory: factory)
                    for _ in 0..<1000 {
                        counter.increment()
                        seconds.increment(by: 0.5)
                    }
                }
            }
        }
        #expect(factory.render().contains("c_total 8000\n"))
        #expect(factory.render().contains("s_total 4000\n"))
    }

    @Test("Values beyond the numbers are written as Prometheus writes them")
    func numbers() {
        let factory = PrometheusMetricsFactory()
        for (name, value) in [("a", Double.infinity), ("b", -.infinity), ("c", .nan), ("d", 1e300), ("e", 0.1)] {
            Meter(label: name, factory: factory).set(value)
        }
        let text = factory.render()
        for line in ["a +Inf", "b -Inf", "c NaN", "d 1e+300", "e 0.1"] { #expect(text.contains(line + "\n")) }
    }
}
