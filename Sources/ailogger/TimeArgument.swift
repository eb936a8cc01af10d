// Public as `Severity` conforms to a protocol of the one, and `@usableFromInline` in the other counts as public.
public import ArgumentParser
public import LogCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A moment on the command line: a timestamp in any layout of a log, a date, or an age such as `90s`, `30m`, `2h`, `7d`.
struct TimeArgument: ExpressibleByArgument {
    /// Nanoseconds since the epoch.
    let nanoseconds: Int64

    init?(argument: String) {
        guard let time = Self.age(argument) ?? Self.written(argument) ?? Self.written(argument + " 00:00:00") else {
            return nil
        }
        nanoseconds = time
    }

    private static func written(_ text: String) -> Int64? {
        Array(text.utf8).withUnsafeBufferPointer { buffer in
            let bytes = Span(_unsafeElements: buffer)
            guard let scanned = TimestampScanner.scan(bytes, at: 0), scanned.end == bytes.count,
                scanned.shape == .full
            else { return nil }
            return scanned.nanoseconds
        }
    }

    private static func age(_ text: String) -> Int64? {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()), count >= 0,
            count < 1_000_000
        else { return nil }
        return (Int64(time(nil)) - count * unit) * Timestamp.second
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
