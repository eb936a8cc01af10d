import Foundation
import LogAnalysis
import LogCore
import LogEngine
import Testing

private let lines = [
    "2026-11-22 10:00:00,123 INFO [main] shop.Cart - one",
    "2026-11-22 10:00:01,123 ERROR [main] shop.Cart - two",
    "2026-11-22 10:00:02,123 INFO [main] shop.Cart - three",
]
private let text = lines.joined(separator: "\n") + "\n"

/// What stands in files before any line of them: compression, encodings, and files that are none.
@Suite struct InputBytesTests {
    private func messages(_ bytes: [UInt8], _ name: String = "a.log") async throws -> ([String], SourceSummary?) {
        let folder = try TestFolder()
        let input = try folder.write(bytes, name)
        let events = try await Project.events([input])
        let summary = await Project.analyze([input], jobs: 2)
        #expect(summary.ledger.accounted == summary.ledger.bytes)
        #expect(summary.tally.count == Int64(events.count))
        return (events.map(\.message), summary.sources[input.path])
    }

    @Test func `gzip is read by its first bytes, whatever the name`() async throws {
        let (found, facts) = try await messages(Gzip.stored(Array(text.utf8)), "no-suffix.log")
        #expect(found == ["one", "two", "three"])
        #expect(facts?.compression == "gzip")
        #expect(facts?.error == nil)
        #expect(facts?.ledger.bytes == Int64(text.utf8.count))
    }

    /// Text in which `~` stands before what a byte is in hexadecimal.
    private func bytes(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "~") else {
                bytes.append(byte)
                continue
            }
            bytes += [UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0]
            rest = rest.dropFirst(2)
        }
        return bytes
    }

    @Test func `what is written in Windows-1252 is read as that, and what is UTF-8 behind it too`() async throws {
        let lines = [
            "2026-11-22 10:00:00,123 INFO [main] tank.Level - F~FCllstand unbekannt, St~F6rung",
            "2026-11-22 10:00:01,123 INFO [main] tank.Level - 21 ~B0C, don~92t, ~80 5 ~96 6, d~E9j~E0",
            "2026-11-22 10:00:02,123 INFO [main] tank.Level - Größe, 日本",
            "2026-11-22 10:00:03,123 INFO [main] tank.Level - ~FC",
        ]
        let filler = String(repeating: "2026-11-22 10:00:02,000 INFO [main] tank.Level - ok\n", count: 2_000)
        let text = lines[..<2].joined(separator: "\n") + "\n" + filler + lines[2...].joined(separator: "\n")
        let (found, facts) = try await messages(bytes(text))
        #expect(found.prefix(2) == ["Füllstand unbekannt, Störung", "21 °C, don’t, € 5 – 6, déjà"])
        #expect(found.suffix(2) == ["Größe, 日本", "ü"])
        #expect(facts?.compression == "Windows-1252")
    }

    @Test(arguments: [String.Encoding.utf16LittleEndian, .utf32LittleEndian, .windowsCP1252])
    func `what was decoded before compressed text is cut off is read to its end`(encoding: String.Encoding) async throws
    {
        let text = String(repeating: "2026-11-22 10:00:00,123 INFO [main] shop.Cart - Füllstand\n", count: 300)
        let whole = Gzip.stored(Array(try #require(text.data(using: encoding))))
        let (found, facts) = try await messages(Array(whole.dropLast(400)))
        #expect(found.count > 290)
        #expect(facts?.error != nil)
    }

    @Test func `one line that isn't UTF-8 is no other encoding`() async throws {
        let (found, facts) = try await messages(bytes(lines[0] + " F~FCll\n" + lines[1] + "\n"))
        #expect(found == ["one F\u{FFFD}ll", "two"])
        #expect(facts?.compression == nil)
    }

    @Test(arguments: [
        // UTF-8, and cut off; Windows-1251, DOS' code page 850, Shift JIS, noise.
        "Füllstand", "Gr~C3", "~CF~F0~E8~E2~E5~F2", "F~81llstand", "~93~FA~96~7B", "a ~00 F~FCll", "~E9~E9~E9~E9",
        "x~FC~8Dy",
    ])
    func `other bytes stay what they are`(text: String) async throws {
        let line = bytes("2026-11-22 10:00:00,123 INFO [main] tank.Level - \(text)")
        let (found, facts) = try await messages(line + [0x0A] + line)
        #expect(found.count == 2)
        #expect(facts?.compression == nil)
    }

    @Test func `all members of a gzip file are read, and zeros behind them are padding`() async throws {
        let bytes = Array(text.utf8)
        // The members meet in the middle of a line.
        let members = Gzip.stored(Array(bytes[..<70])) + Gzip.stored([]) + Gzip.stored(Array(bytes[70...]))
        for padding in [0, 512] {
            let (found, facts) = try await messages(members + [UInt8](repeating: 0, count: padding))
            #expect(found == ["one", "two", "three"])
            #expect(facts?.error == nil)
            #expect(facts?.formats == ["log4j"])
        }
    }

    @Test func `a gzip file that is cut off gives what decodes, then says where it ends`() async throws {
        let whole = Gzip.stored(Array(text.utf8))
        // Behind the second line's LF and some bytes of the third.
        let kept = 15 + lines[0].utf8.count + 1 + lines[1].utf8.count + 1 + 48
        let (found, facts) = try await messages(Array(whole[..<kept]))
        #expect(found.prefix(2) == ["one", "two"])
        #expect(found.count == 3)
        #expect(facts?.error == "gzip data is cut off at compressed byte \(kept)")
        #expect(facts?.formats == ["log4j"])
        for length in [10, 12, whole.count - 8, whole.count - 1] {
            let (_, facts) = try await messages(Array(whole[..<length]))
            #expect(facts?.error == "gzip data is cut off at compressed byte \(length)")
        }
    }

    @Test func `a long gzip file that is cut off keeps its format and every whole line`() async throws {
        let log = MadeUpLog(.access, bytes: 1_500_000, seed: 5)
        let whole = Gzip.stored(log.bytes)
        let (found, facts) = try await messages(Array(whole[..<(whole.count - 500_000)]))
        #expect(found.count > log.eventLines.count / 2)
        #expect(facts?.formats == ["access"])
        #expect(facts?.error?.contains("cut off at compressed byte \(whole.count - 500_000)") == true)
    }

    @Test func `a damaged gzip file gives what decodes before the damage`() async throws {
        let log = MadeUpLog(.access, bytes: 200_000, seed: 5)
        var bytes = Gzip.stored(log.bytes)
        // The header of the second block: length and its complement no longer agree.
        bytes[10 + 5 + 65_535 + 1] ^= 0xFF
        let (found, facts) = try await messages(bytes)
        #expect(found.count > 400)
        #expect(facts?.error?.hasPrefix("gzip data is damaged at compressed byte ") == true)
    }

    @Test func `zstd is read, all frames of it, over any size of block`() async throws {
        let (found, facts) = try await messages(Zstd.frame(Array(text.utf8)) + Zstd.frame(Array(text.utf8)))
        #expect(found == ["one", "two", "three", "one", "two", "three"])
        #expect(facts?.compression == "zstd")
        #expect(facts?.error == nil)
        let log = MadeUpLog(.access, bytes: 1_400_000, seed: 6)
        let (many, _) = try await messages(Zstd.frame(log.bytes))
        #expect(many.count == log.eventLines.count)
    }

    @Test func `a zstd block that a batch cannot hold whole is handed out to its end`() async throws {
        let blocks = Limits.batchBytes / Zstd.blockBytes
        let frame = Zstd.frame(
            [.raw(Array(text.utf8))] + Array(repeating: .repeated(0x0A, Zstd.blockBytes), count: blocks))
        let (found, facts) = try await messages(frame)
        #expect(found == ["one", "two", "three"])
        #expect(facts?.error == nil)
        #expect(facts?.ledger.bytes == Int64(text.utf8.count + Limits.batchBytes))
    }

    @Test func `a zstd file that is cut off gives what decodes, then says where it ends`() async throws {
        let log = MadeUpLog(.access, bytes: 300_000, seed: 7)
        let whole = Zstd.frame(log.bytes)
        let (found, facts) = try await messages(Array(whole[..<200_000]))
        #expect(found.count > 900)
        #expect(facts?.error == "zstd data is cut off at compressed byte 200000")
        #expect(facts?.formats == ["access"])
    }

    @Test func `lines may end in CR alone, with and without a byte order mark`() async throws {
        let bytes = text.replacing("\n", with: "\r").utf8
        for mark in [[], [0xEF, 0xBB, 0xBF]] as [[UInt8]] {
            let (found, facts) = try await messages(mark + bytes)
            #expect(found == ["one", "two", "three"])
            #expect(facts?.compression == "CR")
        }
        let (found, facts) = try await messages(Array(text.replacing("\n", with: " 10%\r 100%\n").utf8))
        #expect(found.count == 3)
        #expect(facts?.compression == nil)
    }

    @Test(arguments: [false, true]) func `UTF-16 is decoded, both ends first, by its mark`(isBigEndian: Bool)
        async throws
    {
        let sample = text.replacing("three", with: "caf\u{E9} \u{1F600}")
        let units = Array(("\u{FEFF}" + sample).utf16)
        let bytes: [UInt8] = units.flatMap { unit in
            isBigEndian ? [UInt8(unit >> 8), UInt8(unit & 0xFF)] : [UInt8(unit & 0xFF), UInt8(unit >> 8)]
        }
        let (found, facts) = try await messages(bytes)
        #expect(found.prefix(3) == ["one", "two", "caf\u{E9} \u{1F600}"])
        #expect(facts?.compression == "UTF-16")
        #expect(facts?.formats == ["log4j"])
    }

    @Test(arguments: [false, true]) func `UTF-16 without a mark is told by its NUL bytes`(isBigEndian: Bool)
        async throws
    {
        let sample = text + "2026-11-22 10:00:03,123 INFO [main] a.B - \u{43F}\u{440}\u{438}\u{432}\u{435}\u{442}\n"
        let bytes: [UInt8] = sample.utf16.flatMap { unit in
            isBigEndian ? [UInt8(unit >> 8), UInt8(unit & 0xFF)] : [UInt8(unit & 0xFF), UInt8(unit >> 8)]
        }
        let (found, facts) = try await messages(bytes)
        #expect(found == ["one", "two", "three", "\u{43F}\u{440}\u{438}\u{432}\u{435}\u{442}"])
        #expect(facts?.compression == "UTF-16")
        let (packed, both) = try await messages(Gzip.stored(bytes))
        #expect(packed == found)
        #expect(both?.compression == "gzip, UTF-16")
    }

    @Test(arguments: [false, true], [false, true])
    func `UTF-32 is decoded, with and without its mark`(isBigEndian: Bool, isMarked: Bool) async throws {
        let sample = text.replacing("three", with: "caf\u{E9} \u{1F600}")
        let bytes: [UInt8] = ((isMarked ? "\u{FEFF}" : "") + sample).unicodeScalars.flatMap { scalar in
            let parts = [24, 16, 8, 0].map { UInt8(scalar.value >> UInt32($0) & 0xFF) }
            return isBigEndian ? parts : parts.reversed()
        }
        let (found, facts) = try await messages(bytes)
        #expect(found == ["one", "two", "caf\u{E9} \u{1F600}"])
        #expect(facts?.compression == "UTF-32")
        #expect(facts?.formats == ["log4j"])
    }
    @Test func `NUL bytes in a log are not taken for UTF-16`() async throws {
        let (found, facts) = try await messages([UInt8](repeating: 0, count: 300) + Array(text.utf8))
        #expect(found.suffix(3) == ["one", "two", "three"])
        #expect(facts?.compression == nil)
    }

    @Test func `halves of UTF-16 characters become U+FFFD, and the rest stays`() async throws {
        let units: [UInt16] = [0xFEFF, 0x61, 0xD83D, 0x62, 0xDE00, 0x63, 0x0A, 0x64, 0xD83D]
        let bytes: [UInt8] = units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] } + [0x65]
        let (found, _) = try await messages(bytes)
        #expect(
            found == ["a\u{FFFD}b\u{FFFD}c", "d\u{FFFD}"] || found == ["a\u{FFFD}b\u{FFFD}c", "d\u{FFFD}\u{FFFD}"])
    }

    @Test func `the mark of UTF-8 belongs to no line`() async throws {
        for compress in [false, true] {
            let bytes = [UInt8]([0xEF, 0xBB, 0xBF]) + Array(text.utf8)
            let (found, facts) = try await messages(compress ? Gzip.stored(bytes) : bytes)
            #expect(found == ["one", "two", "three"])
            #expect(facts?.ledger.skippedBytes == 3)
            #expect(facts?.ledger.bytes == Int64(bytes.count))
            #expect(facts?.formats == ["log4j"])
        }
    }

    @Test func `offsets count the mark`() async throws {
        let folder = try TestFolder()
        let input = try folder.write([UInt8]([0xEF, 0xBB, 0xBF]) + Array(text.utf8), "a.log")
        let events = try await Project.events([input])
        #expect(
            events.map(\.offset) == [3, 3 + lines[0].utf8.count + 1, 3 + lines[0].utf8.count + lines[1].utf8.count + 2])
    }

    @Test(
        arguments: [[], [0x0A], [0x0D, 0x0A], [0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0x1F], [0x0A, 0x0A, 0x20, 0x0A]]
            as [[UInt8]])
    func `files without a line are read without complaint`(bytes: [UInt8]) async throws {
        let (found, facts) = try await messages(bytes)
        #expect(found.count == (bytes == [0x1F] ? 1 : 0))
        #expect(facts?.error == nil)
    }

    @Test func `bytes that are no UTF-8 stay in their line, shown as U+FFFD`() async throws {
        let (found, _) = try await messages(
            Array("2026-11-22 10:00:00,123 INFO [main] a.B - x".utf8) + [0xFF, 0xC3] + Array("y\n".utf8))
        #expect(found == ["x\u{FFFD}\u{FFFD}y"])
    }

    @Test func `a run of NUL bytes in a file is one marked event`() async throws {
        let folder = try TestFolder()
        let bytes = Array(text.utf8) + [UInt8](repeating: 0, count: 5_000) + Array(text.utf8)
        let events = try await Project.events([try folder.write(bytes, "a.log")])
        #expect(events.map(\.nulBytes) == [nil, nil, nil, 5_000, nil, nil, nil])
        #expect(events[4...].map(\.message) == ["one", "two", "three"])
        #expect(events.map(\.line) == [1, 2, 3, 4, 4, 5, 6])
    }

    @Test func `a run of NUL bytes longer than any event is one event with its length`() async throws {
        let folder = try TestFolder()
        for count in [3 << 20] {
            let bytes = Array(text.utf8) + [UInt8](repeating: 0, count: count) + Array(text.utf8)
            let input = try folder.write(bytes, "a.log")
            let events = try await Project.events([input])
            #expect(events.compactMap(\.nulBytes) == [count])
            #expect(
                events.filter { $0.nulBytes == nil }.map(\.message) == ["one", "two", "three", "one", "two", "three"])
            let ledger = await Project.analyze([input]).ledger
            #expect(ledger.accounted == ledger.bytes)
            #expect(ledger.bytes == Int64(bytes.count))
        }
    }

    @Test func `a folder, a missing path and a vanished file are said in one line each`() async throws {
        let folder = try TestFolder()
        let good = try folder.write(text, "good.log")
        let inputs = [
            Input(path: folder.path, isExplicit: true), Input(path: folder.path("gone.log"), isExplicit: true), good,
        ]
        let summary = await Project.analyze(inputs, jobs: 2)
        #expect(summary.sources[folder.path]?.error == "cannot read: Is a directory")
        #expect(summary.sources[folder.path("gone.log")]?.error == "cannot open: No such file or directory")
        #expect(summary.sources[good.path]?.error == nil)
        #expect(summary.tally.count == 3)
        let facts = try await Project.parse(inputs, jobs: 2)
        #expect(facts.facts.map { $0.error != nil } == [true, true, false])
        #expect(facts.output.split(separator: 0x0A).count == 3)
    }
}
