/// Groups of every kind, and what each says about the text around it.
extension PatternReader {
    /// After `(`.
    mutating func group(_ run: inout LiteralRun) throws {
        if at < text.count, text[at] == UInt8(ascii: "*") { throw Unknown() }
        guard take("?") else { return try body(&run) }
        if take("#") { return try skip(past: UInt8(ascii: ")")) }
        if take("=") || take("!") || take("<=") || take("<!") || take("*") || take("<*") {
            // Looks at text without taking any: what stands before and after it still touches.
            _ = try alternation()
            try close()
            _ = try repetition()
            return
        }
        if take(":") || take(">") || take("|") { return try body(&run) }
        if take("P<") || take("<") { return try named(until: UInt8(ascii: ">"), &run) }
        if take("'") { return try named(until: UInt8(ascii: "'"), &run) }
        if take("(") { return try conditional(&run) }
        if take("P>") || take("P=") || take("&") || take("R") || isRecursion {
            try skip(past: UInt8(ascii: ")"))
            _ = try repetition()
            run.head.follow(nil, least: 0)
            return run.stop()
        }
        try flags(&run)
    }

    /// At `1`, `+1` or `-1`: a group called by number, where `-i` would be a flag.
    var isRecursion: Bool {
        guard at < text.count else { return false }
        if isDigit(text[at]) || text[at] == UInt8(ascii: "+") { return true }
        return text[at] == UInt8(ascii: "-") && at + 1 < text.count && isDigit(text[at + 1])
    }

    mutating func body(_ run: inout LiteralRun) throws {
        let need = try alternation()
        try close()
        let count = try repetition()
        run.head.follow(need.head, count)
        run.add(need, count)
    }

    mutating func named(until end: UInt8, _ run: inout LiteralRun) throws {
        try skip(past: end)
        try body(&run)
    }

    mutating func conditional(_ run: inout LiteralRun) throws {
        if at < text.count, text[at] == UInt8(ascii: "?") {
            var unused = LiteralRun()
            try group(&unused)
        } else {
            if at < text.count, text[at] == UInt8(ascii: "*") { throw Unknown() }
            try skip(past: UInt8(ascii: ")"))
        }
        _ = try alternation()
        try close()
        _ = try repetition()
        run.head.follow(nil, least: 0)
        run.stop()
    }

    /// `(?i)`, `(?i-m:…)`: of the flags, only x changes how the rest reads.
    mutating func flags(_ run: inout LiteralRun) throws {
        while at < text.count {
            let byte = text[at]
            at += 1
            switch byte {
            case UInt8(ascii: ")"): return
            case UInt8(ascii: ":"): return try body(&run)
            case UInt8(ascii: "i"), UInt8(ascii: "m"), UInt8(ascii: "s"), UInt8(ascii: "n"), UInt8(ascii: "J"),
                UInt8(ascii: "U"), UInt8(ascii: "^"), UInt8(ascii: "-"):
                continue
            default: throw Unknown()
            }
        }
        throw Unknown()
    }

    mutating func close() throws {
        guard take(")") else { throw Unknown() }
    }
}
