import Foundation

/// Lines over one axis as an SVG that needs nothing around it.
struct LinePlot {
    struct Line {
        var name: String
        var points: [(x: Double, y: Double)]
    }

    private static let (width, height) = (720.0, 220.0)
    private static let (left, right, top, bottom) = (56.0, 12.0, 28.0, 34.0)
    private static let colours = ["var(--line, #2a6fdb)", "var(--second, #c2571a)"]

    var title: String
    var x: String
    var y: String
    var lines: [Line]
    /// The axis counts nines: 90, 99, 99.9 lie at equal distances.
    var hasNines = false

    /// Where a percentile lies on an axis of nines; the last that is shown is 99.99.
    static func nines(_ percentile: Double) -> Double { -log10(max(1 - percentile / 100, 0.000_1)) }

    /// Nil where there is nothing to draw.
    var svg: String? {
        let points = lines.flatMap(\.points)
        guard points.count > 1, let (least, most) = span(points.map(\.x)), let highest = points.map(\.y).max() else {
            return nil
        }
        let ceiling = Self.rounded(up: highest)
        func place(_ point: (x: Double, y: Double)) -> (Double, Double) {
            (
                Self.left + (point.x - least) / (most - least) * (Self.width - Self.left - Self.right),
                Self.height - Self.bottom - point.y / ceiling * (Self.height - Self.top - Self.bottom)
            )
        }
        var parts = axes(ceiling, least, most, place)
        for (index, line) in lines.enumerated() where line.points.count > 1 {
            let colour = Self.colours[index % Self.colours.count]
            let path = line.points.map { point in
                let (x, y) = place(point)
                return "\(x.short),\(y.short)"
            }
            parts.append(
                "<polyline fill=\"none\" stroke=\"\(colour)\" stroke-width=\"2\" points=\"\(path.joined(separator: " "))\"/>"
            )
            guard !line.name.isEmpty, lines.count > 1 else { continue }
            let place = Self.left + 200 * Double(index)
            parts.append("<rect x=\"\(place.short)\" y=\"18\" width=\"10\" height=\"3\" fill=\"\(colour)\"/>")
            parts.append("<text x=\"\((place + 14).short)\" y=\"24\">\(line.name.escaped)</text>")
        }
        return
            "<svg role=\"img\" viewBox=\"0 0 \(Self.width.short) \(Self.height.short)\" width=\"\(Self.width.short)\" "
            + "xmlns=\"http://www.w3.org/2000/svg\"><title>\(title.escaped)</title>\(parts.joined())</svg>"
    }

    private func span(_ values: [Double]) -> (Double, Double)? {
        guard let least = values.min(), let most = values.max(), most > least else { return nil }
        return (least, most)
    }

    private func axes(
        _ ceiling: Double, _ least: Double, _ most: Double, _ place: ((x: Double, y: Double)) -> (Double, Double)
    ) -> [String] {
        var parts = ["<text x=\"0\" y=\"12\" font-weight=\"600\">\("\(title), \(y)".escaped)</text>"]
        for share in [0, 0.5, 1] {
            let (x, level) = place((least, ceiling * share))
            let end = Self.width - Self.right
            parts.append(
                "<line x1=\"\(x.short)\" y1=\"\(level.short)\" x2=\"\(end.short)\" y2=\"\(level.short)\" stroke=\"#8886\"/>"
            )
            parts.append(
                "<text x=\"\((x - 6).short)\" y=\"\((level + 4).short)\" text-anchor=\"end\">"
                    + "\(LoadText.number(ceiling * share))</text>")
        }
        for (value, words) in marks(least, most) {
            let (x, _) = place((value, 0))
            parts.append(
                "<text x=\"\(x.short)\" y=\"\((Self.height - 14).short)\" text-anchor=\"middle\">\(words.escaped)</text>"
            )
        }
        return parts
    }

    private func marks(_ least: Double, _ most: Double) -> [(Double, String)] {
        guard hasNines else {
            return (0...4).map { step in
                let value = least + (most - least) * Double(step) / 4
                return (value, "\(LoadText.number(value)) \(x)")
            }
        }
        return [0, 50, 90, 99, 99.9, 99.99].map { (Self.nines($0), $0.words + " %") }.filter { $0.0 <= most + 1e-9 }
    }

    /// 1, 2 or 5 of a power of ten.
    private static func rounded(up value: Double) -> Double {
        guard value > 0 else { return 1 }
        let power = pow(10, floor(log10(value)))
        return [1, 2, 5, 10].map { $0 * power }.first { $0 >= value } ?? value
    }
}

extension Double {
    /// To a tenth, as coordinates need.
    fileprivate var short: String { ((self * 10).rounded() / 10).words }
}
