/// The time of a record none of whose members has a name that is known for one: the first whose name speaks of time in some
/// language, and whose value is one.
extension EventBuilder {
    /// `line` begins at `base`; values that were decoded aren't looked at.
    mutating func takeUnnamedTime(_ line: Span<UInt8>, at base: Int) {
        guard record.timeSource == .none else { return }
        // What the clock on the wall showed is worse than what says whose clock it was.
        if !takeUnnamedTime(line, at: base, isLocal: false) { _ = takeUnnamedTime(line, at: base, isLocal: true) }
    }

    private mutating func takeUnnamedTime(_ line: Span<UInt8>, at base: Int, isLocal: Bool) -> Bool {
        let first = Int(record.firstField)
        for index in first..<first &+ Int(record.fieldCount) {
            let value = fields[index].value
            guard value.count >= 10, value.count <= 40, value.lower >= base, value.upper <= base &+ line.count else {
                continue
            }
            let text = line.extracting(value.lower &- base..<value.upper &- base)
            guard text[unchecked: 0].isDigit, fields[index].kind != .json, var time = RoleValues.time(text),
                time.shape == .full
            else { continue }
            let key = fields[index].key
            guard Self.namesTime(keys.name(key).span), keys.name(key).span.holds("local") == isLocal else { continue }
            if keys.name(key).span.holds("utc") { time.hasZone = true }
            setTime(time)
            return true
        }
        return false
    }

    /// Whether a name speaks of time, and not of a span of it or of another event's.
    private static func namesTime(_ name: Span<UInt8>) -> Bool {
        let others: [StaticString] = [
            "expir", "until", "before", "after", "start", "end", "last", "next", "valid", "since", "birth", "updat",
            "modif",
            "timeout", "elapsed", "due", "sched", "durat", "uptime",
        ]
        if others.contains(where: { name.holds($0) }) { return false }
        let words: [StaticString] = [
            "time", "date", "stamp", "epoch", "zeit", "datum", "fecha", "hora", "clock", "created", "tiempo", "data_h",
        ]
        if words.contains(where: { name.holds($0) }) { return true }
        let endings: [StaticString] = ["ts", "_at", "ns", "us", "ms"]
        return endings.contains {
            let length = $0.utf8CodeUnitCount
            return name.count == length
                || name.count > length && name.matches($0, at: name.count &- length)
                    && (name[unchecked: name.count &- length] == Ascii.underscore
                        || name[unchecked: name.count &- length &- 1] == Ascii.underscore)
        }
    }
}

extension Span<UInt8> {
    /// Whether letters in lower case stand somewhere in it, in any case.
    fileprivate func holds(_ lower: StaticString) -> Bool {
        let length = lower.utf8CodeUnitCount
        guard count >= length else { return false }
        for start in 0...count &- length {
            var i = 0
            while i < length, self[unchecked: start &+ i] | 0x20 == lower.utf8Start[i] | 0x20 { i &+= 1 }
            if i == length { return true }
        }
        return false
    }
}
