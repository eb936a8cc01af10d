import LogPatterns
import Testing

@Suite struct RequiredLiteralsTests {
    private func literals(_ pattern: String) -> [String]? {
        RequiredLiterals.of(pattern)?.map { String(decoding: $0, as: UTF8.self) }
    }

    static let known: [(String, [String]?)] = [
        ("Connection refused", ["connection refused"]),
        (#"server at "(?<host>[^"]+)", port (?<port>\d+) failed: Connection refused"#, [" failed: connection refused"]),
        ("disk (?:full|quota exceeded)", ["disk "]),
        ("(?:disk full|quota exceeded)", ["disk full", "quota exceeded"]),
        ("x|disk full", nil),
        ("(?:timeout)?expired", ["expired"]),
        ("(?:timeout)+ expired", ["timeout expired"]),
        ("abc*defg", ["defg"]),
        ("abcd+efgh", ["defgh"]),
        ("(?:abc){2}x", ["abcabcx"]),
        (#"java\.lang\.OutOfMemoryError"#, ["java.lang.outofmemoryerror"]),
        ("java[.]lang[.]Error", ["java.lang.error"]),
        ("[Oo]ut of [Mm]emory", ["out of memory"]),
        (#"\QC++ (x)\E error"#, ["c++ (x) error"]),
        (#"\x41\x{42}CD"#, ["abcd"]),
        ("(?i)Segmentation Fault", ["segmentation fault"]),
        ("(?i:oom)-killer", ["oom-killer"]),
        ("foo(?=barbar)baz", ["foobaz"]),
        ("(?<!not )found", ["found"]),
        ("(?#why)denied", ["denied"]),
        (#"(\w+)=\1"#, nil),
        (#"denied(?:\1|(?R))?"#, ["denied"]),
        ("(?(?=a)abcdef|defghi)jkl", ["jkl"]),
        (#"\d+ \w+"#, nil),
        ("ab", nil),
        (".*", nil),
        ("", nil),
        ("(?x) some thing", nil),
        ("(*UTF)something", nil),
        ("a|", nil),
        ("some{,3}thing", nil),
        ("some{x}thing", ["some{x}thing"]),
        ("(?'q'quoted)", ["quoted"]),
        ("(?P<q>named)", ["named"]),
        ("(unclosed", nil),
        ("[unclosed", nil),
    ]

    @Test(arguments: known)
    func `the literals of a pattern`(pattern: String, expected: [String]?) {
        #expect(literals(pattern) == expected)
    }

    @Test func `case folding past ASCII keeps letters out that have other bytes`() {
        // U+212A KELVIN SIGN and U+017F LONG S match (?i)k and (?i)s over characters.
        #expect(literals("(?i)disk-é-drive") == ["-drive"])
        #expect(literals("(?i)disk drive") == ["disk drive"])
        #expect(literals("Größe zu klein") == ["größe zu klein"])
    }

    @Test func `a rare word is taken before a common one`() {
        #expect(literals("exception .* deadlock") == [" deadlock"])
        #expect(literals(#"error \d+ timeout"#) == [" timeout"])
    }

    @Test func `repetition can't blow a literal up`() throws {
        let found = try #require(literals("(?:abcdefgh){60000}"))
        #expect(found.allSatisfy { $0.utf8.count <= 300 })
        #expect(literals(String(repeating: "(", count: 5_000) + "abc" + String(repeating: ")", count: 5_000)) == nil)
    }

    @Test func `some literal occurs in every text that a random pattern matches`() throws {
        var random = SplitMix(seed: 20_261_122)
        var matcher = Matcher()
        var proven = 0
        for _ in 0..<30_000 {
            let node = PatternNode.random(&random, depth: 4)
            let source = node.source
            guard let literals = RequiredLiterals.of(source), let pattern = try? Pattern(source) else { continue }
            for _ in 0..<3 {
                let text = node.text(&random)
                guard matcher.match(pattern, text.span) == .matched else { continue }
                proven += 1
                let lower = text.map { $0 >= 0x41 && $0 <= 0x5a ? $0 | 0x20 : $0 }
                #expect(
                    literals.contains { contains(lower, $0) },
                    "\(source) matches \(String(decoding: text, as: UTF8.self)) without any of \(literals)")
            }
        }
        #expect(proven > 5_000)
    }

    private static func range(_ text: String) -> ByteSet {
        let bytes = Array(text.utf8)
        return ByteSet { bytes.contains($0) }
    }

    static let heads: [(String, String?, Int, Bool)] = [
        (#"^\[(?<time>\d{4})"#, "[", 5, true),
        (#"(?<time>\d{4})-"#, "0123456789", 5, false),
        (#"\A(?:abc|de)+x?"#, "ad", 2, true),
        ("^(?<level>[IWEF])\\d{2,}", "IWEF", 3, true),
        ("(?i)^error", "eE", 5, true),
        ("(?:^a|^b)c", "ab", 2, true),
        ("(?:^a|b)c", "ab", 2, false),
        ("(?m)^a", "a", 1, false),
        ("^(?:x*y)?[+-]", "xy+-", 1, true),
        ("^(?=.*z)a", "a", 1, true),
        ("^[a-c-]", "abc-", 1, true),
        ("^[]x]", "]x", 1, true),
        (#"^[\d:.]"#, "0123456789:.", 1, true),
        (#"^\t\x41"#, "\t", 2, true),
        ("^[a-c-e]", nil, 1, true),
        ("^[[:alpha:]]", nil, 1, true),
        (#"^\p{L}a"#, nil, 2, true),
        ("^.*x", nil, 1, true),
        ("^a?", nil, 0, true),
        ("(?:|^a)b", "ab", 1, false),
        (#"^(?:(a)|b)\1"#, "ab", 1, true),
        ("^(?R)?a", nil, 1, true),
        ("^é", "\u{c3}", 2, true),
        ("(?x) a", nil, 0, false),
    ]

    @Test(arguments: heads)
    func `what a match begins with, and how long it is`(pattern: String, first: String?, least: Int, anchored: Bool) {
        let needs = PatternNeeds(pattern)
        let expected = first.map { $0 == "\u{c3}" ? ByteSet { $0 == 0xC3 } : Self.range($0) }
        #expect(needs.firstBytes == expected)
        #expect(needs.minimumLength == least)
        #expect(needs.isAnchored == anchored)
    }

    @Test func `every text that a random pattern matches begins as told, and is long enough`() throws {
        var random = SplitMix(seed: 20_261_126)
        var matcher = Matcher()
        var told = 0
        for _ in 0..<20_000 {
            let source = (random.next(3) == 0 ? "^" : "") + PatternNode.random(&random, depth: 4).source
            let needs = PatternNeeds(source)
            guard let pattern = try? Pattern(source) else { continue }
            for _ in 0..<3 {
                let text =
                    PatternNode.random(&random, depth: 1).text(&random)
                    + PatternNode.random(&random, depth: 3).text(&random)
                guard matcher.match(pattern, text.span) == .matched, let match = matcher.capture(0) else { continue }
                #expect(match.count >= needs.minimumLength || source.contains("\\K"), "\(source) on \(text)")
                if needs.isAnchored { #expect(match.lowerBound == 0, "\(source) on \(text)") }
                guard let first = needs.firstBytes, !match.isEmpty else { continue }
                told += 1
                #expect(first.contains(text[match.lowerBound]), "\(source) on \(text)")
            }
        }
        #expect(told > 2_000)
    }

    @Test func `any bytes make a pattern that is read to its end`() {
        var random = SplitMix(seed: 3)
        let alphabet = Array(#"ab(?:[]{}\Q\E|*+^$.<>'P#=!-,019xké)"#)
        for _ in 0..<20_000 {
            let source = String((0..<random.next(20)).map { _ in random.pick(alphabet) })
            let literals = RequiredLiterals.of(source)
            #expect(literals?.allSatisfy { $0.count >= 3 } ?? true)
        }
    }

    private func contains(_ text: [UInt8], _ literal: [UInt8]) -> Bool {
        guard text.count >= literal.count else { return false }
        return (0...text.count - literal.count).contains { text[$0..<$0 + literal.count].elementsEqual(literal) }
    }
}
