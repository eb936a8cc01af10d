// Public as `Severity` conforms to a protocol of the one, and `@usableFromInline` in the other counts as public.
public import ArgumentParser
public import LogCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A moment on the command line: a timestamp in any layout of a log, a date, `today`, an age such as `90s`, `2h30m` or `7d`, or a
/// time of day.
struct TimeArgument: ExpressibleByArgument {
    private static let day: Int64 = 86_400

    enum Moment: Equatable {
        /// Nanoseconds since the epoch.
        case time(Int64)
        /// Nanoseconds since midnight, of a day that the log decides.
        case clock(Int64)
    }

    let moment: Moment

    init?(argument: String) {
        let text = argument.lowercased().split(separator: " ").joined(separator: " ")
        let now = Int64(time(nil))
        if let clock = Self.clock(text) {
            moment = .clock(clock)
        } else if let time = Self.named(text, now) ?? Self.age(text, now) ?? Self.written(argument)
            ?? Self.written(argument + ":00") ?? Self.written(argument + " 00:00:00")
        {
            moment = .time(time)
        } else {
            return nil
        }
    }

    /// Nil where the log decides.
    var nanoseconds: Int64? { if case .time(let time) = moment { time } else { nil } }

    /// - Parameter last: when the log ends; the present where that isn't known.
    /// - Parameter since: for the end of a window, when it begins.
    func resolved(last: Int64?, after since: Int64? = nil) -> Int64 {
        switch moment {
        case .time(let time): return time
        case .clock(let clock):
            let last = last ?? Int64(time(nil)) * Timestamp.second
            let day = Self.day * Timestamp.second
            let onLastDay = Self.midnight(last) + clock
            // The first such time behind the beginning.
            if let since {
                let then = Self.midnight(since) + clock
                return then > since ? then : then + day
            }
            return onLastDay
        }
    }

    /// Of a beginning: what the log's last day has not come to is of the day before.
    func resolvedAsBeginning(last: Int64?) -> Int64 {
        let time = resolved(last: last)
        guard case .clock = moment, let last, time > last else { return time }
        return time - Self.day * Timestamp.second
    }

    private static func midnight(_ time: Int64) -> Int64 {
        let day = Self.day * Timestamp.second
        return (time / day - (time % day < 0 ? 1 : 0)) * day
    }

    // MARK: Layouts

    private static func written(_ text: String) -> Int64? {
        Array(text.utf8).withUnsafeBufferPointer { buffer in
            let bytes = Span(_unsafeElements: buffer)
            guard let scanned = TimestampScanner.scan(bytes, at: 0), scanned.end == bytes.count,
                scanned.shape == .full
            else { return nil }
            return scanned.nanoseconds
        }
    }

    /// `now`, and `today`, `yesterday` and `tomorrow`, each with or without a time of day.
    private static func named(_ text: String, _ now: Int64) -> Int64? {
        if text == "now" { return now * Timestamp.second }
        let days: [Substring: Int64] = ["yesterday": -1, "today": 0, "tomorrow": 1]
        let words = text.split(separator: " ")
        guard words.count <= 2, let first = words.first, let shift = days[first] else { return nil }
        let midnight = midnight(now * Timestamp.second) + shift * day * Timestamp.second
        if words.count == 1 { return midnight }
        return clock(String(words[1])).map { midnight + $0 }
    }

    /// `04:00` or `04:00:30`, in nanoseconds.
    private static func clock(_ text: String) -> Int64? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count),
            parts.allSatisfy({ (1...2).contains($0.utf8.count) && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
        else { return nil }
        let numbers = parts.compactMap { Int64($0) }
        guard numbers[0] < 24, numbers[1] < 60, numbers.count < 3 || numbers[2] < 60 else { return nil }
        return numbers.reversed().enumerated().reduce(0) { sum, part in
            let weight: [Int64] = numbers.count == 3 ? [1, 60, 3_600] : [60, 3_600]
            return sum + part.element * weight[part.offset]
        } * Timestamp.second
    }

    /// `2h30m`, `1h 30min`, `-2h` and `2h ago`: all of them before now.
    private static func age(_ text: String, _ now: Int64) -> Int64? {
        let units: [String: Int64] = [
            "s": 1, "sec": 1, "second": 1, "seconds": 1, "m": 60, "min": 60, "minute": 60, "minutes": 60, "h": 3_600,
            "hr": 3_600, "hour": 3_600, "hours": 3_600, "d": day, "day": day, "days": day, "w": 7 * day,
            "week": 7 * day, "weeks": 7 * day,
        ]
        var rest = text[...]
        if rest.hasSuffix(" ago") { rest.removeLast(4) } else if rest.first == "-" { rest.removeFirst() }
        var sum: Int64 = 0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { ("0"..."9").contains($0) }
            let tail = rest[digits.endIndex...].drop { $0 == " " }
            let name = tail.prefix { $0.isLetter }
            guard let count = Int64(digits), count < 1_000_000, let unit = units[String(name)] else { return nil }
            sum += count * unit
            rest = tail[name.endIndex...].drop { $0 == " " }
        }
        return (now - sum) * Timestamp.second
    }
}

extension Severity: ExpressibleByArgument {
    public init?(argument: String) {
        let level = Array(argument.utf8).withUnsafeBufferPointer { Severity(word: Span(_unsafeElements: $0)) }
        guard let level else { return nil }
        self = level
    }

    public static var allValueStrings: [String] { ["trace", "debug", "info", "warning", "error", "critical"] }
}
