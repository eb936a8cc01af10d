/// Which offset from UTC a zone's clocks had, and will have: from the bytes of a zoneinfo file, or fixed.
///
/// Times are seconds since 1970 without leap seconds. The changes that a file lists come first; after the last one its
/// footer's yearly rule goes on for ever.
package struct ZoneRules: Sendable {
    /// What a zone's clocks say for a while.
    package struct Offset: Sendable, Equatable {
        /// Seconds east of UTC.
        package var seconds: Int
        /// `CEST`, `-03`.
        package var abbreviation: String
        package var isDST: Bool

        package init(seconds: Int, abbreviation: String, isDST: Bool) {
            self.seconds = seconds
            self.abbreviation = abbreviation
            self.isDST = isDST
        }
    }

    /// The time from `start` up to, but not including, `end`, through which one offset holds.
    struct Period {
        var offset: Offset
        var start: Int
        var end: Int
    }

    /// More seconds than any zone is from UTC (the format allows 25:59:59).
    private static let widest = 26 * 3600
    /// Keeps sums of times in range; nine thousand million years are enough.
    private static let reach = -(1 << 58)...(1 << 58)

    /// Changes in ascending order, and by index in `offsets` what holds from each of them on.
    private var changes: [Int] = []
    private var following: [UInt8] = []
    /// The first one holds before all changes.
    private var offsets: [Offset]
    private var yearly: YearlyZoneRule?

    /// Reads `Z`, `UTC`, `GMT`, `+02:00`, `-0530` or `+02`.
    package init?(fixed text: Span<UInt8>) {
        guard let seconds = Self.fixedSeconds(text) else { return nil }
        let abbreviation = text.count == 1 ? "UTC" : text.string(0..<text.count)
        offsets = [Offset(seconds: seconds, abbreviation: abbreviation, isDST: false)]
    }

    /// Reads a yearly rule, as the footer of a zoneinfo file has it.
    init?(yearly text: ArraySlice<UInt8>) {
        guard let rule = YearlyZoneRule(text) else { return nil }
        offsets = [rule.standard]
        yearly = rule
    }

    /// Reads a zoneinfo file (TZif, RFC 9636, all versions). Nil if anything about it is wrong, and if it counts leap
    /// seconds, as those under `right/` do.
    package init?(tzif bytes: [UInt8]) {
        // Version 1 has 32 bits for a time. Later ones repeat all of it with 64, for which the first is passed over.
        guard var block = TZifBlock(bytes, at: 0, timeSize: 4) else { return nil }
        let isWide = block.version != 0
        if isWide {
            guard let second = TZifBlock(bytes, at: block.end, timeSize: 8) else { return nil }
            block = second
        }
        guard block.leapSecondCount == 0, let offsets = block.offsets(), let changes = block.changes() else {
            return nil
        }
        self.offsets = offsets
        self.changes = changes
        following = block.following
        guard following.allSatisfy({ $0 < offsets.count }) else { return nil }
        guard isWide else { return }
        guard block.end < bytes.count, bytes[block.end] == 0x0a else { return nil }
        let footer = bytes[(block.end + 1)...]
        guard let stop = footer.firstIndex(of: 0x0a) else { return nil }
        if stop > footer.startIndex {
            guard let rule = YearlyZoneRule(footer[..<stop]) else { return nil }
            yearly = rule
        }
    }

    /// What the zone's clocks have at a time.
    package func offset(atUTC seconds: Int) -> Offset { period(at: Self.clamped(seconds)).offset }

    /// What the zone's clocks have when they show a time. One that they skip, as in spring, is taken as if they
    /// hadn't been put forward yet; one that they show twice, as in autumn, is the first, daylight time: both are the
    /// offset from before the change.
    package func offset(atLocal seconds: Int) -> Offset { offsets(atLocal: seconds).first }

    /// Besides, the second one of a time that the clocks show twice, and from when to when, in UTC, the first one holds.
    func offsets(atLocal seconds: Int) -> (first: Offset, second: Offset?, start: Int, end: Int) {
        let shown = Self.clamped(seconds)
        var period = period(at: shown - Self.widest)
        var before = period
        // The first period at whose end the clocks are past that time.
        while shown - period.offset.seconds >= period.end {
            before = period
            period = self.period(at: period.end)
        }
        guard shown - period.offset.seconds >= period.start else {
            return (before.offset, nil, before.start, before.end)
        }
        var second: Offset?
        if period.end < .max {
            let after = self.period(at: period.end)
            if shown - after.offset.seconds >= after.start { second = after.offset }
        }
        return (period.offset, second, period.start, period.end)
    }

    private static func clamped(_ seconds: Int) -> Int { min(max(seconds, reach.lowerBound), reach.upperBound) }

    private func period(at time: Int) -> Period {
        var (low, high) = (0, changes.count)
        while low < high {
            let middle = (low + high) / 2
            if changes[middle] <= time { low = middle + 1 } else { high = middle }
        }
        let start = low > 0 ? changes[low - 1] : .min
        if low == changes.count, let yearly {
            var period = yearly.period(at: time)
            period.start = max(period.start, start)
            return period
        }
        return Period(
            offset: offsets[low > 0 ? Int(following[low - 1]) : 0], start: start,
            end: low < changes.count ? changes[low] : .max)
    }

    private static func fixedSeconds(_ text: Span<UInt8>) -> Int? {
        switch text.count {
        case 1: return text.matches("Z", at: 0) ? 0 : nil
        case 3 where text.matches("UTC", at: 0) || text.matches("GMT", at: 0): return 0
        case 3, 5: break
        case 6 where text[3] == UInt8(ascii: ":"): break
        default: return nil
        }
        guard text[0] == UInt8(ascii: "+") || text[0] == UInt8(ascii: "-"), let hours = text.decimal(1..<3),
            let minutes = text.count == 3 ? 0 : text.decimal(text.count - 2..<text.count),
            // As far as TimestampScanner goes.
            hours <= 15, minutes <= 59
        else { return nil }
        let seconds = Int(hours) * 3600 + Int(minutes) * 60
        return text[0] == UInt8(ascii: "-") ? -seconds : seconds
    }
}

/// A header of a zoneinfo file and the data behind it: where each list lies, all of it within the bytes.
private struct TZifBlock {
    private static let headerSize = 44

    let bytes: [UInt8]
    let version: UInt8
    let end: Int
    let leapSecondCount: Int
    private let timeSize: Int
    private let times: Range<Int>
    private let indices: Range<Int>
    private let types: Range<Int>
    private let names: Range<Int>

    init?(_ bytes: [UInt8], at start: Int, timeSize: Int) {
        guard bytes.count - start >= Self.headerSize, bytes[start..<start + 4].elementsEqual("TZif".utf8) else {
            return nil
        }
        // Numbers of 32 bits: no sum of these lengths comes near to an overflow.
        func count(_ i: Int) -> Int { Self.unsigned(bytes, at: start + 20 + 4 * i, size: 4) }
        var at = start + Self.headerSize
        func list(_ length: Int) -> Range<Int> {
            defer { at += length }
            return at..<at + length
        }
        times = list(count(3) * timeSize)
        indices = list(count(3))
        types = list(count(4) * 6)
        names = list(count(5))
        leapSecondCount = count(2)
        // Leap seconds, then a byte for each type that says how its rules were written, and another.
        _ = list(leapSecondCount * (timeSize + 4) + count(1) + count(0))
        guard at <= bytes.count else { return nil }
        self.bytes = bytes
        self.timeSize = timeSize
        version = bytes[start + 4]
        end = at
    }

    var following: [UInt8] { Array(bytes[indices]) }

    /// The times of the changes; nil if they aren't in order.
    func changes() -> [Int]? {
        let unused = Int.bitWidth - 8 * timeSize
        let read = stride(from: times.lowerBound, to: times.upperBound, by: timeSize).map { at in
            // The shift there and back spreads the sign.
            (Self.unsigned(bytes, at: at, size: timeSize) << unused) >> unused
        }
        return zip(read, read.dropFirst()).allSatisfy(<) ? read : nil
    }

    /// At least one; nil if any is out of range.
    func offsets() -> [ZoneRules.Offset]? {
        var read: [ZoneRules.Offset] = []
        for at in stride(from: types.lowerBound, to: types.upperBound, by: 6) {
            let seconds = Int(Int32(truncatingIfNeeded: Self.unsigned(bytes, at: at, size: 4)))
            let name = bytes[names].dropFirst(Int(bytes[at + 5]))
            guard (-89_999...93_599).contains(seconds), bytes[at + 4] <= 1, let stop = name.firstIndex(of: 0),
                read.count < 256
            else { return nil }
            let abbreviation = String(decoding: name[..<stop], as: UTF8.self)
            read.append(ZoneRules.Offset(seconds: seconds, abbreviation: abbreviation, isDST: bytes[at + 4] == 1))
        }
        return read.isEmpty ? nil : read
    }

    private static func unsigned(_ bytes: [UInt8], at start: Int, size: Int) -> Int {
        bytes[start..<start + size].reduce(0) { $0 << 8 | Int($1) }
    }
}
