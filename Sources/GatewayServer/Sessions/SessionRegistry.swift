package import Logging
import Metrics
package import RealtimeProtocol
package import VoiceSession

/// Every session of the process: makes their drivers, counts them against the limit, finds that of a call.
package actor SessionRegistry {
    package typealias MakeDriver =
        @Sendable (SessionID, SessionConfiguration, SessionOwner, Logger) throws(ProtocolError) ->
        any SessionDriver

    /// `error.code` when there are `session.max-count` sessions already.
    static let fullCode = "sessions_full"
    /// When the server is stopping.
    static let stoppingCode = "not_ready"
    /// When this machine has no time for another.
    static let overloadedCode = "server_overloaded"

    private struct Call {
        let driver: any SessionDriver
        let owner: Caller
    }

    private let makeDriver: MakeDriver
    /// Names of the engines; the first is that of a session that names none.
    nonisolated let models: [String]
    private let maxCount: Int
    private let overload: @Sendable () -> String?
    private let log: Logger
    private var calls: [CallID: Call] = [:]
    private var count = 0
    private var whenEmpty: [Int: CheckedContinuation<Void, Never>] = [:]
    private var waiters = 0
    private var isDraining = false
    private let running = Gauge(label: "gateway_sessions")

    /// - Parameters:
    ///   - models: names of the engines, the default first.
    ///   - maxCount: sessions at once; 0 for no limit.
    ///   - overload: why this machine cannot take another session now, in words; nil when it can.
    package init(
        makeDriver: @escaping MakeDriver, models: [String], maxCount: Int,
        overload: @escaping @Sendable () -> String? = { nil }, logger: Logger
    ) {
        self.makeDriver = makeDriver
        self.models = models
        self.maxCount = maxCount
        self.overload = overload
        log = logger
        running.record(0)
    }

    // MARK: WebSocket sessions

    /// Runs a session of its own on a WebSocket; returns when it has ended.
    nonisolated func run(_ transport: any SessionTransport, _ start: SessionStart) async throws(ProtocolError) {
        let configuration = try start.configuration(defaultModel: models.first ?? "")
        let driver = try await admit(configuration, start.caller.owner)
        await driver.run(transport)
        await release()
    }

    // MARK: Sessions of calls

    /// Makes the driver of a new call, to be run by who asks for it, who also says when the call has ended.
    package func open(_ call: CallID, _ start: SessionStart) throws(ProtocolError) -> any SessionDriver {
        let configuration = try start.configuration(defaultModel: models.first ?? "")
        let driver = try admit(configuration, start.caller.owner)
        calls[call] = Call(driver: driver, owner: start.caller)
        return driver
    }

    /// The call has ended; its name is free.
    package func ended(_ call: CallID) {
        guard calls.removeValue(forKey: call) != nil else { return }
        release()
    }

    /// For a sideband (RT-035). A client secret reaches only the calls that it made.
    func driver(ofCall name: String, for caller: Caller) throws(ProtocolError) -> any SessionDriver {
        guard let id = CallID(name), let call = calls[id], caller.mayReach(callOf: call.owner) else {
            throw ProtocolError(code: "call_not_found", "There is no such call.", param: "call_id")
        }
        return call.driver
    }

    /// Whether the caller may end this call.
    package func mayReach(_ call: CallID, _ caller: Caller) -> Bool {
        calls[call].map { caller.mayReach(callOf: $0.owner) } ?? false
    }

    /// Lets no session in any more; returns when none is left, or at once when cancelled.
    func drain() async {
        isDraining = true
        let waiter = waiters
        waiters += 1
        await withTaskCancellationHandler {
            await withCheckedContinuation { (waiting: CheckedContinuation<Void, Never>) in
                guard count > 0, !Task.isCancelled else { return waiting.resume() }
                whenEmpty[waiter] = waiting
            }
        } onCancel: {
            Task { await self.forget(waiter) }
        }
    }

    private func forget(_ waiter: Int) { whenEmpty.removeValue(forKey: waiter)?.resume() }

    // MARK: Inside

    /// The driver of a new session, not running yet, that is counted from now on.
    private func admit(
        _ configuration: SessionConfiguration, _ owner: SessionOwner
    ) throws(ProtocolError) -> any SessionDriver {
        guard maxCount == 0 || count < maxCount else {
            throw ProtocolError(
                .server, code: Self.fullCode, "The server has no place for another session (session.max-count).")
        }
        guard !isDraining else { throw ProtocolError(.server, code: Self.stoppingCode, "The server is stopping.") }
        if let words = overload() { throw ProtocolError(.server, code: Self.overloadedCode, words) }
        let id = SessionID(RandomName.make(prefix: "sess_"))
        let driver = try makeDriver(id, configuration, owner, logger(of: id))
        count += 1
        running.record(count)
        return driver
    }

    private func release() {
        count -= 1
        running.record(count)
        guard count == 0 else { return }
        for waiter in whenEmpty.values { waiter.resume() }
        whenEmpty = [:]
    }

    private nonisolated func logger(of session: SessionID) -> Logger {
        var logger = log
        logger[metadataKey: "session.id"] = "\(session.rawValue)"
        return logger
    }
}
