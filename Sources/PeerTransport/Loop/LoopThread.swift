import CNice
import Glibc

/// Starts a thread that runs `body`; nil when the system has none to give.
func startThread(name: String, _ body: @escaping () -> Void) -> pthread_t? {
    final class Start {
        let body: () -> Void
        init(_ body: @escaping () -> Void) { self.body = body }
    }
    let start = Unmanaged.passRetained(Start(body))
    var thread = pthread_t()
    let code = pthread_create(
        &thread, nil,
        { data in
            guard let data else { return nil }
            Unmanaged<Start>.fromOpaque(data).takeRetainedValue().body()
            return nil
        }, start.toOpaque())
    guard code == 0 else {
        start.release()
        return nil
    }
    parley_set_thread_name(thread, name)
    return thread
}
