import Foundation
import LogAnalysis
import LogCore
import LogEngine
import Testing

/// Files as the tools write them.
@Suite struct DecompressionTests {
    static let tools: [[String]] = [
        ["gzip", "-c"], ["zstd", "-c"], ["bzip2", "-c"], ["xz", "-c"], ["lz4", "-B4", "-c"],
        ["xz", "--format=lzma", "-c"],
    ]

    private func name(_ tool: [String]) -> String { tool.contains("--format=lzma") ? "lzma" : tool[0] }

    private func compress(_ tool: [String], _ bytes: [UInt8]) throws -> [UInt8] {
        let folder = try TestFolder()
        try folder.write(bytes, "plain")
        let process = tool + ["plain"]
        switch process.count {
        case 3: try Tool.run(process[0], process[1], process[2], in: folder, output: "packed")
        default: try Tool.run(process[0], process[1], process[2], process[3], in: folder, output: "packed")
        }
        return try folder.bytes("packed")
    }

    private func read(_ bytes: [UInt8]) async throws -> (events: Int, facts: SourceSummary?) {
        let folder = try TestFolder()
        let input = try folder.write(bytes, "a.log")
        let summary = await Project.analyze([input], jobs: 2)
        #expect(summary.ledger.accounted == summary.ledger.bytes)
        return (Int(summary.tally.count), summary.sources[input.path])
    }

    @Test(arguments: tools) func `a compressed log gives what the plain one gives`(tool: [String]) async throws {
        let log = MadeUpLog(.access, bytes: 1_500_000, seed: 3)
        let (events, facts) = try await read(try compress(tool, log.bytes))
        #expect(events == log.eventLines.count)
        #expect(facts?.compression == name(tool))
        #expect(facts?.error == nil)
        #expect(facts?.ledger.bytes == Int64(log.bytes.count))
    }

    @Test(arguments: tools.dropLast()) func `all streams of a file are read, and zeros behind them`(
        tool: [String]
    ) async throws {
        let log = MadeUpLog(.access, bytes: 100_000, seed: 3)
        // The streams meet in the middle of a line.
        let parts = try compress(tool, Array(log.bytes[..<70_001])) + compress(tool, Array(log.bytes[70_001...]))
        for padding in [0, 1024] {
            let (events, facts) = try await read(parts + [UInt8](repeating: 0, count: padding))
            #expect(events == log.eventLines.count)
            #expect(facts?.error == nil)
        }
    }

    @Test(arguments: tools) func `a file that is cut off gives what decodes, then says where`(
        tool: [String]
    ) async throws {
        let log = MadeUpLog(.access, bytes: 4_000_000, seed: 3)
        let whole = try compress(tool, log.bytes)
        let kept = whole.count * 3 / 4
        let (events, facts) = try await read(Array(whole[..<kept]))
        // bzip2 gives whole blocks only, of 900 kB.
        #expect(events > log.eventLines.count / 3)
        #expect(events < log.eventLines.count)
        #expect(facts?.error == "\(name(tool)) data is cut off at compressed byte \(kept)")
    }

    @Test(arguments: tools) func `a file with any byte wrong ends in an error or in other lines, never in a crash`(
        tool: [String]
    ) async throws {
        let log = MadeUpLog(.access, bytes: 30_000, seed: 3)
        let whole = try compress(tool, log.bytes)
        let folder = try TestFolder()
        let inputs = try stride(from: 4, to: whole.count, by: max(1, whole.count / 120)).map { place in
            var bytes = whole
            bytes[place] ^= 0x41
            return try folder.write(bytes, "\(place).log")
        }
        let summary = await Project.analyze(inputs, jobs: 2)
        #expect(summary.ledger.accounted == summary.ledger.bytes)
        // lz4 checks the whole, not each part, and the old lzma nothing.
        if !["lzma"].contains(name(tool)) {
            #expect(summary.sources.values.count { $0.error != nil } > inputs.count * 3 / 4)
        }
    }

    @Test func `xz that asks for more memory than it gets is told so`() async throws {
        let folder = try TestFolder()
        try folder.write("2026-11-22 10:00:00,123 INFO [main] a.B - x\n", "plain")
        // A dictionary of 1 GiB, which costs the writer next to nothing for so little.
        try Tool.run("xz", "--format=raw", "--lzma2=preset=0", "-c", "plain", in: folder, output: "raw")
        try Tool.run("xz", "-c", "plain", in: folder, output: "packed")
        var bytes = try folder.bytes("packed")
        // The properties of the filter in the block's header: the dictionary's size, then its checksum.
        let header = 12
        let size = (Int(bytes[header]) + 1) * 4
        #expect(bytes[header + 2] == 0x21)
        bytes[header + 4] = 36
        let sum = Gzip.checksum(Array(bytes[header..<(header + size - 4)]))
        for i in 0..<4 { bytes[header + size - 4 + i] = UInt8(truncatingIfNeeded: sum >> (8 * UInt32(i))) }
        let (events, facts) = try await read(bytes)
        #expect(events == 0)
        #expect(facts?.error?.hasPrefix("xz data asks for 1024 MiB of memory, more than 256 MiB,") == true)
    }

    @Test func `a file that is compressed twice is decoded twice`() async throws {
        let log = MadeUpLog(.access, bytes: 50_000, seed: 3)
        let (events, facts) = try await read(try compress(["xz", "-c"], Gzip.stored(log.bytes)))
        #expect(events == log.eventLines.count)
        #expect(facts?.compression == "xz, gzip")
    }
}
