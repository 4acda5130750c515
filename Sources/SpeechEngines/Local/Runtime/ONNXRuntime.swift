import COnnxRuntime
import Foundation

/// The only owner of ONNX Runtime: opens the library and makes sessions.
final class ONNXRuntime: @unchecked Sendable {
    // The interface may be called from any thread; the pointers never change.
    private static let warningLevel: Int32 = 3

    fileprivate let api: parley_ort_api
    private let environment: OpaquePointer
    fileprivate let memory: OpaquePointer

    init(path: String) throws(LocalEngineError) {
        let library = try DynamicLibrary(path: path)
        guard let api = parley_ort_get_api(try library.address(of: "OrtGetApiBase")) else {
            throw .library(path: path, reason: "it is older than interface version \(PARLEY_ORT_API_VERSION)")
        }
        var environment: OpaquePointer?
        var memory: OpaquePointer?
        let failure =
            api.failure(parley_ort_create_env(api, Self.warningLevel, "parley", &environment))
            ?? api.failure(parley_ort_create_memory_info(api, &memory))
        guard let environment, let memory, failure == nil else {
            throw .library(path: path, reason: failure ?? "it has no environment")
        }
        self.api = api
        self.environment = environment
        self.memory = memory
    }

    /// Loads a model; it computes on the calling thread when `threads` is 1.
    func makeSession(model path: String, threads: Int32 = 1) throws(LocalEngineError) -> ONNXSession {
        try makeSession(named: path, threads: threads) { parley_ort_create_session(api, environment, path, $0, &$1) }
    }

    /// The same, with a value from inside of the model as one more output.
    func makeSession(model path: String, exposing value: String) throws(LocalEngineError) -> ONNXSession {
        var model: Data
        do {
            model = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw .model(path: path, reason: error.localizedDescription)
        }
        model.append(contentsOf: Self.outputDeclaration(of: value))
        return try makeSession(named: path, threads: 1) { options, session in
            model.withUnsafeBytes {
                parley_ort_create_session_from(api, environment, $0.baseAddress, $0.count, options, &session)
            }
        }
    }

    private func makeSession(
        named path: String, threads: Int32, _ create: (OpaquePointer?, inout OpaquePointer?) -> OpaquePointer?
    ) throws(LocalEngineError) -> ONNXSession {
        var options: OpaquePointer?
        if let failure = api.failure(parley_ort_create_options(api, &options)) {
            throw .model(path: path, reason: failure)
        }
        defer { parley_ort_release_options(api, options) }
        var session: OpaquePointer?
        let failure =
            api.failure(parley_ort_set_threads(api, options, threads)) ?? api.failure(create(options, &session))
        guard let session, failure == nil else { throw .model(path: path, reason: failure ?? "no session") }
        return ONNXSession(runtime: self, session: session, path: path)
    }

    /// An ONNX file is a protocol buffer: a message field that comes twice is merged, so that what follows the file adds to
    /// it. Field 7 of the model is the graph, field 12 of that an output, field 1 of that its name.
    private static func outputDeclaration(of value: String) -> [UInt8] {
        [UInt8(1), 12, 7].reduce(Array(value.utf8)) { inner, field in
            precondition(inner.count < 128, "lengths above 127 take more than a byte")
            return [field << 3 | 2, UInt8(inner.count)] + inner
        }
    }
}

/// A loaded model. ONNX Runtime lets several threads run one; here each is run by its lane alone.
final class ONNXSession: @unchecked Sendable {
    private let runtime: ONNXRuntime
    private let session: OpaquePointer
    private let path: String

    fileprivate init(runtime: ONNXRuntime, session: OpaquePointer, path: String) {
        self.runtime = runtime
        self.session = session
        self.path = path
    }

    deinit {
        parley_ort_release_session(runtime.api, session)
    }

    /// Runs the model; the outputs wanted are given back in their order, each of floats.
    func floats(
        _ inputs: [(name: String, value: ModelInput)], outputs: [String]
    ) throws(LocalEngineError) -> [Tensor<Float>] {
        try run(inputs, outputs: outputs) { value throws(LocalEngineError) in
            try copy(value, type: parley_ort_float, of: Float.self)
        }
    }

    /// The same for a model whose outputs are integers.
    func integers(
        _ inputs: [(name: String, value: ModelInput)], outputs: [String]
    ) throws(LocalEngineError) -> [Tensor<Int64>] {
        try run(inputs, outputs: outputs) { value throws(LocalEngineError) in
            try copy(value, type: parley_ort_int64, of: Int64.self)
        }
    }

    private func run<Output>(
        _ inputs: [(name: String, value: ModelInput)], outputs: [String],
        _ take: (OpaquePointer) throws(LocalEngineError) -> Output
    ) throws(LocalEngineError) -> [Output] {
        var held: [HeldInput] = []
        defer { for input in held { input.release(runtime.api) } }
        for input in inputs { held.append(try HeldInput(input.value, runtime, path)) }
        let names = CStringArray(inputs.map(\.name))
        let wanted = CStringArray(outputs)
        let values = held.map { Optional($0.value) }
        var results = [OpaquePointer?](repeating: nil, count: outputs.count)
        defer { for case let value? in results { parley_ort_release_value(runtime.api, value) } }
        let status = parley_ort_run(
            runtime.api, session, names.pointers, values, values.count, wanted.pointers, outputs.count, &results)
        try check(status)
        var taken: [Output] = []
        for case let value? in results { taken.append(try take(value)) }
        return taken
    }

    private func copy<Element>(
        _ value: OpaquePointer, type wanted: Int, of: Element.Type
    ) throws(LocalEngineError) -> Tensor<Element> {
        let api = runtime.api
        var info: OpaquePointer?
        try check(parley_ort_shape_info(api, value, &info))
        defer { parley_ort_release_shape_info(api, info) }
        var (type, count): (Int32, Int) = (0, 0)
        try check(parley_ort_element_type(api, info, &type))
        guard Int(type) == wanted else { throw .output(model: path, reason: "element type \(type), not \(wanted)") }
        try check(parley_ort_dimension_count(api, info, &count))
        var shape = [Int64](repeating: 0, count: count)
        try check(parley_ort_dimensions(api, info, &shape, count))
        var data: UnsafeMutableRawPointer?
        try check(parley_ort_data(api, value, &data))
        let total = shape.reduce(1) { $0 * Int($1) }
        guard let data else { return Tensor([], shape: [0]) }
        let elements = UnsafeBufferPointer(start: data.assumingMemoryBound(to: Element.self), count: total)
        return Tensor(Array(elements), shape: shape.map { Int($0) })
    }

    private func check(_ status: OpaquePointer?) throws(LocalEngineError) {
        if let failure = runtime.api.failure(status) { throw .output(model: path, reason: failure) }
    }
}

/// An input's memory and the value that points into it.
private struct HeldInput {
    let value: OpaquePointer
    private let memory: UnsafeMutableRawPointer

    init(_ input: ModelInput, _ runtime: ONNXRuntime, _ path: String) throws(LocalEngineError) {
        switch input {
        case .floats(let tensor): try self.init(tensor, type: parley_ort_float, runtime, path)
        case .integers(let tensor): try self.init(tensor, type: parley_ort_int64, runtime, path)
        }
    }

    private init<Element>(
        _ tensor: Tensor<Element>, type: Int, _ runtime: ONNXRuntime, _ path: String
    ) throws(LocalEngineError) {
        let bytes = tensor.values.count * MemoryLayout<Element>.stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: max(bytes, 1), alignment: 64)
        tensor.values.withUnsafeBytes { source in
            UnsafeMutableRawBufferPointer(start: memory, count: bytes).copyMemory(from: source)
        }
        let shape = tensor.shape.map { Int64($0) }
        var value: OpaquePointer?
        let failure = runtime.api.failure(
            parley_ort_create_tensor(
                runtime.api, runtime.memory, memory, bytes, shape, shape.count, Int32(type), &value))
        guard let value, failure == nil else {
            memory.deallocate()
            throw .output(model: path, reason: failure ?? "no tensor")
        }
        self.value = value
        self.memory = memory
    }

    func release(_ api: parley_ort_api) {
        parley_ort_release_value(api, value)
        memory.deallocate()
    }
}

/// C strings that live as long as this does.
final class CStringArray {
    let pointers: [UnsafePointer<CChar>?]

    init(_ strings: [String]) {
        pointers = strings.map { text in
            let bytes = text.utf8CString
            let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: bytes.count)
            _ = copy.initialize(fromContentsOf: bytes)
            return UnsafePointer(copy.baseAddress)
        }
    }

    deinit {
        for pointer in pointers { pointer?.deallocate() }
    }
}

extension UnsafePointer where Pointee == UnsafeRawPointer? {
    /// The library's words for a status that is not good, which is freed; nil for a good one.
    fileprivate func failure(_ status: OpaquePointer?) -> String? {
        guard let status else { return nil }
        defer { parley_ort_release_status(self, status) }
        return parley_ort_message(self, status).map { String(cString: $0) } ?? "unknown"
    }
}
