import LogPatterns
import Testing

@Suite struct PatternTests {
    private func match(_ source: String, _ text: [UInt8], options: Pattern.Options = []) throws -> Range<Int>? {
        let pattern = try Pattern(source, options: options)
        var matcher = Matcher()
        guard matcher.match(pattern, text.span) == .matched else { return nil }
        return matcher.capture(0)
    }

    @Test func `a pattern that doesn't compile says what is wrong and where`() {
        #expect(throws: PatternError(message: "missing closing parenthesis", offset: 4)) { try Pattern("(abc") }
        #expect(throws: PatternError(message: "quantifier does not follow a repeatable item", offset: 3)) {
            try Pattern("ab|*")
        }
    }

    @Test func `the empty pattern compiles and matches nothing at the start`() throws {
        #expect(try Pattern("").matchesEmpty)
        #expect(try match("", []) == 0..<0)
        #expect(try match("", Array("abc".utf8)) == 0..<0)
    }

    @Test func `captures come by number and by name, and those without a part are nil`() throws {
        let pattern = try Pattern(#"(?<host>\w+):(?<port>\d+)|(?<file>/\S+)"#)
        #expect(pattern.captureNames.map(\.name) == ["host", "port", "file"])
        #expect(pattern.captureNames.map(\.number) == [1, 2, 3])
        #expect(pattern.captureCount == 3)
        #expect(pattern.number(of: "port") == 2)
        #expect(pattern.number(of: "nothing") == nil)
        let text = Array("at db1:5432".utf8)
        var matcher = Matcher()
        #expect(matcher.match(pattern, text.span) == .matched)
        #expect(matcher.capture(0) == 3..<11)
        #expect(matcher.capture(1) == 3..<6)
        #expect(matcher.capture(2) == 7..<11)
        #expect(matcher.capture(3) == nil)
        #expect(matcher.capture(-1) == nil)
        #expect(matcher.capture(99) == nil)
        let path = Array("in /etc/passwd".utf8)
        #expect(matcher.match(pattern, path.span) == .matched)
        #expect(matcher.capture(1) == nil)
        #expect(matcher.capture(3) == 3..<14)
    }

    @Test func `what the last match captured is gone after one that fails`() throws {
        var matcher = Matcher()
        let text = Array("abc".utf8)
        #expect(matcher.match(try Pattern("(b)"), text.span) == .matched)
        #expect(matcher.match(try Pattern("(x)"), text.span) == .noMatch)
        #expect(matcher.capture(0) == nil)
        #expect(matcher.capture(1) == nil)
    }

    @Test func `a pattern with more groups than any before is given room`() throws {
        let groups = 100
        let pattern = try Pattern(String(repeating: "(.)", count: groups))
        let text = [UInt8](repeating: 0x61, count: groups)
        var matcher = Matcher()
        #expect(matcher.match(pattern, text.span) == .matched)
        #expect(matcher.capture(groups) == groups - 1..<groups)
    }

    @Test func `a search starts where it is told and sees what stands before`() throws {
        let pattern = try Pattern(#"(?<=a)b"#)
        let text = Array("abxab".utf8)
        var matcher = Matcher()
        #expect(matcher.match(pattern, text.span, from: 1) == .matched)
        #expect(matcher.capture(0) == 1..<2)
        #expect(matcher.match(pattern, text.span, from: 2) == .matched)
        #expect(matcher.capture(0) == 4..<5)
        #expect(matcher.match(pattern, text.span, from: 5) == .noMatch)
        #expect(matcher.match(pattern, text.span, from: 6) == .noMatch)
        #expect(matcher.match(pattern, text.span, from: -1) == .noMatch)
    }

    @Test(arguments: [Pattern.Options.anchored, [.anchored, .interpreted]])
    func `an anchored pattern matches only where the search starts`(options: Pattern.Options) throws {
        let pattern = try Pattern("b", options: options)
        let text = Array("ab".utf8)
        var matcher = Matcher()
        #expect(pattern.isAnchored)
        #expect(matcher.match(pattern, text.span) == .noMatch)
        #expect(matcher.match(pattern, text.span, from: 1) == .matched)
        #expect(matcher.match(try Pattern("b"), text.span, anchored: true) == .noMatch)
    }

    @Test func `a NUL in the text is a byte like any other`() throws {
        #expect(try match("failed", [0, 0x61, 0] + Array("failed".utf8) + [0]) == 3..<9)
        #expect(try match(#"a\x00b"#, [0x61, 0, 0x62]) == 0..<3)
        #expect(try match("a.b", [0x61, 0, 0x62]) == 0..<3)
    }

    @Test(arguments: ["failed", "é.*failed|failed", #"\p{L}+iled"#])
    func `invalid UTF-8 around a match doesn't hide it`(source: String) throws {
        let text: [UInt8] = [0xff, 0xfe, 0xc3, 0x20] + Array("failed".utf8) + [0x20, 0xed, 0xa0, 0x80, 0xe2]
        #expect(try match(source, text) == 4..<10)
        #expect(try match(source, text, options: .interpreted) == 4..<10)
    }

    @Test func `only patterns that speak of characters run over characters`() throws {
        for source in ["é", #"\p{Lu}"#, #"\PL"#, #"a\Xb"#, #"\x{e9}"#, #"\h+"#, "(*UTF)a"] {
            #expect(try Pattern(source).isUTF, "\(source)")
        }
        for source in ["abc", #"\d+\.\w"#, #"\xe9"#, #"\\p"#, "(?i)abc", "[^x]"] {
            #expect(try !Pattern(source).isUTF, "\(source)")
        }
        #expect(try match("^.$", Array("é".utf8)) == nil)
        #expect(try match("^.$", Array("é".utf8), options: .utf) == 0..<2)
        // A byte of a character is no space.
        #expect(try match(#"\h"#, Array("à".utf8)) == nil)
        #expect(try match("É", Array("É".utf8)) == 0..<2)
    }

    @Test func `the escape for one byte of a character is refused`() {
        #expect(throws: PatternError.self) { try Pattern(#"a\Cb"#) }
    }

    @Test func `a hopeless search ends at the limit and is not called no match`() throws {
        let text = [UInt8](repeating: 0x61, count: 5_000) + Array("!".utf8)
        var matcher = Matcher()
        for options in [Pattern.Options(), .interpreted] {
            let pattern = try Pattern("(?:a+)+$", options: options)
            #expect(matcher.match(pattern, text.span) == .limit)
            #expect(matcher.capture(0) == nil)
        }
        #expect(matcher.match(try Pattern("!"), text.span) == .matched)
    }

    /// Each runs over the rest of the line from every place in it, which takes minutes within PCRE2's own limits.
    @Test(.timeLimit(.minutes(20)), arguments: ["a(?=.*[bc])", "(?:(?:a*+[bc])?a)*[bc]", "a*a*a*[bc]"])
    func `a search that is quadratic ends at the limit`(source: String) throws {
        var matcher = Matcher()
        let pattern = try Pattern(source)
        for length in [100_000, 1 << 20] {
            let text = [UInt8](repeating: 0x61, count: length)
            #expect(matcher.match(pattern, text.span) == .limit)
        }
        #expect(matcher.match(pattern, Array("aab".utf8).span) == .matched)
    }

    @Test(arguments: ["match$", "(?:a|b)*+match", ".*match", "[^!]*?match", #"a\w+match"#])
    func `a match at the end of a line of a MiB is found`(source: String) throws {
        let text = [UInt8](repeating: 0x61, count: 1 << 20) + Array("match".utf8)
        let pattern = try Pattern(source)
        var matcher = Matcher()
        #expect(matcher.match(pattern, text.span) == .matched)
        #expect(matcher.capture(0)?.upperBound == text.count)
    }

    @Test(arguments: ["^(?:a|b)*match", #"^(\w)+match"#])
    func `a search that needs more memory than it may have is not called no match`(source: String) throws {
        let text = [UInt8](repeating: 0x61, count: 1 << 20) + Array("match".utf8)
        let pattern = try Pattern(source)
        var matcher = Matcher()
        #expect(matcher.match(pattern, text.span) != .noMatch)
        #expect(matcher.match(try Pattern("^a+match"), text.span) == .matched)
    }

    @Test func `backtracking that the JIT stack can't hold goes on in the interpreter`() throws {
        // Every round leaves a choice behind: too many for 1 MiB of stack, few enough for 64 MiB of heap.
        let text = [UInt8](repeating: 0x61, count: 100_000) + [0x62]
        let pattern = try Pattern("^(?:a|aa)*b$")
        var matcher = Matcher()
        #expect(matcher.match(pattern, text.span) == .matched)
    }

    @Test func `the bytes that a match can start with are known for anchored patterns too`() throws {
        func starts(_ source: String, _ options: Pattern.Options = []) throws -> String? {
            try Pattern(source, options: options).firstBytes.map { set in
                String(decoding: (UInt8.min...UInt8.max).filter(set.contains), as: UTF8.self)
            }
        }
        #expect(try starts("abc") == "Aa")
        #expect(try starts("!x") == "!")
        #expect(try starts(#"^\d+ x"#) == "0123456789")
        #expect(try starts(#"\[[A-C]"#, .anchored) == "[")
        #expect(try starts("[ab]c", .anchored) == "ab")
        #expect(try starts("^(?:x|y)z") == "xy")
        #expect(try starts(".*") == nil)
        #expect(try starts("a?") == nil)
    }

    @Test func `the first bytes never refuse a text that the pattern matches`() throws {
        var random = SplitMix(seed: 7)
        var matcher = Matcher()
        for _ in 0..<2_000 {
            let node = PatternNode.random(&random, depth: 3)
            let source = (random.next(2) == 0 ? "^" : "") + node.source
            guard let pattern = try? Pattern(source, options: .anchored), let first = pattern.firstBytes else {
                continue
            }
            let text = node.text(&random)
            guard matcher.match(pattern, text.span) == .matched else { continue }
            let start = try #require(text.first, "\(source) matches nothing at all")
            #expect(first.contains(start), "\(source)")
        }
    }

    @Test func `workers share a pattern`() async throws {
        let pattern = try Pattern(#"(?<n>\d+) failed"#)
        let found = await withTaskGroup(of: Int.self) { group in
            for worker in 0..<4 {
                group.addTask {
                    var matcher = Matcher()
                    var found = 0
                    for line in 0..<2_000 {
                        let text = Array("\(worker * 10_000 + line) failed".utf8)
                        if matcher.match(pattern, text.span) == .matched,
                            matcher.capture(1)?.upperBound == text.count - 7
                        {
                            found += 1
                        }
                    }
                    return found
                }
            }
            return await group.reduce(0, +)
        }
        #expect(found == 8_000)
    }
}
