import LogCore

/// A value in a message that tells how grave it is: an exit code, an HTTP status, a count of errors, a level. Which message
/// has one, and where, is told once a skeleton; the value is another one every time.
struct SeverityClue: Sendable {
    enum Kind: Sendable {
        /// 0 is well.
        case exit
        /// 400 on are the client's, 500 on the server's.
        case status
        /// So many errors.
        case count
        /// The level itself, whatever else is said: `time="…" level=warn msg="…"`.
        case level
    }

    var kind: Kind
    /// Which `<*>` of the skeleton.
    var wildcard: Int

    /// What the number says; `unspecified` where it says nothing.
    func severity(_ value: Span<UInt8>) -> Severity {
        if kind == .level { return value.count < 3 ? .unspecified : Severity(word: value) ?? .unspecified }
        var digits = 0
        var number = 0
        let start = value.isEmpty || value[0] != UInt8(ascii: "-") ? 0 : 1
        while start + digits < value.count, digits < 9, value[start + digits] &- 0x30 < 10 {
            number = number * 10 + Int(value[start + digits] &- 0x30)
            digits += 1
        }
        guard digits > 0 else { return .unspecified }
        switch kind {
        // systemd writes `status=1/FAILURE`. 130 and 143 are Ctrl-C and a stop that was asked for.
        case .exit: return number == 0 || number == 130 || number == 143 ? .info : .error
        case .status:
            guard digits == 3, digits == value.count, start == 0 else { return .unspecified }
            return number >= 600 || number < 400 ? .info : number >= 500 ? .error : .warning
        case .count: return digits < value.count ? .unspecified : number == 0 ? .info : .error
        case .level: return .unspecified
        }
    }

    /// The clues of a skeleton, in lower case.
    static func find(in text: [UInt8]) -> [SeverityClue] {
        var clues: [SeverityClue] = []
        let exits = contains(text, "exit")
        var index = 0
        var i = 0
        while i + 3 <= text.count {
            guard text[i] == UInt8(ascii: "<"), text[i + 1] == UInt8(ascii: "*"), text[i + 2] == UInt8(ascii: ">")
            else {
                i += 1
                continue
            }
            if let kind = kind(text, i, exits) { clues.append(SeverityClue(kind: kind, wildcard: index)) }
            index += 1
            i += 3
        }
        return clues
    }

    private static let exitNames: [StaticString] = [
        "exit code", "exit status", "exit_code", "exit_status", "exit-code", "exitcode", "exitstatus", "exited with",
        "exits with", "with code", "with status", "return code", "returncode", "return_code", "retcode", " rc", "exit",
    ]
    private static let statusNames: [StaticString] = [
        "status code", "status_code", "statuscode", "http status", "http_status", "http code", "http", "response code",
        "response status", "responded with", "status",
    ]
    /// Before these numbers of anything may stand: `returned 500 rows`.
    private static let vagueNames: [StaticString] = ["returned", "response", " got"]
    private static let statusEnds: [StaticString] = [
        ",", ";", ".", ")", ":", "\"", "]", " for", " from", " in ", " on ", " to ",
    ]
    static let counted: [StaticString] = [
        "error", "errors", "failure", "failures", "failed", "exceptions", "error_count", "errors_total", "error count",
        "total errors", "num_errors",
    ]

    private static let levelNames: [StaticString] = ["level", "lvl", "severity", "loglevel", "log_level", "log.level"]

    /// Only among the pairs with which a message begins: `set level=<*>` tells of another one.
    private static func isLevel(_ text: [UInt8], _ at: Int) -> Bool {
        let end = text[at - 1] == UInt8(ascii: "\"") ? at - 2 : at - 1
        guard end > 0, text[end] == UInt8(ascii: "="), levelNames.contains(where: { ends(text, end, with: $0) }) else {
            return false
        }
        return text[..<at].split(separator: 0x20).allSatisfy { $0.dropFirst().contains(UInt8(ascii: "=")) }
    }

    private static func kind(_ text: [UInt8], _ at: Int, _ exits: Bool) -> Kind? {
        if at > 1, isLevel(text, at) { return .level }
        if countIsBefore(text, at) || countIsBehind(text, at + 3) { return .count }
        var end = at
        while end > 0, " =:\"'([".utf8.contains(text[end - 1]) { end -= 1 }
        if end == at { return nil }
        if exitNames.contains(where: { ends(text, end, with: $0) }) { return .exit }
        if ends(text, end, with: "status") || ends(text, end, with: "code") { return exits ? .exit : .status }
        if statusNames.contains(where: { ends(text, end, with: $0) }) { return .status }
        if vagueNames.contains(where: { ends(text, end, with: $0) }),
            at + 3 == text.count || statusEnds.contains(where: { starts(text, at + 3, with: $0) })
        {
            return .status
        }
        // `"GET <*> <*>" <*>`: the status stands behind the request.
        if at >= 5, text[at - 1] == 0x20, text[at - 2] == UInt8(ascii: "\""), text[at - 3] == UInt8(ascii: ">"),
            ["\"get ", "\"post ", "\"put ", "\"head ", "\"delete ", "\"patch ", "\"options "].contains(where: {
                contains(Array(text[..<at]), $0)
            })
        {
            return .status
        }
        return nil
    }

    /// `errors: <*>`, `failed=<*>`, `error <*>`.
    private static func countIsBefore(_ text: [UInt8], _ at: Int) -> Bool {
        var end = at
        while end > 0, text[end - 1] == 0x20 { end -= 1 }
        guard end > 0 else { return false }
        guard text[end - 1] == UInt8(ascii: "=") || text[end - 1] == UInt8(ascii: ":") else {
            return end < at && (ends(text, end, with: "error") || ends(text, end, with: "errors"))
        }
        return counted.contains { ends(text, end - 1, with: $0) }
    }

    /// `<*> errors`, and `<*> failed` where it is a tally: `job <*> failed` is none.
    private static func countIsBehind(_ text: [UInt8], _ end: Int) -> Bool {
        guard end < text.count, text[end] == 0x20 else { return false }
        let isTally = contains(text, "passed") || contains(text, "succeeded") || contains(text, "skipped") || end == 3
        return counted.prefix(isTally ? 5 : 4).contains { word in
            let stop = end + 1 + word.utf8CodeUnitCount
            return starts(text, end + 1, with: word)
                && (stop == text.count || !isWord(text[stop]) && text[stop] != UInt8(ascii: ":"))
                && (isTally || word.utf8CodeUnitCount == 6 || word.utf8CodeUnitCount == 8)
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool { byte &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x5F }

    private static func ends(_ text: [UInt8], _ end: Int, with name: StaticString) -> Bool {
        let start = end - name.utf8CodeUnitCount
        guard start >= 0, starts(text, start, with: name) else { return false }
        return start == 0 || name.utf8Start[0] == 0x20 || !isWord(text[start - 1])
    }

    private static func starts(_ text: [UInt8], _ start: Int, with name: StaticString) -> Bool {
        guard start + name.utf8CodeUnitCount <= text.count else { return false }
        for i in 0..<name.utf8CodeUnitCount where text[start + i] != name.utf8Start[i] { return false }
        return true
    }

    private static func contains(_ text: [UInt8], _ name: StaticString) -> Bool {
        text.indices.contains { starts(text, $0, with: name) }
    }
}
