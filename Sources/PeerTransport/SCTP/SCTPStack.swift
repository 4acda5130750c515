import AudioPipeline
import CoreMetrics
import Glibc

/// The process's SCTP owner: `SCTPAssociations` on a thread of its own, with its clock moved every 20 ms while associations exist.
///
/// Peers talk to it by messages only; what it has for them is handed to their sink, called on its thread.
package actor SCTPStack: MediaLoopMember {
    /// Called on the SCTP thread; hands the event to the peer's own loop.
    typealias Sink = @Sendable (SCTPEvent) -> Void

    private nonisolated let loop: MediaLoop
    private nonisolated let backlog = PosixLock(PacketBacklog())
    private nonisolated let lastID = PosixLock<UInt>(0)
    private let associations: SCTPAssociations
    private var sinks: [AssociationID: Sink] = [:]
    private var clock: ContinuousClock.Instant = .now

    package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    package init() {
        loop = MediaLoop(name: "sctp")
        associations = SCTPAssociations()
    }

    /// Any thread. Requests of one thread are handled in their order.
    nonisolated func post(_ request: SCTPRequest, for id: AssociationID) {
        guard case .receive = request else {
            return loop.execute { self.assumeIsolated { $0.handle(request, for: id) } }
        }
        guard backlog.withLock({ $0.admit(id) }) else { return PeerMetrics.shared.sctpPacketsDropped.increment() }
        loop.execute {
            self.backlog.withLock { $0.handled(id) }
            self.assumeIsolated { $0.handle(request, for: id) }
        }
    }

    /// Begins an association, from any thread; its sink hears of everything until `.close` is posted or the association is down.
    nonisolated func open(localPort: UInt16, remotePort: UInt16, _ sink: @escaping Sink) -> AssociationID {
        let id = lastID.withLock { last in
            last += 1
            return AssociationID(rawValue: last)
        }
        loop.execute {
            self.assumeIsolated {
                $0.add(sink, id)
                $0.handle(.open(localPort: localPort, remotePort: remotePort), for: id)
            }
        }
        return id
    }

    /// Returns when everything posted before has been handled.
    nonisolated func settle() async { await loop.settle() }

    /// Gives usrsctp up, whoever still holds this or its peers.
    package func stop() {
        if !sinks.isEmpty { loop.leave(self) }
        sinks.removeAll()
        associations.end()
        loop.stop()
    }

    /// Waits for the thread's end after `stop`.
    nonisolated func join() { loop.join() }

    package nonisolated func tick(now: ContinuousClock.Instant) {
        assumeIsolated { $0.advance(to: now) }
    }

    private func add(_ sink: @escaping Sink, _ id: AssociationID) {
        if sinks.isEmpty {
            clock = .now
            loop.join(self)
        }
        sinks[id] = sink
    }

    private func handle(_ request: SCTPRequest, for id: AssociationID) {
        associations.handle(request, for: id)
        deliver()
        if request == .close { remove(id) }
    }

    private func advance(to now: ContinuousClock.Instant) {
        let elapsed = Int64((now - clock) / .milliseconds(1))
        guard elapsed > 0 else { return }
        clock += .milliseconds(elapsed)
        associations.advance(milliseconds: UInt32(clamping: elapsed))
        deliver()
    }

    private func deliver() {
        while let (id, event) = associations.poll() { sinks[id]?(event) }
    }

    private func remove(_ id: AssociationID) {
        guard sinks.removeValue(forKey: id) != nil, sinks.isEmpty else { return }
        loop.leave(self)
    }
}
