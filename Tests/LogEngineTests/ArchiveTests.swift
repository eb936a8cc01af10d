import Foundation
import LogAnalysis
import LogCore
import LogEngine
import Testing

private func log(_ message: String) -> String { "2026-11-22 10:00:00,123 INFO [main] shop.Cart - \(message)\n" }

/// Archives as tar and zip write them.
@Suite struct ArchiveTests {
    /// Three rotated logs, one of them compressed, one in a folder, and what is no log.
    private func made() throws -> TestFolder {
        let folder = try TestFolder()
        try folder.write(log("newest"), "in/app.log", modified: 1_700_000_000)
        try folder.write(log("middle"), "in/app.log.2")
        try folder.write(Gzip.stored(Array(log("oldest").utf8)), "in/app.log.10.gz")
        try folder.write(log("deep"), "in/var/log/\(String(repeating: "long", count: 40))/a.log")
        try folder.write([0x7F, 0x45, 0x4C, 0x46] + [UInt8](repeating: 1, count: 9000), "in/program")
        try folder.write(log("hidden"), "in/.hidden/a.log")
        return folder
    }

    private func found(_ name: String, _ folder: TestFolder) async throws -> (messages: [String], InputFinder) {
        let finder = InputFinder.find([folder.path(name)])
        let events = try await Project.events(finder.inputs)
        return (events.map(\.message), finder)
    }

    static let archives: [(name: String, command: [String])] = [
        ("a.tar", ["tar", "-cf", "a.tar", "-C", "in", "."]),
        ("p.tar", ["tar", "--format=pax", "-cf", "p.tar", "-C", "in", "."]),
        ("a.tgz", ["tar", "-czf", "a.tgz", "-C", "in", "."]),
        ("a.txz", ["tar", "-cJf", "a.txz", "-C", "in", "."]),
        ("a.tbz", ["tar", "-cjf", "a.tbz", "-C", "in", "."]),
        ("a.zst", ["tar", "--zstd", "-cf", "a.zst", "-C", "in", "."]),
        ("a.zip", ["sh", "-c", "cd in && zip -qr ../a.zip ."]),
        ("stored.zip", ["sh", "-c", "cd in && zip -qr0 ../stored.zip ."]),
        ("bzip2.zip", ["sh", "-c", "cd in && zip -qr -Z bzip2 ../bzip2.zip ."]),
        ("piped.zip", ["sh", "-c", "cd in && zip -qr - . | cat > ../piped.zip"]),
        ("large.zip", ["sh", "-c", "cd in && zip -qr -fz ../large.zip ."]),
    ]

    @Test(arguments: archives.indices) func `each member is an input of its own, rotated sets oldest first`(
        _ index: Int
    ) async throws {
        let (name, command) = Self.archives[index]
        let folder = try made()
        #expect(try Tool.run("sh", "-c", command.map { "'\($0)'" }.joined(separator: " "), in: folder) == 0)
        let (messages, finder) = try await found(name, folder)
        #expect(messages == ["oldest", "middle", "newest", "deep"])
        #expect(finder.problems.isEmpty)
        let long = "var/log/\(String(repeating: "long", count: 40))/a.log"
        let names = ["app.log.10.gz", "app.log.2", "app.log", "program", long]
        #expect(finder.inputs.map(\.path) == names.map { "\(folder.path(name))!\($0)" })
        let summary = await Project.analyze(finder.inputs, jobs: 2)
        #expect(summary.ledger.accounted == summary.ledger.bytes)
        #expect(summary.sources["\(folder.path(name))!program"]?.skipped == "a program (ELF)")
        #expect(summary.sources.values.allSatisfy { $0.error == nil })
        #expect(
            InputFinder.find(["\(folder.path(name))!app.log.*"]).inputs.map(\.path)
                == ["app.log.10.gz", "app.log.2"].map { "\(folder.path(name))!\($0)" })
        #expect(InputFinder.find(["\(folder.path(name))!none"]).problems.count == 1)
    }

    @Test func `a folder's archives are unpacked where they stand`() async throws {
        let folder = try made()
        try Tool.run("tar", "-czf", "in/m.tgz", "-C", "in", "app.log.2", in: folder)
        let finder = InputFinder.find([folder.path("in")])
        #expect(finder.inputs.contains { $0.path == "\(folder.path("in/m.tgz"))!app.log.2" })
        #expect(!finder.inputs.contains { $0.path == folder.path("in/m.tgz") })
        try folder.write("*.log.2\n", "in/.ailoggerignore")
        #expect(InputFinder.find([folder.path("in")]).inputs.allSatisfy { !$0.path.hasSuffix(".log.2") })
        // What grows is followed; an archive doesn't.
        #expect(!InputFinder.find([folder.path("in")], unpacks: false).inputs.contains { $0.path.contains("m.tgz") })
        #expect(InputFinder.find([folder.path("in/m.tgz")], unpacks: false).problems.count == 1)
    }

    @Test func `an archive within an archive is unpacked, a third one is not`() async throws {
        let folder = try made()
        try Tool.run("tar", "-czf", "one.tgz", "-C", "in", "app.log", in: folder)
        try Tool.run("zip", "-q", "two.zip", "one.tgz", in: folder)
        try Tool.run("tar", "-cf", "two.tar", "one.tgz", in: folder)
        try Tool.run("tar", "-czf", "three.tgz", "two.zip", in: folder)
        for name in ["two.zip", "two.tar"] {
            let (messages, finder) = try await found(name, folder)
            #expect(messages == ["newest"])
            #expect(finder.inputs.map(\.path) == ["\(folder.path(name))!one.tgz!app.log"])
        }
        let (none, finder) = try await found("three.tgz", folder)
        #expect(none.isEmpty)
        #expect(finder.problems.map(\.message) == ["an archive within an archive within an archive is not unpacked"])
    }

    @Test func `a member that is encrypted, sparse or of an unknown kind is said, once an archive`() async throws {
        let folder = try made()
        try Tool.run("zip", "-q", "-P", "word", "e.zip", "in/app.log", "in/app.log.2", in: folder)
        let (none, finder) = try await found("e.zip", folder)
        #expect(none.isEmpty)
        #expect(finder.problems.map(\.message) == ["encrypted: unpack it with its password first, and 1 more"])
        try Tool.run("truncate", "-s", "1M", "in/app.log.2", in: folder)
        for format in ["gnu", "pax"] {
            try Tool.run("tar", "--format=\(format)", "-cSf", "s.tar", "-C", "in", "app.log", "app.log.2", in: folder)
            let (messages, sparse) = try await found("s.tar", folder)
            #expect(messages == ["newest"])
            #expect(sparse.problems.map(\.message) == ["a sparse member of a tar archive is not read"])
        }
    }

    @Test func `names in an archive are names only`() async throws {
        let folder = try made()
        try Tool.run("tar", "-cPf", "t.tar", "--transform=s,^,../../../../,", "in/app.log", in: folder)
        let (messages, finder) = try await found("t.tar", folder)
        #expect(messages == ["newest"])
        #expect(finder.inputs.map(\.path) == ["\(folder.path("t.tar"))!../../../../in/app.log"])
    }

    @Test func `of members by one name the last one counts`() async throws {
        let folder = try made()
        try Tool.run("tar", "-cf", "a.tar", "-C", "in", "app.log", in: folder)
        try folder.write(log("newer still"), "in/app.log")
        try Tool.run("tar", "-rf", "a.tar", "-C", "in", "app.log", in: folder)
        #expect(try await found("a.tar", folder).messages == ["newer still"])
    }

    @Test func `tar archives one after another are read to the end`() async throws {
        let folder = try made()
        try Tool.run("sh", "-c", "tar -cC in app.log > b.tar; tar -cC in app.log.2 >> b.tar", in: folder)
        #expect(try await found("b.tar", folder).messages == ["middle", "newest"])
    }

    @Test(arguments: ["a.tar", "a.tgz", "a.zip"]) func `an archive cut off anywhere gives what is whole, then says so`(
        name: String
    ) async throws {
        let folder = try TestFolder()
        let lines = (0..<400).map { log("line \($0 &* 2_654_435_761)") }.joined()
        for i in 0..<5 { try folder.write(lines, "in/\(i).log") }
        let command = name == "a.zip" ? "zip -qr a.zip in" : name == "a.tgz" ? "tar -czf a.tgz in" : "tar -cf a.tar in"
        try Tool.run("sh", "-c", command, in: folder)
        let whole = try folder.bytes(name)
        var most = 0
        for part in 1..<24 {
            try folder.write(Array(whole[..<(whole.count * part / 24)]), "cut")
            let finder = InputFinder.find([folder.path("cut")])
            let summary = await Project.analyze(finder.inputs, jobs: 2)
            #expect(summary.ledger.accounted == summary.ledger.bytes)
            most = max(most, Int(summary.tally.count))
            // Zeros may be missing behind a tar archive.
            if part < 16 {
                #expect(!finder.problems.isEmpty || summary.sources.values.contains { $0.error != nil })
            }
        }
        #expect(most > 1200)
    }

    @Test(arguments: ["a.tar", "a.zip"]) func `an archive with any byte wrong is read as far as it goes`(
        name: String
    ) async throws {
        let folder = try made()
        try Tool.run("sh", "-c", name == "a.zip" ? "zip -qr a.zip in" : "tar -cf a.tar in", in: folder)
        let whole = try folder.bytes(name)
        for place in stride(from: 0, to: whole.count, by: max(1, whole.count / 150)) {
            var bytes = whole
            bytes[place] ^= 0xA5
            try folder.write(bytes, "wrong")
            let summary = await Project.analyze(InputFinder.find([folder.path("wrong")]).inputs)
            #expect(summary.ledger.accounted == summary.ledger.bytes)
        }
    }

    @Test func `a zip member whose bytes were changed is told by its checksum`() async throws {
        let folder = try made()
        try Tool.run("sh", "-c", "zip -qj0 a.zip in/app.log", in: folder)
        var bytes = try folder.bytes("a.zip")
        let word = Array("newest".utf8)
        let offset = try #require(bytes.indices.dropLast(6).first { Array(bytes[$0..<($0 + 6)]) == word })
        bytes[offset] = UInt8(ascii: "N")
        try folder.write(bytes, "a.zip")
        let summary = await Project.analyze(InputFinder.find([folder.path("a.zip")]).inputs)
        #expect(summary.tally.count == 1)
        #expect(summary.sources.values.first?.error == "zip member is damaged: its checksum is wrong")
    }

    @Test func `a zip archive whose members overlap is not read`() async throws {
        let folder = try made()
        try Tool.run("sh", "-c", "zip -qj0 a.zip in/app.log in/app.log.2", in: folder)
        var bytes = try folder.bytes("a.zip")
        // The second entry of the directory is given the first one's place.
        let entries = bytes.indices.dropLast(4).filter { Array(bytes[$0..<($0 + 4)]) == [0x50, 0x4B, 1, 2] }
        for i in 42..<46 { bytes[entries[1] + i] = bytes[entries[0] + i] }
        try folder.write(bytes, "a.zip")
        let finder = InputFinder.find([folder.path("a.zip")])
        #expect(finder.inputs.isEmpty)
        #expect(finder.problems.map(\.message) == ["zip archive is not read: its members overlap"])
    }

    @Test func `an archive of thousands of members needs few descriptors`() async throws {
        let folder = try TestFolder()
        try FileManager.default.createDirectory(atPath: folder.path("in"), withIntermediateDirectories: true)
        for i in 0..<3000 { try folder.write(log("\(i)"), "in/\(i).log") }
        try Tool.run("sh", "-c", "tar -czf a.tgz in; zip -qr a.zip in; tar -cf a.tar in", in: folder)
        for name in ["a.tgz", "a.zip", "a.tar"] {
            let finder = InputFinder.find([folder.path(name)])
            #expect(finder.inputs.count == 3000)
            // Other tests run in this process, too.
            let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").filter { number in
                let file = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(number)")
                return file?.hasPrefix(folder.path("")) == true
            }
            #expect(open.count < 10, "\(open.count)")
            #expect(await Project.analyze(finder.inputs, jobs: 2).tally.count == 3000)
        }
    }
}
