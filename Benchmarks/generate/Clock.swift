import Glibc

/// The time of the next event: how far the output has come, laid over 30 hours. It never goes back.
struct Clock {
    static let start = 1_795_046_400  // 2026-11-19T00:00:00Z
    private let microsecondsPerByte: Double
    private(set) var second = 0
    private(set) var micro = 0
    private var parts = tm()

    init(bytes: Int) { microsecondsPerByte = 30 * 3600e6 / Double(max(bytes, 1)) }

    mutating func advance(to total: Int) {
        let now = Int(Double(total) * microsecondsPerByte)
        micro = now % 1_000_000
        let next = Clock.start &+ now / 1_000_000
        if next != second {
            second = next
            var time = time_t(next)
            gmtime_r(&time, &parts)
        }
    }

    /// From 04:00 to 04:12 on the second day errors come in a burst.
    var isBurst: Bool { (100_800..<101_520).contains(second - Clock.start) }

    func time(_ out: Output) {
        out.padded(Int(parts.tm_hour), 2)
        out.byte(58)
        out.padded(Int(parts.tm_min), 2)
        out.byte(58)
        out.padded(Int(parts.tm_sec), 2)
    }

    /// Of the month.
    func day(_ out: Output) { out.padded(Int(parts.tm_mday), 2) }

    /// `Nov 19 00:00:00`; only November is reached.
    func syslog(_ out: Output) {
        out.text("Nov ")
        day(out)
        out.byte(32)
        time(out)
    }

    /// `19/Nov/2026:00:00:00 +0000`
    func access(_ out: Output) {
        day(out)
        out.text("/Nov/2026:")
        time(out)
        out.text(" +0000")
    }

    /// `2026-11-19 00:00:00,123`, with the two separators given.
    func iso(_ out: Output, _ separator: UInt8, _ fraction: UInt8) {
        out.text("2026-11-")
        day(out)
        out.byte(separator)
        time(out)
        out.byte(fraction)
        out.padded(micro / 1000, 3)
    }
}
