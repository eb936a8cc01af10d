import LogCore
import Testing

@testable import LogPatterns

/// A format's patterns run as one; whatever is merged, they mean what they meant one after another.
@Suite struct PatternMergeTests {
    private static func parser(_ patterns: [String]) throws -> PatternParser {
        let list = patterns.map { "  - '\($0.replacing("'", with: "''"))'\n" }.joined()
        let text = "id: app\ntitle: t\npatterns:\n\(list)samples: [{ line: x }]\n"
        let format = try #require(FormatLoader.parse(text: text, path: "f.yml", id: nil).format)
        return try #require(format.makeParser() as? PatternParser)
    }

    /// Message and fields as a parser reads them; nil where it refuses.
    private static func read(_ parser: PatternParser, _ line: [UInt8]) -> [String]? {
        var builder = EventBuilder()
        builder.reset(rawCount: line.count)
        builder.begin()
        guard parser.parse(line.span, at: 0, into: &builder) else { return nil }
        let message = builder.record.message
        return ["message=\(line.span.string(message.lower..<message.upper))"]
            + builder.fields.map {
                let name = String(decoding: builder.keys.name($0.key), as: UTF8.self)
                return "\(name)=\(line.span.string($0.value.lower..<$0.value.upper))"
            }
    }

    /// The same, from the patterns one after another.
    private static func readInOrder(_ patterns: [String], _ line: [UInt8]) throws -> [String]? {
        var matcher = Matcher()
        for source in patterns {
            let pattern = try Pattern(source, options: .anchored)
            guard matcher.match(pattern, line.span) == .matched else { continue }
            let texts = pattern.captureNames.compactMap { group -> (String, String)? in
                guard let range = matcher.capture(group.number) else { return nil }
                return (group.name, line.span.string(range))
            }
            let message = texts.first { $0.0 == "message" }?.1 ?? ""
            return ["message=\(message)"]
                + texts.filter { $0.0 != "message" && !$0.1.isEmpty && $0.1 != "-" }.map { "\($0.0)=\($0.1)" }
        }
        return nil
    }

    static let known: [([String], String, [String]?)] = [
        (
            [#"\[(?<a>\w+)\] (?<message>.*) \((?<b>\w+)\)$"#, #"\[(?<a>\w+)\] (?<message>.*)"#], "[x] one (two)",
            ["message=one", "a=x", "b=two"]
        ),
        (
            [#"\[(?<a>\w+)\] (?<message>.*) \((?<b>\w+)\)$"#, #"\[(?<a>\w+)\] (?<message>.*)"#], "[x] one two",
            ["message=one two", "a=x"]
        ),
        (
            ["(?<a>1)(?<message>x)", "(?<b>1)(?<message>y)", "(?<a>1)(?<c>z)(?<message>)"], "1z",
            ["message=", "a=1", "c=z"]
        ),
        (["a|b(?<message>x)", "c(?<message>y)"], "bx", ["message=x"]),
        (["a|b(?<message>x)", "c(?<message>y)"], "cy", ["message=y"]),
        (["a|b(?<message>x)", "c(?<message>y)"], "cx", nil),
        // What can't be merged runs one after another.
        ([#"(?<q>.)\g1(?<message>x)"#, "aa(?<message>y)"], "aay", ["message=y"]),
        (["(?i)A(?<message>x)", "a(?<message>Y)"], "ay", nil),
        (["(?i)A(?<message>x)", "a(?<message>Y)"], "aX", ["message=X"]),
        ([#"\QA.\E(?<message>x)"#, "A(?<message>bx)"], "Abx", ["message=bx"]),
        (["é(?<message>x)", "e(?<message>.)"], "éx", ["message=x"]),
        (["(?|(?<a>1)|2)(?<message>x)", "(?|(?<a>1)|2)(?<message>y)"], "2y", ["message=y"]),
    ]

    @Test(arguments: known)
    func `patterns mean together what they mean one after another`(
        patterns: [String], line: String, expected: [String]?
    ) throws {
        #expect(try Self.read(Self.parser(patterns), Array(line.utf8)) == expected)
        #expect(try Self.readInOrder(patterns, Array(line.utf8)) == expected)
    }

    /// Patterns, and whether what their first item took could not be given back.
    static let settled: [(String, Bool)] = [
        (#"\d+ a"#, true), (#"\d+\d a"#, false), (#"\S+ "#, true), (#"\S+(?: x)?\S"#, false), (#"(?:\.\d+)? a"#, true),
        (#"(?:\.\d+)?\d"#, false), (#"(?:a\d+|\d+)-"#, true), (#"(?:\d+,?)+-"#, false), ("(?i:[a-c]+B)", false),
        ("(?i:[a-c]+-)", true), (".*a", false), (#"[^"]*""#, true), (#"\w+?:"#, true), (#"(?:x(\d+))?-"#, true),
        (#"\d+"#, false),
    ]

    @Test(arguments: settled)
    func `a run that can't give anything back is settled`(pattern: String, isSettled: Bool) throws {
        #expect(try #require(PatternItems.of(pattern)?.first).isSettled == isSettled)
    }

    @Test func `random patterns with common beginnings read random lines as one after another`() throws {
        let pieces: [(String, [String])] = [
            (#"(?<x>\d{4}-\d\d)"#, ["2026-11"]), (" ", [" "]), (#"\["#, ["["]), (#"\] "#, ["] "]),
            (#"(?<y>[A-Z]+)"#, ["INFO", "E"]), (#"(?<z>[^\]]*+)"#, ["main", ""]), (#" +"#, [" ", "  "]),
            ("(?:a|b)", ["a", "b"]), (#"(?<w>\w+)?"#, ["abc", ""]), (#"(?<![b])-"#, ["-"]), ("x{2}", ["xx"]),
            (#"\d"#, ["7"]), ("[.]", ["."]), (".*", ["", "q q"]), (#"(?>n+)"#, ["nn"]), (":", [":"]),
            ("[[:alpha:]]", ["k"]), (#"\d+"#, ["7", "77"]), (#"(?:\.\d+)?"#, [".5", ""]),
            (#"(?:-[a-z]*)?,?"#, ["-a,", ","]),
            (#"[^:]+"#, ["nx", "7"]), ("(?:a+b?|n+)", ["aab", "n"]), ("(?:a+,)+", ["a,aa,"]), ("(?:a+)+", ["aa"]),
        ]
        var random = SplitMix(seed: 99)
        var isRead = 0
        for _ in 0..<800 {
            // Few pieces a round, so that patterns begin alike.
            let some = (0..<4).map { _ in random.pick(pieces) }
            var patterns: [String] = []
            var lines: [[UInt8]] = []
            for _ in 0..<2 + random.next(4) {
                var used: Set<String> = []
                let parts = (0..<1 + random.next(5)).map { _ in random.pick(some) }
                    // A name may stand in a pattern once.
                    .filter { !$0.0.contains("(?<") || $0.0.contains("(?<!") || used.insert($0.0).inserted }
                patterns.append(
                    parts.map(\.0).joined() + random.pick(["(?<message>.*)", "(?<message>!)", "(?<message>)$"]))
                for _ in 0..<3 {
                    lines.append(
                        parts.flatMap { Array(random.pick($0.1).utf8) } + Array(random.pick(["", "!", "ab"]).utf8))
                }
            }
            let parser = try Self.parser(patterns)
            for line in lines where !line.isEmpty {
                let merged = Self.read(parser, line)
                let inOrder = try Self.readInOrder(patterns, line)
                #expect(merged == inOrder, "\(patterns) on \(String(decoding: line, as: UTF8.self))")
                if merged != nil { isRead += 1 }
            }
        }
        #expect(isRead > 2_000)
    }
}
