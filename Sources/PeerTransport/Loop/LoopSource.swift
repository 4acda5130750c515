import CNice

/// One GSource: calls its action on the context's thread when its time has come or a descriptor of it can be read.
///
/// `@unchecked Sendable`: ready times may be set from any thread, as GLib allows; the rest is called on the context's own.
final class LoopSource: @unchecked Sendable {
    private let source = GSourceFactory.make()

    /// Called once. The action, and what it holds, lives until `end`.
    func attach(to context: OpaquePointer, _ action: @escaping () -> Void) {
        g_source_set_callback(
            source,
            { data in
                guard let data else { return 0 }
                let target = Unmanaged<Target>.fromOpaque(data).takeUnretainedValue()
                target.action()
                return 1
            },
            Unmanaged.passRetained(Target(action)).toOpaque(),
            { data in data.map { Unmanaged<Target>.fromOpaque($0).release() } })
        g_source_attach(source, context)
    }

    /// By GLib's monotonic clock, in microseconds; -1 means never.
    func setReadyTime(_ time: gint64) { g_source_set_ready_time(source, time) }

    /// Calls the action while `descriptor` can be read, until `remove`.
    func add(_ descriptor: Int32) -> gpointer? { g_source_add_unix_fd(source, descriptor, G_IO_IN) }

    func remove(_ tag: gpointer) { g_source_remove_unix_fd(source, tag) }

    /// Takes the source out of its context; it calls nothing any more.
    func end() { g_source_destroy(source) }

    deinit { g_source_unref(source) }

    private final class Target {
        let action: () -> Void
        init(_ action: @escaping () -> Void) { self.action = action }
    }
}

/// The one GSourceFuncs table of this process.
private enum GSourceFactory {
    // Written once, before the first source is made; GLib only reads it.
    nonisolated(unsafe) private static let functions: UnsafeMutablePointer<GSourceFuncs> = {
        let functions = UnsafeMutablePointer<GSourceFuncs>.allocate(capacity: 1)
        functions.initialize(to: GSourceFuncs())
        functions.pointee.dispatch = { _, callback, data in callback?(data) ?? 0 }
        return functions
    }()

    static func make() -> UnsafeMutablePointer<GSource> {
        g_source_new(functions, guint(MemoryLayout<GSource>.size))
    }
}
