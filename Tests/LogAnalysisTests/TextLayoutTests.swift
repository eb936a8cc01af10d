import Testing

@testable import LogAnalysis

struct TextLayoutTests {
    // MARK: Harmless text

    @Test func `control characters become pictures`() {
        #expect(TextLayout.clean("a\u{1B}[31mb\u{7}\u{0}\u{7F}") == "a␛[31mb␇␀␡")
        // U+009B begins an escape sequence too, in terminals that know the C1 controls.
        #expect(TextLayout.clean("x\u{9B}31m") == "x\u{FFFD}31m")
    }

    @Test func `white space of any kind becomes one space each`() {
        #expect(TextLayout.clean("a\tb\r\nc\u{2028}d") == "a b  c d")
    }

    @Test func `text can't be hidden or turned round`() {
        #expect(TextLayout.clean("user\u{202E}nimda") == "user\u{FFFD}nimda")
        #expect(TextLayout.clean("pass\u{200B}word\u{FEFF}") == "pass\u{FFFD}word\u{FFFD}")
        #expect(TextLayout.clean("soft\u{AD}hyphen") == "softhyphen")
    }

    @Test func `other languages stay as they are`() {
        let text = "Verbindung größer 接続拒否 отказ é"
        #expect(TextLayout.clean(text) == text)
    }

    @Test func `without unicode only ASCII is left`() {
        #expect(TextLayout.clean("a…b “c” d’e – ü\u{1B} 接", unicode: false) == "a...b \"c\" d'e - ?? ?")
    }

    @Test func `an address stays one word`() {
        #expect(TextLayout.url("https://x.org/a b\u{1B}ü?q=1#f") == "https://x.org/a%20b%1B%C3%BC?q=1#f")
    }

    // MARK: Width

    @Test(arguments: [
        ("", 0), ("abc", 3), ("über", 4), ("e\u{301}", 1), ("接続", 4), ("🚀", 2), ("…", 1), ("▁█", 2), ("한글", 4),
    ])
    func `width counts columns`(text: String, columns: Int) {
        #expect(TextLayout.width(of: text) == columns)
    }

    @Test func `what is too wide ends in an ellipsis`() {
        #expect(TextLayout.clip("abcdef", to: 6) == "abcdef")
        #expect(TextLayout.clip("abcdefg", to: 6) == "abcde…")
        #expect(TextLayout.clip("abcd efg", to: 6) == "abcd…")
        #expect(TextLayout.clip("abcdefg", to: 6, unicode: false) == "abc...")
        #expect(TextLayout.clip("接続拒否", to: 6) == "接続…")
        #expect(TextLayout.clip("abc", to: 1) == "…")
        #expect(TextLayout.clip("abc", to: 0) == "")
        #expect(TextLayout.clip("abc", to: -3) == "")
    }

    @Test func `of a path the end is kept`() {
        #expect(TextLayout.clipStart("logs/app.log", to: 12) == "logs/app.log")
        #expect(TextLayout.clipStart("logs/app.log", to: 8) == "…app.log")
        #expect(TextLayout.clipStart("logs/app.log", to: 8, unicode: false) == "...p.log")
        #expect(TextLayout.clipStart("接続.log", to: 6) == "….log")
    }

    @Test func `lines break at spaces, long words anywhere, addresses never`() {
        #expect(TextLayout.wrap("one two three", to: 7) == ["one two", "three"])
        #expect(TextLayout.wrap("abcdefghij k", to: 4) == ["abcd", "efgh", "ij k"])
        #expect(
            TextLayout.wrap("see https://example.org/long here", to: 8) == ["see", "https://example.org/long", "here"])
        #expect(TextLayout.wrap("", to: 8) == [""])
        #expect(TextLayout.wrap("接続", to: 1) == ["接続"])
    }

    @Test func `brief text keeps whole sentences where it can`() {
        let text = "It broke. Nobody knows why that is so."
        #expect(TextLayout.brief(text, lines: 2, width: 20) == ["It broke."])
        #expect(TextLayout.brief(text, lines: 1, width: 20) == ["It broke."])
        #expect(TextLayout.brief(text, lines: 3, width: 20) == ["It broke. Nobody", "knows why that is", "so."])
        #expect(TextLayout.brief("No end at all of it", lines: 1, width: 10) == ["No end at…"])
        #expect(TextLayout.brief("No end at all of it", lines: 2, width: 8) == ["No end", "at all…"])
    }

    // MARK: Numbers

    @Test(arguments: [
        (0, "0"), (999, "999"), (1_000, "1,000"), (4_912_530, "4,912,530"), (-12_345, "-12,345"),
        (Int64.min, "-9,223,372,036,854,775,808"),
    ])
    func `thousands are set apart`(number: Int64, text: String) {
        #expect(TextLayout.grouped(number) == text)
    }

    @Test(arguments: [
        (0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1_000, "1.00 kB"), (21_234, "21.2 kB"), (123_456, "123 kB"),
        (999_499, "999 kB"), (999_500, "1.00 MB"), (9_996_000, "10.0 MB"), (1_200_000_000, "1.20 GB"),
        (Int64.max, "9.22 EB"),
    ])
    func `sizes have three digits`(bytes: Int64, text: String) {
        #expect(TextLayout.bytes(bytes) == text)
    }

    @Test(arguments: [
        (0, "less than 1 ms"), (250_000_000, "250 ms"), (2_000_000_000, "2 s"), (2_560_000_000, "2.6 s"),
        (9_960_000_000, "10 s"), (999_600_000, "1 s"),
        (59_900_000_000, "1 min"), (3_599_600_000_000, "1 h"), (60_000_000_000, "1 min"),
        (125_000_000_000, "2 min 5 s"),
        (18_720_000_000_000, "5 h 12 min"), (86_400_000_000_000, "1 day"), (273_600_000_000_000, "3 days 4 h"),
        (86_390_000_000_000, "1 day"), (Int64.max, "106,752 days"),
    ])
    func `durations have two units at most`(nanoseconds: Int64, text: String) {
        #expect(TextLayout.duration(nanoseconds) == text)
    }

    @Test(arguments: [
        (1, "100 %"), (0.999_999_99, "99.99 %"), (0.9998, "99.98 %"), (0.5, "50 %"), (0.001, "0.10 %"),
        (0.000_000_1, "0.01 %"), (0, "0 %"), (Double.nan, "0 %"),
    ])
    func `a share is never rounded up to all of it nor down to nothing`(share: Double, text: String) {
        #expect(TextLayout.percent(share) == text)
    }

    // MARK: Bars

    @Test func `the lowest bar is for zero alone`() {
        #expect(Sparkline.render([0, 1, 4_000, 8_000], unicode: true) == "▁▂▅█")
        #expect(Sparkline.render([0, 1, 4_000, 8_000], unicode: false) == "_.=#")
        #expect(Sparkline.render([1], unicode: true) == "█")
        #expect(Sparkline.render([0, 0], unicode: true) == "▁▁")
        #expect(Sparkline.render([], unicode: true) == "")
    }
}
