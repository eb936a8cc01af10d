import LogCore
import LogLua
import Testing

@Suite(.timeLimit(.minutes(20)))
struct GrokLibraryTests {
    private func text(_ expression: String, before: String = "", line: String = "x") throws -> String {
        try Fixture.text(of: expression, before: before, line: line)
    }

    @Test(
        arguments: [
            ("12", "12"), ("+7", "7"), ("1.9", "1"), ("-1.9", "-1"), ("0x10", "0x10"), ("-", "-"),
            ("9223372036854775807", "9223372036854775807"), ("9223372036854775808", "9223372036854775808"),
        ])
    func `an integer's text becomes one, and other text stays text`(text: String, expected: String) throws {
        #expect(try self.text("ailogger.grok('^%{DATA:n:int}$'):match(line).n", line: text) == expected)
    }

    @Test func `a float has its point`() throws {
        #expect(try text("ailogger.grok('%{NUMBER:n:float}'):match('7').n") == "7.0")
        #expect(try text("ailogger.grok('^%{DATA:n:float}$'):match('1e999').n") == "1e999")
    }

    @Test func `nested names become flat, and a name may stand in each branch`() throws {
        #expect(try text("ailogger.grok('%{INT:[http][status]}'):match('200').http_status") == "200")
        #expect(try text("ailogger.grok('(?:%{INT:v:int}|%{WORD:v})-'):match('ab-').v") == "ab")
        #expect(try text("ailogger.grok('(?<own>a+)'):match('xaa').own") == "aa")
    }

    @Test func `a pattern takes definitions of its own`() throws {
        let options = "{ patterns = { MINE = '[a-c]+' }, library = '# theirs\\nMINE x+\\nOTHER y+\\n' }"
        let expression = "(function() local m = g:match('abc yy') return m.m .. m.o end)()"
        #expect(try text(expression, before: "local g = ailogger.grok('%{MINE:m} %{OTHER:o}', \(options))") == "abcyy")
    }

    @Test func `no match is nil and false`() throws {
        #expect(try text("ailogger.grok('%{IP:a}'):match('none')") == "nil")
        #expect(try text("ailogger.grok('%{IP:a}'):test('none')") == "false")
    }

    @Test func `apply writes members where they fit, and fields otherwise`() throws {
        let pattern = "^%{WORD:loglevel} %{WORD:level} %{INT:n:int} %{DATA:dash} %{GREEDYDATA:message}$"
        let fixture = try Fixture("return g:apply(event, line)", before: "local g = ailogger.grok('\(pattern)')")
        let event = fixture.parse("ERROR strange 42 - it broke")
        #expect(event?.messageText == "it broke")
        #expect(event?.record.severity == .error)
        #expect(event?.text("level") == "strange")
        #expect(event?.text("n") == "42")
        #expect(event?.field("dash") == nil)
        #expect(fixture.parse("nothing of the kind") == nil)
        #expect(fixture.parser.errors.count == 0)
    }

    @Test func `an unknown name is an error that says which one was meant`() throws {
        let failure = try text("select(2, pcall(ailogger.grok, '%{IPORHOSTS:a}'))")
        #expect(failure.contains("there is no grok pattern named 'IPORHOSTS'"))
        #expect(failure.contains("did you mean 'IPORHOST'?"))
    }
}
