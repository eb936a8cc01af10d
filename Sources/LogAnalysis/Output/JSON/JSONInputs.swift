import LogCore

// Inputs, and what became of their bytes.
extension JSONWriter {
    mutating func ledger(_ ledger: Ledger) {
        beginObject()
        for (name, value) in ledger.figures { member(name, value) }
        endObject()
    }

    mutating func input(_ input: SourceSummary) {
        beginObject()
        member("path", input.path)
        list("formats", input.formats) { $0.string($1) }
        key("confidence")
        number(input.confidence)
        key("compression")
        if let compression = input.compression { string(compression) } else { null() }
        key("inferred_year")
        if let year = input.inferredYear { number(year) } else { null() }
        key("times")
        times(input)
        key("ledger")
        ledger(input.ledger)
        key("unparsed")
        if let sample = input.unparsedSample { self.sample(sample) } else { null() }
        key("error")
        if let error = input.error { string(error) } else { null() }
        key("skipped")
        if let skipped = input.skipped { string(skipped) } else { null() }
        endObject()
    }

    private mutating func times(_ input: SourceSummary) {
        let facts = input.times
        beginObject()
        key("year_from")
        optional(facts?.yearFrom?.rawValue)
        key("first_date")
        optional(facts?.firstDay.map { Self.date(Int64($0) * Timestamp.day) })
        key("date_from")
        optional(facts?.dateFrom?.rawValue)
        key("zone")
        optional(facts?.zone)
        key("order")
        optional(facts?.order?.rawValue)
        key("order_from")
        optional(facts?.orderReason?.rawValue)
        member("zoneless_events", input.ledger.times.zoneless)
        member("backward_events", input.ledger.times.backward)
        member("backward_jumps", input.ledger.times.jumps)
        endObject()
    }

    private mutating func optional(_ text: String?) {
        if let text { string(text) } else { null() }
    }

    private static func date(_ time: Int64) -> String {
        let parts = Timestamp.parts(time)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(parts.year)-\(two(parts.month))-\(two(parts.day))"
    }

    mutating func timeNote(_ note: TimeNote) {
        beginObject()
        member("kind", note.kind.rawValue)
        member("meaning", note.text)
        key("guess")
        bool(note.isGuess)
        list("inputs", Array(note.inputs.prefix(100))) { $0.string($1) }
        member("hint", note.hint)
        if let skew = note.skew { clockSkew(skew) }
        endObject()
    }

    private mutating func clockSkew(_ skew: ClockSkew) {
        key("skew")
        beginObject()
        member("behind", skew.behind)
        member("ahead", skew.ahead)
        key("seconds")
        number(Double(skew.median) / 1e9)
        key("deviation_seconds")
        number(Double(skew.deviation) / 1e9)
        member("ids", Int64(skew.ids))
        endObject()
    }

    mutating func problem(_ input: SourceSummary) {
        beginObject()
        member("path", input.path)
        member("error", input.error ?? "")
        endObject()
    }

    mutating func loss(_ loss: Loss) {
        beginObject()
        member("reason", loss.reason.rawValue)
        member("meaning", loss.reason.text)
        member("count", loss.count)
        member("bytes", loss.bytes)
        list("inputs", Array(loss.inputs.prefix(100))) { $0.string($1) }
        list("samples", loss.samples) { $0.sample($1) }
        key("message")
        if let message = loss.message { string(message) } else { null() }
        member("hint", loss.hint)
        endObject()
    }
}

extension Ledger {
    /// What became of the bytes, lines and events, by the names that all outputs use.
    var figures: [(name: StaticString, value: Int64)] {
        [
            ("bytes", bytes), ("accounted", accounted), ("event_bytes", eventBytes), ("joined_bytes", joinedBytes),
            ("blank_bytes", blankBytes), ("truncated_bytes", truncatedBytes), ("skipped_bytes", skippedBytes),
            ("unparsed_bytes", unparsedBytes), ("untimed_bytes", untimedBytes), ("nul_bytes", nulRunBytes),
            ("lines", lines), ("events", events), ("joined_lines", joinedLines), ("blank_lines", blankLines),
            ("truncated_events", truncatedEvents), ("unparsed_events", unparsedEvents),
            ("untimed_events", untimedEvents), ("nul_runs", nulRunEvents),
        ]
    }
}
