import Foundation
import LogCore
import Testing

@testable import LogPatterns

/// The quick reader against libYAML: where it answers, both say the same.
@Suite struct PlainYAMLTests {
    /// Every rule, correlation and format that ships.
    private static let shipped: [(path: String, text: String)] = {
        let project = URL(filePath: #filePath).appending(path: "../../..").standardized
        return ["rules", "formats"].flatMap { folder -> [(String, String)] in
            let base = project.appending(path: folder)
            let names = FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
            return names.filter { $0.hasSuffix(".yml") }.sorted().compactMap { name in
                (try? String(contentsOf: base.appending(path: name), encoding: .utf8)).map { ("\(folder)/\(name)", $0) }
            }
        }
    }()

    private static func plain(_ text: String) -> Node? { PlainYAML.read(Array(text.utf8)) }

    private static func full(_ text: String) -> Node? { try? LibYAML.read(text, TextLines(text)) }

    @Test func `what ships is read without libYAML, and alike`() {
        #expect(Self.shipped.count > 200)
        var others: [String] = []
        for (path, text) in Self.shipped {
            if let node = Self.plain(text) { #expect(node == Self.full(text), "\(path)") } else { others.append(path) }
        }
        #expect(others.count * 20 < Self.shipped.count, "written in a way that costs time at every start: \(others)")
    }

    @Test func `a rule that takes events from one for failures is for failures itself`() {
        let rules = Self.shipped.filter { $0.path.hasPrefix("rules/") }.compactMap { path, text in
            RulePack.parse(text: text, path: path, id: RulePack.id(ofFile: String(path.dropFirst(6)))).0
        }
        let levels = Dictionary(rules.map { ($0.id, $0.level) }) { $1 }
        #expect(rules.contains { !$0.over.isEmpty })
        for rule in rules {
            for other in rule.over {
                let level = levels[other.text] ?? .critical
                #expect(rule.level >= min(level, .error), "\(rule.id) is \(rule.level), \(other.text) \(level)")
            }
        }
    }

    @Test func `whatever is done to a text, both read it alike or the quick one leaves it`() {
        var random = SplitMix(seed: 23)
        let signs = Array("[]{}:'\"-\n\t&*!|>%@`#, \\?.~<=aZ0_/\r\0".utf8) + [0x7F, 0x85, 0xC2, 0xA8, 0xE2, 0x80, 0xEF]
        var read = 0
        for round in 0..<3_000 {
            var bytes = Array(Self.shipped[round % Self.shipped.count].text.utf8)
            // A page of it: the less there is, the more a change matters.
            let start = random.next(2) == 0 ? 0 : random.next(bytes.count)
            bytes = Array(bytes[start...].drop { $0 != 0x0A && start > 0 }.prefix(20 + random.next(400)))
            for _ in 0..<random.next(4) where !bytes.isEmpty {
                let at = random.next(bytes.count)
                switch random.next(5) {
                case 0: bytes[at] = random.pick(signs)
                case 1: bytes.remove(at: at)
                case 2: bytes.insert(random.pick(signs), at: at)
                case 3:
                    bytes.insert(
                        contentsOf: random.pick(["  ", "\n", "\n  ", ": ", " #", "- ", "''", "\n\n"]).utf8, at: at)
                default:
                    let end = min(bytes.count, at + random.next(40))
                    bytes.insert(contentsOf: bytes[at..<end], at: random.next(bytes.count))
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            guard let node = Self.plain(text) else { continue }
            read += 1
            #expect(node == Self.full(text), "\(text)")
        }
        // The test is about texts that are read, so many must be.
        #expect(read > 300)
    }

    @Test func `what it reads has its texts, styles and places`() throws {
        let text = #"""
            # A comment.
            key: plain  # and another

            list:
            - one
            -   nested: 'it''s'   # here
                more: "a\tb é"
            flow: { a: [x, "y"], b: {} }
            deep:
              deeper:
                - é: no key of this kind
            """#
        #expect(Self.plain(text) == nil)
        let read = try #require(Self.plain(text.replacing("    - é: no key of this kind", with: "  - end")))
        let mapping = try #require(read.mapping)
        #expect(mapping.pairs.compactMap(\.key.scalar?.string) == ["key", "list", "flow", "deep"])
        #expect(
            mapping["key"] == .scalar(.init(string: "plain", style: .plain, place: .init(line: 2, column: 6))))
        let nested = try #require(mapping["list"]?.sequence?.nodes[1].mapping)
        #expect(nested.place == .init(line: 6, column: 5))
        #expect(nested["nested"]?.scalar?.string == "it's")
        #expect(nested["more"] == .scalar(.init(string: "a\tb é", style: .double, place: .init(line: 7, column: 11))))
        #expect(mapping["flow"]?.mapping?["a"]?.sequence?.nodes.map(\.scalar?.style) == [.plain, .double])
        #expect(mapping["deep"]?.mapping?["deeper"]?.sequence?.nodes.count == 1)
    }

    @Test(arguments: [
        "", "# nothing", "a: &x 1", "a: *x", "a: !t b", "a: |\n  b", "a: >\n  b", "a: b\n  c", "a: 'b\n  c'",
        "a:\nb: c",
        "a: b: c", "a: [b,\n c]", "a: {b: c}}", "a: [b,]", "a: {b}", "a: 'b' c", "a: \"\\x81\"", "a: b\na: c",
        "--- \na: b",
        "a: b\n...", "a: b\r\nc: d", "\u{FEFF}a: b", "a: b\u{2028}c", "a: b\u{85}c", "a:\tb", "\ta: b", "? a\n: b",
        "a: - b",
        "a: @b", "a: %b", "a: [b: c]", "- - a", "a:\n  b: 1\n c: 2", "a: ~", "a: b\n- c", "a: 'b'#c", "'a':b",
        "a: [b:, c]", "- 'a': b", "a",
    ])
    func `what isn't plainly written is left to libYAML`(_ text: String) { #expect(Self.plain(text) == nil) }

    @Test func `aliases that multiply are refused`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1..<9 {
            let inner = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(inner)]\n"
        }
        let (rule, diagnostics) = RulePack.parse(text: text, path: "r.yml", id: nil)
        #expect(rule == nil)
        #expect(
            diagnostics.map(\.rendered) == [
                """
                r.yml:1:1: error: the aliases (*name) stand for too much
                  = help: write out what they stand for
                """
            ])
    }
}
