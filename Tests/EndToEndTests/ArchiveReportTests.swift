import Foundation
import Testing

/// Archives and compressed logs, from the command line to the report.
@Suite struct ArchiveReportTests {
    private func made() async throws -> Folder {
        let folder = try Folder()
        let lines = (0..<40).map {
            "2026-11-20 04:00:\(10 + $0),100 - svs.db - \($0 == 30 ? "ERROR" : "INFO") - attempt \($0)"
        }
        try folder.write(lines.joined(separator: "\n") + "\n", "logs/var/app.log")
        let made = try await Command.shell(
            """
            tar -czf a.tgz -C logs var; tar -cf a.tar -C logs var; (cd logs && zip -qr ../a.zip var)
            bzip2 -k logs/var/app.log; xz -k logs/var/app.log; lz4 -q logs/var/app.log logs/var/app.log.lz4; mkdir packed
            mv logs/var/app.log.* packed; head -c 200 packed/app.log.xz > cut
            """, in: folder.path)
        #expect(made.status == 0, "\(made.errors)")
        return folder
    }

    @Test(arguments: ["a.tgz", "a.tar", "a.zip"]) func `a report cites lines of a member`(archive: String) async throws
    {
        let folder = try await made()
        let report = try await Command.ailogger(["analyze", "--width", "120", archive], in: folder.path)
        #expect(report.status == 0, "\(report.errors)")
        #expect(report.text.contains("\(archive)!var/app.log:31"))
        let member = try await Command.ailogger(["parse", "\(archive)!var/*.log"], in: folder.path)
        #expect(member.lines.count == 40)
        #expect(member.text.contains("\"source\":\"\(archive)!var/app.log\""))
        let piped = try await Command.shell("cat \(archive) | \"$AILOGGER\" parse -", in: folder.path)
        #expect(piped.lines.count == 40)
        #expect(piped.text.contains("\"source\":\"-!var/app.log\""))
    }

    @Test func `compressed logs in a folder count like plain ones`() async throws {
        let folder = try await made()
        let events = try await Command.ailogger(["parse", "packed"], in: folder.path)
        #expect(events.status == 0, "\(events.errors)")
        #expect(events.lines.count == 120)
    }

    @Test func `what is cut off gives the exit status 2, and so does an archive without what was asked for`()
        async throws
    {
        let folder = try await made()
        let cut = try await Command.ailogger(["parse", "cut"], in: folder.path)
        #expect(cut.status == 2)
        #expect(cut.errors.contains("cut: error: xz data is cut off at compressed byte 200"))
        let missing = try await Command.ailogger(["parse", "a.tgz!other"], in: folder.path)
        #expect(missing.status == 2)
        #expect(missing.errors.contains("the archive has no such member"))
    }

    @Test func `a report is not written over the archive that it is of`() async throws {
        let folder = try await made()
        let before = try folder.read("a.tgz")
        let result = try await Command.ailogger(["analyze", "--output", "a.tgz", "a.tgz"], in: folder.path)
        #expect(result.status == 2)
        #expect(try folder.read("a.tgz") == before)
    }
}
