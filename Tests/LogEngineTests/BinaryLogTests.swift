import Foundation
import LogAnalysis
import LogCore
import LogEngine
import Testing

/// Logs whose records are no lines: Windows' event log and the journal's export format.
@Suite struct BinaryLogTests {
    private struct Event: Decodable {
        var line: Int
        var timestamp: String?
        var level: String?
        var component: String?
        var message: String
        var fields: [String: Field]?

        enum Field: Decodable, Equatable {
            case text(String)
            case number(Double)

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let text = try? container.decode(String.self) {
                    self = .text(text)
                } else {
                    self = .number(try container.decode(Double.self))
                }
            }
        }
    }

    private func read(_ bytes: [UInt8]) async throws -> (events: [Event], facts: SourceSummary?) {
        let folder = try TestFolder()
        let input = try folder.write(bytes, "a.log")
        let output = try await Project.parse([input]).output
        let events = try output.split(separator: 0x0A).map { try JSONDecoder().decode(Event.self, from: Data($0)) }
        let summary = await Project.analyze([input], jobs: 2)
        #expect(summary.tally.count == Int64(events.count))
        #expect(summary.ledger.accounted == summary.ledger.bytes)
        return (events, summary.sources[input.path])
    }

    // MARK: EVTX

    private func evtx(_ count: Int) -> [UInt8] {
        var log = MadeUpEvtx()
        for i in 0..<count {
            log.add(
                1, MadeUpEvtx.template("param1", "param2"),
                MadeUpEvtx.values(
                    "Service Control Manager", event: 7036, level: 4, second: i, "Spooler \(i)", "running"),
                written: MadeUpEvtx.start)
        }
        return log.finish()
    }

    @Test func `an event of Windows becomes an event with its fields`() async throws {
        var log = MadeUpEvtx()
        log.add(
            1, MadeUpEvtx.template("param1", "param2"),
            MadeUpEvtx.values(
                "Service Control Manager", event: 7031, level: 2, second: 1, "Spooler", "caf\u{E9} \u{1F600}"),
            written: MadeUpEvtx.start)
        let sid: [UInt8] = [1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0]
        log.add(
            2, MadeUpEvtx.template("TargetUserName", "IpAddress"),
            MadeUpEvtx.values(
                "Microsoft-Windows-Security-Auditing", event: 4625, level: 0, keywords: 0x8010_0000_0000_0000,
                second: 2,
                sid: sid, "bob", "10.0.0.7"), written: MadeUpEvtx.start)
        let (events, facts) = try await read(log.finish())
        #expect(facts?.compression == "EVTX")
        #expect(facts?.error == nil)
        #expect(facts?.formats == ["json"])
        #expect(events.map(\.timestamp) == ["2026-11-22T10:00:01.000Z", "2026-11-22T10:00:02.000Z"])
        #expect(events.map(\.level) == ["ERROR", "WARNING"])
        #expect(events.map(\.component) == ["Service Control Manager", "Microsoft-Windows-Security-Auditing"])
        #expect(events[0].message == "event 7031: param1=Spooler, param2=caf\u{E9} \u{1F600}")
        #expect(events[1].message == "event 4625: TargetUserName=bob, IpAddress=10.0.0.7")
        #expect(events[0].fields?["event"] == .number(7031))
        #expect(events[0].fields?["pid"] == .number(480))
        #expect(events[0].fields?["host"] == .text("WIN1"))
        #expect(events[0].fields?["user"] == nil)
        #expect(events[1].fields?["user"] == .text("S-1-5-32-544"))
        #expect(events[1].fields?["IpAddress"] == .text("10.0.0.7"))
    }

    @Test func `records of many chunks are read, and a template is used by those after it`() async throws {
        let (events, facts) = try await read(evtx(2000))
        #expect(events.count == 2000)
        #expect(facts?.error == nil)
        #expect(events.map(\.message).last == "event 7036: param1=Spooler 1999, param2=running")
        #expect(events.map(\.line) == Array(1...2000))
    }

    @Test func `a damaged chunk costs its own events, and the place is said`() async throws {
        var bytes = evtx(2000)
        for i in 0..<8 { bytes[4096 + 65_536 + i] = 0 }
        let (events, facts) = try await read(bytes)
        #expect(events.count > 1000)
        #expect(events.count < 2000)
        #expect(facts?.error == "EVTX chunk is damaged at byte 69632")
    }

    @Test func `an event log that is cut off gives the events before`() async throws {
        let bytes = evtx(2000)
        let (events, facts) = try await read(Array(bytes[..<150_000]))
        #expect(events.count > 500)
        #expect(facts?.error == "EVTX data is cut off at byte 150000")
    }

    @Test func `any byte of an event log may be wrong`() async throws {
        let bytes = evtx(40)
        for place in stride(from: 4096, to: 4096 + 9000, by: 7) {
            var log = EvtxLog()
            var wrong = bytes
            wrong[place] ^= 0x5B
            log.take(wrong.span)
            log.finish()
            #expect(log.lines.last == 0x0A || log.lines.isEmpty)
        }
    }

    // MARK: The journal

    private func field(_ name: String, _ value: String) -> [UInt8] { Array("\(name)=\(value)\n".utf8) }

    private func binary(_ name: String, _ value: [UInt8]) -> [UInt8] {
        Array("\(name)\n".utf8) + (0..<8).map { UInt8(truncatingIfNeeded: value.count >> (8 * $0)) } + value + [0x0A]
    }

    private func entry(_ message: [UInt8]) -> [UInt8] {
        field("__CURSOR", "s=1;i=2") + field("__REALTIME_TIMESTAMP", "1795341600123456") + field("_PID", "812")
            + field("PRIORITY", "3") + field("SYSLOG_IDENTIFIER", "sshd") + field("_SYSTEMD_UNIT", "ssh.service")
            + field("_HOSTNAME", "web1") + message + field("_UID", "0") + [0x0A]
    }

    @Test func `an entry of the journal becomes an event with its fields`() async throws {
        let (events, facts) = try await read(
            entry(field("MESSAGE", "Connection refused"))
                + entry(binary("MESSAGE", Array("two\nlines\n\nand =\0".utf8))))
        #expect(facts?.compression == "journal export")
        #expect(facts?.error == nil)
        #expect(events.map(\.timestamp) == Array(repeating: "2026-11-22T10:00:00.123456Z", count: 2))
        #expect(events.map(\.level) == ["ERROR", "ERROR"])
        #expect(events.map(\.component) == ["sshd", "sshd"])
        #expect(events.map(\.message) == ["Connection refused", "two\nlines\n\nand =\0"])
        let fields = try #require(events[0].fields)
        #expect(fields["pid"] == .number(812))
        #expect(fields["host"] == .text("web1"))
        #expect(fields["unit"] == .text("ssh.service"))
        #expect(fields["_UID"] == .text("0"))
        #expect(fields["__CURSOR"] == nil)
    }

    @Test func `an entry is the same however the bytes are cut`() {
        let bytes = entry(binary("MESSAGE", Array("two\nlines".utf8))) + entry(field("MESSAGE", "x"))
        var whole = JournalExport()
        whole.take(bytes.span)
        whole.finish()
        for cut in 0...bytes.count {
            var parts = JournalExport()
            parts.take(bytes.span.extracting(0..<cut))
            parts.take(bytes.span.extracting(cut..<bytes.count))
            parts.finish()
            #expect(parts.lines == whole.lines)
            #expect(parts.problem == nil)
        }
    }

    @Test func `a value of any length takes bounded memory, and the next entry is whole`() async throws {
        let large = [UInt8](repeating: 0x41, count: 5 << 20)
        let (events, facts) = try await read(
            entry(field("MESSAGE", "core") + binary("COREDUMP", large)) + entry(field("MESSAGE", "next")))
        #expect(events.map(\.message) == ["core", "next"])
        #expect(facts?.error == nil)
    }

    @Test func `a damaged entry is passed over, and a length that can't be ends the log`() async throws {
        let good = entry(field("MESSAGE", "good"))
        let (events, facts) = try await read(good + Array("not a field\nMESSAGE=bad\n\n".utf8) + good)
        #expect(events.map(\.message) == ["good", "good"])
        #expect(facts?.error == "journal export is damaged at byte \(good.count + 12)")
        let (cut, other) = try await read(good + Array("MESSAGE\n".utf8) + [UInt8](repeating: 0xFF, count: 20))
        #expect(cut.first?.message == "good")
        #expect(other?.error?.hasPrefix("journal export is cut off at byte") == true)
    }

    @Test func `a binary journal says how it is read`() async throws {
        let folder = try TestFolder()
        let input = try folder.write(Array("LPKSHHRH".utf8) + [UInt8](repeating: 0, count: 5000), "system.journal")
        let named = await Project.analyze([input])
        #expect(named.sources[input.path]?.error?.contains("journalctl --file=") == true)
        let found = await Project.analyze(InputFinder.find([folder.path]).inputs)
        #expect(found.sources[input.path]?.skipped?.contains("journalctl --file=") == true)
        #expect(found.tally.count == 0)
    }

    // MARK: Octet counting

    private static func frame(_ message: String) -> [UInt8] { Array("\(message.utf8.count) \(message)".utf8) }

    @Test func `counted messages that follow one another on a line are events of their own`() async throws {
        let messages = [
            "<35>1 2026-11-20T04:00:16Z web1 cart 57 - - no answer",
            "<38>1 2026-11-20T04:00:17Z web1 cart 57 - - caf\u{E9}",
            "<35>1 2026-11-20T04:00:18Z web1 cart 57 - - two\nlines",
            "<38>1 2026-11-20T04:00:19Z web1 cart 57 - - 12 <7>",
        ]
        let (events, facts) = try await read(messages.flatMap(Self.frame))
        #expect(facts?.compression == "octet counting")
        #expect(events.map(\.message) == ["no answer", "caf\u{E9}", "two\nlines", "12 <7>"])
        #expect(events.map(\.level) == ["ERROR", "INFO", "ERROR", "INFO"])
        // What follows a count that is wrong is read as it stands.
        let (cut, _) = try await read(
            messages.flatMap(Self.frame) + Array("lost\n<35>1 2026-11-20T04:00:20Z web1 cart 57 - - late\n".utf8))
        #expect(cut.map(\.message) == ["no answer", "caf\u{E9}", "two\nlines", "12 <7>lost", "late"])
    }

    private static let counted = (0..<40).map { "<35>1 2026-11-20T04:00:16Z web1 cart 57 - - no answer \($0)" }
    private static let answers = (0..<40).map { "no answer \($0)" }

    @Test func `a capture may begin within a message`() async throws {
        let bytes = Self.counted.flatMap(Self.frame)
        for cut in [1, 3, 9, 40] {
            let (events, facts) = try await read(Array(bytes.dropFirst(cut)))
            #expect(facts?.compression == "octet counting")
            #expect(facts?.error == nil)
            #expect(events.count == 40)
            #expect(events.dropFirst().map(\.message) == Array(Self.answers.dropFirst()))
        }
    }

    @Test func `some counted messages may have a line end behind them`() async throws {
        for ended in [[0], [0, 2, 4, 6, 8], [37]] as [Set<Int>] {
            let (events, facts) = try await read(
                Self.counted.enumerated().flatMap { Self.frame($1) + (ended.contains($0) ? [0x0A] : []) })
            #expect(facts?.compression == "octet counting")
            #expect(events.map(\.message) == Self.answers)
        }
    }

    @Test(arguments: [-12, -1, 1, 2, 30, 207, 90_007])
    func `a message whose count is wrong ends where the next one begins, and the report says so`(by: Int) async throws {
        let bytes = Self.counted.enumerated().flatMap {
            $0 == 11 || $0 == 23 ? Array("\($1.utf8.count + by) \($1)".utf8) : Self.frame($1)
        }
        let (events, facts) = try await read(bytes)
        let place = Self.counted.prefix(11).flatMap(Self.frame).count
        #expect(events.map(\.message) == Self.answers)
        #expect(facts?.error?.contains("the message at byte \(place) is wrong") == true)
    }

    @Test(arguments: [1, 7, 64, 1000])
    func `wherever the bytes are cut, the messages are the same`(step: Int) throws {
        var bytes = Self.counted.enumerated().flatMap {
            $0 % 7 == 3 ? Array("\($1.utf8.count + $0 - 20) \($1)".utf8) : Self.frame($1)
        }
        bytes += Array("the end\nof it".utf8)
        let expected = Self.lines(bytes, step: bytes.count)
        #expect(expected.count == 41)
        #expect(Self.lines(bytes, step: step) == expected)
    }

    @Test func `where messages come as they are written, the last one is handed on`() {
        let bytes = Self.counted.flatMap(Self.frame)
        var log = OctetCounting(bytes.span)
        log.take(bytes.span)
        log.settle()
        #expect(String(decoding: log.lines, as: UTF8.self) == Self.counted.map { $0 + "\n" }.joined())
    }

    private static func lines(_ bytes: [UInt8], step: Int) -> [String] {
        var log = OctetCounting(bytes.span)
        var at = 0
        while at < bytes.count {
            log.take(bytes.span.extracting(at..<min(at + step, bytes.count)))
            at += step
        }
        log.finish()
        return String(decoding: log.lines, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test func `counted messages on lines of their own are lines`() async throws {
        let messages = (0..<20).map { "<35>1 2026-11-20T04:00:16Z web1 cart 57 - - no answer \($0)\n" }
        let (events, facts) = try await read(messages.flatMap(Self.frame))
        #expect(facts?.compression == nil)
        #expect(events.count == 20)
        // The count is one too small: there is a line end all the same.
        let (others, _) = try await read(messages.flatMap { Self.frame(String($0.dropLast())) + [0x0A] })
        #expect(others.map(\.message) == (0..<20).map { "no answer \($0)" })
    }
}
