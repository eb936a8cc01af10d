#if canImport(Glibc)
    public import Glibc
#elseif canImport(Musl)
    public import Musl
#endif

/// What the parsers ask of bytes. Offsets are checked by the caller where the name says unchecked.
extension Span<UInt8> {
    /// The first `byte` at or after `start`, or nil. memchr: about 5 GB/s.
    @inlinable
    package func firstIndex(of byte: UInt8, from start: Int) -> Int? {
        guard start < count else { return nil }
        return withUnsafeBufferPointer { buffer in
            // Safe: start < count, so the buffer is not empty and has an address.
            let base = buffer.baseAddress.unsafelyUnwrapped
            guard let hit = memchr(base + start, Int32(byte), count - start) else { return nil }
            return UnsafeRawPointer(hit) - UnsafeRawPointer(base)
        }
    }

    /// Behind the last line end before `end`; 0 if there is none.
    package func lineStart(before end: Int) -> Int {
        var start = end
        while start > 0, self[start &- 1] != 0x0A { start &-= 1 }
        return start
    }

    /// Whether the bytes at `offset` are those of `text`; false where they don't fit.
    @inlinable
    package func matches(_ text: StaticString, at offset: Int) -> Bool {
        let length = text.utf8CodeUnitCount
        guard length > 0 else { return offset >= 0 && offset <= count }
        guard offset >= 0, offset &+ length <= count else { return false }
        // Most differ in the first byte, which spares them the call.
        guard self[unchecked: offset] == text.utf8Start[0] else { return false }
        return withUnsafeBufferPointer { buffer in
            memcmp(buffer.baseAddress.unsafelyUnwrapped + offset, text.utf8Start, length) == 0
        }
    }

    /// Whether both hold the same bytes.
    @inlinable
    package func isEqual(to other: Span<UInt8>) -> Bool {
        guard count == other.count, count > 0 else { return count == other.count }
        return withUnsafeBufferPointer { own in
            other.withUnsafeBufferPointer { other in
                memcmp(own.baseAddress.unsafelyUnwrapped, other.baseAddress.unsafelyUnwrapped, own.count) == 0
            }
        }
    }

    /// The same with letters in any case. What differs in bit 5 alone counts as equal: `[` and `{`, too.
    package func matchesAnyCase(_ text: StaticString, at offset: Int) -> Bool {
        guard offset >= 0, offset &+ text.utf8CodeUnitCount <= count else { return false }
        for i in 0..<text.utf8CodeUnitCount where self[unchecked: offset &+ i] | 0x20 != text.utf8Start[i] | 0x20 {
            return false
        }
        return true
    }

    /// Whether these bytes are `text`, letters in any case.
    package func isEqualAnyCase(_ text: StaticString) -> Bool {
        count == text.utf8CodeUnitCount && matchesAnyCase(text, at: 0)
    }

    /// The bytes of a range as text, with U+FFFD for what isn't UTF-8.
    package func string(_ range: Range<Int>) -> String {
        withUnsafeBufferPointer { String(decoding: $0[range], as: UTF8.self) }
    }

    /// The decimal number written in `range`; nil where there is another byte, none at all, or more than 18 digits.
    @inlinable
    package func decimal(_ range: Range<Int>) -> Int64? {
        guard !range.isEmpty, range.count <= 18 else { return nil }
        var value: Int64 = 0
        for i in range {
            let digit = self[unchecked: i] &- 0x30
            guard digit < 10 else { return nil }
            value = value &* 10 &+ Int64(digit)
        }
        return value
    }
}
