import Glibc

/// A library opened at run time; it stays open until the process ends, as its threads and tables may.
struct DynamicLibrary: @unchecked Sendable {
    // The handle is only ever given to dlsym, which is safe from any thread.
    private let handle: UnsafeMutableRawPointer
    private let path: String

    init(path: String) throws(LocalEngineError) {
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            throw .library(path: path, reason: dlerror().map { String(cString: $0) } ?? "unknown")
        }
        self.handle = handle
        self.path = path
    }

    func address(of symbol: String) throws(LocalEngineError) -> UnsafeMutableRawPointer {
        guard let address = dlsym(handle, symbol) else {
            throw .library(path: path, reason: "it has no function \(symbol)")
        }
        return address
    }

    /// The caller names the C type, which must be that of the symbol.
    func function<F>(_ symbol: String, as type: F.Type) throws(LocalEngineError) -> F {
        unsafeBitCast(try address(of: symbol), to: type)
    }
}
