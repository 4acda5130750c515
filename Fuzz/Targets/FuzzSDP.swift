import Wire

/// Offers: parsed, negotiated and answered, and the answer read as the offerer would.
func fuzz(_ input: UnsafeRawBufferPointer) {
    let text = String(decoding: input, as: UTF8.self)
    guard let offer = fuzzErrors({ () throws(SDPError) in try Offer(parsing: text) }) else { return }
    guard let negotiation = fuzzErrors({ () throws(SDPError) in try offer.negotiate() }) else { return }
    guard let answer = try? Answer(parsing: offer.answer(negotiation, local: local)),
        let seen = try? answer.negotiation(offered: .actpass)
    else { fatalError("an answer of ours that cannot be read") }
    precondition(seen.remoteICE == local.ice && seen.fingerprints == [local.fingerprint])
    precondition(seen.audio?.payloadType == negotiation.audio?.payloadType && seen.audio?.mid == negotiation.audio?.mid)
    precondition(seen.audio?.sends == negotiation.audio?.receives && seen.audio?.receives == negotiation.audio?.sends)
    precondition(seen.data?.mid == negotiation.data?.mid)
}

/// The value, or nil once the error has put itself into words.
private func fuzzErrors<Value>(_ body: () throws(SDPError) -> Value) -> Value? {
    do {
        return try body()
    } catch {
        precondition(!error.message.isEmpty)
        return nil
    }
}

private let local = LocalDescription(
    ice: ICEParameters(
        usernameFragment: "parl", password: "parleyparleyparleyparley",
        candidates: ["candidate:1 1 UDP 2130706431 192.0.2.7 40000 typ host"]),
    fingerprint: Fingerprint(algorithm: "sha-256", digest: Array(0..<32)), ssrc: SSRC(1), cname: "parley",
    streamID: "stream", trackID: "track", sessionID: 1, maxMessageSize: 262_144)
