/// The number of an answer: it travels with every block of its audio, and consumers drop what is older than the current one.
package struct Generation: Comparable, Hashable, Sendable {
    package var rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    package static func < (left: Generation, right: Generation) -> Bool {
        left.rawValue < right.rawValue
    }
}
