package import Logging
import Metrics
package import PeerTransport
import RealtimeProtocol
import ServiceLifecycle
import VoiceSession
import Wire

/// Every call of the process by its id: places them, runs their sessions, ends them.
package actor CallRegistry: CallService, Service {
    private struct Session: Sendable {
        let id: CallID
        let peer: PeerConnection
        let entry: SessionEntry
        let profile: ClientProfile
        let maxMessageBytes: Int
    }

    private let endpoint: PeerEndpoint
    private let registry: SessionRegistry
    private let log: Logger
    private var admission: CallAdmission
    private var peers: [CallID: PeerConnection] = [:]
    private var isStopping = false
    private let sessions: AsyncStream<Session>
    private let newSession: AsyncStream<Session>.Continuation
    private let running = Gauge(label: "gateway_calls")
    private let placed = Counter(label: "gateway_calls_total")

    package init(
        endpoint: PeerEndpoint, sessions registry: SessionRegistry, limits: GatewayConfiguration.Calls, logger: Logger
    ) {
        self.endpoint = endpoint
        self.registry = registry
        log = logger
        admission = CallAdmission(
            maxUnconnected: limits.maxUnconnected, maxPerAddress: limits.maxUnconnectedPerAddress)
        (sessions, newSession) = AsyncStream.makeStream()
        running.record(0)
    }

    // MARK: CallService

    package func place(_ request: CallRequest) async throws(CallError) -> CallAnswer {
        let (offer, negotiation): (Offer, Negotiation)
        do {
            (offer, negotiation) = try Self.negotiate(request.offer)
        } catch {
            Self.countRefusal("bad_offer")
            throw error
        }
        guard !isStopping else { throw .unavailable("The server is stopping.") }
        let id = CallID.random()
        if let refusal = admission.admit(id, address: request.clientAddress) {
            Self.countRefusal("unconnected_calls")
            throw refusal
        }
        let entry = try await openSession(id, request)
        let peer = endpoint.makePeer(id: id.rawValue)
        add(peer, id)
        do {
            let answer = try await peer.answer(offer, negotiation)
            newSession.yield(
                Session(
                    id: id, peer: peer, entry: entry, profile: request.profile,
                    maxMessageBytes: negotiation.data?.remoteMaxMessageSize ?? 0))
            return CallAnswer(id: id, answer: answer)
        } catch {
            remove(id)
            await registry.abandon(entry)
            Self.countRefusal("setup_failed")
            log.warning("A call could not be set up", metadata: ["call.id": "\(id.rawValue)", "error": "\(error)"])
            if error == .noMediaPort {
                throw .overloaded(retryAfterSeconds: 5, "No media port is free (ice.port-range).")
            }
            throw .unavailable("The call could not be set up; the server's log says why.")
        }
    }

    package func restart(_ id: CallID, _ caller: Caller, offer text: String) async throws(CallError) -> String? {
        guard await registry.mayReach(id, caller), let peer = peers[id] else { return nil }
        do {
            let answer = try await restart(id, peer, text)
            Self.countRestart("answered")
            return answer
        } catch {
            Self.countRestart(error.isOfServer ? "failed" : "refused")
            throw error
        }
    }

    private func restart(_ id: CallID, _ peer: PeerConnection, _ text: String) async throws(CallError) -> String {
        let (offer, negotiation) = try Self.negotiate(text)
        do {
            return try await peer.restart(offer, negotiation)
        } catch {
            switch error {
            case .notEstablished: throw .badRestart("The call is not connected yet, or over.")
            case .refused(let words): throw .badRestart(words)
            case .ice(let words):
                log.warning(
                    "ICE could not be restarted", metadata: ["call.id": "\(id.rawValue)", "error": "\(words)"])
                throw .unavailable("ICE could not be restarted; the server's log says why.")
            }
        }
    }

    package func hangUp(_ id: CallID, _ caller: Caller) async -> Bool {
        guard await registry.mayReach(id, caller) else { return false }
        guard let peer = peers[id] else { return await registry.hangUp(id) }
        peer.close(.hangUp)
        return true
    }

    // MARK: Service

    /// Runs the sessions of all calls; on graceful shutdown says goodbye to every peer and waits for them.
    package func run() async throws {
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                for await session in sessions {
                    group.addTask { await self.run(session) }
                }
            }
        } onGracefulShutdown: {
            Task { await self.stop() }
        }
        await registry.stop()
        await endpoint.stop()
    }

    private func run(_ session: Session) async {
        let id = session.id
        log.info("Call started", metadata: ["call.id": "\(id.rawValue)"])
        let transport = PeerSessionTransport(
            peer: session.peer, profile: session.profile, maxMessageBytes: session.maxMessageBytes
        ) {
            await self.connected(session)
        }
        // Where its session has ended since its offer was answered, the call ends with it.
        try? await registry.run(session.entry, on: transport)
        session.peer.close(.hangUp)
        await session.peer.closed()
        let reason = session.peer.closeReason?.label ?? "unknown"
        remove(id)
        log.info("Call ended", metadata: ["call.id": "\(id.rawValue)", "reason": "\(reason)"])
    }

    private func stop() {
        isStopping = true
        for peer in peers.values { peer.close(.shutdown) }
        newSession.finish()
    }

    // MARK: Inside

    private func connected(_ session: Session) async {
        admission.release(session.id)
        if let token = session.entry.token { await registry.spend(token) }
    }

    private func add(_ peer: PeerConnection, _ id: CallID) {
        peers[id] = peer
        placed.increment()
        running.record(peers.count)
    }

    private func remove(_ id: CallID) {
        admission.release(id)
        peers[id] = nil
        running.record(peers.count)
    }

    /// The call's place in a session, not entered yet; without one the call's place is free again.
    private func openSession(_ id: CallID, _ request: CallRequest) async throws(CallError) -> SessionEntry {
        let entry: SessionEntry
        do {
            if let resume = request.resume {
                entry = try await registry.open(resume, by: request.start.caller, as: id)
            } else {
                entry = try await registry.open(request.start, as: id)
            }
        } catch {
            admission.release(id)
            Self.countRefusal(error.code ?? "bad_session")
            throw .badSession(error)
        }
        guard isStopping else { return entry }
        admission.release(id)
        await registry.abandon(entry)
        throw .unavailable("The server is stopping.")
    }

    private static func negotiate(_ text: String) throws(CallError) -> (Offer, Negotiation) {
        do {
            let offer = try Offer(parsing: text)
            return (offer, try offer.negotiate())
        } catch {
            throw .badOffer(error.message)
        }
    }

    private static func countRestart(_ outcome: String) {
        Counter(label: "gateway_call_restarts_total", dimensions: [("outcome", outcome)]).increment()
    }

    private static func countRefusal(_ cause: String) {
        Counter(label: "gateway_calls_refused_total", dimensions: [("cause", cause)]).increment()
    }
}
