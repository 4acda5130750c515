import CLlama

/// Tokens of one decoding step with the sequence each belongs to, in memory that llama.cpp reads.
final class LlamaBatch {
    private let capacity: Int
    private let tokens: UnsafeMutablePointer<Int32>
    private let positions: UnsafeMutablePointer<Int32>
    private let sequence: UnsafeMutablePointer<Int32>
    private let outputs: UnsafeMutablePointer<Int8>
    /// How many sequences each token belongs to: one.
    private let sequenceCounts: UnsafeMutablePointer<Int32>
    private let sequenceLists: UnsafeMutablePointer<UnsafeMutablePointer<Int32>?>
    private(set) var count = 0

    init(capacity: Int) {
        self.capacity = capacity
        tokens = .allocate(capacity: capacity)
        positions = .allocate(capacity: capacity)
        sequence = .allocate(capacity: capacity)
        outputs = .allocate(capacity: capacity)
        sequenceCounts = .allocate(capacity: capacity)
        sequenceLists = .allocate(capacity: capacity)
        for index in 0..<capacity {
            sequenceCounts[index] = 1
            sequenceLists[index] = sequence + index
        }
    }

    deinit {
        tokens.deallocate()
        positions.deallocate()
        sequence.deallocate()
        outputs.deallocate()
        sequenceCounts.deallocate()
        sequenceLists.deallocate()
    }

    var sequences: Set<Int32> { Set(UnsafeBufferPointer(start: sequence, count: count)) }

    func append(_ token: Int32, position: Int, sequence: Int, output: Bool) {
        precondition(count < capacity)
        tokens[count] = token
        positions[count] = Int32(clamping: position)
        self.sequence[count] = Int32(clamping: sequence)
        outputs[count] = output ? 1 : 0
        count += 1
    }

    func removeAll() { count = 0 }

    /// Valid as long as the batch lives and is not changed.
    var pointers: parley_llama_batch {
        parley_llama_batch(
            n_tokens: Int32(clamping: count), token: tokens, embeddings: nil, position: positions,
            n_seq_id: sequenceCounts, seq_id: sequenceLists, output: outputs)
    }
}
