import Foundation
import Testing

/// The stories of `analyze`, of logs that were made for it.
@Suite struct IncidentTests {
    /// Two hours of orders; then the disk of the database is full, two seconds later its inserts fail, and what stands on them.
    private static let cascade: String = {
        var lines: [(Double, String)] = (0..<1_200).map {
            (Double($0) * 6, "INFO api: order \($0) served in \($0 % 90) ms")
        }
        lines.append((3_900, "INFO deploy: release 2026.11 rolled out to db"))
        lines.append((4_000, "ERROR db: could not extend file base/16384: No space left on device"))
        for number in 0..<60 {
            let time = 4_002 + Double(number) * 3
            lines.append((time, "ERROR db: insert failed for order \(number) trace=9f00\(1_000 + number)"))
            lines.append((time + 0.2, "ERROR api: order endpoint failed trace=9f00\(1_000 + number) status=500"))
        }
        return lines.sorted { $0.0 < $1.0 }.map { seconds, text in
            let whole = Int(seconds)
            let parts = [whole / 3_600 + 2, whole / 60 % 60, whole % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
            return "2026-11-20T\(parts.joined(separator: ":")).\(Int(seconds * 10) % 10)00Z \(text)\n"
        }.joined()
    }()

    private func incidents(_ log: String) async throws -> [[String: Any]] {
        let result = try await Command.ailogger(["analyze", "--format", "json", "-"], input: Data(log.utf8))
        #expect(result.status == 0, "\(result.errors)")
        let report = try #require(try JSONSerialization.jsonObject(with: result.out) as? [String: Any])
        return try #require(report["incidents"] as? [[String: Any]])
    }

    private func line(_ second: Int, _ text: String) -> (Int, String) {
        (second, String(format: "2026-11-20T%02d:%02d:%02dZ ", second / 3_600, second / 60 % 60, second % 60) + text)
    }

    /// Blocks are late for an hour; twenty minutes after the first, carts are lost until `end`.
    private func stopping(_ end: Int) async throws -> [[String: Any]] {
        var lines = (0..<1_440).map { line($0 * 30, "INFO store.disk: wrote block \($0)") }
        lines += (0..<599).map { line(14_400 + $0 * 6 + $0 * $0 * 5 % 7, "ERROR store.disk: block \($0) is late") }
        lines += (0..<(end - 15_600) / 20).map {
            line(15_600 + $0 * 20 + $0 * $0 * 7 % 19, "ERROR cart.web: cart \($0 * 7) is lost")
        }
        return try await incidents(lines.sorted { $0 < $1 }.map { $0.1 + "\n" }.joined())
    }

    @Test func `two that went on for long and stopped together are one incident`() async throws {
        let one = try await stopping(18_000)
        #expect(one.count == 1 && String(describing: one).contains("it stopped when (1) did"), "\(one)")
        #expect(try await stopping(17_000).count == 2)
    }

    @Test func `what fails from early on is an incident, what fails from the start is none`() async throws {
        func failing(from start: Int) -> String {
            var lines = (0..<4_320).map { line($0 * 10, "INFO shop.web: page \($0) sent") }
            lines += (0..<(43_000 - start) / 20).map {
                line(start + $0 * 20 + $0 * $0 * 7 % 19, "ERROR shop.pay: total of cart \($0 * 3) is negative")
            }
            return lines.sorted { $0 < $1 }.map { $0.1 + "\n" }.joined()
        }
        #expect(try await incidents(failing(from: 2_400)).first?["start"] as? String == "2026-11-20T00:40:00.000Z")
        #expect(try await incidents(failing(from: 20)).isEmpty)
    }

    @Test func `a flag that was switched right before is told`() async throws {
        var lines = (0..<4_320).map { line($0 * 10, "INFO shop.web: page \($0) sent") }
        for (number, second) in [3_000, 9_000, 15_000, 20_000].enumerated() {
            lines.append(line(second, "INFO shop.flags: flag checkout.\(number) changed by user\(number)"))
        }
        lines += (0..<500).map {
            line(20_040 + $0 * 15 + $0 * $0 * 5 % 13, "ERROR shop.pay: total of cart \($0) is negative")
        }
        let told = try await incidents(lines.sorted { $0 < $1 }.map { $0.1 + "\n" }.joined())
        #expect(String(describing: told).contains("40 s before it began: “flag "), "\(told)")
    }

    @Test func `a failure right before others of its component is their root`() async throws {
        let told = try await incidents(Self.cascade)
        #expect(told.count == 1)
        #expect(told.first?["title"] as? String == "A file system is full", "\(told)")
        let text = String(describing: told)
        #expect(text.contains("rolled out"), "\(text)")
        #expect(text.contains("insert failed") && text.contains("order endpoint failed"), "\(text)")
    }

    @Test func `of a piece cut from a trouble all belongs together, and the first failure is the root`() async throws {
        let lines = [
            "05 db7 kernel: qla2xxx [0000:3b:00.0]-500b:1: LOOP DOWN detected (2 7 0 0).",
            "07 db7 kernel: blk_update_request: I/O error, dev sdb, sector 76487744 op 0x1:(WRITE) flags 0x1000",
            "08 db7 kernel: device-mapper: multipath: 253:3: Failing path 8:16.",
            "09 db7 multipathd[802]: mpathb: remaining active paths: 0",
            "12 db7 kernel: XFS (dm-3): Filesystem has been shut down due to log error (0x2).",
            "12 db7 kernel: XFS (dm-3): Please unmount the filesystem and rectify the problem(s).",
            "14 db7 systemd[1]: postgresql.service: Main process exited, code=killed, status=6/ABRT",
        ]
        let all = try await incidents(lines.map { "Nov 20 09:31:\($0)\n" }.joined())
        #expect(all.count == 1)
        let start = try #require(all.first?["start"] as? String)
        #expect(start.hasSuffix("-11-20T09:31:05.000Z"))
        let suspects = try #require(all.first?["suspects"] as? [[String: Any]])
        #expect((suspects.first?["title"] as? String)?.contains("Fibre Channel link") == true, "\(suspects)")
    }

    @Test func `a single failure of no rule a pause before the others is not their root`() async throws {
        var lines = (0..<120).map { line($0 * 6, "INFO shop.test: ok \($0 + 1)") }
        lines.append(line(703, "ERROR shop.cart: cents are rounded wrongly"))
        lines.append(line(725, "ERROR registry: error writing blob: write /srv/registry: no space left on device"))
        lines += (0..<5).map { line(728 + $0 * 3, "ERROR registry: response completed with error status 500") }
        lines += (0..<10).map { line(745 + $0 % 2, "ERROR build\($0): received unexpected answer 500") }
        let all = try await incidents(lines.sorted { $0.0 < $1.0 }.map { $0.1 + "\n" }.joined())
        let suspects = try #require(all.first?["suspects"] as? [[String: Any]])
        #expect(suspects.first?["title"] as? String == "A file system is full", "\(suspects)")
    }

    @Test func `what stands behind a failure brought nothing about`() async throws {
        let log = Self.cascade.replacingOccurrences(
            of: "No space left on device\n",
            with: "No space left on device\n2026-11-20T03:06:40.000Z INFO db: restarting in read-only mode\n")
        let told = try await incidents(log)
        #expect(!String(describing: told).contains("read-only mode"), "\(told)")
    }

    @Test func `the line of the match is the sample, however long the event`() async throws {
        var log = "2026-11-20T04:00:00Z ERROR main: java.lang.IllegalStateException: failed\n"
        for number in 0..<60 { log += "\tat org.example.shop.Part\(number).call(Part\(number).java:\(number + 10))\n" }
        log += "Caused by: java.lang.OutOfMemoryError: Java heap space\n"
        log += "2026-11-20T04:00:01Z INFO main: going on\n"
        let result = try await Command.ailogger(["analyze", "--format", "csv", "-"], input: Data(log.utf8))
        let line = try #require(result.lines.first { $0.contains("heap") }, "\(result.text)")
        #expect(line.contains("OutOfMemoryError: Java heap space") && line.contains("62"), "\(line)")
    }

    /// For three hours a mail is sent each 12 s; from 09:05:24 to 10:20 all are put off. Another server says why at once, and
    /// when it is over.
    @Test func `an incident in several logs is seen though the one that names it first has nothing else`() async throws
    {
        let folder = try Folder()
        let mails = (0..<900).map { number in
            let second = 12 * number
            let time = String(
                format: "2026-11-20T%02d:%02d:%02dZ", 8 + second / 3_600, second / 60 % 60, second % 60)
            let isBad = (327..<700).contains(number)
            return time
                + (isBad
                    ? " WARN relay: 452 4.3.1 Insufficient system resources\n" : " INFO relay: sent mail \(number)\n")
        }
        try folder.write(mails.joined(), "logs/mail.log")
        try folder.write(
            "2026-11-20T09:05:12Z WARN The resource pressure increased from Medium to High\n"
                + "2026-11-20T09:05:13Z ERROR Transport is rejecting message submissions because the disk is full\n"
                + "2026-11-20T10:20:00Z INFO The resource pressure decreased from High to Normal\n", "logs/server.log")
        let result = try await Command.ailogger(["analyze", "--format", "json", "logs"], in: folder.path)
        let report = try #require(try JSONSerialization.jsonObject(with: result.out) as? [String: Any])
        let told = try #require(report["incidents"] as? [[String: Any]])
        #expect(told.count == 1, "\(told)")
        #expect(told.first?["start"] as? String == "2026-11-20T09:05:12.000Z", "\(told)")
        // The rule calls them failures, most of their lines say warning.
        #expect(told.first?["failures"] as? Int == 375, "\(told)")
    }

    /// Six hours of queries that three servers log; from 06:10 to 07:05 they take four times as long, and some requests time out.
    private static func queries(_ server: Int) -> String {
        var state = UInt64(server + 1)
        func random() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 33) / Double(1 << 31)
        }
        return (0..<2_000).map { number in
            let second = Double(number) * 10.8 + Double(server) * 3.1
            let isSlow = second > 7_800 && second < 11_100
            let time = String(
                format: "2026-11-20 %02d:%02d:%02d.%03d", Int(second) / 3_600 + 4, Int(second) / 60 % 60,
                Int(second) % 60, Int(second * 1_000) % 1_000)
            // The sum of three is as near to a bell as it takes; its exponential has the heavy tail that durations have.
            let duration = 12 * exp(random() + random() + random()) / 4 * (isSlow ? 4 : 1)
            var line = "\(time) INFO db: query orders took \(String(format: "%.1f", duration)) ms\n"
            if isSlow, number % 7 == 0 { line += "\(time) ERROR api: request \(number) timed out after 30 s\n" }
            return line
        }.joined()
    }

    @Test func `what took longer stands before what timed out, for any number of workers`() async throws {
        let folder = try Folder()
        for server in 0..<3 { try folder.write(Self.queries(server), "logs/server-\(server).log") }
        var reports: [Data] = []
        for workers in ["1", "3", "8"] {
            let result = try await Command.ailogger(
                ["analyze", "--format", "json", "-j", workers, "logs"], in: folder.path)
            #expect(result.status == 0, "\(result.errors)")
            reports.append(result.out)
        }
        let report = try #require(try JSONSerialization.jsonObject(with: reports[0]) as? [String: Any])
        let changes = try #require(report["changes"] as? [[String: Any]])
        let slower = try #require(changes.first { $0["kind"] as? String == "slower" }, "\(changes)")
        #expect(String(describing: slower).contains("times as long from 06:1"), "\(slower)")
        let incidents = String(describing: report["incidents"] ?? "")
        #expect(incidents.contains("before it began: “query orders took <*>”"), "\(incidents)")
        for other in reports.dropFirst() {
            let other = try #require(try JSONSerialization.jsonObject(with: other) as? [String: Any])
            #expect(other["changes"] as? NSArray == changes as NSArray)
        }
    }
}
