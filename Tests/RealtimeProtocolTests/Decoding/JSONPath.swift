import RealtimeProtocol

/// A place in a JSON value.
struct JSONPath: CustomStringConvertible, Sendable {
    enum Step: Sendable {
        case member(String)
        case element(Int)
    }

    var steps: [Step] = []

    /// As `param` has it.
    var description: String {
        steps.reduce("") { path, step in
            switch step {
            case .member(let name): path.isEmpty ? name : "\(path).\(name)"
            case .element(let index): "\(path)[\(index)]"
            }
        }
    }

    func appending(_ step: Step) -> JSONPath { JSONPath(steps: steps + [step]) }

    /// Every place in a value but the value itself.
    static func all(in value: JSONValue, from path: JSONPath = JSONPath()) -> [JSONPath] {
        switch value {
        case .object(let object):
            object.members.flatMap { member in
                let inner = path.appending(.member(member.name))
                return [inner] + all(in: member.value, from: inner)
            }
        case .array(let elements):
            elements.enumerated().flatMap { index, element in
                let inner = path.appending(.element(index))
                return [inner] + all(in: element, from: inner)
            }
        default: []
        }
    }
}

extension JSONValue {
    subscript(path: JSONPath) -> JSONValue? {
        path.steps.reduce(self as JSONValue?) { value, step in
            switch (step, value) {
            case (.member(let name), .object(let object)): object[name]
            case (.element(let index), .array(let elements)): elements.indices.contains(index) ? elements[index] : nil
            default: nil
            }
        }
    }

    /// The value with another one, or none, in that place.
    func replacing(_ path: JSONPath, by replacement: JSONValue?) -> JSONValue {
        guard let step = path.steps.first else { return replacement ?? .null }
        let rest = JSONPath(steps: Array(path.steps.dropFirst()))
        switch (step, self) {
        case (.member(let name), .object(var object)):
            object[name] = rest.steps.isEmpty ? replacement : object[name]?.replacing(rest, by: replacement)
            return .object(object)
        case (.element(let index), .array(var elements)) where elements.indices.contains(index):
            elements[index] = elements[index].replacing(rest, by: replacement)
            return .array(elements)
        default: return self
        }
    }

    var kind: String {
        switch self {
        case .null: "null"
        case .bool: "bool"
        case .integer, .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}
