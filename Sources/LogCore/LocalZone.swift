/// The zone of a source whose times write none: turns what its clocks showed into UTC.
///
/// In the hour that clocks show twice in autumn the lines before tell which of the two it is: time goes on, so a step back
/// is the second one.
package struct LocalZone: Sendable {
    package let name: String
    private let rules: ZoneRules
    /// Local seconds from `start` up to `end` have one offset without doubt.
    private var start = 0
    private var end = 0
    private var offset = 0
    /// Local seconds of the last line within an hour that comes twice; nil outside of such hours.
    private var repeated: (last: Int, isSecond: Bool)?

    /// Lines may be out of order by so many seconds.
    private static let slack = 300
    /// No zone changes its clocks by more at a time: Samoa left out a day.
    private static let widestChange = 25 * 3_600

    package init(name: String, rules: ZoneRules) {
        self.name = name
        self.rules = rules
    }

    /// Whether the last time was one that the clocks show twice.
    package var isRepeated: Bool { repeated != nil }

    /// Seconds east of UTC at a time in UTC.
    package func offset(atUTC seconds: Int) -> Int { rules.offset(atUTC: seconds).seconds }

    /// Nanoseconds since the epoch, of such a count by the zone's clocks.
    package mutating func utc(local: Int64) -> Int64 {
        let seconds = Int(local / Timestamp.second - (local % Timestamp.second < 0 ? 1 : 0))
        if seconds >= start, seconds < end {
            repeated = nil
            return local &- Int64(offset) &* Timestamp.second
        }
        return local &- Int64(find(seconds)) &* Timestamp.second
    }

    private mutating func find(_ seconds: Int) -> Int {
        let found = rules.offsets(atLocal: seconds)
        guard let second = found.second else {
            repeated = nil
            offset = found.first.seconds
            start = found.start == .min ? .min : found.start + offset + Self.widestChange
            end = found.end == .max ? .max : found.end + offset - Self.widestChange
            return offset
        }
        var isSecond = repeated?.isSecond ?? false
        if let last = repeated?.last, seconds < last - Self.slack { isSecond = true }
        repeated = (seconds, isSecond)
        return isSecond ? second.seconds : found.first.seconds
    }
}

extension LocalZone: Hashable {
    package static func == (a: LocalZone, b: LocalZone) -> Bool { a.name == b.name }
    package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
