/// Which of a file's formats may read a line, by its syslog head, remembered: a program's lines are offered to few of the
/// formats that stand before the file's main one.
///
/// A format is asked once whether any line that begins so can be its (`LineParser.mayRead`): with that time, program and
/// process, and these first letters of the message. Lines with the same head get the same answer; of the time's digits and of a
/// process's number of several digits none counts, nor does the host where the format takes any. What has no such head is
/// offered to all.
struct HeadMemory: ~Copyable {
    private struct Answer {
        /// 0: none yet.
        var head: UInt64 = 0
        var formats: UInt64 = 0
    }

    /// 64 KiB: more than 512 KiB of tables a worker are beyond the second cache.
    private static let slots = 4096
    /// A log with ever new heads asks the formats more often than it spares them: then the memory rests.
    private static let watched = 16_384
    private static let mostAsked = watched / 4
    private static let rest = 131_072
    /// Hosts that no format is made for.
    private static let hosts = [Array("q-7.Zy_0 ".utf8), Array("0 ".utf8)]

    private(set) var isUsed = false
    private var answers: ContiguousArray<Answer> = []
    private var formats: ContiguousArray<ObjectIdentifier> = []
    /// By layout of the time, the formats that take any host there.
    private var takesAnyHost: ContiguousArray<(layout: UInt64, formats: UInt64)> = []
    /// A log has a few layouts.
    private static let layouts = 64
    private var looked = 0
    private var asked = 0
    private var resting = 0

    /// The answers belong to `parsers`; those to others are forgotten.
    mutating func use(_ parsers: ContiguousArray<any LineParser>) {
        guard formats.count != parsers.count || !zip(formats, parsers).allSatisfy({ $0 == ObjectIdentifier($1) })
        else { return }
        formats = ContiguousArray(parsers.map { ObjectIdentifier($0) })
        // More would not fit a mask; one alone has nobody to be spared for.
        isUsed = parsers.count > 1 && parsers.count <= 64
        (looked, asked, resting) = (0, 0, 0)
        takesAnyHost.removeAll()
        answers.removeAll(keepingCapacity: true)
        if isUsed { answers.append(contentsOf: repeatElement(Answer(), count: Self.slots)) }
    }

    /// A bit for each of the parsers that may read the line.
    @inline(__always)
    mutating func formats(for line: Span<UInt8>, among parsers: ContiguousArray<any LineParser>) -> UInt64 {
        if resting > 0 {
            resting &-= 1
            return .max
        }
        guard let head = SyslogHeadKey(line) else { return .max }
        // Two places for each.
        let slot = Int(truncatingIfNeeded: head.hash & UInt64(Self.slots &- 2))
        looked &+= 1
        if answers[slot].head == head.hash { return answers[slot].formats }
        if answers[slot &+ 1].head == head.hash { return answers[slot &+ 1].formats }
        return ask(line, head, slot, parsers)
    }

    @inline(never)
    private mutating func ask(
        _ line: Span<UInt8>, _ head: SyslogHeadKey, _ slot: Int, _ parsers: ContiguousArray<any LineParser>
    ) -> UInt64 {
        let anyHost = takeAnyHost(head.layout, line.extracting(0..<head.host), parsers)
        var formats = ~anyHost
        let beginning = line.extracting(0..<head.end)
        for index in parsers.indices where anyHost >> UInt64(index) & 1 == 1 {
            if parsers[index].mayRead(beginning: beginning) { formats |= 1 << UInt64(index) }
        }
        answers[slot &+ 1] = answers[slot]
        answers[slot] = Answer(head: head.hash, formats: formats)
        asked &+= 1
        if looked >= Self.watched {
            if asked > Self.mostAsked { resting = Self.rest }
            (looked, asked) = (0, 0)
        }
        return formats
    }

    private mutating func takeAnyHost(
        _ layout: UInt64, _ time: Span<UInt8>, _ parsers: ContiguousArray<any LineParser>
    ) -> UInt64 {
        if let known = takesAnyHost.first(where: { $0.layout == layout }) { return known.formats }
        guard takesAnyHost.count < Self.layouts else { return 0 }
        let start = (0..<time.count).map { time[$0] }
        var formats: UInt64 = 0
        for (index, parser) in parsers.enumerated() {
            let takesAny = Self.hosts.allSatisfy { parser.goesOn(with: (start + $0).span, after: time) }
            if takesAny { formats |= 1 << UInt64(index) }
        }
        takesAnyHost.append((layout, formats))
        return formats
    }
}
