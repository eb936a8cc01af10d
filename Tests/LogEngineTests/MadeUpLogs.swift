import LogCore

/// The generator of splitmix64: the same numbers from the same seed, everywhere.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
}

/// A log made up of one kind of lines, with what a reader must find in it.
struct MadeUpLog {
    enum Kind: String, CaseIterable, Sendable {
        case access, syslogOverNewYear, syslog5424, jsonTimed, jsonTimeless, javaTraces, pythonTraces, timeless
        /// A time in the first line only: all others inherit it.
        case oneTime
        /// Two programs in one file, one of them without times: a batch may hold no time at all.
        case mixed
        /// Lines of containers, of which each stream holds others' lines: JSON, logfmt, text.
        case containers
        /// Goes on as another program's after two thirds.
        case switching
        /// Lines that many programs write, in a file whose first line shows that they are Maven's.
        case build
        /// Rows of a table whose header names other columns now and then.
        case headed
    }

    private(set) var bytes: [UInt8] = []
    /// Number of the first line of each event, from 1.
    private(set) var eventLines: [Int] = []
    /// When a file of this log was last written: seconds since the epoch, where the lines have no year.
    private(set) var modified: Int64?
    private var lines = 0
    private var random: SeededNumbers
    /// Seconds since the epoch of the line at hand.
    private var clock: Int64 = 0
    /// Of rows with a header, the columns that count.
    private var columns: [String] = []

    init(_ kind: Kind, bytes count: Int, seed: UInt64) {
        random = SeededNumbers(seed: seed)
        // 29 Dec 2025; the steps below take the log over New Year whatever its length.
        clock = 1_766_966_400
        let step = max(1, Int64(6 * 86_400 * 70 / count))
        while bytes.count < count {
            clock += Int64(random.below(Int(2 * step) + 1))
            addEvent(kind == .switching ? (bytes.count * 3 < count * 2 ? .access : .jsonTimed) : kind)
        }
        if kind == .syslogOverNewYear { modified = clock }
    }

    private mutating func addEvent(_ kind: Kind) {
        switch kind {
        case .access:
            let path = ["/", "/cart", "/a%20b", "/x\\\"y"][random.below(4)]
            add(
                "192.0.2.\(random.below(250)) - - [\(apacheTime)] \"GET \(path) HTTP/1.1\" \(status) \(random.below(9_999)) \"-\" \"curl/8\""
            )
        case .syslogOverNewYear:
            add("\(syslogTime) host\(random.below(3)) \(program)[\(1 + random.below(9_999))]: \(phrase)")
        case .syslog5424:
            add(
                "<\(random.below(192))>1 \(isoTime)Z host \(program) \(1 + random.below(999)) ID1 [a@1 b=\"\(random.below(9))\"] \(phrase)"
            )
        case .jsonTimed:
            add(
                #"{"ts":"\#(isoTime)Z","level":"\#(level)","logger":"\#(program)","msg":"\#(jsonPhrase)","n":\#(random.below(99))}"#
            )
        case .jsonTimeless:
            add(#"{"level":"\#(level)","logger":"\#(program)","msg":"\#(jsonPhrase)","n":\#(random.below(99))}"#)
        case .javaTraces:
            let level = self.javaLevel
            add("\(commaTime) \(level) [main] com.example.\(program) - \(phrase)")
            if level != "INFO", random.below(4) == 0 { addJavaTrace() }
        case .pythonTraces:
            let level = self.level
            add("\(commaTime) - shop.\(program) - \(level) - \(phrase)")
            if level != "INFO", random.below(4) == 0 { addPythonTrace() }
        case .timeless:
            add("\(program) \(phrase)")
            if random.below(20) == 0 { follow("    indented detail \(random.below(99))") }
            if random.below(40) == 0 { blank() }
        case .oneTime:
            let time = eventLines.isEmpty ? "\"ts\":\"\(isoTime)Z\"," : ""
            add("{\(time)\"msg\":\"\(jsonPhrase)\"}")
        case .containers:
            let time = "\(isoTime).\(100 + random.below(900))Z"
            switch random.below(4) {
            case 0: add("\(time) stderr F level=\(level) msg=\"all is well\" n=\(random.below(99))")
            case 1: add("\(time) stderr F \(phrase)")
            default:
                add("\(time) stdout F {\"level\":\"\(level)\",\"logger\":\"\(program)\",\"msg\":\"\(jsonPhrase)\"}")
            }
        case .build:
            let level = eventLines.isEmpty ? "INFO" : self.level
            add(eventLines.isEmpty ? "[INFO] Scanning for projects..." : "[\(level)] \(phrase)")
            if level != "INFO", random.below(6) == 0 { addJavaTrace() }
        case .headed: addRow()
        case .switching: break
        case .mixed:
            // Enough at the start for both formats to be found; later ones are far apart.
            if eventLines.count < 12 || random.below(3_000) == 0 {
                add(#"{"ts":"\#(isoTime)Z","level":"\#(level)","msg":"\#(jsonPhrase)"}"#)
            } else {
                add("level=info logger=\(program) msg=\"\(phrase.replacing("\"", with: "'"))\" n=\(random.below(99))")
            }
        }
    }

    private mutating func addRow() {
        if columns.isEmpty { add("#Date: \(isoTime.replacing("T", with: " "))") }
        if columns.isEmpty || random.below(1_200) == 0 {
            columns =
                [
                    "date time c-ip cs-method cs-uri-stem sc-status time-taken",
                    "sc-status time-taken time date cs-uri-stem c-ip cs-method",
                    // One that a format knows by its shape.
                    "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status "
                        + "sc-substatus sc-win32-status time-taken",
                ][random.below(3)].split(separator: " ").map(String.init)
            add("#Fields: " + columns.joined(separator: " "))
        }
        let time = isoTime.split(separator: "T").map(String.init)
        let cells = columns.map { column in
            switch column {
            case "date": time[0]
            case "time": time[1]
            case "cs-method": "GET"
            case "cs-uri-stem": "/cart/\(random.below(9))"
            case "c-ip", "s-ip": "192.0.2.\(random.below(250))"
            case "sc-status": "\(status)"
            case "cs(User-Agent)", "cs-uri-query", "cs-username": "-"
            default: "\(random.below(9_999))"
            }
        }
        add(cells.joined(separator: " "))
    }

    private mutating func add(_ text: String) {
        eventLines.append(lines + 1)
        follow(text)
    }

    private mutating func follow(_ text: String) {
        bytes += Array(text.utf8)
        bytes.append(0x0A)
        lines += 1
    }

    private mutating func blank() { follow("") }

    private mutating func addJavaTrace() {
        follow("java.lang.IllegalStateException: \(phrase)")
        for i in 0...random.below(30) { follow("\tat com.example.\(program).run(\(program).java:\(i))") }
        if random.below(2) == 0 { blank() }
        if random.below(2) == 0 {
            follow("Caused by: java.net.ConnectException: Connection refused")
            follow("\tat java.base/sun.nio.ch.Net.connect(Net.java:589)")
            follow("\t... 14 more")
        }
    }

    private mutating func addPythonTrace() {
        for part in 0...random.below(3) {
            if part > 0 {
                blank()
                follow("During handling of the above exception, another exception occurred:")
                blank()
            }
            follow("Traceback (most recent call last):")
            for i in 0...random.below(8) {
                follow("  File \"/srv/shop/\(program).py\", line \(i), in load")
                follow("    db.open()")
            }
            follow("ConnectionRefusedError: [Errno 111] Connection refused")
        }
    }

    private var status: Int { mutating get { [200, 200, 200, 304, 404, 502][random.below(6)] } }
    private var program: String { mutating get { ["sshd", "cron", "kernel", "postgres", "shop"][random.below(5)] } }
    private var level: String { mutating get { ["INFO", "INFO", "DEBUG", "WARNING", "ERROR"][random.below(5)] } }
    private var javaLevel: String { mutating get { ["INFO", "DEBUG", "WARN", "ERROR", "FATAL"][random.below(5)] } }

    private var phrase: String {
        mutating get {
            switch random.below(8) {
            case 0: "Out of memory: Killed process \(random.below(9_999)) (java)"
            case 1: "connection to server at \"db\(random.below(3))\", port 5432 failed: Connection refused"
            case 2: "Failed password for root from 192.0.2.\(random.below(250)) port \(random.below(60_000)) ssh2"
            case 3: "user \(random.below(999)) paid \(random.below(999)) EUR"
            case 4: "timed out after \(random.below(99)) s"
            case 5: "caf\u{E9} \u{1F600} \(random.below(9))"
            case 6: String(repeating: "long ", count: random.below(60)) + "line"
            default: "all is well"
            }
        }
    }

    private var jsonPhrase: String {
        mutating get {
            phrase.replacing("\"", with: "\\\"")
                + ["", #"\n\ttab"#, #" \u00e9 \ud83d\ude00"#, #" a\\b"#][random.below(4)]
        }
    }

    private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private var parts: (year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int, nanosecond: Int) {
        Timestamp.parts(clock * Timestamp.second)
    }
    private var timeOfDay: String { "\(two(parts.hour)):\(two(parts.minute)):\(two(parts.second))" }
    private var isoTime: String { "\(parts.year)-\(two(parts.month))-\(two(parts.day))T\(timeOfDay)" }
    private var commaTime: String {
        "\(parts.year)-\(two(parts.month))-\(two(parts.day)) \(timeOfDay),\(100 + Int(clock % 900))"
    }
    private var apacheTime: String {
        "\(two(parts.day))/\(Self.months[parts.month - 1])/\(parts.year):\(timeOfDay) +0000"
    }
    private var syslogTime: String {
        "\(Self.months[parts.month - 1]) \(parts.day < 10 ? " " : "")\(parts.day) \(timeOfDay)"
    }
}
