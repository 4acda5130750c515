/// What one check of `parley doctor` found, in words for the person who has to do something about it.
package struct DoctorFinding: Equatable, Sendable {
    package enum Grade: String, Sendable {
        case good
        /// It works, but not for everybody or not for long.
        case warning
        case failed
    }

    /// What was looked at, in one or two words.
    package var check: String
    package var grade: Grade
    package var found: String
    /// What that means and what to do; nil where nothing has to be done.
    package var advice: String?

    package init(_ check: String, _ grade: Grade, _ found: String, advice: String? = nil) {
        self.check = check
        self.grade = grade
        self.found = found
        self.advice = advice
    }

    /// A line, and one more with the advice.
    package var text: String {
        let mark =
            switch grade {
            case .good: "good   "
            case .warning: "warning"
            case .failed: "FAILED "
            }
        let name = check + String(repeating: " ", count: max(0, 12 - check.count))
        return "\(mark)  \(name)  \(found)" + (advice.map { "\n                       \($0)" } ?? "")
    }
}
