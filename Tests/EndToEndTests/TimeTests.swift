import Foundation
import Testing

/// `--tz`, `--year` and `--date-order`, and what the report says of times.
@Suite struct TimeTests {
    @Test(arguments: [
        (["--tz", "Europe/Berln"], "Did you mean Europe/Berlin?"), (["--tz", "berlin"], "Did you mean Europe/Berlin?"),
        (["--tz", "+25:99"], "there is no zone '+25:99'"), (["--tz", "=UTC"], "must stand before '='"),
        (["--tz", "a*.log=Mars/Base"], "there is no zone 'Mars/Base'"), (["--year", "26"], "1970 to 2200, not '26'"),
        (["--year", "a*=then"], "not 'then'"), (["--date-order", "ddmm"], "dmy, mdy, ymd or auto, not 'ddmm'"),
    ])
    func `a wrong value is told with what it may be`(arguments: [String], message: String) async throws {
        for command in ["analyze", "parse"] {
            let result = try await Command.ailogger([command] + arguments + ["samples/json"])
            #expect(result.status == 2)
            #expect(result.text == "")
            #expect(result.errors.contains(message), "\(result.errors)")
        }
    }

    private func times(_ folder: Folder, _ arguments: [String]) async throws -> [String] {
        let result = try await Command.ailogger(["parse"] + arguments + ["."] + Command.catalog, in: folder.path)
        #expect(result.status == 0, "\(result.errors)")
        return try result.text.split(separator: "\n").map { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return object?["timestamp"] as? String ?? "none"
        }
    }

    @Test func `zones are those of each file`() async throws {
        let folder = try Folder()
        try folder.write("2026-11-20 04:00:16 INFO main: one\n", "app-1.log")
        try folder.write("2026-07-20 04:00:16 INFO main: two\n", "app-2.log")
        try folder.write("2026-11-20 04:00:16 INFO main: three\n", "fw.log")
        try folder.write("2026-11-20T04:00:16Z INFO main: four\n", "z.log")
        let found = try await times(folder, ["--tz", "-05:00", "--tz", "app*.log=Europe/Berlin"])
        #expect(
            found == [
                "2026-11-20T03:00:16.000Z", "2026-07-20T02:00:16.000Z", "2026-11-20T09:00:16.000Z",
                "2026-11-20T04:00:16.000Z",
            ])
        let result = try await Command.ailogger(
            ["parse", "--tz", "nope*=UTC", "."] + Command.catalog, in: folder.path)
        #expect(result.errors.contains("no input has such a name"))
    }

    @Test func `years and orders too`() async throws {
        let folder = try Folder()
        try folder.write("Dec 31 04:00:16 host a[1]: b\nJan  1 04:00:16 host a[1]: b\n", "syslog")
        #expect(
            try await times(folder, ["--year", "2015"]) == ["2015-12-31T04:00:16.000Z", "2016-01-01T04:00:16.000Z"])
        let other = try Folder()
        try other.write("03/04/2020 04:00:16 INFO main: text\n", "a.log")
        #expect(try await times(other, ["--date-order", "dmy"]) == ["2020-04-03T04:00:16.000Z"])
        #expect(try await times(other, ["--date-order", "a*=mdy"]) == ["2020-03-04T04:00:16.000Z"])
        #expect(try await times(other, []) == ["2020-03-04T04:00:16.000Z"])
    }

    @Test func `every report says what was taken for granted`() async throws {
        let folder = try Folder()
        try folder.write("03/04/2020 04:00:16 ERROR main: no answer\n", "a.log")
        for (format, words) in [
            ("text", "month before day in dates of numbers: a guess"), ("markdown", "month before day"),
            ("html", "month before day"), ("json", "\"order_from\""),
        ] {
            let result = try await Command.ailogger(
                ["analyze", "--format", format, "a.log"] + Command.catalog, in: folder.path)
            #expect(result.text.contains(words), "\(format): \(result.text.prefix(3000))")
        }
        let all = try await Command.ailogger(
            ["analyze", "--top", "3", "a.log"] + Command.catalog, in: folder.path)
        #expect(all.text.contains("--date-order dmy or mdy"), "\(all.text)")
        #expect(all.text.contains("UTC for 1 event without a zone"), "\(all.text)")
    }
}
