/// gzip members whose blocks are stored, not compressed: enough to test the reading. https://www.rfc-editor.org/rfc/rfc1952
enum Gzip {
    static func stored(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
        var start = 0
        repeat {
            let end = min(bytes.count, start + 65_535)
            let count = UInt16(end - start)
            out.append(end == bytes.count ? 1 : 0)
            out += little(UInt32(count), 2) + little(UInt32(~count), 2)
            out += bytes[start..<end]
            start = end
        } while start < bytes.count
        return out + little(crc32(bytes), 4) + little(UInt32(truncatingIfNeeded: bytes.count), 4)
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }

    static func checksum(_ bytes: [UInt8]) -> UInt32 { crc32(bytes) }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { crc, byte in table[Int((crc ^ UInt32(byte)) & 0xFF)] ^ (crc >> 8) }
    }
}

/// Zstandard frames of raw and repeated blocks, without checksum. https://www.rfc-editor.org/rfc/rfc8878
enum Zstd {
    enum Block {
        case raw([UInt8])
        case repeated(UInt8, Int)
    }

    /// The largest block.
    static let blockBytes = 128 << 10

    static func frame(_ blocks: [Block]) -> [UInt8] {
        // No content size, a window of 1 MiB.
        var out: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x50]
        for (index, block) in blocks.enumerated() {
            let last: UInt32 = index == blocks.count - 1 ? 1 : 0
            switch block {
            case .raw(let bytes): out += little(last | UInt32(bytes.count) << 3, 3) + bytes
            case .repeated(let byte, let count): out += little(last | 1 << 1 | UInt32(count) << 3, 3) + [byte]
            }
        }
        return out
    }

    static func frame(_ bytes: [UInt8]) -> [UInt8] {
        frame(stride(from: 0, to: bytes.count, by: blockBytes).map { .raw(Array(bytes[$0...].prefix(blockBytes))) })
    }
}

private func little(_ value: UInt32, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
}
