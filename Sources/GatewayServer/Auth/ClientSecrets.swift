import RealtimeProtocol
import VoiceSession

/// Makes and reads client secrets, `ek_…`: expiry and session configuration, sealed, so that every server with the same
/// `auth.secret-key` reads them without asking the one that made them.
///
/// A configuration that would make the secret too long for a header is held by this server instead, under the secret's id;
/// another server answers such a secret as unknown.
struct ClientSecrets: Sendable {
    static let prefix = "ek_"
    /// Of the whole secret; with the header's name a header stays under 4 KiB.
    static let maxBytes = 4000

    /// Why a secret is not one.
    enum Refusal: String, Error {
        case forged
        case expired
        /// Its configuration is with another server, or was lost at a restart.
        case elsewhere
    }

    private let box: SecretBox
    private let held: HeldConfigurations

    init(box: SecretBox, held: HeldConfigurations = HeldConfigurations()) {
        self.box = box
        self.held = held
    }

    static func isSecret(_ key: String) -> Bool { key.hasPrefix(prefix) }

    /// Nil when there is no room for another large configuration.
    func issue(_ grant: SecretGrant, now: Int) -> ClientSecret? {
        let whole = Self.text(grant, isHeld: false)
        if let value = value(whole), value.utf8.count <= Self.maxBytes {
            return ClientSecret(value: value, expiresAt: grant.expiresAt)
        }
        guard held.hold(whole, as: grant.id, until: grant.expiresAt, now: now) else { return nil }
        return value(Self.text(grant, isHeld: true)).map { ClientSecret(value: $0, expiresAt: grant.expiresAt) }
    }

    func open(_ key: String, now: Int) throws(Refusal) -> SecretGrant {
        guard key.utf8.count <= Self.maxBytes, let sealed = Base64URL.decode(key.dropFirst(Self.prefix.count)),
            let text = box.open(sealed), let fields = Self.fields(text)
        else { throw .forged }
        let grant: SecretGrant
        do {
            if try fields.bool("held") == true {
                guard let whole = held[try fields.requiredString("id")].flatMap(Self.fields) else {
                    throw Refusal.elsewhere
                }
                grant = try Self.grant(whole)
            } else {
                grant = try Self.grant(fields)
            }
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            throw .forged
        }
        guard grant.expiresAt > now else { throw .expired }
        return grant
    }

    private func value(_ text: [UInt8]) -> String? {
        box.seal(text).map { Self.prefix + Base64URL.encode($0) }
    }

    // MARK: The text inside

    private static func text(_ grant: SecretGrant, isHeld: Bool) -> [UInt8] {
        var json = JSONWriter()
        json.object {
            $0.member("id", grant.id)
            guard !isHeld else { return $0.member("held", true) }
            $0.member("expires_at", grant.expiresAt)
            $0.member("beta", grant.dialect == .beta)
            // The session object of a transcription shows no model.
            $0.member("model", grant.configuration.model)
            $0.member("account", ifAny: grant.account?.rawValue)
            $0.name("session")
            $0.sealedSession(grant.configuration)
        }
        return json.bytes
    }

    private static func fields(_ text: [UInt8]) -> JSONFields? {
        guard let value = try? JSONParser.parse(text), case .object(let object) = value else { return nil }
        return JSONFields(object, path: "")
    }

    private static func grant(_ fields: JSONFields) throws(ProtocolError) -> SecretGrant {
        var configuration = try SessionConfiguration(
            parsing: try fields.requiredFields("session").object, defaultModel: "")
        configuration.model = try fields.requiredString("model")
        return SecretGrant(
            id: try fields.requiredString("id"), configuration: configuration,
            dialect: try fields.bool("beta") == true ? .beta : .current,
            expiresAt: try fields.requiredInteger("expires_at", in: 0...Int.max),
            account: try fields.string("account").map(AccountID.init))
    }
}
