/// The time of a record none of whose members has a name that is known for one: the value whose name speaks of it best, be it in
/// some other language, as when something was seen, or within an object.
extension EventBuilder {
    /// How well a name speaks of an event's time.
    private enum Fit: Int {
        case time
        /// What the clock on the wall showed is worse than what says whose clock it was.
        case local
        /// Of the record's own object, or of when what it tells of began.
        case nested, start
        /// Of when it ended, was seen or changed for the last time.
        case end
        case no
    }

    /// `line` begins at `base`; values that were decoded aren't looked at.
    mutating func takeUnnamedTime(_ line: Span<UInt8>, at base: Int) {
        guard record.timeSource == .none else { return }
        var best: (fit: Fit, time: ScannedTime)?
        let first = Int(record.firstField)
        for index in first..<first &+ Int(record.fieldCount) {
            let field = fields[index]
            guard field.value.count >= 9, field.value.lower >= base, field.value.upper <= base &+ line.count else {
                continue
            }
            let text = line.extracting(field.value.lower &- base..<field.value.upper &- base)
            if field.kind == .json {
                guard best == nil, text[unchecked: 0] == UInt8(ascii: "{"), let time = Self.nestedTime(text) else {
                    continue
                }
                best = (.nested, time)
            } else if let found = Self.time(text, keys.name(field.key).span),
                found.fit.rawValue < (best?.fit ?? .no).rawValue
            {
                best = found
                if found.fit == .time { break }
            }
        }
        if let best { setTime(best.time) }
    }

    /// The time that a member says, and how likely it is the event's.
    private static func time(_ text: Span<UInt8>, _ name: Span<UInt8>) -> (fit: Fit, time: ScannedTime)? {
        guard text.count >= 9, text.count <= 40, text[unchecked: 0].isDigit, var time = RoleValues.time(text),
            time.shape == .full, RoleValues.isLikely(time)
        else { return nil }
        let fit = fit(name)
        if fit == .no { return nil }
        if name.holds("utc") { time.hasZone = true }
        return (fit, time)
    }

    /// The first member of an object that has been checked whose name speaks of time. When an object was made or changed is no
    /// event's time.
    private static func nestedTime(_ object: Span<UInt8>) -> ScannedTime? {
        var i = object.skipJSONSpace(from: 1)
        while i < object.count, object[unchecked: i] == UInt8(ascii: "\"") {
            var escaped = false
            let nameEnd = object.jsonStringEnd(from: i &+ 1, escaped: &escaped)
            guard nameEnd >= 0 else { return nil }
            let name = object.extracting(i &+ 1..<nameEnd)
            i = object.skipJSONSpace(from: object.skipJSONSpace(from: nameEnd &+ 1) &+ 1)
            let end = object.jsonValueEnd(from: i)
            guard end >= 0 else { return nil }
            let isText = object[unchecked: i] == UInt8(ascii: "\"")
            if isText || object[unchecked: i].isDigit,
                let found = time(object.extracting(isText ? i &+ 1..<end &- 1 : i..<end), name), found.fit == .time,
                !name.holds("creat")
            {
                return found.time
            }
            i = object.skipJSONSpace(from: end)
            guard i < object.count, object[unchecked: i] == UInt8(ascii: ",") else { return nil }
            i = object.skipJSONSpace(from: i &+ 1)
        }
        return nil
    }

    /// Whether a name speaks of time, and not of a span of it or of what is to come.
    private static func fit(_ name: Span<UInt8>) -> Fit {
        let others: [StaticString] = [
            "expir", "until", "before", "after", "next", "valid", "since", "birth", "timeout", "elapsed", "due",
            "sched",
            "durat", "uptime",
        ]
        if others.contains(where: { name.holds($0) }) { return .no }
        let isOfTime = speaksOfTime(name)
        let isEnd = ["last", "end", "updat", "modif", "stop"].contains { name.holds($0) }
        let isStart = !isEnd && ["start", "begin", "began", "first"].contains { name.holds($0) }
        if isEnd || isStart {
            // `vendorId` and `friend` speak of no end.
            let whole: [StaticString] = ["start", "started", "begin", "began", "end", "ended", "updated", "modified"]
            let isWhole = name.holds("seen") || whole.contains { $0.utf8CodeUnitCount == name.count && name.holds($0) }
            return isOfTime || isWhole ? (isEnd ? .end : .start) : .no
        }
        guard isOfTime else { return .no }
        return name.holds("local") ? .local : .time
    }

    private static func speaksOfTime(_ name: Span<UInt8>) -> Bool {
        let words: [StaticString] = [
            "time", "date", "stamp", "epoch", "zeit", "datum", "fecha", "hora", "clock", "created", "tiempo", "data_h",
        ]
        if words.contains(where: { name.holds($0) }) { return true }
        let verbs: [StaticString] = [
            "published", "received", "occurred", "occured", "detected", "logged", "observed", "recorded", "reported",
            "sent", "triggered", "fired", "raised", "captured", "generated", "collected", "seen",
        ]
        if verbs.contains(where: { $0.utf8CodeUnitCount == name.count && name.holds($0) }) { return true }
        let endings: [StaticString] = ["ts", "_at", "ns", "us", "ms"]
        if endings.contains(where: {
            let length = $0.utf8CodeUnitCount
            return name.count == length
                || name.count > length && name.matches($0, at: name.count &- length)
                    && (name[unchecked: name.count &- length] == Ascii.underscore
                        || name[unchecked: name.count &- length &- 1] == Ascii.underscore)
        }) {
            return true
        }
        // `detectedAt`, but not `FORMAT`.
        return name.count > 4 && name.matches("At", at: name.count &- 2)
            && name[unchecked: name.count &- 3] &- 0x61 < 26
    }
}

extension Span<UInt8> {
    /// Whether letters in lower case stand somewhere in it, in any case.
    fileprivate func holds(_ lower: StaticString) -> Bool {
        indices.contains { matchesAnyCase(lower, at: $0) }
    }
}
