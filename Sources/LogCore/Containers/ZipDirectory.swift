/// One member of a zip archive, as its directory or its own header tells.
/// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
package struct ZipMember: Equatable, Sendable {
    package var name: String
    /// 0 stored, 8 deflated, 12 bzip2, 93 Zstandard, 95 xz.
    package var method: Int
    package var isEncrypted: Bool
    package var checksum: UInt32
    /// Bytes in the archive, and once decoded; nil where only their end tells, behind a header that was written first.
    package var packedSize: Int?
    package var size: Int?
    /// Where its own header stands, from the start of the archive.
    package var offset: Int
    /// Seconds since the epoch.
    package var modified: Int64

    package var isFolder: Bool { name.hasSuffix("/") }
}

/// The directory at the end of a zip archive.
package struct ZipDirectory: Equatable, Sendable {
    /// The end's record with the longest comment, and the locator of zip64's before it.
    package static let tailBytes = 22 + 65_535 + 20
    /// The fixed part of a member's own header.
    package static let headerBytes = 30
    private static let zip64EndBytes = 56

    /// Where the directory lies; `count` is of its members.
    package struct Place: Equatable, Sendable {
        package var offset: Int
        package var size: Int
        package var count: Int
        /// Bytes before the archive proper, as self-extracting ones have: all offsets are from behind them.
        package var prefix: Int
    }

    /// What the end of the archive says.
    package enum End: Equatable, Sendable {
        case directory(Place)
        /// A zip64 record of 56 bytes there says more; `before` where the directory's end is told by position.
        case zip64(at: Int)
        /// None: cut off.
        case missing
    }

    /// Looks for the end's record in the last bytes of an archive of `size` bytes.
    package static func end(in tail: Span<UInt8>, size: Int) -> End {
        var i = tail.count - 22
        while i >= 0 {
            if tail.matches("PK\u{5}\u{6}", at: i), i + 22 + tail.little16(i + 20) <= tail.count {
                let start = size - tail.count + i
                if i >= 20, tail.matches("PK\u{6}\u{7}", at: i - 20), let at = tail.little64(i - 12) {
                    return .zip64(at: at)
                }
                let bytes = tail.little32(i + 12)
                let offset = tail.little32(i + 16)
                let count = tail.little16(i + 10)
                guard bytes <= start, offset <= start - bytes else { return .missing }
                return .directory(
                    Place(offset: start - bytes, size: bytes, count: count, prefix: start - bytes - offset))
            }
            i -= 1
        }
        return .missing
    }

    /// Reads zip64's record; nil if it is none.
    package static func place(zip64 record: Span<UInt8>, at start: Int) -> Place? {
        guard record.count >= zip64EndBytes, record.matches("PK\u{6}\u{6}", at: 0), let count = record.little64(32),
            let size = record.little64(40), let offset = record.little64(48), size <= start, offset <= start - size
        else { return nil }
        return Place(offset: offset, size: size, count: count, prefix: 0)
    }

    /// Bytes of a directory's entry from its fixed part on; nil if there is none at `start` or it isn't whole.
    package static func entryBytes(_ bytes: Span<UInt8>, at start: Int) -> Int? {
        guard start + 46 <= bytes.count, bytes.matches("PK\u{1}\u{2}", at: start) else { return nil }
        let count = 46 + bytes.little16(start + 28) + bytes.little16(start + 30) + bytes.little16(start + 32)
        return start + count <= bytes.count ? count : nil
    }

    /// The entry at `start`, which `entryBytes` found to be whole.
    package static func member(_ bytes: Span<UInt8>, at start: Int) -> ZipMember? {
        let nameEnd = start + 46 + bytes.little16(start + 28)
        var member = ZipMember(
            name: bytes.string((start + 46)..<nameEnd), method: bytes.little16(start + 10),
            isEncrypted: bytes.little16(start + 8) & 1 == 1, checksum: UInt32(bytes.little32(start + 16)),
            packedSize: bytes.little32(start + 20), size: bytes.little32(start + 24),
            offset: bytes.little32(start + 42),
            modified: dosTime(date: bytes.little16(start + 14), time: bytes.little16(start + 12)))
        let extra = nameEnd..<(nameEnd + bytes.little16(start + 30))
        return member.takeExtra(bytes, extra, hasOffset: true) ? member : nil
    }

    /// A member's own header; nil if there is none at `start`. `dataStart` is where its bytes begin.
    package static func header(
        _ bytes: Span<UInt8>, at start: Int
    ) -> (member: ZipMember, dataStart: Int)? {
        guard start + headerBytes <= bytes.count, bytes.matches("PK\u{3}\u{4}", at: start) else { return nil }
        let nameEnd = start + 30 + bytes.little16(start + 26)
        let end = nameEnd + bytes.little16(start + 28)
        guard end <= bytes.count else { return nil }
        let flags = bytes.little16(start + 6)
        var member = ZipMember(
            name: bytes.string((start + 30)..<nameEnd), method: bytes.little16(start + 8),
            isEncrypted: flags & 1 == 1, checksum: UInt32(bytes.little32(start + 14)),
            packedSize: bytes.little32(start + 18), size: bytes.little32(start + 22), offset: start,
            modified: dosTime(date: bytes.little16(start + 12), time: bytes.little16(start + 10)))
        guard member.takeExtra(bytes, nameEnd..<end, hasOffset: false) else { return nil }
        if flags & 8 != 0 {
            member.packedSize = nil
            member.size = nil
        }
        return (member, end)
    }

    /// Two seconds exact and without a zone: taken as UTC. 0 if it is no time.
    private static func dosTime(date: Int, time: Int) -> Int64 {
        let (month, day) = (date >> 5 & 15, date & 31)
        guard (1...12).contains(month), day > 0 else { return 0 }
        let days = Timestamp.days(year: 1980 + date >> 9, month: month, day: day)
        return Int64(days) * 86_400 + Int64(time >> 11) * 3600 + Int64(time >> 5 & 63) * 60 + Int64(time & 31) * 2
    }
}

extension ZipMember {
    /// Sizes beyond 4 GiB, and the time with its zone; false where what must be there isn't.
    fileprivate mutating func takeExtra(_ bytes: Span<UInt8>, _ range: Range<Int>, hasOffset: Bool) -> Bool {
        var missing = (size == 0xFFFF_FFFF, packedSize == 0xFFFF_FFFF, hasOffset && offset == 0xFFFF_FFFF)
        var start = range.lowerBound
        while start + 4 <= range.upperBound {
            let kind = bytes.little16(start)
            let end = start + 4 + bytes.little16(start + 2)
            if end > range.upperBound { break }
            var at = start + 4
            if kind == 1 {
                func next() -> Int? {
                    guard at + 8 <= end else { return nil }
                    defer { at += 8 }
                    return bytes.little64(at)
                }
                if missing.0, let value = next() { (size, missing.0) = (value, false) }
                if missing.1, let value = next() { (packedSize, missing.1) = (value, false) }
                if missing.2, let value = next() { (offset, missing.2) = (value, false) }
            } else if kind == 0x5455, end - at >= 5, bytes[at] & 1 == 1 {
                modified = Int64(Int32(truncatingIfNeeded: bytes.little32(at + 1)))
            }
            start = end
        }
        return missing == (false, false, false)
    }
}

extension Span<UInt8> {
    /// Little-endian numbers; the caller has seen that they are there.
    package func little16(_ offset: Int) -> Int { Int(self[offset]) | Int(self[offset + 1]) << 8 }

    package func little32(_ offset: Int) -> Int { little16(offset) | little16(offset + 2) << 16 }

    /// nil if it is more than any file has.
    package func little64(_ offset: Int) -> Int? {
        let high = little32(offset + 4)
        return high < 1 << 28 ? high << 32 | little32(offset) : nil
    }
}
