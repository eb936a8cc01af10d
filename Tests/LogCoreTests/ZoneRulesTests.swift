import Glibc
import LogCore
import Testing

@Suite(.timeLimit(.minutes(20)))
struct ZoneRulesTests {
    /// Zones with odd offsets, either hemisphere, changes that came and went, and negative daylight time.
    static let zones = [
        "Europe/Berlin", "America/New_York", "America/St_Johns", "America/Sao_Paulo", "Australia/Lord_Howe",
        "Asia/Kolkata", "Asia/Tehran", "Africa/Casablanca", "Europe/Dublin", "Pacific/Apia", "Pacific/Chatham",
        "Antarctica/Troll", "EST5EDT", "Etc/GMT+12",
    ]

    // MARK: The system's zones

    @Test(arguments: zones)
    func `offsets agree with the C library's`(zone: String) throws {
        guard let bytes = systemZone(zone) else { return }
        let rules = try #require(ZoneRules(tzif: bytes))
        var random = SeededGenerator(seed: 7)
        let times = (0..<20_000).map { i in
            // Up to the year 2223 every other time, and far into the reign of the yearly rule.
            i.isMultiple(of: 2)
                ? random.int(in: -4_000_000_000...8_000_000_000) : random.int(in: -9_000_000_000...300_000_000_000)
        }
        let expected = try dates(of: times, in: zone)
        try #require(expected.count == times.count)
        for (time, expected) in zip(times, expected) {
            let offset = rules.offset(atUTC: time)
            let text = "\(clock(offset.seconds)) \(offset.abbreviation)"
            if text != expected {
                Issue.record("\(zone) at \(time): \(text) is not \(expected)")
                return
            }
        }
    }

    @Test(arguments: zones)
    func `a time that a clock shows is found again, the first of two`(zone: String) throws {
        guard let bytes = systemZone(zone) else { return }
        let rules = try #require(ZoneRules(tzif: bytes))
        var random = SeededGenerator(seed: 8)
        for _ in 0..<20_000 {
            let time = random.int(in: -4_000_000_000...8_000_000_000)
            let shown = time + rules.offset(atUTC: time).seconds
            let found = rules.offset(atLocal: shown)
            let first = shown - found.seconds
            guard first <= time, rules.offset(atUTC: first) == found else {
                Issue.record("\(zone) at \(time): \(found)")
                return
            }
        }
    }

    @Test func `clocks that count leap seconds are refused`() {
        if let bytes = systemZone("right/Europe/Berlin") { #expect(ZoneRules(tzif: bytes) == nil) }
        #expect(ZoneRules(tzif: ZoneFile(leapSeconds: [(100, 1)]).bytes) == nil)
    }

    // MARK: Changes

    /// A zone of an hour east that was two for a while, from 1000000 to 2000000.
    private let summer = ZoneFile(
        changes: [(1_000_000, 1), (2_000_000, 0)], types: [(3600, false, "STD"), (7200, true, "DST")])

    @Test(arguments: [UInt8(0), 2, 3, 4])
    func `a change holds from its very second on`(version: UInt8) throws {
        var file = summer
        file.version = version
        let rules = try #require(ZoneRules(tzif: file.bytes))
        #expect(rules.offset(atUTC: 999_999) == .init(seconds: 3600, abbreviation: "STD", isDST: false))
        #expect(rules.offset(atUTC: 1_000_000) == .init(seconds: 7200, abbreviation: "DST", isDST: true))
        #expect(rules.offset(atUTC: 1_999_999).isDST)
        #expect(!rules.offset(atUTC: 2_000_000).isDST)
        #expect(!rules.offset(atUTC: .min).isDST)
        #expect(!rules.offset(atUTC: .max).isDST)
    }

    @Test func `an hour that is skipped has the offset from before, one that comes twice is daylight time`() throws {
        let rules = try #require(ZoneRules(tzif: summer.bytes))
        let (skipped, twice) = (1_000_000 + 3600, 2_000_000 + 3600)
        for (shown, isDST) in [
            (skipped - 1, false), (skipped, false), (skipped + 3599, false), (skipped + 3600, true),
            (twice - 1, true), (twice, true), (twice + 3599, true), (twice + 3600, false), (.min, false), (.max, false),
        ] {
            #expect(rules.offset(atLocal: shown).isDST == isDST, "\(shown)")
        }
    }

    @Test func `changes an hour apart are told from each other`() throws {
        let file = ZoneFile(
            changes: [(0, 1), (3600, 2), (7200, 0)],
            types: [(0, false, "AAA"), (36_000, false, "BBB"), (-36_000, false, "CCC")])
        let rules = try #require(ZoneRules(tzif: file.bytes))
        #expect(rules.offset(atLocal: -1).abbreviation == "AAA")
        // From 0 on A's clocks are put to 36000, from 39600 to -32400 and from -28800 to 7200.
        #expect(rules.offset(atLocal: 0).abbreviation == "AAA")
        #expect(rules.offset(atLocal: 36_000).abbreviation == "BBB")
        #expect(rules.offset(atLocal: 39_599).abbreviation == "BBB")
        #expect(rules.offset(atLocal: -32_400).abbreviation == "AAA")
        #expect(rules.offset(atLocal: 39_600).abbreviation == "AAA")
    }

    @Test func `without changes the first type holds, or the yearly rule`() throws {
        let plain = try #require(ZoneRules(tzif: ZoneFile(types: [(-12_600, false, "NST")]).bytes))
        #expect(plain.offset(atUTC: 0) == .init(seconds: -12_600, abbreviation: "NST", isDST: false))
        let ruled = try yearly("CET-1CEST,M3.5.0,M10.5.0/3")
        #expect(ruled.offset(atUTC: seconds(2026, 7, 1)).abbreviation == "CEST")
    }

    // MARK: Yearly rules

    @Test func `a yearly rule goes on after the last change`() throws {
        var file = summer
        file.footer = "STD-1DST,M3.5.0,M10.5.0/3"
        let rules = try #require(ZoneRules(tzif: file.bytes))
        #expect(!rules.offset(atUTC: 2_000_000).isDST)
        let (spring, autumn) = (seconds(2026, 3, 29) + 3600, seconds(2026, 10, 25) + 3600)
        #expect(!rules.offset(atUTC: spring - 1).isDST)
        #expect(rules.offset(atUTC: spring).isDST)
        #expect(rules.offset(atUTC: autumn - 1).isDST)
        #expect(!rules.offset(atUTC: autumn).isDST)
        #expect(!rules.offset(atLocal: seconds(2026, 3, 29) + 2 * 3600 + 1800).isDST)
        #expect(rules.offset(atLocal: seconds(2026, 10, 25) + 2 * 3600 + 1800).isDST)
        #expect(rules.offset(atUTC: seconds(9999, 7, 1)).isDST)
    }

    @Test func `south of the equator daylight time lasts over New Year`() throws {
        let rules = try yearly("AEST-10AEDT,M10.1.0,M4.1.0/3")
        for (month, isDST) in [(1, true), (3, true), (5, false), (9, false), (11, true), (12, true)] {
            #expect(rules.offset(atUTC: seconds(2026, month, 15)).isDST == isDST, "\(month)")
        }
        #expect(rules.offset(atUTC: seconds(2026, 1, 1)).seconds == 11 * 3600)
    }

    @Test func `winter time may be the exception`() throws {
        let rules = try yearly("IST-1GMT0,M10.5.0,M3.5.0/1")
        #expect(rules.offset(atUTC: seconds(2026, 1, 15)) == .init(seconds: 0, abbreviation: "GMT", isDST: true))
        #expect(rules.offset(atUTC: seconds(2026, 7, 15)) == .init(seconds: 3600, abbreviation: "IST", isDST: false))
    }

    @Test func `days are counted with and without 29 February`() throws {
        let julian = try yearly("AAA0BBB,J60/0,J61/0")
        let zeroBased = try yearly("AAA0BBB,59/0,60/0")
        for year in [2023, 2024] {
            #expect(julian.offset(atUTC: seconds(year, 3, 1)).isDST)
            #expect(!julian.offset(atUTC: seconds(year, 3, 1) - 1).isDST)
        }
        #expect(zeroBased.offset(atUTC: seconds(2023, 3, 1)).isDST)
        #expect(zeroBased.offset(atUTC: seconds(2024, 2, 29)).isDST)
        #expect(!zeroBased.offset(atUTC: seconds(2024, 3, 1)).isDST)
    }

    @Test func `daylight time may last all year, or never come`() throws {
        let always = try yearly("XXX3EDT4,0/0,J365/23")
        let never = try yearly("XXX3EDT,J1/0,J1/1")
        for day in stride(from: seconds(2023, 12, 20), to: seconds(2025, 1, 10), by: 3600) {
            #expect(always.offset(atUTC: day).abbreviation == "EDT")
            #expect(never.offset(atUTC: day).abbreviation == "XXX")
        }
    }

    @Test func `a change may lie days away from the day that it is counted from`() throws {
        // Greenland's rule: the Saturday before the last Sunday of March, at ten in the evening.
        let rules = try yearly("<-02>2<-01>,M3.5.0/-1,M10.5.0/0")
        let change = seconds(2026, 3, 29) + 3600
        #expect(rules.offset(atUTC: change - 1) == .init(seconds: -7200, abbreviation: "-02", isDST: false))
        #expect(rules.offset(atUTC: change) == .init(seconds: -3600, abbreviation: "-01", isDST: true))
        // A week after 1 January, that of the next year before its change.
        let late = try yearly("AAA0BBB0,M12.5.0/167,J1/167")
        #expect(!late.offset(atUTC: seconds(2027, 1, 2) + 23 * 3600 - 1).isDST)
        #expect(late.offset(atUTC: seconds(2027, 1, 2) + 23 * 3600).isDST)
        #expect(!late.offset(atUTC: seconds(2027, 1, 7) + 23 * 3600).isDST)
    }

    @Test(arguments: [
        "C", "CET", "CET-", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M3.5.0,M10.5.0/3x", "CET-1CEST,M13.5.0,M1.1.0",
        "CET-1CEST,M3.6.0,M1.1.0", "CET-1CEST,M3.0.0,M1.1.0", "CET-1CEST,M3.5.7,M1.1.0", "CET-1CEST,J0,J1",
        "CET-1CEST,J366,J1", "CET-1CEST,366,1", "<CET-1", "<>-1", "CET-25", "CET-1:60", "CET-1CEST,J1/168,J2",
        "CET-1111111111111111111111", " CET-1", "CET--1",
    ])
    func `a rule that can't be is refused, and the zone with it`(footer: String) {
        #expect(ZoneRules(tzif: ZoneFile(footer: footer).bytes) == nil)
    }

    // MARK: Fixed offsets

    @Test(arguments: [
        ("Z", 0, "UTC"), ("UTC", 0, "UTC"), ("GMT", 0, "GMT"), ("+02:00", 7200, "+02:00"), ("-0530", -19_800, "-0530"),
        ("+02", 7200, "+02"), ("-00:01", -60, "-00:01"), ("+1559", 57_540, "+1559"),
    ])
    func `fixed offsets are read`(text: String, offset: Int, abbreviation: String) throws {
        let rules = try #require(fixed(text))
        let expected = ZoneRules.Offset(seconds: offset, abbreviation: abbreviation, isDST: false)
        #expect(rules.offset(atUTC: 1_795_341_600) == expected)
        #expect(rules.offset(atLocal: 1_795_341_600) == expected)
    }

    @Test(arguments: [
        "", "z", "X", "utc", "CET", "+", "+1", "+123", "+12345", "+16", "-1600", "+01:60", "+01-00", "+0a", "+-1",
        "02:00", "0200", "+02:0", "+02:000", "UTC+2",
    ])
    func `what is no offset is refused`(text: String) {
        #expect(fixed(text) == nil)
    }

    // MARK: Damage

    @Test func `a file that ends too early is refused`() {
        var file = summer
        file.footer = "STD-1DST,M3.5.0,M10.5.0/3"
        for bytes in [file.bytes, systemZone("Europe/Berlin") ?? []] {
            for count in bytes.indices { #expect(ZoneRules(tzif: Array(bytes[..<count])) == nil, "\(count) bytes") }
        }
    }

    @Test func `numbers that can't be are refused`() {
        let defects = [
            ZoneFile(changes: [(5, 0), (5, 0)]), ZoneFile(changes: [(5, 0), (4, 0)]), ZoneFile(changes: [(5, 1)]),
            ZoneFile(types: []), ZoneFile(types: [(93_600, false, "AAA")]), ZoneFile(types: [(-90_000, false, "AAA")]),
            ZoneFile(types: [(Int(Int32.min), false, "AAA")]), ZoneFile(count: UInt32.max),
        ]
        for file in defects { #expect(ZoneRules(tzif: file.bytes) == nil, "\(file)") }
        #expect(ZoneRules(tzif: []) == nil)
        #expect(ZoneRules(tzif: Array("TZif2".utf8)) == nil)
    }

    @Test(arguments: 0..<20)
    func `changed bytes never crash, and whatever is still a zone answers`(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var file = summer
        file.footer = "STD-1DST,M3.5.0,M10.5.0/3"
        for original in [file.bytes, systemZone(Self.zones[seed % Self.zones.count]) ?? file.bytes] {
            for _ in 0..<500 {
                var bytes = original
                for _ in 0..<random.int(in: 1...4) {
                    let place = random.int(in: 0...bytes.count - 1)
                    bytes[place] = UInt8(random.int(in: 0...255))
                    if random.int(in: 0...9) == 0 { bytes.removeSubrange(place..<min(place + 8, bytes.count)) }
                }
                guard let rules = ZoneRules(tzif: bytes) else { continue }
                for time in [Int.min, -4_000_000_000, 0, 1_000_000, 1_795_341_600, 1 << 58, Int.max] {
                    #expect((-89_999...93_599).contains(rules.offset(atUTC: time).seconds))
                    #expect((-89_999...93_599).contains(rules.offset(atLocal: time).seconds))
                }
            }
        }
    }

    // MARK: Help

    private func seconds(_ year: Int, _ month: Int, _ day: Int) -> Int {
        Timestamp.days(year: year, month: month, day: day) * 86_400
    }

    private func yearly(_ footer: String) throws -> ZoneRules {
        try #require(ZoneRules(tzif: ZoneFile(footer: footer).bytes), "\(footer)")
    }

    /// A function of strings, because `#require` can't take a span.
    private func fixed(_ text: String) -> ZoneRules? { ZoneRules(fixed: Array(text.utf8).span) }

    /// `+05:30:00`.
    private func clock(_ offset: Int) -> String {
        var text = TimeText()
        text.add(offset < 0 ? "-" : "+")
        let rest = abs(offset)
        text.add(rest / 3600, 2)
        text.add(":")
        text.add(rest / 60 % 60, 2)
        text.add(":")
        text.add(rest % 60, 2)
        return String(decoding: text.bytes, as: UTF8.self)
    }

    /// Nil where the system has no such zone.
    private func systemZone(_ name: String) -> [UInt8]? {
        guard let file = fopen("/usr/share/zoneinfo/\(name)", "rb") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
        return bytes
    }

    /// What date(1) says of the times: a process of its own, for the C library has but one zone in each.
    private func dates(of times: [Int], in zone: String) throws -> [String] {
        var path = Array("/tmp/ailogger-zones-XXXXXX".utf8CString)
        let file = mkstemp(&path)
        try #require(file >= 0)
        defer { unlink(path) }
        let text = Array(times.map { "@\($0)\n" }.joined().utf8)
        try #require(write(file, text, text.count) == text.count)
        close(file)
        let name = path.withUnsafeBufferPointer { String(cString: $0.baseAddress.unsafelyUnwrapped) }
        let pipe = try #require(popen("TZ=\(zone) LC_ALL=C date -f \(name) '+%::z %Z'", "r"))
        defer { pclose(pipe) }
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&buffer, 1, buffer.count, pipe)
            if count == 0 { break }
            output.append(contentsOf: buffer[..<count])
        }
        // A zone that doesn't say what time it is has a minus before its nought.
        let lines = String(decoding: output, as: UTF8.self).replacing("-00:00:00", with: "+00:00:00")
        return lines.split(separator: "\n").map(String.init)
    }
}

/// A zoneinfo file made by hand.
private struct ZoneFile {
    var version: UInt8 = 2
    var changes: [(time: Int, type: UInt8)] = []
    var types: [(offset: Int, isDST: Bool, name: String)] = [(0, false, "AAA")]
    var leapSeconds: [(time: Int, sum: Int)] = []
    var footer = ""
    /// The number of changes that the header claims, if it isn't theirs.
    var count: UInt32?

    var bytes: [UInt8] {
        var bytes = block(timeSize: 4)
        if version > 0 { bytes += block(timeSize: 8) + [0x0a] + footer.utf8 + [0x0a] }
        return bytes
    }

    private func block(timeSize: Int) -> [UInt8] {
        func number(_ value: Int, _ size: Int) -> [UInt8] {
            (0..<size).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        var bytes = Array("TZif".utf8) + [version == 0 ? 0 : 0x30 + version] + [UInt8](repeating: 0, count: 15)
        let names = types.flatMap { type -> [UInt8] in Array(type.name.utf8) + [0] }
        for count in [0, 0, leapSeconds.count, count.map(Int.init) ?? changes.count, types.count, names.count] {
            bytes += number(count, 4)
        }
        for change in changes { bytes += number(change.time, timeSize) }
        bytes += changes.map(\.type)
        var name = 0
        for type in types {
            bytes += number(type.offset, 4) + [type.isDST ? 1 : 0, UInt8(name)]
            name += type.name.utf8.count + 1
        }
        bytes += names
        for leap in leapSeconds { bytes += number(leap.time, timeSize) + number(leap.sum, 4) }
        return bytes
    }
}
