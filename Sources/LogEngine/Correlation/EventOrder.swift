import LogCore

/// Puts the events of several sources into one order: that of their times, and for equal times of source and place.
///
/// Each source is nearly in order by itself: an event may be up to `lateness` older than the newest before it. So once all
/// sources have got past a time by that much, nothing older can come, and the events up to there go out. Whether an event
/// is late depends on its own source alone, so the order is the same however the reading was cut up or shared out.
///
/// Where a further run goes on, the end of a source isn't its last word: it holds the others up as if it were open, unless
/// it is so far behind them that it will hardly go on, such as the older files of a rotated set.
struct EventOrder {
    struct Entry {
        var time: Int64
        var source: Int
        var offset: Int64
        /// Where the event is kept: the caller's own numbers.
        var chunk: Int
        var index: Int

        static func < (a: Entry, b: Entry) -> Bool {
            if a.time != b.time { return a.time < b.time }
            if a.source != b.source { return a.source < b.source }
            return a.offset < b.offset
        }
    }

    struct Source {
        /// The newest time so far; `Int64.min` before the first.
        var latest = Int64.min
        /// A time so far ahead that one event alone isn't believed, and that event if somebody wants it.
        var leap: Int64?
        var pending: Entry?
        var isFinished = false
        /// Has nothing to say at present: it is taken to have come as far as `clock`.
        var isIdle = false
        /// How far time has gone on in a silent source; `Int64.max`: nobody waits for it.
        var clock = Int64.max
        /// The oldest time since the last look at the source that wasn't late; `Int64.max` without any.
        var oldest = Int64.max
        /// Bytes of the source whose events are in.
        var offset: Int64 = 0

        /// Has begun, and isn't at its end.
        var isOpen: Bool { !isFinished && latest > .min }
        /// Nothing older than its first event can go out before it has begun.
        var isAwaited: Bool { !isFinished && !isIdle && latest == .min }
        /// Nothing older than this is to come, but for what is late by no more than is allowed.
        var reach: Int64 { isIdle ? max(latest, clock) : latest }
    }

    private(set) var sources: [Source]
    /// Those that have begun and aren't at their end: of a hundred thousand logs, few at a time.
    private var open: ContiguousArray<Int> = []
    /// How many are still to begin.
    private var awaited: Int
    /// Events too far behind their own source.
    private(set) var late: Int64 = 0
    /// Events that were in time for their source, but time had gone on without it.
    private(set) var overtaken: Int64 = 0
    private(set) var untimed: Int64 = 0
    /// The newest time of all; `Int64.min` without any.
    private(set) var newest = Int64.min
    let lateness: Int64
    /// Whether a further run may bring more of each source.
    private let goesOn: Bool
    private var heap: ContiguousArray<Entry> = []
    /// What has gone out already is older than this, or as old.
    private(set) var released = Int64.min

    /// An event this far ahead of its source waits until the next one bears it out: believed at once, a slip of the pen
    /// would make everything behind it late.
    private static let leap = 3_600 * Timestamp.second
    /// A source at its end that is further behind the newest isn't expected to go on.
    let patience: Int64
    /// Where a further run goes on: how far those have come that are at their end, in order, and the first that is near.
    private var ended: ContiguousArray<Int64> = []
    private var firstNear = 0

    init(sources: Int, lateness: Int64, goesOn: Bool = false) {
        self.sources = Array(repeating: Source(), count: sources)
        awaited = sources
        self.lateness = lateness
        self.goesOn = goesOn
        let (ten, isTooLong) = lateness.multipliedReportingOverflow(by: 10)
        patience = isTooLong ? .max : ten
    }

    var count: Int { heap.count }

    /// Continues where a run before left off.
    mutating func resume(_ source: Int, as saved: Source) {
        update(source) { $0 = saved }
        move(source, to: saved.latest)
    }

    /// Takes the next event of a source. `entry` is what is wanted of it, nil if nobody wants it; its time is set here.
    /// False if the entry isn't kept: it comes too late, or has no time.
    mutating func admit(_ time: Int64, from source: Int, _ entry: Entry?) -> Bool {
        let latest = sources[source].latest
        guard time != Timestamp.none else {
            if latest == .min, entry != nil { untimed += 1 }
            return latest != .min && insert(entry, at: latest)
        }
        if latest == .min {
            move(source, to: time)
            sources[source].oldest = min(sources[source].oldest, time)
            return insert(entry, at: time)
        }
        if let leap = sources[source].leap { settle(source, isTrue: time >= leap - lateness) }
        let known = sources[source].latest
        if time > known, time - known > Self.leap {
            sources[source].leap = time
            sources[source].pending = entry
            return entry != nil
        }
        move(source, to: max(known, time))
        guard time >= known - lateness else {
            if entry != nil { late += 1 }
            return false
        }
        sources[source].oldest = min(sources[source].oldest, time)
        return insert(entry, at: time)
    }

    /// Takes the next events of a source, which nobody wants: only their times count. As `admit` does for each of them, but
    /// most events are such, and one after another in time.
    mutating func pass(_ times: Span<Int64>, of source: Int) {
        var next = 0
        while next < times.count {
            if sources[source].latest > .min, sources[source].leap == nil {
                next = passInOrder(times, next, source)
                if next == times.count { return }
            }
            _ = admit(times[next], from: source, nil)
            next += 1
        }
    }

    /// Up to the first that is far ahead: the place of that.
    private mutating func passInOrder(_ times: Span<Int64>, _ first: Int, _ source: Int) -> Int {
        var known = sources[source].latest
        var oldest = sources[source].oldest
        var next = first
        while next < times.count {
            let time = times[next]
            if time > known {
                if time - known > Self.leap { break }
                known = time
            }
            if time >= known - lateness, time != Timestamp.none { oldest = min(oldest, time) }
            next += 1
        }
        sources[source].oldest = oldest
        move(source, to: known)
        return next
    }

    /// An event of this time is there, and will come in a further run.
    mutating func announce(_ time: Int64, of source: Int) {
        let latest = sources[source].latest
        guard time != Timestamp.none, latest == .min || time > latest && time - latest <= Self.leap else { return }
        move(source, to: time)
    }

    /// Decides about an event that is far ahead: it was right, or it belongs to its neighbours' time.
    private mutating func settle(_ source: Int, isTrue: Bool) {
        guard let leap = sources[source].leap else { return }
        if isTrue { move(source, to: max(sources[source].latest, leap)) }
        _ = insert(sources[source].pending, at: isTrue ? leap : sources[source].latest)
        sources[source].leap = nil
        sources[source].pending = nil
    }

    private mutating func insert(_ entry: Entry?, at time: Int64) -> Bool {
        guard var entry else { return false }
        // The order is behind its own output only where it couldn't wait: for want of memory, or for a silent source.
        guard time >= released else {
            overtaken += 1
            return false
        }
        entry.time = time
        insert(entry)
        return true
    }

    mutating func setOffset(_ offset: Int64, of source: Int) { sources[source].offset = offset }

    mutating func setIdle(_ source: Int, _ isIdle: Bool, clock: Int64 = .max) {
        update(source) {
            $0.isIdle = isIdle
            $0.clock = clock
        }
        if isIdle { settle(source, isTrue: true) }
    }

    /// The oldest time that has come in of a source since the last call; nil if nothing has.
    mutating func takeOldest(of source: Int) -> Int64? {
        defer { sources[source].oldest = .max }
        return sources[source].oldest == .max ? nil : sources[source].oldest
    }

    /// The source is at its end. If a further run goes on, that decides about what waits to be borne out.
    mutating func finish(_ source: Int) {
        update(source) { $0.isFinished = true }
        guard goesOn else { return settle(source, isTrue: true) }
        let time = sources[source].latest
        guard time > .min, isNear(time) else { return }
        var (low, high) = (firstNear, ended.count)
        while low < high {
            let middle = (low + high) / 2
            if ended[middle] < time { low = middle + 1 } else { high = middle }
        }
        ended.insert(time, at: low)
    }

    /// Whether a source that has come so far isn't left behind by the newest.
    private func isNear(_ time: Int64) -> Bool {
        let oldest = newest.subtractingReportingOverflow(patience)
        return oldest.overflow || time >= oldest.partialValue
    }

    /// Changes a source, and what is kept of all of them for the watermark.
    private mutating func update(_ source: Int, _ change: (inout Source) -> Void) {
        let before = sources[source]
        change(&sources[source])
        let after = sources[source]
        if before.isAwaited != after.isAwaited { awaited += after.isAwaited ? 1 : -1 }
        guard before.isOpen != after.isOpen else { return }
        if after.isOpen {
            open.append(source)
        } else if let place = open.firstIndex(of: source) {
            open.swapAt(place, open.count - 1)
            open.removeLast()
        }
    }

    private mutating func move(_ source: Int, to time: Int64) {
        if sources[source].latest == .min {
            update(source) { $0.latest = time }
        } else {
            sources[source].latest = time
        }
        guard time > newest else { return }
        newest = time
        while firstNear < ended.count, !isNear(ended[firstNear]) { firstNear += 1 }
    }

    func isPending(_ entry: Entry) -> Bool {
        guard let pending = sources[entry.source].pending else { return false }
        return pending.chunk == entry.chunk && pending.index == entry.index
    }

    /// Puts back what waited when a run before ended.
    mutating func resume(_ entry: Entry, isPending: Bool) {
        if isPending {
            sources[entry.source].pending = entry
        } else {
            insert(entry)
        }
    }

    /// Events that wait for the next one of their source to bear them out.
    var pending: [Entry] { sources.compactMap(\.pending) }

    mutating func insert(_ entry: Entry) {
        heap.append(entry)
        heap.withUnsafeMutableBufferPointer { heap in
            var child = heap.count - 1
            while child > 0 {
                let parent = (child - 1) / 2
                guard entry < heap[parent] else { break }
                heap[child] = heap[parent]
                child = parent
            }
            heap[child] = entry
        }
    }

    /// Nothing older than this can come any more; `Int64.min` before every source has begun, `Int64.max` after all ended.
    var watermark: Int64 {
        guard awaited == 0 else { return .min }
        var least = Int64.max
        for source in open { least = min(least, sources[source].reach) }
        // Of those at their end, the first that is near enough to go on.
        if goesOn, firstNear < ended.count { least = min(least, ended[firstNear]) }
        return least == .max ? .max : least.subtractingReportingOverflow(lateness).partialValue
    }

    /// The same for the end of a run: no source has had its last word. `Int64.min` without any time.
    var watermarkAtEnd: Int64 {
        var least = Int64.max
        for source in sources where source.latest > .min && isNear(source.latest) { least = min(least, source.latest) }
        return least == .max ? .min : least.subtractingReportingOverflow(lateness).partialValue
    }

    /// Time has gone on to here: what is older comes too late from now on.
    mutating func release(upTo time: Int64) { released = max(released, time) }

    /// The next event in order that is older than `watermark`; nil if there is none.
    mutating func next(before watermark: Int64) -> Entry? {
        guard let first = heap.first, first.time < watermark || watermark == .max else { return nil }
        released = max(released, first.time)
        let last = heap.removeLast()
        if !heap.isEmpty { sink(last) }
        return first
    }

    /// All that is waiting, in no order.
    var waiting: ContiguousArray<Entry> { heap }

    /// Puts an entry where the first one was.
    private mutating func sink(_ entry: Entry) {
        heap.withUnsafeMutableBufferPointer { heap in
            var parent = 0
            while true {
                var child = 2 * parent + 1
                guard child < heap.count else { break }
                if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
                guard heap[child] < entry else { break }
                heap[parent] = heap[child]
                parent = child
            }
            heap[parent] = entry
        }
    }
}
