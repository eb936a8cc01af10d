import LogCore
import Testing

struct ControlSequenceTests {
    private func plain(_ text: String) -> String {
        var bytes: ContiguousArray<UInt8> = []
        let source = Array(text.utf8)
        ControlSequences.strip(source.span, into: &bytes)
        var whole = ContiguousArray(text.utf8)
        ControlSequences.strip(&whole, from: 0)
        #expect(bytes == whole)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(arguments: [
        ("\u{1B}[32mINFO\u{1B}[0m ready", "INFO ready"), ("\u{1B}[0;1;31m\u{1B}[Kerror:\u{1B}[m x", "error: x"),
        ("\u{1B}[38;2;1;2;3mrgb\u{1B}[38:5:9m!", "rgb!"), ("\u{1B}[?25lspin\u{1B}[2K", "spin"),
        ("\u{1B}]8;;https://example.com\u{7}link\u{1B}]8;;\u{1B}\\ end", "link end"), ("\u{1B}(Bx\u{1B}7y", "xy"),
        ("a\u{1B}", "a"), ("a\u{1B}[", "a"), ("a\u{1B}[31", "a"), ("\u{1B}]0;title", ""), ("\u{1B}\u{1B}[1mx", "x"),
        ("\u{1B}[31é", "é"), ("no colour", "no colour"), ("", ""),
    ])
    func `control sequences are left out, and nothing else`(text: String, plain: String) {
        #expect(self.plain(text) == plain)
    }

    @Test func `a coloured line is read as its text, and its raw line is kept`() {
        let input = "\u{1B}[32m{\"level\":\"error\",\"msg\":\"a\\nb\",\"x\":1}\u{1B}[0m\n{\"msg\":\"plain\"}\n"
        let joining = Joining(input, parsers: [JSONLineParser()])
        #expect(joining.defects == [])
        #expect(joining.events.map { String(decoding: $0.message, as: UTF8.self) } == ["a\nb", "plain"])
        #expect(joining.events.first?.text == String(input.prefix { $0 != "\n" }))
        #expect(joining.events.map(\.line) == [1, 2])
        #expect(joining.events.first?.severity == .error)
    }

    @Test func `coloured lines that join are part of the message, without their colours`() {
        let input =
            "Traceback (most recent call last):\n  File \"\u{1B}[35ma.py\u{1B}[0m\"\n\u{1B}[1mValueError\u{1B}[0m: no\n\u{1B}[0m\nnext\n"
        let joining = Joining(input)
        #expect(joining.defects == [])
        #expect(
            joining.events.map { String(decoding: $0.message, as: UTF8.self) } == [
                "Traceback (most recent call last):\n  File \"a.py\"\nValueError: no", "next",
            ])
    }
}
