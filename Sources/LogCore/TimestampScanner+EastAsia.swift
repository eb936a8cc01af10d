/// How Chinese, Japanese and Korean write dates and times: `2026年11月20日 04:00:16`, `2026년 11월 20일 오전 4:00:16`,
/// `2026. 11. 20 오후 4시 0분 16초 KST`, `11月 20 04:00:16`.
extension TimestampScanner {
    /// A year, whose mark stands behind its four digits, month and day with theirs, and a clock.
    @inline(never)
    static func markedDate(_ bytes: Span<UInt8>, _ start: Int) -> ScannedTime? {
        guard let yearEnd = behind(bytes, start &+ 4, ["年", "년", "."]),
            let (month, monthDigits) = oneOrTwoDigits(bytes, skipSpace(bytes, yearEnd)),
            let monthEnd = behind(bytes, monthDigits, ["月", "월", "."]),
            let (day, dayDigits) = oneOrTwoDigits(bytes, skipSpace(bytes, monthEnd))
        else { return nil }
        let midnight = self.midnight(fourDigits(bytes, at: start), month, day)
        guard midnight != invalid else { return nil }
        let i = skipSpace(bytes, behind(bytes, dayDigits, ["日", "일", "."]) ?? dayDigits)
        return markedClock(bytes, i, midnight) ?? withClock(bytes, i, midnight)
    }

    /// `11月 20 04:00:16`, `11월 20, 2026 4:00:16 오전`; `i` is behind the digits of the month.
    @inline(never)
    static func markedMonth(_ bytes: Span<UInt8>, _ i: Int, _ month: Int) -> ScannedTime? {
        guard let end = behind(bytes, i, ["月", "월"]) else { return nil }
        return behindMonth(bytes, end, month)
    }

    /// `오후 4시 0분 16,123초 KST`, the half of the day left out or not.
    private static func markedClock(_ bytes: Span<UInt8>, _ start: Int, _ midnight: Int) -> ScannedTime? {
        let half = markedHalf(bytes, start)
        guard let (hour, hourDigits) = oneOrTwoDigits(bytes, half.map { skipSpace(bytes, $0.end) } ?? start),
            let hourEnd = behind(bytes, hourDigits, ["시", "时", "時"]),
            let (minute, minuteDigits) = oneOrTwoDigits(bytes, skipSpace(bytes, hourEnd)),
            let minuteEnd = behind(bytes, minuteDigits, ["분", "分"]),
            let (second, secondDigits) = oneOrTwoDigits(bytes, skipSpace(bytes, minuteEnd))
        else { return nil }
        let seconds = self.seconds(hour, minute, second)
        guard seconds >= 0, let shift = half.map({ $0.shift(seconds) }) ?? 0 else { return nil }
        var (nanoseconds, end) = (0, secondDigits)
        let mark = byte(bytes, end)
        if mark == Ascii.dot || mark == Ascii.comma { (nanoseconds, end) = fraction(bytes, end &+ 1) }
        guard let clockEnd = behind(bytes, end, ["초", "秒"]) else { return nil }
        let zone = self.zone(bytes, clockEnd, local: midnight &+ seconds &+ shift)
        guard zone.end >= 0 else { return nil }
        return full(
            zone.end, midnight &+ seconds &+ shift &- zone.offset, nanoseconds, hasZone: zone.end > clockEnd)
    }

    /// `上午`, `午後`, `오전` at `i`.
    static func markedHalf(_ bytes: Span<UInt8>, _ i: Int) -> HalfOfDay? {
        guard byte(bytes, i) >= 0xE4 else { return nil }
        if let end = behind(bytes, i, ["上午", "午前", "오전"]) { return HalfOfDay(afternoon: false, end: end) }
        return behind(bytes, i, ["下午", "午後", "오후"]).map { HalfOfDay(afternoon: true, end: $0) }
    }

    private static func behind(_ bytes: Span<UInt8>, _ i: Int, _ marks: [StaticString]) -> Int? {
        marks.first { bytes.matches($0, at: i) }.map { i &+ $0.utf8CodeUnitCount }
    }

    private static func skipSpace(_ bytes: Span<UInt8>, _ i: Int) -> Int {
        byte(bytes, i) == Ascii.space ? i &+ 1 : i
    }
}
