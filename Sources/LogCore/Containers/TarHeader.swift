/// One header block of a tar archive, in all its dialects.
/// https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06
package struct TarHeader: Equatable {
    package enum Kind: Equatable {
        case file
        /// Folders, links, devices: there is nothing to read.
        case other
        /// Names and sizes of the member that follows, or of all that follow.
        case extended, globalExtended
        /// The name of the member that follows, or what it links to.
        case longName, longLink
        case sparse
    }

    package static let blockBytes = 512

    package var name: String
    package var kind: Kind
    /// Bytes behind the header.
    package var size: Int
    /// Seconds since the epoch.
    package var modified: Int64

    /// nil if the checksum is wrong: then it is no header. A block of zeros is none either.
    package init?(_ block: Span<UInt8>) {
        guard block.count >= Self.blockBytes, let sum = Self.number(block, 148..<156) else { return nil }
        var unsigned = 0
        var signed = 0
        for i in 0..<Self.blockBytes {
            let byte = (148..<156).contains(i) ? 0x20 : block[i]
            unsigned += Int(byte)
            signed += Int(Int8(bitPattern: byte))
        }
        // Some old tars summed signed characters.
        guard sum == unsigned || sum == signed, block[0] != 0, let size = Self.number(block, 124..<136) else {
            return nil
        }
        name = Self.text(block, 0..<100)
        modified = Int64(Self.number(block, 136..<148) ?? 0)
        // POSIX has a prefix there, GNU's own layout (`ustar  `) other things.
        if block.matches("ustar\0", at: 257) {
            let prefix = Self.text(block, 345..<500)
            if !prefix.isEmpty { name = "\(prefix)/\(name)" }
        }
        switch block[156] {
        case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): kind = name.hasSuffix("/") ? .other : .file
        case UInt8(ascii: "x"): kind = .extended
        case UInt8(ascii: "g"): kind = .globalExtended
        case UInt8(ascii: "L"): kind = .longName
        case UInt8(ascii: "K"): kind = .longLink
        case UInt8(ascii: "S"): kind = .sparse
        default: kind = .other
        }
        // Links and folders name a size without having bytes.
        self.size = (UInt8(ascii: "1")...UInt8(ascii: "6")).contains(block[156]) ? 0 : size
    }

    /// Octal digits, or where the first bit is set a binary number.
    private static func number(_ block: Span<UInt8>, _ range: Range<Int>) -> Int? {
        let first = block[range.lowerBound]
        if first & 0x80 != 0 {
            // Negative times exist; nothing here needs them.
            if first & 0x40 != 0 { return 0 }
            var value = Int(first & 0x3F)
            for i in range.dropFirst() {
                if value >= 1 << 48 { return nil }
                value = value << 8 | Int(block[i])
            }
            return value
        }
        var value = 0
        var hasEnded = false
        for i in range {
            let byte = block[i]
            if byte == 0 || byte == 0x20 {
                hasEnded = value > 0 || hasEnded || byte == 0
                continue
            }
            guard !hasEnded, byte &- 0x30 < 8 else { return nil }
            value = value << 3 | Int(byte &- 0x30)
        }
        return value
    }

    private static func text(_ block: Span<UInt8>, _ range: Range<Int>) -> String {
        var bytes: [UInt8] = []
        for i in range {
            if block[i] == 0 { break }
            bytes.append(block[i])
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// What a pax header says of the member that follows it: lines of `length key=value`.
package struct PaxRecords: Equatable {
    package var path: String?
    package var size: Int?
    package var modified: Int64?
    /// The member's bytes are a map and pieces of the file.
    package var isSparse = false

    package init() {}

    /// What stands before damage counts.
    package init(_ bytes: Span<UInt8>) {
        var start = 0
        while start < bytes.count {
            var digits = start
            var length = 0
            while digits < bytes.count, bytes[digits] &- 0x30 < 10, length < 1 << 32 {
                length = length * 10 + Int(bytes[digits] &- 0x30)
                digits += 1
            }
            let end = start + length
            guard digits > start, digits < bytes.count, bytes[digits] == 0x20, end <= bytes.count, end > digits + 2,
                bytes[end - 1] == 0x0A
            else { return }
            take(bytes.extracting((digits + 1)..<(end - 1)))
            start = end
        }
    }

    private mutating func take(_ record: Span<UInt8>) {
        guard let equals = record.firstIndex(of: 0x3D, from: 0) else { return }
        let value = record.extracting((equals + 1)..<record.count)
        let text = value.string(0..<value.count)
        let key = record.extracting(0..<equals)
        if key.count == 4, key.matches("path", at: 0) {
            path = text
        } else if key.count == 4, key.matches("size", at: 0) {
            size = Int(text).flatMap { $0 >= 0 ? $0 : nil }
        } else if key.count == 5, key.matches("mtime", at: 0) {
            modified = text.split(separator: ".").first.flatMap { Int64($0) }
        } else if key.matches("GNU.sparse.", at: 0) {
            isSparse = true
        }
    }
}
