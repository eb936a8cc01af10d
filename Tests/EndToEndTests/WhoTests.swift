import Foundation
import Testing

/// Which machine, which status: what `analyze` says of logs that were made for it.
@Suite struct WhoTests {
    private func time(_ number: Int) -> String {
        String(format: "%02d:%02d:%02d", 4 + number / 3_600, number / 60 % 60, number % 60)
    }

    /// The errors of two proxies, as nginx writes them: nothing in there says whose they are.
    private func proxies(_ second: Int) throws -> Folder {
        let folder = try Folder()
        for (proxy, count) in [(1, 6), (2, second)] {
            let lines = (0..<count).map { number in
                "2026/11/20 \(time(number * 7)) [error] 1187#1187: *\(number) connect() failed (111: Connection refused) "
                    + "while connecting to upstream, client: 198.51.100.\(number % 90), server: shop.example.com, "
                    + "request: \"GET /api/cart HTTP/1.1\", upstream: \"http://192.0.2.2\(number % 3):8080/api/cart\", "
                    + "host: \"shop.example.com\"\n"
            }
            try folder.write(lines.joined(), "logs/proxy-\(proxy)/error.log")
            let requests = (0..<400).map { number in
                "198.51.100.\(number % 90) - - [20/Nov/2026:\(time(number)) +0000] \"GET /cart HTTP/1.1\" 200 188\n"
            }
            try folder.write(requests.joined(), "logs/proxy-\(proxy)/access.log")
        }
        return folder
    }

    @Test func `the machine is told by the folder of its logs`() async throws {
        let folder = try proxies(300)
        let result = try await Command.ailogger(["analyze", "--top", "3", "logs"], in: folder.path)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.text.contains("mainly proxy-2 in 300 of 306"), "\(result.text)")
        let json = try await Command.ailogger(["analyze", "--format", "json", "logs"], in: folder.path)
        let report = try #require(try JSONSerialization.jsonObject(with: json.out) as? [String: Any])
        let findings = try #require(report["findings"] as? [[String: Any]])
        let mainly = try #require(findings.first?["mainly"] as? [String: Any], "\(findings)")
        #expect(mainly["kind"] as? String == "host" && mainly["value"] as? String == "proxy-2")
        #expect(mainly["count"] as? Int == 300)
    }

    @Test func `a machine that fails as often as its peer is not told`() async throws {
        let folder = try proxies(9)
        let result = try await Command.ailogger(["analyze", "--top", "3", "logs"], in: folder.path)
        #expect(!result.text.contains("mainly"), "\(result.text)")
    }

    @Test func `warnings are told by their status`() async throws {
        let lines = (0..<900).map { number in
            let status = number % 9 == 0 ? 200 : number % 9 == 1 ? 429 : 404
            return
                "198.51.100.\(number % 90) - - [20/Nov/2026:\(time(number)) +0000] \"GET /cart HTTP/1.1\" \(status) 18\n"
        }
        let result = try await Command.ailogger(["analyze", "-"], input: Data(lines.joined().utf8))
        #expect(result.text.contains("700x  WARNING  GET"), "\(result.text)")
        #expect(result.text.contains("100x  WARNING  GET"), "\(result.text)")
        #expect(result.text.contains(": status 404\n") && result.text.contains(": status 429\n"), "\(result.text)")
        #expect(result.text.contains("-:3\n") && result.text.contains("-:2\n"), "\(result.text)")
        let json = try await Command.ailogger(["analyze", "--format", "json", "-"], input: Data(lines.joined().utf8))
        let report = try #require(try JSONSerialization.jsonObject(with: json.out) as? [String: Any])
        let templates = try #require(report["templates"] as? [[String: Any]])
        let statuses = try #require(templates.first?["warned_statuses"] as? [[String: Any]])
        #expect(statuses.map { $0["status"] as? String } == ["status 404", "status 429"])
        #expect(statuses.map { $0["count"] as? Int } == [700, 100])
        #expect(statuses.map { ($0["sample"] as? [String: Any])?["line"] as? Int } == [3, 2])
    }

    @Test func `the client that makes most failures is told among hundreds, whoever reads what`() async throws {
        let folder = try Folder()
        let lines = (0..<6_000).map { number in
            let client = number % 10 < 8 ? "203.0.113.77" : "198.51.\(number % 97).\(number % 200)"
            return "\(client) - - [20/Nov/2026:\(time(number)) +0000] \"GET /items/\(number % 31) HTTP/1.1\" 503 18\n"
        }
        for part in 0..<3 {
            try folder.write(lines[part * 2_000..<(part + 1) * 2_000].joined(), "logs/access.\(part).log")
        }
        let one = try await Command.ailogger(["analyze", "--jobs", "1", "logs"], in: folder.path)
        #expect(one.text.contains("mainly 203.0.113.77 in ") && one.text.contains(" of 64 looked at"), "\(one.text)")
        let json = try await Command.ailogger(["analyze", "--format", "json", "--jobs", "3", "logs"], in: folder.path)
        let report = try #require(try JSONSerialization.jsonObject(with: json.out) as? [String: Any])
        let findings = try #require(report["unexplained"] as? [[String: Any]])
        let mainly = try #require(findings.first?["mainly"] as? [String: Any], "\(findings)")
        let count = try #require(mainly["count"] as? Int)
        #expect(mainly["kind"] as? String == "address" && mainly["looked_at"] as? Int == 64)
        #expect(one.text.contains("in \(count) of 64 looked at"), "\(one.text)")
    }

    @Test func `logins that hundreds of addresses try are one finding with its cause`() async throws {
        let lines = (0..<6_000).map { number in
            let isTried = number > 3_000 && number % 2 == 0
            let request = isTried ? "POST /login HTTP/1.1\" 401" : "GET /cart HTTP/1.1\" 200"
            let client = isTried ? "198.18.\(number % 7).\(number / 2 % 250)" : "203.0.113.\(number % 90)"
            return "\(client) - - [20/Nov/2026:\(time(number)) +0000] \"\(request) 188\n"
        }
        let result = try await Command.ailogger(["analyze", "-"], input: Data(lines.joined().utf8))
        #expect(result.text.contains("ERROR    Logins are refused from hundreds of address"), "\(result.text)")
        #expect(result.text.contains("incident  04:5"), "\(result.text)")
    }
}
