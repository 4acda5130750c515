package import RealtimeProtocol

/// Makes the names a session gives: a prefix and 21 characters of base 62, the same for the same seed (SplitMix64).
package struct IdentifierSource: Sendable {
    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    private static let length = 21

    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func item() -> ItemID { ItemID("item_" + word()) }
    package mutating func response() -> ResponseID { ResponseID("resp_" + word()) }
    package mutating func call() -> FunctionCallID { FunctionCallID("call_" + word()) }

    /// Ten characters to each 64 bits: 62^10 is under 2^60, so that what remains is nearly uniform.
    private mutating func word() -> String {
        var characters: [Character] = []
        var bits: UInt64 = 0
        for index in 0..<Self.length {
            if index % 10 == 0 { bits = next() }
            characters.append(Self.alphabet[Int(bits % 62)])
            bits /= 62
        }
        return String(characters)
    }

    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
