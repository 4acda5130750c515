/// A dense tensor, row by row.
struct Tensor<Element: Sendable>: Sendable {
    var shape: [Int]
    var values: [Element]

    init(_ values: [Element], shape: [Int]) {
        precondition(shape.reduce(1, *) == values.count, "\(values.count) values in shape \(shape)")
        self.shape = shape
        self.values = values
    }
}

/// An input of a model.
enum ModelInput {
    case floats(Tensor<Float>)
    case integers(Tensor<Int64>)
}
