import LogCore
import Testing

@testable import LogAnalysis

struct TemplateTests {
    private let scanner = TemplateScanner()

    private func text(_ message: String) -> String {
        String(decoding: scanner.text(Array(message.utf8).span), as: UTF8.self)
    }

    private func hash(_ message: String) -> UInt64 { scanner.hash(Array(message.utf8).span) }

    // MARK: What varies

    @Test(arguments: [
        ("connection to 10.0.0.5 refused after 30 ms", "connection to <*> refused after <*> ms"),
        ("user=anna id=7 state=open", "user=<*> id=<*> state=<*>"),
        ("cannot open /etc/passwd: denied", "cannot open <*>: denied"),
        ("GET https://example.org/x took 3s.", "GET <*> took <*>."),
        (#"loaded "any thing at all" twice"#, #"loaded "<*>" twice"#),
        ("job [a1b2] (worker-7) done", "job [<*>] (<*>) done"),
        (#"10.0.0.1 "GET /a?b=c HTTP/1.1" 200"#, #"<*> "GET <*> <*>" <*>"#),
        ("proxy.example.org:5070 close, host.org:80 open", "<*> close, <*> open"),
        ("error:5 in file.c:12", "error:<*> in <*>"),
        ("a = b, c= d", "a = <*>, c= d"),
        ("block deadbeef of CAFEBABE, decade aaaaaaaa", "block <*> of <*>, decade aaaaaaaa"),
        ("threshold.........0", "threshold.........<*>"),
        ("java.io.IOException: at org.example.App", "java.io.IOException: at <*>"),
        (#"open C:\Windows\x (mail me@example.org)"#, "open <*> (mail <*>)"),
        (
            #"request: "GET /x HTTP/1.1", host: "a.b", for 'root'@'c1'"#,
            #"request: "GET <*> <*>", host: "<*>", for 'root'@'<*>'"#
        ),
        ("get(/srv/../x1)", "get(<*>)"),
        ("offer 10.0.0.1 to de:ad:be:ef:ca:fe, once", "offer <*> to <*>, once"),
        ("from fe80::dead:beef%eth0: gone. To fd00:a:b::/64.", "from <*>: gone. To <*>."),
        ("2001:db8:a:b:c:d:e:f and ::ffff:10.0.0.1", "<*> and ::ffff:<*>"),
        ("key aa:bb:cc:dd:ee:ff:aa:bb of abc::dead, bad:feed, at 10:20:30", "key <*> of abc::dead, bad:feed, at <*>"),
        ("aa:bb:cc:dd:ee:ffx", "aa:bb:cc:dd:ee:ffx"),
        ("nothing varies here", "nothing varies here"),
        ("", ""),
    ])
    func `a template keeps the constant words`(message: String, template: String) {
        #expect(text(message) == template)
    }

    @Test func `messages that differ in numbers alone share a template`() {
        var random = SeededGenerator(state: 5)
        let words = ["open", "file", "of", "user:", "(pid", "took", "ms,", "[retry", "a", "interrupted", "node"]
        for _ in 0..<500 {
            let shape = (0..<Int.random(in: 1...12, using: &random)).map { _ in
                Bool.random(using: &random) ? words.randomElement(using: &random) ?? "" : "#"
            }
            let messages = (0..<2).map { _ in
                shape.map { $0 == "#" ? String(UInt64.random(in: 0...UInt64.max, using: &random)) : $0 }
                    .joined(separator: " ")
            }
            #expect(text(messages[0]) == text(messages[1]))
            #expect(hash(messages[0]) == hash(messages[1]), "\(messages)")
        }
    }

    @Test func `equal hashes mean equal templates, and the other way round`() {
        var random = SeededGenerator(state: 6)
        let pieces = [
            "a", "b7", " ", "=", "\"", "/x", "word", "(", "://", ":", "@", "\\", ".", "longer text without end",
        ]
        var hashes: [String: UInt64] = [:]
        for _ in 0..<5_000 {
            let message = (0..<Int.random(in: 0...8, using: &random))
                .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            let known = hashes.updateValue(hash(message), forKey: text(message))
            #expect(known == nil || known == hash(message), "\(message)")
        }
        #expect(Set(hashes.values).count == hashes.count)
    }

    @Test func `a word ends where it does, however long it is and wherever it stands`() {
        for byte in UInt8.min...UInt8.max {
            let isLetter = (byte | 0x20) &- 0x61 < 26 || byte >= 0x80
            for length in 1...20 {
                let word = Array(repeating: byte, count: length)
                let message = Array("a ".utf8) + word + Array(" 7 z".utf8)
                // A letter makes a word, which stays; a digit behind it makes it vary.
                let varied = Array("a ".utf8) + word + Array("7 z".utf8)
                if isLetter {
                    #expect(scanner.text(message.span) == Array("a ".utf8) + word + Array(" <*> z".utf8))
                    #expect(scanner.text(varied.span) == Array("a <*> z".utf8))
                }
                let other = Array(message.dropLast(3)) + Array("8 z".utf8)
                #expect(scanner.hash(message.span) == scanner.hash(other.span))
            }
        }
    }

    @Test func `any bytes have a template`() {
        var random = SeededGenerator(state: 8)
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let once = scanner.text(bytes.span)
            #expect(once.count <= bytes.count * 3)
            #expect(scanner.hash(bytes.span) == scanner.hash(bytes.span))
        }
    }

    // MARK: Mining

    /// The templates and severities that a miner gives to lines.
    private func mine(_ lines: [String]) -> [Template] {
        var batch = Batch(capacity: 0)
        batch.raw = ContiguousArray(lines.joined(separator: "\n").utf8)
        batch.rawCount = batch.raw.count
        batch.clearEvents()
        var offset = 0
        for line in lines {
            var record = Record()
            record.raw = ByteRange(offset, offset + line.utf8.count)
            record.message = record.raw
            if line.contains("\n") { record.flags.insert(.multiline) }
            batch.records.append(record)
            offset += line.utf8.count + 1
        }
        var miner = TemplateMiner()
        miner.mine(&batch)
        return batch.templates.map { miner.templates[Int($0)] }
    }

    @Test func `ids are the same in every run, on every machine`() {
        let templates = mine(["connection to 10.0.0.5 refused after 30 ms", "connection to db7 refused after 1 ms"])
        #expect(templates.map(\.text) == Array(repeating: "connection to <*> refused after <*>", count: 2))
        // FNV-1a, 64 bits, of that text.
        #expect(templates.map { hexadecimal($0.id) } == Array(repeating: "5b5ddb5915311be4", count: 2))
    }

    @Test func `an event of many lines has the template of the first`() {
        let templates = mine(["Error: 5\n  at x\n  at y", "Error: 6\n  at z"])
        #expect(templates.map(\.text) == ["Error: <*>", "Error: <*>"])
    }

    @Test(arguments: [
        ("kernel panic: not syncing", Severity.critical), ("Failed password for root", .error),
        ("no errors found", .info),
        ("errors=0 in 5 files", .info), ("request timed out", .warning),
        ("connection refused.", .error), ("reading /var/error/log", .info), ("started", .info),
    ])
    func `a message without a level is judged by its words`(message: String, severity: Severity) {
        #expect(mine([message]).map(\.severity) == [severity])
    }

    @Test func `hexadecimal ids have sixteen digits`() {
        #expect(hexadecimal(0) == "0000000000000000")
        #expect(hexadecimal(.max) == "ffffffffffffffff")
        #expect(hexadecimal(0xAB) == "00000000000000ab")
    }
}
