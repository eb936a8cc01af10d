/// One of the libraries' decoders: bytes in, bytes out, at the pace of the caller.
protocol Decompressor: AnyObject {
    /// Takes of `input` and gives into `output` as far as both go. The decoder may hold output back only where it fills
    /// `output` whole.
    func step(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> DecompressorStep
    /// Gets ready for the stream that follows the one that ended; false where nothing may follow.
    func restart() -> Bool
}

/// What a step came to.
struct DecompressorStep {
    enum State: Equatable {
        case more
        /// The stream is at its end: checked, all of it given.
        case ended
        /// Damaged, or in need of more than we give; the text ends the sentence that begins with the format's name.
        case failed(String)

        static let damaged = State.failed("data is damaged")
    }

    var taken: Int
    var given: Int
    var state: State
}

/// A compressed source, decoded: all its concatenated streams, within the memory that one decoder takes.
final class DecompressedBytes: ByteSource {
    private let name: String
    private let decompressor: any Decompressor
    private let source: any ByteSource
    private var input = ContiguousArray<UInt8>(repeating: 0, count: 1 << 16)
    private var inputCount = 0
    private var inputOffset = 0
    /// Compressed bytes taken: where it broke, for the message.
    private var consumed = 0
    /// Behind a stream: the source may end here.
    private var isBetween = false
    /// The last step left room, so the decoder holds nothing back.
    private var isDrained = true
    private var isOver = false
    private var failure: SourceError?

    init(_ source: any ByteSource, _ name: String, _ decompressor: any Decompressor) {
        self.source = source
        self.name = name
        self.decompressor = decompressor
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
        if let failure { throw failure }
        var filled = 0
        while filled < buffer.count, !isOver {
            if inputOffset == inputCount, isDrained {
                inputCount = try input.read(upTo: input.count, from: source)
                inputOffset = 0
                if inputCount == 0 {
                    // What was decoded so far is handed out first; the error comes with the next call.
                    if filled > 0 || isBetween { return filled }
                    throw SourceError("\(name) data is cut off at compressed byte \(consumed)")
                }
            }
            if isBetween, !beginStream() { continue }
            let state = step(UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]), &filled)
            switch state {
            case .more: continue
            case .ended: isBetween = true
            case .failed(let why):
                let error = SourceError("\(name) \(why) at compressed byte \(consumed)")
                failure = error
                if filled == 0 { throw error }
                return filled
            }
        }
        return filled
    }

    private func step(_ output: UnsafeMutableRawBufferPointer, _ filled: inout Int) -> DecompressorStep.State {
        let step = input.withUnsafeBytes {
            decompressor.step(UnsafeRawBufferPointer(rebasing: $0[inputOffset..<inputCount]), output)
        }
        inputOffset += step.taken
        consumed += step.taken
        filled += step.given
        isDrained = step.given < output.count || step.state == .ended
        // A decoder that has bytes and room and does nothing would do so for ever.
        let isStuck = step.state == .more && step.taken == 0 && step.given == 0 && inputOffset < inputCount
        return isStuck ? .damaged : step.state
    }

    /// Zeros behind a stream are padding, as tapes and xz have it; else another stream follows, or the end.
    private func beginStream() -> Bool {
        while inputOffset < inputCount, input[inputOffset] == 0 {
            inputOffset += 1
            consumed += 1
        }
        if inputOffset == inputCount { return false }
        isBetween = false
        isOver = !decompressor.restart()
        return !isOver
    }
}
