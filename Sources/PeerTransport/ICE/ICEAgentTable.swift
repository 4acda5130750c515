import AudioPipeline
import CNice

/// Agents by the integer that callbacks carry. Guarded by its lock; each agent is used on its own loop only.
enum ICEAgentTable {
    private struct Table {
        var next: UInt = 1
        var agents: [UInt: ICEAgent] = [:]
    }

    private static let table = PosixLock(Table())

    static func makeID() -> UInt {
        table.withLock { table in
            defer { table.next += 1 }
            return table.next
        }
    }

    static func insert(_ agent: ICEAgent, _ id: UInt) { table.withLock { $0.agents[id] = agent } }

    static func remove(_ id: UInt) { _ = table.withLock { $0.agents.removeValue(forKey: id) } }

    static func find(_ data: UnsafeMutableRawPointer?) -> ICEAgent? {
        table.withLock { $0.agents[UInt(bitPattern: data)] }
    }
}
