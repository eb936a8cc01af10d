import LogEngine
import Testing

/// Tables whose heads are in any language, or name columns by words that nobody knows: what the columns hold tells.
@Suite struct TableTests {
    private func read(_ text: String) async throws -> [String] {
        let folder = try TestFolder()
        let input = try folder.write(text, "table.csv")
        return try await Project.events([input]).map {
            "\($0.timestamp ?? "none") \($0.level ?? "none") \($0.component ?? "-") \($0.message)"
        }
    }

    @Test(arguments: ["\t", ";"])
    func `a first row with a time and a level is no head`(separator: String) async throws {
        let rows = [
            ["Nov 20 2026 04:00:16", "ERROR", "cart", "no answer"],
            ["Nov 20 2026 04:00:17", "INFO", "cart", "7 asked"],
            ["Nov 20 2026 04:00:18", "INFO", "cart", "8 asked"],
        ]
        let read = try await read(rows.map { $0.joined(separator: separator) + "\n" }.joined())
        #expect(read.count == 3)
        #expect(read.first == "2026-11-20T04:00:16.000Z ERROR cart no answer")
    }

    private static let heads: [(names: [String], date: String, clock: String)] = [
        (["Datum", "Uhrzeit", "Ebene", "Meldung"], "20.11.2026", "09:14:02"),
        (["Fecha", "Hora", "Nivel", "Mensaje"], "20/11/2026", "09:14:02"),
        (["Date", "Heure", "Niveau", "Texte"], "20/11/2026", "09:14:02"),
        (["Data", "Hora", "Nível", "Mensagem"], "2026-11-20", "09:14:02"),
        (["Date", "Time", "Severity", "Message"], "11/20/2026", "9:14:02 AM"),
        (["日付", "時刻", "レベル", "メッセージ"], "2026/11/20", "09:14:02"),
        (["a", "b", "c", "d"], "20-Nov-2026", "09:14:02"),
    ]

    @Test(arguments: heads.indices, [",", ";", "\t", "|"])
    func `date and time of day stand in two columns`(head: Int, separator: String) async throws {
        let (names, date, clock) = Self.heads[head]
        let rows = [
            names, [date, clock, "Error", "no answer yet"], [date, clock, "Warning", "late answer"],
            [date, clock, "Info", "answer came"],
        ]
        let found = try await read(rows.map { $0.joined(separator: separator) }.joined(separator: "\n") + "\n")
        #expect(
            found == [
                "2026-11-20T09:14:02.000Z ERROR - no answer yet", "2026-11-20T09:14:02.000Z WARNING - late answer",
                "2026-11-20T09:14:02.000Z INFO - answer came",
            ])
    }

    @Test(arguments: [
        "Zeit;Quelle;Typ;Nummer;Text\n20.11.2026 09:14:02;till;Störung;4711;no answer\n20.11.2026 09:14:05;till;Warnung;4712;late answer\n",
        "# exported\n\nwann,Quelle,Art,Was\n2026-11-20T09:14:02Z,till,error,no answer\n2026-11-20T09:14:05Z,till,warn,late answer\n",
        "Export of the shop\nTime,Source,Type,Description\n2026-11-20T09:14:02Z,till,error,no answer\n2026-11-20T09:14:05Z,till,warn,late answer\n",
        "\"@timestamp\",\"host\",\"log.level\",\"message\",\"service.name\"\n\"Nov 20, 2026 @ 09:14:02.000\",\"a\",\"error\",\"no answer\",\"till\"\n\"Nov 20, 2026 @ 09:14:05.000\",\"a\",\"warn\",\"late answer\",\"till\"\n",
        "Date,Host,Service,Status,Content\n\"2026-11-20T09:14:02.000Z\",\"a\",\"till\",\"error\",\"no answer\"\n\"2026-11-20T09:14:05.000Z\",\"a\",\"till\",\"warn\",\"late answer\"\n",
        "TimeGenerated [UTC],SeverityLevel,Message,AppRoleName\n\"11/20/2026, 9:14:02.000 AM\",3,no answer,till\n\"11/20/2026, 9:14:05.000 AM\",2,late answer,till\n",
        "_time,host,_raw\n2026-11-20T09:14:02.000+0000,a,\"level=error app=till msg=\"\"no answer\"\"\"\n2026-11-20T09:14:05.000+0000,a,\"level=warn app=till msg=\"\"late answer\"\"\"\n2026-11-20T09:14:05.000+0000,a,\"level=warn app=till msg=\"\"late answer\"\"\"\n",
    ])
    func `what tools export`(text: String) async throws {
        let found = try await read(text)
        #expect(
            found.prefix(2) == [
                "2026-11-20T09:14:02.000Z ERROR till no answer", "2026-11-20T09:14:05.000Z WARNING till late answer",
            ])
    }

    @Test func `performance counters`() async throws {
        let found = try await read(
            #"""
            "(PDH-CSV 4.0) (UTC)(0)","\\SHOP1\Processor(_Total)\% Processor Time","\\SHOP1\Memory\Available MBytes"
            "11/20/2026 09:14:02.123","3.5","1024"
            "11/20/2026 09:14:17.123","4.5","1020"

            """#)
        #expect(found.map { String($0.prefix(24)) } == ["2026-11-20T09:14:02.123Z", "2026-11-20T09:14:17.123Z"])
    }

    @Test func `lines with commas are no table`() async throws {
        let lines = "started, ready, and waiting\nstopped, closed, and gone\nstarted, ready, and back\n"
        #expect(try await read(lines).count == 3)
    }

    @Test(arguments: [
        ("TimeGenerated [UTC]", "11/20/2026, 4:00:16.120 AM", "2026-11-20T04:00:16.120Z"),
        ("Time (UTC+2)", "2026-11-20 06:00:16.120", "2026-11-20T04:00:16.120Z"),
        ("Date (Europe/Berlin)", "2026-11-20 05:00:16.120", "2026-11-20T04:00:16.120Z"),
        ("Timestamp [UTC+2]", "2026-11-20T04:00:16.120Z", "2026-11-20T04:00:16.120Z"),
        ("@timestamp (local)", "2026-11-20 04:00:16.120", "2026-11-20T04:00:16.120Z"),
    ])
    func `what stands in brackets behind a name is its zone, its unit or a remark`(
        name: String, cell: String, expected: String
    ) async throws {
        let head = [name, "Level (text)", "Text [short]", "Message [full]", "Service (name)", "Duration (ms)"]
        let rows = ["Error", "Warning", "Info"].map {
            ["\"\(cell)\"", $0, "a", "no answer", "till", "12"].joined(separator: ",")
        }
        let found = try await read(([head.joined(separator: ",")] + rows).joined(separator: "\n") + "\n")
        #expect(
            found == [
                "\(expected) ERROR till no answer", "\(expected) WARNING till no answer",
                "\(expected) INFO till no answer",
            ])
    }

    @Test func `a header of words with a blank between them names the columns of a flow log`() async throws {
        let folder = try TestFolder()
        let lines = [
            "version vpc-id srcaddr dstaddr srcport dstport bytes start end action log-status",
            "3 vpc-0abc 203.0.113.66 192.0.2.5 41022 5432 40 1795147216 1795147276 REJECT OK",
            "3 vpc-0abc 198.51.100.7 192.0.2.80 51512 443 2048 1795147217 1795147277 ACCEPT OK",
        ]
        let input = try folder.write(lines.joined(separator: "\n") + "\n", "flow.log")
        let events = try await Project.events([input])
        #expect(events.suffix(2).map(\.timestamp) == ["2026-11-20T04:00:16.000Z", "2026-11-20T04:00:17.000Z"])
        #expect(events.suffix(2).map(\.level) == ["WARNING", "INFO"])
        #expect(
            events.suffix(2).map(\.message) == [
                "REJECT 203.0.113.66:41022 -> 192.0.2.5:5432", "ACCEPT 198.51.100.7:51512 -> 192.0.2.80:443",
            ])
    }
}
