package import LogCore

/// What takes compiled patterns to find out about a format.
extension FormatLoader {
    /// Compiles every pattern, and reads the samples as a run would: every defect, at its place.
    package static func lint(_ format: FormatDefinition) -> [Diagnostic] {
        var found: [Diagnostic] = []
        let patterns = format.patterns.map { ($0, isBelow: false) } + format.below.map { ($0, isBelow: true) }
        for (pattern, isBelow) in patterns {
            do {
                let plan = try CompiledFormat.plan(pattern, format.path, needsMessage: !isBelow)
                if plan.pattern.matchesEmpty {
                    let help = isBelow ? "that the line has" : "that every line of the format has"
                    found.append(
                        pattern.diagnostic(
                            "the pattern matches an empty line", expandedOffset: 0, path: format.path,
                            help: "require at least one character \(help)"))
                }
            } catch {
                found.append(error)
            }
        }
        if let evidence = format.evidence {
            for pattern in evidence.patterns {
                do {
                    let compiled = try Pattern(pattern.grok.expanded, options: .anchored)
                    if compiled.matchesEmpty {
                        found.append(
                            pattern.diagnostic(
                                "the evidence is an empty line", expandedOffset: 0, path: format.path,
                                help: "require something that only this program writes"))
                    }
                } catch {
                    found.append(
                        pattern.diagnostic(
                            "the pattern doesn't compile: \(error.message)", expandedOffset: error.offset,
                            path: format.path, help: error.help))
                }
            }
        }
        guard found.isEmpty, let parser = try? format.makeParser() else { return found }
        for sample in format.samples { check(sample, parser, format.path, &found) }
        checkEvidence(of: format, &found)
        return found
    }

    /// Every pattern of the evidence has a sample that it matches, and the samples that speak of evidence are right.
    private static func checkEvidence(of format: FormatDefinition, _ found: inout [Diagnostic]) {
        var seen: Set<Int> = []
        for sample in format.samples {
            let line = Array(sample.line.utf8)
            var plain: ContiguousArray<UInt8> = []
            ControlSequences.strip(line.span, into: &plain)
            let matching = format.evidence?.matching(plain.span) ?? []
            seen.formUnion(matching)
            guard let isEvidence = sample.isEvidence, isEvidence == matching.isEmpty else { continue }
            let message =
                isEvidence
                ? "the line is no evidence of the format" : "the line is evidence of the format, which it shouldn't be"
            let help =
                isEvidence
                ? "add a pattern to 'evidence' that it matches, or remove `evidence: true`"
                : "make the evidence narrower, or remove `evidence: false`"
            let place = sample.position
            found.append(
                Diagnostic(
                    message, path: format.path, line: place.line, column: place.column, help: help, source: place.text))
        }
        for (number, pattern) in (format.evidence?.patterns ?? []).enumerated() where !seen.contains(number) {
            found.append(
                pattern.diagnostic(
                    "no sample line is evidence by this pattern", expandedOffset: 0, path: format.path,
                    help: "add a line that it matches to 'samples'"))
        }
    }

    private static func check(
        _ sample: FormatSample, _ parser: any LineParser, _ path: String, _ found: inout [Diagnostic]
    ) {
        func report(_ message: String, _ place: SourcePosition, help: String) {
            found.append(
                Diagnostic(
                    message, path: path, line: place.line, column: place.column, help: help, source: place.text))
        }
        let line = Array(sample.line.utf8)
        let wanted = sample.expected.first { $0.name == "time" }
        let time = wanted.map { scan($0.text) }
        // A line without a year is read in the year that the sample expects.
        var event = EventBuilder(clock: SourceClock(year: (time ?? nil).map { Timestamp.parts($0).year } ?? 1970))
        event.reset(rawCount: line.count)
        event.begin()
        let patterns = parser as? PatternParser
        let limits = patterns?.limitHits
        // Of an event of several lines the first one is read, and the others below it.
        let head = parser.readsBelow ? line.firstIndex(of: 0x0A) ?? line.count : line.count
        let isRead = parser.parsePlain(line.span.extracting(0..<head), at: 0, into: &event)
        if isRead, head < line.count {
            parser.readBelow(line.span.extracting((head + 1)..<line.count), at: head + 1, into: &event)
        }
        if patterns?.limitHits != limits {
            report(
                "a pattern gave up on this line at PCRE2's limits", sample.position,
                help: "look for nested repetitions such as (a+)+, or make them possessive: (a+)++")
        }
        if isRead != sample.matches {
            let what = patterns == nil ? "signature" : "patterns"
            let message =
                isRead
                ? "the format reads this line, which it should refuse"
                : patterns == nil ? "the line hasn't the format's signature" : "no pattern reads this line"
            let help =
                isRead
                ? "make the \(what) narrower, or remove `matches: false` if the format should read the line"
                : "correct the \(patterns == nil ? what : "pattern") that should read it, or the line if no log is written so"
            return report(message, sample.position, help: help)
        }
        guard isRead else { return }
        let decoded = event.decoded
        func text(_ range: ByteRange) -> String {
            range.upper <= line.count
                ? line.span.string(range.lower..<range.upper)
                : decoded.span.string(range.lower - line.count..<range.upper - line.count)
        }
        for expected in sample.expected {
            switch expected.name {
            case "time":
                guard let time, let time else {
                    report(
                        "'\(expected.text)' is no time", expected.position, help: "write it as 2026-11-22T10:00:00.123Z"
                    )
                    continue
                }
                if event.record.timeSource == .none {
                    report(
                        "no time was read, expected \(expected.text)", expected.position,
                        help: patterns == nil
                            ? "name the member in 'time', or remove 'time' from 'expect'"
                            : "capture the timestamp in a group named 'time', or remove 'time' from 'expect'")
                } else if event.record.time != time {
                    report(
                        "the time is \(ISOTime.text(event.record.time)), expected \(expected.text)",
                        expected.position, help: correct("time"))
                }
            case "level":
                let level = event.record.severity.name
                if level != expected.text {
                    report(
                        "the level is \(level), expected \(expected.text)", expected.position,
                        help: "correct the group 'level' or the format's 'levels', or what 'expect' says")
                }
            default:
                let range = expected.name == "message" ? event.record.message : event.record.component
                if text(range) != expected.text {
                    report(
                        "the \(expected.name) is '\(text(range))', expected '\(expected.text)'", expected.position,
                        help: correct(expected.name))
                }
            }
        }
        let first = Int(event.record.firstField)
        let fields = event.fields[first..<first + Int(event.record.fieldCount)].map {
            (name: String(decoding: event.keys.name($0.key), as: UTF8.self), text: text($0.value))
        }
        for expected in sample.fields {
            let actual = fields.first { $0.name == expected.name }?.text
            if actual == nil, expected.text.isEmpty || expected.text == "-" { continue }
            guard actual != expected.text else { continue }
            if let actual {
                report(
                    "the field '\(expected.name)' is '\(actual)', expected '\(expected.text)'", expected.position,
                    help: correct(expected.name))
            } else {
                let near = Nearest.name(to: expected.name, in: fields.map(\.name))
                report(
                    "there is no field '\(expected.name)'", expected.position,
                    help: near.map { "did you mean '\($0)'?" }
                        ?? "name a group of the pattern '\(expected.name)', or remove it from 'fields'")
            }
        }
    }

    private static func correct(_ group: String) -> String {
        "correct the group '\(group)' of the pattern, or what 'expect' says"
    }

    /// The time that a sample expects, which has its date and its year.
    private static func scan(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard let scanned = TimestampScanner.scan(bytes.span, at: 0), scanned.shape == .full,
            scanned.end == bytes.count
        else { return nil }
        return scanned.nanoseconds
    }
}

/// Times for messages: `2026-11-22T10:00:00.123Z`.
private enum ISOTime {
    static func text(_ time: Int64) -> String {
        let parts = Timestamp.parts(time)
        var text = "\(padded(parts.year, 4))-\(padded(parts.month, 2))-\(padded(parts.day, 2))T"
        text += "\(padded(parts.hour, 2)):\(padded(parts.minute, 2)):\(padded(parts.second, 2))"
        if parts.nanosecond > 0 {
            var fraction = padded(parts.nanosecond, 9)
            while fraction.hasSuffix("000") { fraction.removeLast(3) }
            text += ".\(fraction)"
        }
        return text + "Z"
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
