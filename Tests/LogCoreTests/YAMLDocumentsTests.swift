import LogCore
import Testing

struct YAMLDocumentsTests {
    private func lines(_ text: String, size: Int) -> (text: String, problem: String?) {
        var documents = YAMLDocuments()
        let bytes = Array(text.utf8)
        var result: ContiguousArray<UInt8> = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            documents.take(bytes.span.extracting(start..<min(start + size, bytes.count)))
            result += documents.lines
            documents.lines.removeAll()
        }
        documents.finish()
        result += documents.lines
        return (String(decoding: result, as: UTF8.self), documents.problem)
    }

    @Test(arguments: [
        ("---\na: 1\nb: x y\n---\na: 2\n", #"{"a":1,"b":"x y"}\#n{"a":2}\#n"#),
        (
            "a:\n  b:\n    c: true\n  d: 'it''s'\ne: \"q\\n\\u0041\"\n",
            #"{"a":{"b":{"c":true},"d":"it's"},"e":"q\nA"}\#n"#
        ),
        (
            "items:\n- a: 1\n  b:\n  - x\n  - y: 2\n- a: 2\nkind: List\n",
            #"{"items":[{"a":1,"b":["x",{"y":2}]},{"a":2}],"kind":"List"}\#n"#
        ),
        ("items:\n  - a: 1\n  -\n    a: 2\n  - - 1\n    - 2\n", #"{"items":[{"a":1},{"a":2},[1,2]]}\#n"#),
        ("- a: 1\n- a: 2\n", #"[{"a":1},{"a":2}]\#n"#),
        (
            "a: |-\n  one\n    two\n\n  three\nb: |\n  x\nc: >\n  y\n  z\n",
            #"{"a":"one\n  two\n\nthree","b":"x\n","c":"y z\n"}\#n"#
        ),
        (
            "a: long text\n  goes on # not this\nb: 'so\n\n  does this'\nc: x#y\n",
            #"{"a":"long text goes on","b":"so\ndoes this","c":"x#y"}\#n"#
        ),
        (
            "a:\nb: {}\nc: []\nd: {x: 1}\ne: ~\nf: {\"k\": [1]}\n",
            #"{"a":null,"b":{},"c":[],"d":"{x: 1}","e":null,"f":{"k": [1]}}\#n"#
        ),
        ("a:\n- 1\nb:\n  c:\n", #"{"a":[1],"b":{"c":null}}\#n"#),
        (
            "'@type': t\nurl: http://x:80/y\ntime: 2026-11-20T04:00:16Z\nn: -1.5\nv: 1.2.3\n",
            #"{"@type":"t","url":"http://x:80/y","time":"2026-11-20T04:00:16Z","n":-1.5,"v":"1.2.3"}\#n"#
        ),
        ("# comment\n---\n\na:\n  text on its own\n...\n", #"{"a":"text on its own"}\#n"#),
        ("---\r\na: 1\r\nb: 2\r\n", #"{"a":1,"b":2}\#n"#), ("", ""), ("---\n---\n", ""),
    ])
    func `each document is a line, however the bytes come`(text: String, expected: String) {
        for size in [1, 2, 3, 7, 1000] {
            let made = lines(text, size: size)
            #expect(made.text == expected)
            #expect(made.problem == nil)
        }
    }

    @Test func `what is no YAML is passed on, up to the next document`() {
        let made = lines("a: 1\nno key here\nb: 2\n---\nc: 3\n", size: 5)
        #expect(made.text == "{\"a\":1}\nno key here\nb: 2\n{\"c\":3}\n")
        #expect(made.problem == "the YAML document is damaged at byte 5")
    }

    private static let paths = [JSONRecordPath(Array("items".utf8), signs: [[Array("\"reason\"".utf8)]])]

    @Test(arguments: [
        ("---\nid: a\ntime: '2026-11-20T04:00:16Z'\n---\nid: b\n", true, false),
        ("---\nid: a\nname: b\n", false, false),
        ("id: a\ntime: '2026-11-20T04:00:16Z'\n", false, false),
        ("kind: List\nitems:\n- reason: x\n  type: y\n", true, true),
        ("kind: List\nitems:\n- name: x\n", false, false), ("---\nERROR no answer\n", false, false),
        ("---\ntitle: x\ndate: 2026-11-20T04:00:16Z\n---\nSome text of a page.\n", false, false), ("", false, false),
    ])
    func `documents are told by the head`(head: String, isOne: Bool, holdsMany: Bool) {
        let bytes = Array(head.utf8)
        let found = YAMLDocuments.isHead(bytes.span, Self.paths)
        #expect(found.isOne == isOne)
        #expect((found.layout != nil) == holdsMany)
    }

    @Test func `any lines are taken`() {
        let parts = [
            "- ", "a: ", "b:\n", "  ", "|\n", "'", "\"", "\n", "{", "x", "---\n", "#", "\\", "- - ", "\t", "[1]",
        ]
        var random = SeededGenerator(seed: 20_261_120)
        for _ in 0..<3_000 {
            let text = (0..<Int.random(in: 1...14, using: &random)).map { _ in parts.randomElement(using: &random) ?? ""
            }.joined()
            let whole = lines(text, size: 1_000)
            #expect(whole == lines(text, size: 1), "\(text.debugDescription)")
            #expect(whole.text.isEmpty || whole.text.hasSuffix("\n"), "\(text.debugDescription)")
        }
    }
}
