import LogCore
import Testing

/// Random input with fixed seeds: a failure names the seed, which gives the same input again.
struct JSONPropertyTests {
    @Test(arguments: 0..<40)
    func `what is put into an object comes out as fields`(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let parser = JSONLineParser()
        var event = EventBuilder()
        for _ in 0..<50 {
            var object = RandomJSON(random)
            let expected = object.members()
            random = object.random
            let parsed = LineReading(Array(object.text.utf8), parser, base: 11, builder: &event)
            #expect(parsed.isAccepted, "\(object.text)")
            #expect(parsed.fields == expected, "\(object.text)")
            #expect(parsed.isInBounds)
        }
    }

    @Test(arguments: 0..<40)
    func `changed bytes never crash a parser, and ranges stay in bounds`(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed) &+ 1000)
        let parsers: [any LineParser] = [JSONLineParser(), LogfmtParser()]
        var event = EventBuilder()
        let seeds = [
            #"{"timestamp":"2026-11-22T10:00:00.123Z","level":"INFO","message":"a \"b\" \ud83d\ude00","n":12.5}"#,
            #"{"t":{"$date":"2026-11-22T10:00:00Z"},"s":"I","c":"X","log":{"logger":"\u0041"},"msg":"m"}"#,
            #"time=2026-11-22T10:00:00Z level=info msg="a \"b\" \u0041" n=12 ok=true flag logger=a.b"#,
            #"ts=1795341600.5 lvl=WARN msg=starting the server port=80"#,
        ]
        let alphabet = Array("\"\\{}[]:,=u0dDeE-+. \t\n\u{0}né".utf8) + [0xFF, 0xC3]
        for _ in 0..<200 {
            var bytes = Array(seeds.randomElement(using: &random, or: "").utf8)
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: 0...bytes.count, using: &random)
                let byte = alphabet.randomElement(using: &random, or: 0)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes.insert(byte, at: place)
                case 1: if place < bytes.count { bytes.remove(at: place) }
                case 2: if place < bytes.count { bytes[place] = byte }
                default: bytes.removeSubrange(place...)
                }
            }
            for parser in parsers {
                let parsed = LineReading(bytes, parser, base: 5, builder: &event)
                #expect(parsed.isInBounds, "\(bytes)")
                if !parsed.isAccepted { #expect(parsed.fields.isEmpty, "\(bytes)") }
            }
        }
    }

    @Test(arguments: 0..<40)
    func `any bytes written as a string are read back, with U+FFFD for what is not UTF-8`(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed) &+ 2000)
        let parser = JSONLineParser()
        var event = EventBuilder()
        let leads: [UInt8] = [0xC0, 0xC2, 0xDF, 0xE0, 0xE2, 0xED, 0xEF, 0xF0, 0xF4, 0xF5, 0xFF, 0x80, 0x9F, 0xA0, 0xBF]
        for _ in 0..<200 {
            let text = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                switch Int.random(in: 0..<4, using: &random) {
                case 0: UInt8.random(in: .min ... .max, using: &random)
                case 1: leads.randomElement(using: &random, or: 0)
                default: UInt8.random(in: 0x20..<0x7F, using: &random)
                }
            }
            var writer = JSONWriter()
            writer.beginObject()
            writer.key("x1")
            text.withUnsafeBufferPointer { writer.string(Span(_unsafeElements: $0)) }
            writer.key("end")
            writer.bool(true)
            writer.endObject()
            let written = Array(writer.bytes)
            #expect(String(validating: written, as: UTF8.self) != nil)
            let parsed = LineReading(written, parser, builder: &event)
            #expect(parsed.isAccepted)
            #expect(parsed.fields.first?.text == String(decoding: text, as: UTF8.self))
            #expect(parsed.fields.count == 2)
        }
    }
}

extension Array {
    fileprivate func randomElement(using random: inout some RandomNumberGenerator, or fallback: Element) -> Element {
        randomElement(using: &random) ?? fallback
    }
}

/// A JSON object written at random: its text, and the fields that it should be read as.
private struct RandomJSON {
    var random: SeededGenerator
    var text = "{"

    init(_ random: SeededGenerator) { self.random = random }

    mutating func members() -> [LineReading.Member] {
        let names = ["a", "status", "request_id", "a_rather_long_name_of_a_member", "x.y", "é", "", "k1", "k2", "k3"]
        let members = (0..<Int.random(in: 0...9, using: &random)).map { index in
            if index > 0 { text += "," }
            blank()
            let name = names.randomElement(using: &random) ?? ""
            quote(name)
            blank()
            text += ":"
            blank()
            let member = value(name)
            blank()
            return member
        }
        text += "}"
        return members
    }

    private mutating func blank() {
        if Int.random(in: 0..<8, using: &random) == 0 {
            text += [" ", "\t", "  ", "\r"].randomElement(using: &random) ?? ""
        }
    }

    private mutating func value(_ name: String) -> LineReading.Member {
        let start = text.utf8.count
        switch Int.random(in: 0..<5, using: &random) {
        case 0:
            text +=
                [
                    "0", "-0", "1", "-12.50", "1e5", "1E-7", "18446744073709551616", "0.1e+3", "123456",
                ].randomElement(using: &random) ?? "0"
            return LineReading.Member(name: name, kind: .number, text: written(from: start))
        case 1:
            nested(depth: 0)
            return LineReading.Member(name: name, kind: .json, text: written(from: start))
        case 2:
            text += ["true", "false", "null"].randomElement(using: &random) ?? "null"
            return LineReading.Member(name: name, kind: .json, text: written(from: start))
        default:
            let content = string()
            quote(content)
            return LineReading.Member(name: name, kind: .string, text: content)
        }
    }

    private func written(from start: Int) -> String { String(decoding: Array(text.utf8)[start...], as: UTF8.self) }

    private mutating func nested(depth: Int) {
        let isObject = Bool.random(using: &random)
        text += isObject ? "{" : "["
        for index in 0..<Int.random(in: 0...3, using: &random) {
            if index > 0 { text += "," }
            blank()
            if isObject {
                quote(string())
                blank()
                text += ":"
            }
            blank()
            if depth < 6, Bool.random(using: &random) {
                nested(depth: depth + 1)
            } else {
                _ = value("")
            }
            blank()
        }
        text += isObject ? "}" : "]"
    }

    private mutating func string() -> String {
        let pieces = ["a", "word", " ", "é", "😀", "\"", "\\", "\n", "\u{1}", "/", "{", "]", ",", "plain text"]
        return (0..<Int.random(in: 0...12, using: &random)).map { _ in
            pieces.randomElement(using: &random) ?? ""
        }.joined()
    }

    /// Writes a string, now and then with an escape where none is needed.
    private mutating func quote(_ content: String) {
        text += "\""
        for scalar in content.unicodeScalars {
            let mustEscape = scalar.value < 0x20 || scalar == "\"" || scalar == "\\"
            guard mustEscape || Int.random(in: 0..<10, using: &random) == 0 else {
                text.unicodeScalars.append(scalar)
                continue
            }
            for unit in String(scalar).utf16 {
                let digits = String(unit, radix: 16, uppercase: Bool.random(using: &random))
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        text += "\""
    }
}
