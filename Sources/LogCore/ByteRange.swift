/// A half-open range of bytes in a batch: below `EventBuilder.rawCount` it lies in the bytes as read,
/// from there on in the text that parsers decoded (JSON escapes, for one).
///
/// Two 32-bit offsets instead of `Range<Int>`: a record holds three of them and stays within 48 bytes.
@usableFromInline package struct ByteRange: Equatable, Sendable {
    @usableFromInline package var start: UInt32
    @usableFromInline package var end: UInt32

    @inlinable
    package init(_ start: Int, _ end: Int) {
        self.start = UInt32(truncatingIfNeeded: start)
        self.end = UInt32(truncatingIfNeeded: end)
    }

    @usableFromInline
    init(rawStart: UInt32, rawEnd: UInt32) {
        start = rawStart
        end = rawEnd
    }

    @usableFromInline package static let empty = ByteRange(0, 0)

    @inlinable package var count: Int { Int(end &- start) }
    @inlinable package var isEmpty: Bool { start == end }
    @inlinable package var lower: Int { Int(start) }
    @inlinable package var upper: Int { Int(end) }

    @inlinable
    package func contains(_ offset: UInt32) -> Bool { offset >= start && offset < end }
}
