import CMalloc
import Foundation

/// How the process keeps its memory: what is freed goes back to the kernel instead of leaving holes that grow turn by turn.
package enum ProcessMemory {
    /// Blocks from here on are the kernel's, and go back to it when they are freed: the sound of items and what models compute
    /// with. Left alone, glibc raises this limit to 32 MiB by what it sees freed, and then sound of every length leaves holes.
    private static let mappedFromBytes: Int32 = 64 << 10

    /// Call it first of all: what was allocated before stays where it is.
    package static func settle() {
        mallopt(M_MMAP_THRESHOLD, mappedFromBytes)
        // Each arena keeps holes of its own; glibc makes up to eight per core.
        mallopt(M_ARENA_MAX, Int32(clamping: max(2, ProcessInfo.processInfo.activeProcessorCount)))
    }

    /// Gives the kernel what is free between blocks that are not. Whoever allocates meanwhile waits: up to tens of milliseconds
    /// after a thousand sessions.
    static func giveBack() { malloc_trim(0) }
}
