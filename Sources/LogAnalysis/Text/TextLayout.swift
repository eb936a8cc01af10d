import LogCore

/// Text for a terminal: how wide it is, how it is cut and wrapped, and how numbers are written for people.
package enum TextLayout {
    // MARK: Harmless text

    /// Log text made safe to show on one line: control characters become pictures (␛), white space becomes
    /// spaces, what reorders or hides text becomes U+FFFD. Without `unicode` only ASCII is left.
    package static func clean(_ text: String, unicode: Bool = true) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if unicode {
                if let shown = harmless(scalar) { result.append(shown) }
            } else {
                result.append(contentsOf: ascii(scalar).unicodeScalars)
            }
        }
        return String(result)
    }

    private static func harmless(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar.value {
        case 0x09...0x0D: return " "
        // U+2400 and the 32 behind it are the pictures of the control characters.
        case 0..<0x20: return Unicode.Scalar(0x2400 + scalar.value)
        case 0x20..<0x7F: return scalar
        case 0x7F: return "\u{2421}"
        case 0xAD, 0x200C, 0x200D: return nil
        default:
            switch scalar.properties.generalCategory {
            case .control, .format: return "\u{FFFD}"
            case .lineSeparator, .paragraphSeparator: return " "
            default: return scalar
            }
        }
    }

    private static func ascii(_ scalar: Unicode.Scalar) -> String {
        switch scalar.value {
        case 0x09...0x0D, 0xA0, 0x2028, 0x2029: " "
        case 0x20..<0x7F: String(Character(scalar))
        case 0x2018, 0x2019: "'"
        case 0x201C, 0x201D: "\""
        case 0x2013, 0x2014: "-"
        case 0x2026: "..."
        default: "?"
        }
    }

    /// An address made safe: its other bytes percent-encoded, so that it stays one word and can be clicked.
    package static func url(_ url: String) -> String {
        var result = ""
        for byte in url.utf8 {
            if byte > 0x20, byte < 0x7F {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                result += byte < 16 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return result
    }

    // MARK: Width

    /// Columns that a terminal gives to clean text: two for East Asian wide characters and emoji, none for marks.
    package static func width(of text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + width(of: $1) }
    }

    package static func width(of scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x300 { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: return isWide(scalar.value) ? 2 : 1
        }
    }

    private static func isWide(_ value: UInt32) -> Bool {
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3,
            0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF,
            0x1F900...0x1FAFF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }

    /// The text, or its beginning and an ellipsis where it is wider than `width`.
    package static func clip(_ text: String, to width: Int, unicode: Bool = true) -> String {
        if self.width(of: text) <= width { return text }
        let ellipsis = unicode ? "…" : "..."
        let room = width - self.width(of: ellipsis)
        guard room > 0 else { return String(ellipsis.prefix(max(width, 0))) }
        var kept = prefix(of: text[...], upTo: room)
        while kept.last == " " { kept.removeLast() }
        return kept + ellipsis
    }

    /// The text, or an ellipsis and its end where it is wider than `width`: of a path the end says more.
    package static func clipStart(_ text: String, to width: Int, unicode: Bool = true) -> String {
        var rest = text[...]
        var used = self.width(of: text)
        if used <= width { return text }
        let ellipsis = unicode ? "…" : "..."
        let room = max(width - self.width(of: ellipsis), 0)
        while used > room, let scalar = rest.unicodeScalars.popFirst() { used -= self.width(of: scalar) }
        return ellipsis + rest
    }

    /// The text, or its beginning and its end with an ellipsis between them: of a path both tell it from others.
    package static func clipMiddle(_ text: String, to width: Int, unicode: Bool = true) -> String {
        guard self.width(of: text) > width else { return text }
        let head = max(width / 3, 0)
        return prefix(of: text[...], upTo: head) + clipStart(text, to: width - head, unicode: unicode)
    }

    private static func prefix(of text: Substring, upTo room: Int) -> String {
        var result = String.UnicodeScalarView()
        var used = 0
        for scalar in text.unicodeScalars {
            used += width(of: scalar)
            if used > room { break }
            result.append(scalar)
        }
        return String(result)
    }

    /// Names with commas between them, as many as fit, and how many more there are. At least one.
    static func list(_ names: [String], to width: Int) -> String {
        var text = ""
        for (index, name) in names.enumerated() {
            let rest = names.count - index - 1
            let tail = rest > 0 ? ", +\(rest)" : ""
            let next = text + (index == 0 ? "" : ", ") + name
            if index > 0, self.width(of: next + tail) > width { return text + ", +\(rest + 1)" }
            text = next
        }
        return text
    }

    /// The text in lines of at most `width` columns, broken at spaces. A word that is too long is broken anywhere,
    /// but never an address.
    package static func wrap(_ text: String, to width: Int) -> [String] {
        let width = max(width, 1)
        var lines: [String] = []
        var line = ""
        var used = 0
        func breakLine() {
            if !line.isEmpty { lines.append(line) }
            line = ""
            used = 0
        }
        for word in text.split(separator: " ") {
            var word = word
            var size = self.width(of: String(word))
            if used > 0, used + 1 + size > width { breakLine() }
            while size > width, !word.contains("://") {
                let head = prefix(of: word, upTo: width)
                // A character wider than the line still has to go somewhere.
                guard !head.isEmpty else { break }
                lines.append(head)
                word.unicodeScalars.removeFirst(head.unicodeScalars.count)
                size = self.width(of: String(word))
            }
            line += (used > 0 ? " " : "") + word
            used += (used > 0 ? 1 : 0) + size
        }
        breakLine()
        return lines.isEmpty ? [""] : lines
    }

    /// As many whole sentences as fit into `lines` lines; if not even the first does, it is cut.
    package static func brief(_ text: String, lines: Int, width: Int, unicode: Bool = true) -> [String] {
        let whole = wrap(text, to: width)
        if whole.count <= lines { return whole }
        var best: [String] = []
        var end = text.startIndex
        while let stop = text[end...].firstRange(of: ". ") {
            end = stop.upperBound
            let wrapped = wrap(String(text[..<end]), to: width)
            if wrapped.count > lines { break }
            best = wrapped
        }
        if !best.isEmpty { return best }
        let rest = whole[(lines - 1)...].joined(separator: " ")
        return whole[..<(lines - 1)] + [clip(rest, to: width, unicode: unicode)]
    }

    // MARK: Numbers

    /// `4,912,530`
    package static func grouped(_ number: Int64) -> String {
        let digits = String(number.magnitude)
        var result = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { result += "," }
            result.append(digit)
        }
        return result
    }

    /// `3 files`, `1 file`
    package static func count(_ number: Int64, _ noun: String, plural: String? = nil) -> String {
        "\(grouped(number)) \(number == 1 ? noun : plural ?? noun + "s")"
    }

    /// `812 bytes`, `1.20 GB`: three digits, units of 1,000.
    package static func bytes(_ count: Int64) -> String {
        guard count.magnitude >= 1_000 else { return self.count(count, "byte") }
        var value = Double(count)
        var unit = 0
        let units = ["kB", "MB", "GB", "TB", "PB", "EB"]
        value /= 1_000
        while value.magnitude >= 999.5, unit + 1 < units.count {
            value /= 1_000
            unit += 1
        }
        let digits = value.magnitude < 9.995 ? 2 : value.magnitude < 99.95 ? 1 : 0
        return "\(decimal(value, digits)) \(units[unit])"
    }

    /// `250 ms`, `2.5 s`, `2 min 5 s`, `5 h 12 min`, `3 days 4 h`.
    package static func duration(_ nanoseconds: Int64) -> String {
        if nanoseconds < 1_000_000 { return "less than 1 ms" }
        let milliseconds = rounded(nanoseconds, 1_000_000)
        if milliseconds < 1_000 { return "\(milliseconds) ms" }
        let tenths = rounded(nanoseconds, Timestamp.second / 10)
        if tenths < 100 { return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s" }
        let seconds = rounded(nanoseconds, Timestamp.second)
        if seconds < 60 { return "\(seconds) s" }
        if seconds < 3_600 { return pair(seconds / 60, "min", seconds % 60, "s") }
        let minutes = rounded(nanoseconds, 60 * Timestamp.second)
        if minutes < 1_440 { return pair(minutes / 60, "h", minutes % 60, "min") }
        let hours = rounded(nanoseconds, 3_600 * Timestamp.second)
        return pair(hours / 24, hours < 48 ? "day" : "days", hours % 24, "h")
    }

    /// To the nearest whole number of units; no sum overflows.
    private static func rounded(_ nanoseconds: Int64, _ unit: Int64) -> Int64 {
        nanoseconds / unit + (nanoseconds % unit >= unit / 2 ? 1 : 0)
    }

    private static func pair(_ large: Int64, _ unit: String, _ small: Int64, _ smallUnit: String) -> String {
        "\(grouped(large)) \(unit)" + (small > 0 ? " \(small) \(smallUnit)" : "")
    }

    /// `99.98 %`: never rounded up to 100 nor down to 0.
    package static func percent(_ share: Double) -> String {
        if share >= 1 { return "100 %" }
        if share <= 0 || share.isNaN { return "0 %" }
        let shown = (share * 10_000).rounded(.down) / 100
        return shown < 0.01 ? "0.01 %" : "\(decimal(shown, shown >= 99 || shown < 1 ? 2 : 0)) %"
    }

    /// A number of seconds as a stop watch shows it.
    package static func elapsed(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "" }
        if seconds < 0.995 { return "\(decimal(seconds, 2)) s" }
        if seconds < 99.95 { return "\(decimal(seconds, 1)) s" }
        return duration(Int64(seconds) * Timestamp.second)
    }

    /// A number with so many digits behind the point; its size is the caller's to keep below 10^15.
    private static func decimal(_ value: Double, _ digits: Int) -> String {
        let scale: Int64 = digits == 0 ? 1 : digits == 1 ? 10 : 100
        let scaled = Int64((value.magnitude * Double(scale)).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard digits > 0 else { return sign + String(scaled) }
        let fraction = String(scaled % scale)
        return sign + "\(scaled / scale)." + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}
