import Foundation
import Testing

/// `samples/bad/logs/<trap>/`: inputs that are broken or unusual as files.
@Suite struct BadLogTests {
    static let files = entries(Command.root + "/samples/bad/logs").flatMap { trap in
        entries("\(Command.root)/samples/bad/logs/\(trap)").filter { !$0.hasPrefix("expected") }
            .map { "samples/bad/logs/\(trap)/\($0)" }
    }

    @Test(arguments: files) func `an unusual file is read, or refused in one clear line`(path: String) async throws {
        let result = try await Command.ailogger(["analyze", "--format", "json", path])
        #expect(!result.timedOut)
        let isCut = path.contains("truncated")
        #expect(result.status == (isCut ? 2 : 0), "\(result.errors)")
        let object = try #require(try JSONSerialization.jsonObject(with: result.out) as? [String: Any])
        let ledger = try #require(object["ledger"] as? [String: Int])
        #expect(ledger["accounted"] == ledger["bytes"])
        let isEmpty = path.contains("empty")
        #expect((ledger["events"] ?? 0 > 0) == !isEmpty)
        // Nobody should have to name the format.
        let inputs = try #require(object["inputs"] as? [[String: Any]])
        let formats = try #require(inputs.first?["formats"] as? [String])
        #expect(!formats.isEmpty || isEmpty, "\(path) is of no known format")
    }

    @Test func `the same lines give the same messages, however the file is packed`() async throws {
        func messages(_ path: String) async throws -> [String] {
            let result = try await Command.ailogger(["parse", path])
            return try result.lines.map { line in
                let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                return object?["message"] as? String ?? ""
            }
        }
        let folder = try Folder()
        let lines = (0..<50).map { "2026-11-20 04:00:00,\(100 + $0) - svs.db - ERROR - attempt \($0) failed" }
        let text = lines.joined(separator: "\n") + "\n"
        try folder.write(text, "plain")
        let expected = try await messages(folder.path + "/plain")
        #expect(expected.count == 50)
        try folder.write(text.replacing("\n", with: "\r\n"), "crlf")
        try folder.write(String(text.dropLast()), "unended")
        try folder.write("\u{FEFF}" + text, "bom")
        try folder.write(try #require(("\u{FEFF}" + text).data(using: .utf16LittleEndian)), "utf16le")
        try folder.write(try #require(("\u{FEFF}" + text).data(using: .utf16BigEndian)), "utf16be")
        let packed = try await Command.shell(
            """
            gzip -9c plain > packed.txt; head -c 1000 plain | gzip > members; tail -c +1001 plain | gzip >> members
            zstd -qc plain > plain.zst; head -c 777 plain | zstd -qc > frames; tail -c +778 plain | zstd -qc >> frames
            """, in: folder.path)
        #expect(packed.status == 0, "\(packed.errors)")
        for name in ["crlf", "unended", "bom", "utf16le", "utf16be", "packed.txt", "members", "plain.zst", "frames"] {
            #expect(try await messages(folder.path + "/" + name) == expected, "\(name)")
        }
    }

    @Test(arguments: [
        #"{"ts":9223372036854775807,"msg":"x"}"#, #"{"ts":-9223372036854775808,"msg":"x"}"#, #"{"ts":1e18,"msg":"x"}"#,
        #"{"ts":"9999-12-31T23:59:59Z","msg":"x"}"#, #"{"ts":"0001-01-01T00:00:00Z","msg":"x"}"#,
        "2262-04-11 23:47:16.854775807 ERROR x", "1677-09-21 00:12:43.145224193 ERROR x", "9999-12-31 23:59:59 ERROR x",
        "0000-01-01 00:00:00 ERROR x", #"{"ts":"2026-11-22T10:00:00Z","level":99999999999999999999,"msg":1e999}"#,
        "<999999999999999999999>1 - - - - - - x", "<34>1 2026-11-22T10:00:00.999999999999999999Z h a 1 - - x",
    ])
    func `times and numbers at the end of all counting do no harm`(line: String) async throws {
        let ordinary = #"{"ts":"2026-11-22T10:00:00Z","level":"error","msg":"y"}"#
        for text in [line + "\n", "\(ordinary)\n\(line)\n\(ordinary)\n"] {
            for arguments in [
                ["parse"], ["analyze", "--format", "json"], ["analyze", "--width", "80"],
                ["analyze", "--format", "summary"],
            ] {
                let result = try await Command.ailogger(arguments, input: Data(text.utf8))
                #expect(result.status == 0 && !result.timedOut, "\(arguments): \(result.errors)")
            }
        }
    }

    @Test(arguments: 0..<4) func `random bytes do no harm to any command`(seed: Int) async throws {
        var state = UInt64(seed) &+ 42
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
        // Pieces of all samples, shuffled, with bytes changed.
        var bytes: [UInt8] = []
        for format in GoldenTests.formats {
            let sample = Array(
                try Data(contentsOf: URL(fileURLWithPath: "\(Command.root)/samples/\(format)/input.log")))
            for _ in 0..<8 where !sample.isEmpty {
                let start = Int(next() % UInt64(sample.count))
                bytes += sample[start..<min(sample.count, start + Int(next() % 700))]
            }
        }
        for _ in 0..<bytes.count / 100 {
            bytes[Int(next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: next())
        }
        for arguments in [["parse"], ["analyze"], ["analyze", "--format", "json"]] {
            let result = try await Command.ailogger(arguments, input: Data(bytes))
            #expect(result.status == 0 && !result.timedOut, "\(arguments), seed \(seed): \(result.errors)")
            if arguments == ["parse"] {
                for line in result.lines {
                    let object = try? JSONSerialization.jsonObject(with: Data(line.utf8))
                    #expect(object != nil, "seed \(seed): \(line)")
                }
            }
        }
    }
}
