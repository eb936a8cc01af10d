import LogCore
import Testing

@Suite struct HeadedTableParserTests {
    /// The lines one after the other, as they are read.
    private func read(_ lines: [String], others: ContiguousArray<any LineParser> = []) -> [LineReading] {
        let parser = HeadedTableParser(others: others)
        var event = EventBuilder()
        return lines.map { LineReading(Array($0.utf8), parser, base: 7, builder: &event) }
    }

    private func nanoseconds(_ hour: Int, _ minute: Int, _ second: Int) -> Int64 {
        ReferenceTime(year: 2026, month: 11, day: 20, hour: hour, minute: minute, second: second, nanosecond: 0)
            .nanoseconds(digits: 0)
    }

    @Test func `a header names the columns, in any order`() {
        let rows = read([
            "#Fields: sc-status time-taken cs-uri-query cs-uri-stem cs-method time date c-ip cs(User-Agent)",
            "502 1204 id=7 /api/cart GET 04:00:18 2026-11-20 198.51.100.7 Mozilla/5.0+(X11)",
        ])
        #expect(rows.map(\.isAccepted) == [true, true])
        #expect(rows[0].record.severity == .debug)
        #expect(rows[1].isInBounds)
        #expect(rows[1].time == nanoseconds(4, 0, 18))
        #expect(rows[1].record.flags.contains(.zoned))
        #expect(rows[1].record.severity == .error)
        #expect(rows[1].message == "GET /api/cart?id=7")
        #expect(
            rows[1].fieldList
                == "status=502 duration=1.204 method=GET client=198.51.100.7 agent=Mozilla/5.0 (X11) path=/api/cart?id=7"
        )
    }

    @Test(arguments: [
        ("1204", "1.204", FieldKind.number), ("0.052", "0.052", .number), ("the", "the", .string),
        ("1.2.3", "1.2.3", .string),
        ("0.", "0.", .string), ("12345678901234567890", "12345678901234567890", .number),
    ])
    func `what a request took is a number only if it is one`(written: String, value: String, kind: FieldKind) {
        let rows = read(["#Fields: date time time-taken", "2026-11-20 04:00:18 \(written)"])
        #expect(rows[1].fields == [LineReading.Member(name: "duration", kind: kind, text: value)])
    }

    @Test func `another header changes the columns from there on`() {
        let rows = read([
            "#Fields: date time c-ip sc-status",
            "2026-11-20 04:00:18 198.51.100.7 200",
            "#Fields: date time sc-status c-ip x-cache",
            "2026-11-20 04:00:19 404 198.51.100.8 MISS",
            "2026-11-20 04:00:20 198.51.100.7 200",
        ])
        #expect(rows.map(\.isAccepted) == [true, true, true, true, false])
        #expect(rows[1].fieldList == "client=198.51.100.7 status=200")
        #expect(rows[3].fieldList == "status=404 client=198.51.100.8 x-cache=MISS")
        #expect(rows[3].record.severity == .warning)
        #expect(rows[3].message == "404 198.51.100.8 MISS")
    }

    @Test func `rows below a header that another format reads are left to it`() {
        final class Other: LineParser {
            let name = "other"
            let joinsFollowingLines = false
            func parse(_ line: Span<UInt8>, at base: Int, into event: inout EventBuilder) -> Bool {
                line.matches("#Fields: date time c-ip", at: 0)
            }
        }
        let lines = ["#Fields: a b", "1 2", "#Fields: date time c-ip", "2026-11-20 04:00:18 198.51.100.7", "1 2"]
        #expect(read(lines, others: [Other()]).map(\.isAccepted) == [true, true, false, false, false])
    }

    @Test(arguments: [
        // The names between spaces, the rows between tabs.
        (
            "#Fields: date time x-edge-location time-taken cs-uri-stem", "2026-11-20\t04:00:18\tFRA56\t0.052\t/a%20b",
            "edge=FRA56 duration=0.052 path=/a%20b"
        ),
        (
            "#Fields: date-time,session-id,event,data", "2026-11-20T04:00:18Z,08D5,+,\"MAIL FROM:<a,b>\"",
            "session=08D5 event=+"
        ),
        (
            "#fields\tts\tuid\tid.orig_h\tproto\tnote", "1795147218.000000\tC1\t192.0.2.7\ttcp\tScan::Port",
            "connection=C1 source=192.0.2.7 transport=tcp note=Scan::Port"
        ),
        // Values in quotes hold spaces.
        (
            "#Fields: date time sc-status cs(User-Agent)", "2026-11-20 04:00:18 200 \"Mozilla/5.0 (X11)\"",
            "status=200 agent=Mozilla/5.0 (X11)"
        ),
        // A quote that nothing closes is a byte like any.
        (
            "#Fields: date time sc-status cs(User-Agent)", "2026-11-20 04:00:18 200 \"Mozilla",
            "status=200 agent=\"Mozilla"
        ),
    ])
    func `separators and quotes are those of the product`(header: String, row: String, fields: String) {
        let rows = read([header, row])
        #expect(rows.map(\.isAccepted) == [true, true])
        #expect(rows[1].fieldList == fields)
        #expect(rows[1].time == nanoseconds(4, 0, 18))
    }

    @Test(arguments: ["#Fields: date", "#Fields:", "#fields\t", "# a comment", "2026-11-20 04:00:18 198.51.100.7 200"])
    func `without a header nothing is a row`(line: String) {
        #expect(read([line, "1 2"]).map(\.isAccepted) == [false, false])
    }

    @Test func `the columns behind some bytes are those of their last header`() {
        let parser = HeadedTableParser()
        var event = EventBuilder()
        func columns(_ text: String, from start: NamedColumns? = nil) -> NamedColumns? {
            parser.columns(behind: Array(text.utf8).span, from: start, &event)
        }
        let first = columns("#Fields: a b\r\n1 #Fields: c d\r\n")
        #expect(first != nil)
        #expect(columns("1 2\n#Fields: a b\n# 3\n", from: first) === first)
        #expect(columns("1 2\n#Fields: b a\n#Fields: c d", from: first) !== first)
        #expect(columns("", from: first) === first)
    }
}
