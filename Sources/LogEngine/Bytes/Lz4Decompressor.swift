internal import CLz4

/// LZ4 frames through liblz4: blocks of at most 4 MiB. https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md
final class Lz4Decompressor: Decompressor {
    private let context: OpaquePointer

    init() throws(SourceError) {
        var context: OpaquePointer?
        guard LZ4F_isError(LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))) == 0, let context else {
            throw SourceError("lz4 cannot start")
        }
        self.context = context
    }

    deinit { LZ4F_freeDecompressionContext(context) }

    func step(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> DecompressorStep {
        var given = output.count
        var taken = input.count
        let status = LZ4F_decompress(context, output.baseAddress, &given, input.baseAddress, &taken, nil)
        if LZ4F_isError(status) != 0 { return DecompressorStep(taken: 0, given: 0, state: .damaged) }
        return DecompressorStep(taken: taken, given: given, state: status == 0 ? .ended : .more)
    }

    func restart() -> Bool { true }
}
