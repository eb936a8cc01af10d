import LogTerminal
import Testing

@Suite struct KeyDecoderTests {
    private func keys(_ text: String) -> [KeyPress] {
        var decoder = KeyDecoder()
        return decoder.feed(text.utf8) + decoder.flush()
    }

    @Test(arguments: [
        ("j", [KeyPress.character("j")]), ("\r", [.enter]), ("\t", [.tab]), ("\u{7F}", [.backspace]),
        ("\u{1A}", [.control("z")]), ("\u{1B}[A", [.up]), ("\u{1B}OB", [.down]), ("\u{1B}[5~", [.pageUp]),
        ("\u{1B}[6;5~", [.pageDown]), ("\u{1B}[1;2C", [.right]), ("\u{1B}[H", [.home]), ("\u{1B}[4~", [.end]),
        ("\u{1B}[Z", [.backTab]), ("\u{1B}", [.escape]), ("\u{1B}\u{1B}[B", [.escape, .down]),
        ("ü世👍", [.character("ü"), .character("世"), .character("👍")]), ("\u{1B}[200~x", [.character("x")]),
        ("\u{1B}]0;title\u{7}q", [.character("q")]), ("\u{1B}[<0;10;10Mq", [.enter, .character("q")]),
    ])
    func `bytes become keys`(_ text: String, _ expected: [KeyPress]) {
        #expect(keys(text) == expected)
    }

    @Test func `a sequence that comes byte by byte is one key`() {
        var decoder = KeyDecoder()
        #expect(decoder.feed([0x1B]) == [])
        #expect(decoder.isWaiting)
        #expect(decoder.feed([0x5B]) == [])
        #expect(decoder.feed([0x41]) == [.up])
        #expect(!decoder.isWaiting)
    }

    @Test func `escape is a key once nothing follows`() {
        var decoder = KeyDecoder()
        #expect(decoder.feed([0x1B]) == [])
        #expect(decoder.flush() == [.escape])
        #expect(decoder.feed([0x71]) == [.character("q")])
    }

    @Test func `any bytes leave the decoder usable`() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            var decoder = KeyDecoder()
            _ = decoder.feed((0..<200).map { _ in UInt8.random(in: 0...255, using: &generator) })
            _ = decoder.flush()
            #expect(decoder.feed("j".utf8) == [.character("j")])
        }
    }
}
