import Foundation

/// Held by the one fetch that may write to a model directory; the kernel frees it when the process ends.
struct FetchLock {
    private let descriptor: Int32

    /// - Parameter waiting: called once when another fetch has to end first.
    init(_ directory: URL, waiting: () -> Void) throws(ModelError) {
        do {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        } catch {
            throw .failed(writing: directory.path, error)
        }
        let path = directory.appending(path: ".lock").path
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .unwritable(path: path, reason: String(cString: strerror(errno))) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) != 0 else { return }
        waiting()
        while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
    }

    func release() { close(descriptor) }
}
