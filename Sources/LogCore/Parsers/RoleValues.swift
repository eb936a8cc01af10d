/// How the values of time and level members are read, whichever format they stand in.
enum RoleValues {
    /// A time: seconds, milliseconds, microseconds or nanoseconds since the epoch, or any layout of
    /// `TimestampScanner` that has a date. The first byte is behind the quote, the last before it.
    static func time(_ text: Span<UInt8>) -> ScannedTime? {
        if let nanoseconds = epoch(text) {
            return ScannedTime(end: text.count, nanoseconds: nanoseconds, shape: .full, hasZone: true)
        }
        if let time = date(text) { return time }
        guard let scanned = TimestampScanner.scan(text, at: 0) else { return nil }
        // A time of day alone can't stand on the timeline: the member stays a field.
        return scanned.shape == .full || scanned.shape == .yearless ? scanned : nil
    }

    /// `/Date(1795147216120)/` and `/Date(1795147216120+0100)/`, as .NET's older serializers write milliseconds since the epoch.
    private static func date(_ text: Span<UInt8>) -> ScannedTime? {
        guard text.count >= 9, text[unchecked: 0] == Ascii.slash, text.matches("/Date(", at: 0) else { return nil }
        var end = 6
        while end < text.count, text[unchecked: end].isDigit { end &+= 1 }
        guard end > 6, end &- 6 <= 14, text.matches(")/", at: text.count &- 2),
            let milliseconds = text.decimal(6..<end)
        else { return nil }
        return ScannedTime(end: text.count, nanoseconds: milliseconds &* 1_000_000, shape: .full, hasZone: true)
    }

    /// `GET`, `DELETE`: a method of HTTP, and no name of a procedure.
    static func isMethod(_ text: Span<UInt8>) -> Bool {
        guard text.count >= 3, text.count <= 10 else { return false }
        for i in 0..<text.count where text[unchecked: i] &- 0x41 >= 26 { return false }
        return true
    }

    /// Nanoseconds since the epoch of the midnight of `2026-11-20` or `2026/11/20`.
    static func midnight(_ text: Span<UInt8>) -> Int64? {
        guard text.count == 10, text[unchecked: 4] == text[unchecked: 7],
            text[unchecked: 4] == Ascii.dash || text[unchecked: 4] == Ascii.slash
        else { return nil }
        let seconds = TimestampScanner.midnight(
            TimestampScanner.fourDigits(text, at: 0), TimestampScanner.twoDigits(text, 5),
            TimestampScanner.twoDigits(text, 8))
        return seconds == TimestampScanner.invalid ? nil : Int64(seconds) &* Timestamp.second
    }

    /// 1980 to 2100: what lies outside is what a machine without a clock writes, or a number that is no time.
    static func isLikely(_ time: ScannedTime) -> Bool {
        time.shape != .full || likely.contains(time.nanoseconds)
    }

    private static let likely = (3_652 * Timestamp.day)..<(47_482 * Timestamp.day)

    /// Words of an outcome that isn't what was tried.
    static func isFailure(_ text: Span<UInt8>) -> Bool {
        guard text.count >= 4, text.count <= 8 else { return false }
        return failures.contains { text.isEqualAnyCase($0) }
    }

    private static let failures: [StaticString] = ["failure", "failed", "fail", "error", "denied"]

    /// Words of a firewall or a filter that let something not through.
    static func isRefusal(_ text: Span<UInt8>) -> Bool {
        guard text.count >= 4, text.count <= 8 else { return false }
        return refusals.contains { text.isEqualAnyCase($0) }
    }

    private static let refusals: [StaticString] = [
        "deny", "denied", "drop", "dropped", "block", "blocked", "reject", "rejected", "refused",
    ]

    /// Whether what stands under `error` tells of one: not `null`, `false`, 0, an empty object or text that says that there is none.
    static func isTrouble(_ text: Span<UInt8>) -> Bool {
        if text.count > 7 { return true }
        if text.isEmpty || text.count == 1 && !text[unchecked: 0].isDigit { return false }
        return !noTrouble.contains { text.isEqualAnyCase($0) }
    }

    private static let noTrouble: [StaticString] = [
        "null", "none", "nil", "<nil>", "false", "no", "0", "ok", "success", "n/a", "{}", "noerror",
    ]

    /// The first digit of a status of HTTP; 0 of what is none.
    @inline(__always)
    static func statusClass(_ text: Span<UInt8>) -> UInt8 {
        let isStatus =
            text.count == 3 && text[unchecked: 0] &- 0x31 < 5 && text[unchecked: 1].isDigit
            && text[unchecked: 2].isDigit
        return isStatus ? text[unchecked: 0] : 0
    }

    /// Of a status of HTTP, by its first digit, 0 for none: 5xx is the server's error; 4xx the client's, worth a warning only
    /// in number.
    @inline(__always)
    static func severity(_ statusClass: UInt8) -> Severity {
        switch statusClass {
        case 0: .unspecified
        case UInt8(ascii: "5"): .error
        case UInt8(ascii: "4"): .warning
        default: .info
        }
    }

    /// A severity: a word, or a number on one of the scales in use.
    static func severity(_ text: Span<UInt8>) -> Severity? {
        guard !text.isEmpty else { return nil }
        if text[unchecked: 0] &- 0x30 < 10 { return severity(number: text) }
        if let severity = Severity(word: text) { return severity }
        // Go's slog writes the levels between its own as `WARN+2`, `DEBUG-4`.
        var end = text.count
        while end > 0, text[unchecked: end &- 1].isDigit { end &-= 1 }
        guard end > 1, end < text.count,
            text[unchecked: end &- 1] == Ascii.plus || text[unchecked: end &- 1] == Ascii.dash
        else { return nil }
        return Severity(word: text.extracting(0..<end &- 1))
    }

    /// The same of a member whose name, by its rank, tells the scale.
    static func severity(_ text: Span<UInt8>, _ rank: UInt8) -> Severity? {
        guard FieldRoles.scales.contains(rank), text.count <= 5, let value = text.decimal(0..<text.count) else {
            return severity(text) ?? (rank == FieldRoles.severityRank ? gravity(text) : nil)
        }
        let tens: Int64
        switch rank {
        case FieldRoles.openTelemetryRank:
            return value < 1 || value > 24 ? nil : Severity(rawValue: UInt8((value - 1) / 4 * 4 + 1))
        case FieldRoles.azureRank: tens = value < 5 ? value + 1 : 0
        case FieldRoles.logbackRank: tens = value / 1_000
        default: tens = value / 10
        }
        // Azure counts from Verbose on, Python and Logback in steps from DEBUG to CRITICAL.
        let isLogback = rank == FieldRoles.logbackRank
        return switch isLogback ? tens / 10 : tens {
        case 1: .debug
        case 2: .info
        case 3: .warning
        case 4: .error
        case 5: .critical
        default: isLogback && tens == 5 ? .trace : nil
        }
    }

    private static let gravities: [(StaticString, Severity)] = [
        ("high", .error), ("medium", .warning), ("moderate", .warning), ("low", .info),
    ]

    /// How much it matters, as security tools say it and CEF maps it.
    static func gravity(_ text: Span<UInt8>) -> Severity? {
        gravities.first { word, _ in text.isEqualAnyCase(word) }?.1
    }

    /// 0 to 7 is syslog's scale, 10 to 60 that of bunyan and pino, 100 to 600 that of Monolog, 700 to 1000
    /// java.util.logging's.
    private static func severity(number text: Span<UInt8>) -> Severity? {
        guard text.count <= 4, let value = text.decimal(0..<text.count) else { return nil }
        return switch value {
        case 700: .debug
        case 800: .info
        case 900: .warning
        case 1_000: .error
        case 0...2: .critical
        case 3: .error
        case 4: .warning
        case 5, 6: .info
        case 7: .debug
        case 10..<20: .trace
        case 20..<30, 100..<200: .debug
        case 30..<40, 200..<300: .info
        case 40..<50, 300..<400: .warning
        case 50..<60, 400..<500: .error
        case 60..<70, 500...600: .critical
        default: nil
        }
    }

    /// Nanoseconds since the epoch of a number whose count of integer digits tells its unit: 9 or 10 are seconds,
    /// 12 or 13 milliseconds, 15 or 16 microseconds, 18 or 19 nanoseconds. So every time from 1973 to 2261 is read,
    /// and a small number (a duration, most likely) is none.
    static func epoch(_ text: Span<UInt8>) -> Int64? {
        guard text.count >= 9 || text.count >= 3 && text.firstIndex(of: UInt8(ascii: "."), from: 0) == 1 else {
            return nil
        }
        var mantissa: UInt64 = 0
        var digits = 0
        // The value is mantissa * 10^scale.
        var scale = 0
        var hasPoint = false
        var i = 0
        while i < text.count {
            let byte = text[unchecked: i]
            let digit = byte &- 0x30
            if digit < 10 {
                if digits < 19 {
                    mantissa = mantissa &* 10 &+ UInt64(digit)
                    if mantissa > 0 { digits &+= 1 }
                    if hasPoint { scale &-= 1 }
                } else if !hasPoint {
                    scale &+= 1
                }
            } else if byte == UInt8(ascii: "."), !hasPoint {
                hasPoint = true
            } else if byte | 0x20 == UInt8(ascii: "e"), let exponent = exponent(text, from: i &+ 1) {
                scale &+= exponent
                break
            } else {
                return nil
            }
            i &+= 1
        }
        // Windows counts 100 nanoseconds since 1601: as nanoseconds the same number would be a time of 1974.
        if digits == 18, scale == 0, let time = TimestampScanner.fileTime(mantissa) { return time }
        let power: Int
        switch digits &+ scale {
        case 9, 10: power = 9
        case 12, 13: power = 6
        case 15, 16: power = 3
        case 18, 19: power = 0
        default: return nil
        }
        return scaled(mantissa, by: scale &+ power)
    }

    /// A decimal exponent of at most two digits, with its sign, to the end of the text.
    private static func exponent(_ text: Span<UInt8>, from start: Int) -> Int? {
        guard start < text.count else { return nil }
        let sign = text[unchecked: start]
        let first = sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") ? start &+ 1 : start
        guard text.count &- first <= 2, let value = text.decimal(first..<max(first, text.count)) else { return nil }
        return sign == UInt8(ascii: "-") ? -Int(value) : Int(value)
    }

    /// `mantissa` * 10^`power`, nil where it doesn't fit.
    private static func scaled(_ mantissa: UInt64, by power: Int) -> Int64? {
        guard power >= -19, power <= 18 else { return power < -19 ? 0 : nil }
        var value = mantissa
        for _ in 0..<abs(power) {
            if power < 0 {
                value /= 10
            } else {
                let (product, overflow) = value.multipliedReportingOverflow(by: 10)
                guard !overflow else { return nil }
                value = product
            }
        }
        return Int64(exactly: value)
    }
}
