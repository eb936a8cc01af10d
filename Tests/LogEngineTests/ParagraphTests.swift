import LogCore
import LogEngine
import Testing

/// Events of several lines of which not the first one says when, how grave and where.
@Suite struct ParagraphTests {
    private func events(_ text: String, jobs: Int = 1, batch: Int = Limits.batchBytes) async throws -> [ParsedEvent] {
        let folder = try TestFolder()
        // A time without a year takes the file's.
        let input = try folder.write(text, "app.log", modified: 1_795_154_400)
        return try await Project.events([input], jobs: jobs, batch: batch)
    }

    private func told(_ event: ParsedEvent) -> String {
        [event.timestamp ?? "-", event.level ?? "-", event.component ?? "-", event.message, event.format]
            .joined(separator: "|")
    }

    private static let alerts = """
        [**] [1:1000006:0] first alert [**]
        [Classification: Attempted Denial of Service] [Priority: 1]\u{20}
        11/20-04:00:16.860730 192.0.2.7:57263 -> 192.0.2.9:22
        TCP TTL:127 TOS:0x0 ID:53730 IpLen:20 DgmLen:108 DF

        [**] [1:1000007:0] second alert [**]
        [Priority: 2]\u{20}
        11/20-04:00:17.860730 192.0.2.7 -> 192.0.2.9
        ICMP TTL:127 TOS:0x0


        """

    @Test func `Snort's alerts`() async throws {
        let events = try await events(Self.alerts)
        #expect(
            events.map(told) == [
                "2026-11-20T04:00:16.860730Z|ERROR|-|first alert|snort",
                "2026-11-20T04:00:17.860730Z|WARNING|-|second alert|snort",
            ])
        #expect(events.map(\.line) == [1, 6])
    }

    @Test func `the same wherever the bytes are cut`() async throws {
        let text = String(repeating: Self.alerts, count: 200)
        let whole = try await events(text)
        #expect(whole.count == 400)
        let pieces = try await events(text, jobs: 2, batch: 4_096)
        #expect(pieces.map(told) == whole.map(told))
        #expect(pieces.map(\.offset) == whole.map(\.offset))
    }

    @Test func `records of java.util.logging in XML`() async throws {
        let events = try await events(
            """
            <?xml version="1.0" encoding="UTF-8" standalone="no"?>
            <!DOCTYPE log SYSTEM "logger.dtd">
            <log>
            <record>
              <date>2026-11-20T04:00:16.120451Z</date>
              <millis>1795147216120</millis>
              <logger>com.example.Till</logger>
              <level>SEVERE</level>
              <message>no answer</message>
            </record>
            <record>
              <date>2026-11-20T05:00:17</date>
              <millis>1795147217331</millis>
              <level>INFO</level>
              <message>again</message>
            </record>
            </log>

            """)
        #expect(
            events.dropFirst().map(told) == [
                "2026-11-20T04:00:16.120451Z|ERROR|com.example.Till|no answer|jul-xml",
                "2026-11-20T04:00:17.331Z|INFO|-|again|jul-xml",
            ])
    }

    @Test func `Windows' events as text`() async throws {
        let events = try await events(
            """
            Event[0]:
              Log Name: System
              Source: Disk
              Date: 2026-11-20T04:00:18.1230000Z
              Event ID: 7
              Level: Error
              Computer: shop1.example.com
              Description:\u{20}
            The device has a bad block.

            Event[1]:
              Log Name: System
              Source: Disk
              Date: 2026-11-20T04:00:19.1230000Z
              Level: Information
              Description:\u{20}
            The device is ready.


            """)
        #expect(
            events.map(told) == [
                "2026-11-20T04:00:18.123Z|ERROR|Disk|The device has a bad block.|windows-events-list",
                "2026-11-20T04:00:19.123Z|INFO|Disk|The device is ready.|windows-events-list",
            ])
    }

    @Test func `what the head says of time and level stays`() async throws {
        let events = try await events(
            """
            11/20/2026 04:00:16 - Process(4711.12) User(mqm) Program(amqrmppa)
                                Host(mq1) Installation(Installation1)
            AMQ9208E: Error on receive from host shop1.

            EXPLANATION:
            No answer.
            ----- amqccita.c : 4204 -------------------------------------------------------

            """)
        #expect(events.count == 1)
        #expect(events.first?.level == "ERROR")
        #expect(events.first?.component == "amqrmppa")
        #expect(events.first?.message.hasPrefix("AMQ9208E: Error on receive from host shop1.\n\nEXPLANATION:") == true)
    }

    @Test func `objects printed over several lines are their dialect's`() async throws {
        let events = try await events(
            """
            {
              "level": 50,
              "time": 1795147216120,
              "pid": 4711,
              "hostname": "shop1",
              "msg": "no answer",
              "err": {
                "type": "Error",
                "message": "timeout"
              }
            }
            {
              "level": 30,
              "time": 1795147217120,
              "pid": 4711,
              "hostname": "shop1",
              "msg": "ready"
            }

            """)
        #expect(
            events.map(told) == [
                "2026-11-20T04:00:16.120Z|ERROR|-|no answer|pino", "2026-11-20T04:00:17.120Z|INFO|-|ready|pino",
            ])
        #expect(events.map(\.line) == [1, 12])
    }

    @Test func `objects of nobody's dialect are JSON`() async throws {
        let events = try await events("{\n  \"level\": \"error\",\n  \"cart\": 7,\n  \"msg\": \"no answer\"\n}\n")
        #expect(events.map(told) == ["-|ERROR|-|no answer|json"])
    }

    @Test func `a line of another kind in a container's log`() async throws {
        var lines = (1...6).map {
            "2026-11-20T04:00:0\($0).120Z stdout F I1120 04:00:0\($0).120304       1 cart.go:250] ready"
        }
        lines.insert(
            #"2026-11-20T04:00:07.120Z stdout F {"ts":"2026-11-20T04:00:07Z","level":"error","msg":"no answer"}"#, at: 3
        )
        lines.insert(#"2026-11-20T04:00:08.120Z stdout F {"cart":7}"#, at: 5)
        let events = try await events(lines.joined(separator: "\n") + "\n")
        #expect(events.count == 8)
        #expect(told(events[3]) == "2026-11-20T04:00:07.000Z|ERROR|-|no answer|cri+json")
        // Data is no event of its own.
        #expect(events[5].message == #"{"cart":7}"#)
    }

    private static let queries = """
        # Time: 2026-11-20T04:00:16.120444Z
        # User@Host: shop[shop] @ web1.example.com [192.0.2.7]  Id:    42
        # Query_time: 2.5  Lock_time: 0.1 Rows_sent: 4  Rows_examined: 7
        SELECT 1;
        # User@Host: root[root] @ localhost []  Id:    43
        # Query_time: 3.5  Lock_time: 0.1 Rows_sent: 4  Rows_examined: 7
        use shop;
        SELECT 2
          FROM orders;

        """

    @Test func `a slow query is one event, with its time or without`() async throws {
        let text = String(repeating: Self.queries, count: 100)
        let events = try await events(text)
        #expect(events.count == 200)
        #expect(
            events.prefix(2).map(told) == [
                "2026-11-20T04:00:16.120444Z|WARNING|mysqld|Query_time: 2.5  Lock_time: 0.1 Rows_sent: 4  Rows_examined: 7\nSELECT 1;|mysql_slow",
                "2026-11-20T04:00:16.120444Z|WARNING|mysqld|Query_time: 3.5  Lock_time: 0.1 Rows_sent: 4  Rows_examined: 7\nuse shop;\nSELECT 2\n  FROM orders;|mysql_slow",
            ])
        let pieces = try await self.events(text, jobs: 2, batch: 4_096)
        #expect(pieces.map(told) == events.map(told))
    }
}
