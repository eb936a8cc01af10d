import LogEngine
import Testing

/// A line of another kind among a file's own is read as what it is.
@Suite struct StrayLineTests {
    private static let strays: [(line: String, format: String, told: String)] = [
        (#"{"time":"2026-11-20T09:14:04Z","level":"error","msg":"no answer"}"#, "json", "ERROR no answer"),
        (#"time="2026-11-20T09:14:04Z" level=error msg="no answer""#, "logfmt", "ERROR no answer"),
        (
            #"192.0.2.7 - - [20/Nov/2026:09:14:04 +0000] "GET /cart HTTP/1.1" 502 12 "-" "curl/8""#, "access",
            "ERROR GET /cart HTTP/1.1"
        ),
        ("<11>Nov 20 09:14:04 web1 shop[4711]: no answer", "syslog-3164", "ERROR no answer"),
        ("<11>1 2026-11-20T09:14:04Z web1 shop 4711 - - no answer", "syslog-5424", "ERROR no answer"),
        ("Nov 20 09:14:04 web1 shop[4711]: error: no answer", "syslog-3164", "ERROR error: no answer"),
    ]
    private static let files: [[String]] = [
        (1...6).map { "2026-11-20 09:14:0\($0).123 INFO  [main] com.example.Shop - ready" },
        (1...6).map { "I1120 09:14:0\($0).331204       1 cart.go:250] ready" },
        (1...6).map { "2026-11-20 09:14:0\($0) shop is ready for number \($0)" },
        (1...6).map { "ready for number \($0)" },
    ]

    @Test(arguments: strays.indices, files.indices)
    func `one line among others`(stray: Int, file: Int) async throws {
        let (line, format, told) = Self.strays[stray]
        // The only head in a file is that of all its lines.
        if format.hasPrefix("syslog"), file == 3 { return }
        var lines = Self.files[file]
        lines.insert(line, at: 4)
        let folder = try TestFolder()
        let input = try folder.write(lines.joined(separator: "\n") + "\n", "app-20261120.log")
        let events = try await Project.events([input])
        #expect(events.count == 7)
        // A file of few lines, which no format knows, may be found to have a dialect of it.
        let own = events[4]
        #expect(own.format.contains(format) || own.format == "zap")
        #expect("\(own.level ?? "") \(own.message)" == told)
        #expect(own.timestamp == "2026-11-20T09:14:04.000Z")
        #expect(events.count { $0.level == "ERROR" } == 1)
    }

    @Test func `lines of other kinds among the messages of one writer`() async throws {
        let head = "Nov 20 09:14:0"
        func klog(_ second: Int) -> String { "I1120 09:14:0\(second).331204    4711 cart.go:250] ready" }
        var messages = (1...6).map(klog)
        messages.insert(#"time="2026-11-20T09:14:04Z" level=error msg="no answer" tries=3"#, at: 4)
        messages.insert(#"{"level":"error","ts":"2026-11-20T09:14:04Z","logger":"etcd","msg":"no answer"}"#, at: 3)
        let lines = messages.map { head + "4 node1 k3s[4711]: " + $0 }
        let folder = try TestFolder()
        let input = try folder.write(lines.joined(separator: "\n") + "\n", "syslog-20261120.log")
        let events = try await Project.events([input])
        #expect(events.count == 8)
        #expect(events.filter { $0.level == "ERROR" }.map(\.message) == ["no answer", "no answer"])
    }

    @Test(
        arguments: [
            ("<11>shop[4711]: no answer", "shop", "no answer"),
            ("<27> [Login Failed]: no answer for cartertest", nil, "[Login Failed]: no answer for cartertest"),
            (#"<11>{"logger":"shop","message":"no answer","tries":3}"#, "shop", "no answer"),
            ("<14>ERROR no answer", nil, "no answer"),
        ] as [(String, String?, String)])
    func `a syslog priority without a time is read, and the line begins an event`(
        line: String, component: String?, message: String
    ) async throws {
        let folder = try TestFolder()
        for file in Self.files.indices {
            // Where no format is known, nothing else is looked for.
            if file == 3, line.contains("{") { continue }
            var lines = Self.files[file]
            lines.insert(line, at: 4)
            let input = try folder.write(lines.joined(separator: "\n") + "\n", "app\(file).log")
            let events = try await Project.events([input])
            #expect(events.count == 7)
            #expect(events[4].level == "ERROR" && events[4].message == message && events[4].component == component)
            #expect(events[4].timestamp == events[3].timestamp)
        }
    }

    @Test func `data below the line that announces it stays with that`() async throws {
        let folder = try TestFolder()
        var lines = Self.files[0]
        lines.insert(#"{"cart":12,"items":["tea"]}"#, at: 4)
        let input = try folder.write(lines.joined(separator: "\n") + "\n", "app.log")
        #expect(try await Project.events([input]).count == 6)
    }

    @Test func `a special dialect of JSON is read behind a general one, line by line`() async throws {
        let folder = try TestFolder()
        let general =
            #"{"category":"Administrative","operationName":"restart","resourceId":"/S1","time":"2026-11-20T04:00:15Z"}"#
        let special =
            #"{"category":"AZFWNetworkRule","time":"2026-11-20T04:00:16Z","resourceId":"/S1","properties":{"Protocol":"TCP","SourceIp":"192.0.2.7","SourcePort":49680,"DestinationIp":"203.0.113.9","DestinationPort":5432,"Action":"Deny"}}"#
        let input = try folder.write([general, special, general].joined(separator: "\n") + "\n", "azure.log")
        let events = try await Project.events([input])
        #expect(events.map(\.format) == ["azure", "azure-firewall", "azure"])
        #expect(events[1].level == "WARNING")
    }

    @Test(arguments: [
        (#"{"time":"2026-11-20T09:14:04Z","level":"error","msg":"no answer"}"#, "-"),
        (#"time="2026-11-20T09:14:04Z" level=error msg="no answer" source=cart.go:57"#, "cart.go:57"),
    ])
    func `the only line of a program in syslog is told by its looks`(message: String, source: String) async throws {
        let folder = try TestFolder()
        let line = "Nov 20 09:14:05 web1 cart[57]: \(message)"
        let other = "Nov 20 09:14:06 web1 sshd[58]: Server listening on 192.0.2.7 port 22."
        for lines in [[line], [line, line], [other, line], [line, other, other]] {
            let input = try folder.write(lines.joined(separator: "\n") + "\n", "syslog-20261120.log")
            let events = try await Project.events([input])
            #expect(events.count == lines.count)
            let own = try #require(events.first { $0.message == "no answer" })
            #expect(own.level == "ERROR")
            #expect(own.timestamp == "2026-11-20T09:14:04.000Z")
            // A file and its line name no component.
            #expect(own.component == "cart")
        }
    }

    @Test func `objects that are all indented are lines`() async throws {
        let folder = try TestFolder()
        let lines = (0..<2_000).map {
            "  {\"time\":\"2026-11-20T09:14:0\($0 % 10)Z\",\"level\":\"error\",\"msg\":\"no answer\"}"
        }
        let input = try folder.write(lines.joined(separator: "\n") + "\n", "a.log")
        for batch in [4_096, 1 << 20] {
            let events = try await Project.events([input], jobs: 2, batch: batch)
            #expect(events.count == 2_000)
            #expect(events.allSatisfy { $0.level == "ERROR" && $0.message == "no answer" })
        }
    }
}
