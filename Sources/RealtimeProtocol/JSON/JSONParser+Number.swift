extension JSONParser {
    /// A number; the next byte is a minus or a digit.
    mutating func parseNumber() throws(JSONError) -> JSONValue {
        let start = position
        let isNegative = take(UInt8(ascii: "-"))
        var integer: Int? = 0
        if !take(UInt8(ascii: "0")) {
            guard isDigit(next) else { throw error(.invalidNumber) }
            takeDigits { digit in integer = integer.flatMap { $0.appending(digit, negative: isNegative) } }
        }
        let hasFraction = take(UInt8(ascii: "."))
        if hasFraction {
            guard isDigit(next) else { throw error(.invalidNumber) }
            takeDigits { _ in }
        }
        let hasExponent = take(UInt8(ascii: "e")) || take(UInt8(ascii: "E"))
        if hasExponent {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            guard isDigit(next) else { throw error(.invalidNumber) }
            takeDigits { _ in }
        }
        // -0 is a Double: an integer has but one zero.
        if let integer, !hasFraction, !hasExponent, !(isNegative && integer == 0) { return .integer(integer) }
        guard position - start <= Self.maxNumberLength,
            let double = Double(String(decoding: input[start..<position], as: UTF8.self)), double.isFinite
        else { throw JSONError(.numberOutOfRange, at: start) }
        return .number(double)
    }

    private func isDigit(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10
    }

    private mutating func takeDigits(_ body: (Int) -> Void) {
        while isDigit(next) {
            body(Int(next &- UInt8(ascii: "0")))
            position += 1
        }
    }
}

extension Int {
    /// The number with one more decimal digit, away from zero; nil when it no longer fits.
    fileprivate func appending(_ digit: Int, negative: Bool) -> Int? {
        let (tenfold, overflow) = multipliedReportingOverflow(by: 10)
        let (sum, carry) =
            negative ? tenfold.subtractingReportingOverflow(digit) : tenfold.addingReportingOverflow(digit)
        return overflow || carry ? nil : sum
    }
}
