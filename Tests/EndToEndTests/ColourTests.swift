import Foundation
import Testing

/// Lines as programs write them to a terminal.
@Suite struct ColourTests {
    private struct Event: Decodable {
        var level: String?
        var message: String
        var format: String
    }

    private func events(_ text: String) async throws -> [Event] {
        let folder = try Folder()
        try folder.write(text, "a.log")
        let result = try await Command.ailogger(["parse", "a.log"] + Command.catalog, in: folder.path)
        #expect(result.status == 0, "\(result.errors)")
        #expect(!result.text.contains("\\u001b"), "\(result.text)")
        return try result.text.split(separator: "\n").map { try JSONDecoder().decode(Event.self, from: Data($0.utf8)) }
    }

    /// `{…}` stands for a sequence of colours.
    @Test(arguments: [
        ("zap-console", "2026-11-20T04:00:16.250Z\t{31}ERROR{0}\tdb\tno connection", "ERROR", "no connection"),
        (
            "rust-log",
            "{2}2026-11-20T04:00:16.123456Z{0} {31}ERROR{0} {1}request{0}{1}{{0}{3}method{0}{2}={0}GET{1}}{0}{2}:{0} "
                + "{2}edge_proxy::pool{0}{2}:{0} connection refused",
            "ERROR", "connection refused"
        ),
        ("rust-log", "{90}[{0}2026-11-20T04:00:16Z {33}WARN {0} edge::db{90}]{0} slow", "WARNING", "slow"),
        (
            "winston", #"{"level":"{31}error{39}","message":"no connection","timestamp":"2026-11-20T04:00:16Z"}"#,
            "ERROR", "no connection"
        ),
        ("compiler", "{01m}{K}src/a.c:4:9:{m}{K} {01;31m}{K}error: {m}{K}expected ';'", "ERROR", "expected ';'"),
        (
            "nestjs",
            "{32}[Nest] 4123  - {39}11/20/2026, 4:00:16 AM {31}  ERROR{39} {38;5;3m}[Pool] {39}{31}no connection{39}",
            "ERROR", "no connection"
        ),
        (
            "uvicorn", "{32}INFO{0}:     192.0.2.10:43210 - \"{1}GET /nothing HTTP/1.1{0}\" {33}404 Not Found{0}",
            "WARNING", "GET /nothing HTTP/1.1"
        ),
        (
            "pytest", "{31}FAILED{0} tests/test_cart.py::{1}test_total{0} - AssertionError: 2 != 3", "ERROR",
            "AssertionError"
        ),
    ])
    func `a coloured line is read as its text is`(
        format: String, line: String, level: String, message: String
    ) async throws {
        let isJSON = line.hasPrefix("{\"")
        let coloured = line.replacing(/\{([\d;]*[mK]?)\}/) { match in
            let code = String(match.1)
            return (isJSON ? "\\u001b[" : "\u{1B}[")
                + (code.last.map { "mK".contains($0) } ?? false ? code : code + "m")
        }
        let plain = line.replacing(/\{[\d;]*[mK]?\}/) { _ in "" }
        let found = try await events(coloured + "\n" + coloured + "\n")
        let expected = try await events(plain + "\n" + plain + "\n")
        #expect(found.count == 2)
        #expect(found.map(\.format) == [format, format])
        #expect(found.map(\.level) == [level, level])
        #expect(found.allSatisfy { $0.message.contains(message) })
        #expect(found.map(\.message) == expected.map(\.message))
    }

    @Test func `places are those of the file as it is`() async throws {
        let folder = try Folder()
        let line = "2026-11-20 04:00:16 \u{1B}[31mERROR\u{1B}[0m main: no"
        try folder.write("\(line)\n\u{1B}[2K\n\(line)\n", "a.log")
        let result = try await Command.ailogger(["parse", "a.log"] + Command.catalog, in: folder.path)
        #expect(result.lines.count == 2)
        #expect(result.lines.first?.hasPrefix(#"{"line":1,"offset":0,"#) == true, "\(result.text)")
        let second = line.utf8.count + 1 + 5
        #expect(result.lines.last?.hasPrefix(#"{"line":3,"offset":\#(second),"#) == true, "\(result.text)")
    }
}
