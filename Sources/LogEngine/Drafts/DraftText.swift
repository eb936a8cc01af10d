/// Texts as Lua source writes them.
enum LuaSource {
    /// A string between quotes that it doesn't hold, if it can be.
    static func string(_ bytes: [UInt8]) -> String {
        let single = UInt8(ascii: "'")
        let double = UInt8(ascii: "\"")
        let quote = bytes.contains(double) && !bytes.contains(single) ? single : double
        var text: [UInt8] = [quote]
        let isText = String(validating: bytes, as: UTF8.self) != nil
        for byte in bytes {
            switch byte {
            case quote, UInt8(ascii: "\\"): text += [UInt8(ascii: "\\"), byte]
            case 0x09: text += Array("\\t".utf8)
            case 0..<0x20, 0x7F,
                0x80... where !isText:
                // Three digits, so that one behind them stays a character.
                text += [UInt8(ascii: "\\")] + [byte / 100, byte / 10 % 10, byte % 10].map { 0x30 + $0 }
            default: text.append(byte)
            }
        }
        text.append(quote)
        return String(decoding: text, as: UTF8.self)
    }

    static func string(_ text: String) -> String { string(Array(text.utf8)) }

    /// A pattern between long brackets, which leave every sign as it is.
    static func pattern(_ text: String) -> String {
        var level = ""
        while let end = "\(text)]\(level)]".firstRange(of: "]\(level)]"), end.upperBound < "\(text)]\(level)]".endIndex
        {
            level += "="
        }
        return "[\(level)[\(text)]\(level)]"
    }

    static let keywords: Set<String> = [
        "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local", "nil",
        "not", "or", "repeat", "return", "then", "true", "until", "while",
    ]
}

/// Texts as PCRE2 patterns write them.
enum PatternText {
    /// What matches the bytes and nothing else.
    static func literal(_ bytes: some Sequence<UInt8>) -> String {
        var text = ""
        for byte in bytes {
            switch byte {
            case 0x09: text += "\\t"
            case 0..<0x20, 0x7F...:
                let digits = String(byte, radix: 16)
                text += "\\x" + (digits.count < 2 ? "0" : "") + digits
            default:
                let sign = Character(UnicodeScalar(byte))
                text += "\\^$.|?*+()[]{}".contains(sign) ? "\\\(sign)" : String(sign)
            }
        }
        return text
    }

    static func literal(_ text: String) -> String { literal(text.utf8) }

    /// A class of all bytes but these.
    static func others(than signs: String) -> String {
        "[^" + signs.map { "\\]^-".contains($0) ? "\\\($0)" : $0 == "\t" ? "\\t" : String($0) }.joined() + "]"
    }

    /// What matches all of the texts and others that are made like them, digit for digit: alternatives with | between
    /// them. For times.
    static func likeAll(_ texts: [[UInt8]]) -> String {
        var shapes: [[Run]] = []
        for text in texts {
            let shape = runs(text)
            if let same = shapes.firstIndex(where: { $0.map(\.kind) == shape.map(\.kind) }) {
                for i in shape.indices { shapes[same][i].widen(to: shape[i]) }
            } else {
                shapes.append(shape)
            }
        }
        let patterns = shapes.prefix(6).map { $0.map(\.pattern).joined() }.sorted { $0.count > $1.count }
        return patterns.joined(separator: "|")
    }

    /// Bytes of one kind side by side.
    private struct Run {
        enum Kind: Equatable {
            case digits, letters, blanks
            case sign(UInt8)
        }

        var kind: Kind
        var text: [UInt8]
        var counts: ClosedRange<Int>
        var isConstant = true

        mutating func widen(to other: Run) {
            counts = min(counts.lowerBound, other.counts.lowerBound)...max(counts.upperBound, other.counts.upperBound)
            isConstant = isConstant && text == other.text
        }

        var pattern: String {
            switch kind {
            case .sign(let byte):
                return byte == UInt8(ascii: "+") ? "[+-]" : PatternText.literal([byte])
            case .blanks: return counts == 1...1 ? " " : " ++"
            case .digits: return "\\d" + repeated
            case .letters:
                // T and Z stand for themselves, names of months and zones for others of their kind.
                if isConstant, counts.upperBound == 1 { return PatternText.literal(text) }
                return "[A-Za-z]" + repeated
            }
        }

        private var repeated: String {
            if counts == 1...1 { return "" }
            if counts.count == 1 { return "{\(counts.lowerBound)}" }
            return "{\(counts.lowerBound),\(counts.upperBound)}+"
        }
    }

    private static func runs(_ text: [UInt8]) -> [Run] {
        var runs: [Run] = []
        for (place, byte) in text.enumerated() {
            let kind: Run.Kind
            if LineReader.isDigit(byte) {
                kind = .digits
            } else if (byte | 0x20) &- 0x61 < 26 {
                kind = .letters
            } else if LineReader.isBlank(byte) {
                kind = .blanks
            } else if byte == UInt8(ascii: "+") || (byte == UInt8(ascii: "-") && place > 10) {
                // A zone lies on either side of Greenwich.
                kind = .sign(UInt8(ascii: "+"))
            } else {
                kind = .sign(byte)
            }
            if let last = runs.last, last.kind == kind, kind == .digits || kind == .letters || kind == .blanks {
                runs[runs.count - 1].text.append(byte)
                let count = runs[runs.count - 1].text.count
                runs[runs.count - 1].counts = count...count
            } else {
                runs.append(Run(kind: kind, text: [byte], counts: 1...1))
            }
        }
        // `Nov 22` is `Nov 2` or `Nov  2` on another day.
        for i in runs.indices.dropFirst(2)
        where runs[i].kind == .digits && runs[i].text.count < 3 && runs[i - 1].kind == .blanks
            && runs[i - 2].kind == .letters
        {
            runs[i].counts = 1...2
            runs[i - 1].counts = 1...2
        }
        return runs
    }
}
