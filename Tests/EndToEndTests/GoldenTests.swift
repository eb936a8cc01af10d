import Foundation
import Testing

/// `samples/<format>/input.log` and what `parse` makes of it. `UPDATE_GOLDEN=1 swift test --filter GoldenTests` rewrites
/// the expected files: look at the difference before you commit it.
@Suite struct GoldenTests {
    static let formats = entries(Command.root + "/samples").filter { isFile("\(Command.root)/samples/\($0)/input.log") }

    /// The samples' night is that of 19 to 20 November 2026; year-less times are counted back from the end of it.
    private static let lastWritten = Date(timeIntervalSince1970: 1_795_154_400)

    @Test(arguments: formats) func `parse writes what is expected of the format`(format: String) async throws {
        let folder = try Folder()
        let input = "samples/\(format)/input.log"
        try folder.write(try Data(contentsOf: URL(fileURLWithPath: "\(Command.root)/\(input)")), input)
        try FileManager.default.setAttributes(
            [.modificationDate: Self.lastWritten], ofItemAtPath: folder.path + "/" + input)
        let result = try await Command.ailogger(
            ["parse", "--format", "jsonl", input] + Command.catalog, in: folder.path)
        #expect(result.status == 0 && !result.timedOut)
        #expect(result.errors == "")
        let golden = URL(fileURLWithPath: "\(Command.root)/samples/\(format)/expected.jsonl")
        if Command.updatesGolden {
            try result.out.write(to: golden)
            return
        }
        guard let expected = try? Data(contentsOf: golden) else {
            Issue.record("\(golden.path) is missing: UPDATE_GOLDEN=1 swift test --filter GoldenTests writes it")
            return
        }
        let isSame = result.out == expected
        #expect(isSame, "\(firstDifference(result.text, String(decoding: expected, as: UTF8.self)))")
    }

    @Test func `there is a golden file for every format that is shipped`() throws {
        #expect(Self.formats.count >= 20)
        for name in entries(Command.root + "/formats") {
            let format = String(name.prefix { $0 != "." })
            #expect(Self.formats.contains(format), "samples/\(format)/input.log is missing")
        }
        for format in ["json", "logfmt", "syslog-3164", "syslog-5424", "access", "generic", "csv", "w3c"] {
            #expect(Self.formats.contains(format), "samples/\(format)/input.log is missing")
        }
    }

    @Test(.enabled(if: !Command.updatesGolden), arguments: formats)
    func `an expected file says of every line what it became`(format: String) async throws {
        let path = "\(Command.root)/samples/\(format)/expected.jsonl"
        let expected = try #require(try? Data(contentsOf: URL(fileURLWithPath: path)), "\(path) is missing")
        let order = [
            "line", "offset", "timestamp", "time_source", "level", "component", "message", "format", "template_id",
            "template", "fields", "findings", "truncated_from", "nul_bytes", "source",
        ]
        var last = 0
        for line in String(decoding: expected, as: UTF8.self).split(separator: "\n") {
            let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(Set(object.keys).isSubset(of: Set(order)), "\(line)")
            let number = try #require(object["line"] as? Int)
            #expect(number >= last)
            last = number
            #expect(object["source"] as? String == "samples/\(format)/input.log")
            #expect((object["template_id"] as? String)?.count == 16)
            let places = order.compactMap { key in line.range(of: "\"\(key)\":")?.lowerBound }
            #expect(object["fields"] != nil || places == places.sorted(), "\(line)")
        }
        #expect(last > 0)
    }
}

/// Where two texts part, in words.
func firstDifference(_ actual: String, _ expected: String) -> String {
    let left = actual.split(separator: "\n", omittingEmptySubsequences: false)
    let right = expected.split(separator: "\n", omittingEmptySubsequences: false)
    for (number, (a, b)) in zip(left, right).enumerated() where a != b {
        return "line \(number + 1)\n is      \(a)\n expected \(b)"
    }
    return "\(left.count) lines, expected \(right.count)"
}
