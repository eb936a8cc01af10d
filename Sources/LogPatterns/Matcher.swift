internal import CPCRE2

/// What a search found out.
package enum MatchResult: Equatable, Sendable {
    case matched
    case noMatch
    /// PCRE2 gave up at one of the limits: whether the text matches is unknown. Never "no match".
    case limit
}

/// What one worker needs to run patterns: room for captures, a JIT stack, and limits. Patterns are shared, this isn't.
package struct Matcher: ~Copyable {
    /// Subjects up to here are searched without being watched: PCRE2's own limit, which counts anew from every place
    /// where a match could start, still bounds the whole of a search there.
    private static let shortLength = 16 * 1024
    /// What `steps` from each of a short subject's starts may add up to: about 20 ms.
    private static let shortSteps = 4_000_000
    /// What a watched search may cost, and more of it per byte of the subject; a unit is about a nanosecond. A fixed
    /// limit either lets a short line run for seconds or refuses a true match at the end of a line of a MiB.
    private static let effort = 20_000_000
    private static let effortPerByte = 256
    /// For watched searches only a second barrier.
    private static let steps = UInt32(1) << 30
    private static let depthLimit: UInt32 = 1_000_000
    /// KiB that the interpreter may take for backtracking.
    private static let heapLimit: UInt32 = 64 * 1024
    private static let jitStack = (initial: 32 * 1024, limit: 1024 * 1024)

    private let context: OpaquePointer
    private let stack: OpaquePointer?
    private var data: OpaquePointer
    private var offsets: UnsafeMutablePointer<Int>
    private var pairs: Int
    private var limit: UInt32 = 0
    private let meter: UnsafeMutablePointer<SearchMeter>
    /// Pairs of `offsets` that the last search set.
    private var valid = 0
    /// Address of no bytes, for a subject that is empty and has none.
    private let nothing: UnsafeMutablePointer<UInt8>

    package init() {
        pairs = 32
        // These return nil only when malloc does, as Swift's own allocations trap on.
        guard let context = pcre2_match_context_create_8(nil), let data = pcre2_match_data_create_8(32, nil) else {
            preconditionFailure("out of memory")
        }
        self.context = context
        self.data = data
        offsets = pcre2_get_ovector_pointer_8(data)
        nothing = .allocate(capacity: 1)
        nothing.initialize(to: 0)
        meter = .allocate(capacity: 1)
        meter.initialize(to: SearchMeter())
        // Only metered code, and patterns with callouts of their own, call it.
        pcre2_set_callout_8(
            context,
            { block, data in
                guard let block, let data else { return 0 }
                let meter = data.assumingMemoryBound(to: SearchMeter.self)
                return meter.pointee.passes(block.pointee.current_position) ? 0 : PCRE2_ERROR_MATCHLIMIT
            }, meter)
        stack = pcre2_jit_stack_create_8(Self.jitStack.initial, Self.jitStack.limit, nil)
        pcre2_jit_stack_assign_8(context, nil, stack.map { UnsafeMutableRawPointer($0) })
        pcre2_set_heap_limit_8(context, Self.heapLimit)
        pcre2_set_depth_limit_8(context, Self.depthLimit)
    }

    deinit {
        pcre2_match_data_free_8(data)
        pcre2_match_context_free_8(context)
        pcre2_jit_stack_free_8(stack)
        nothing.deallocate()
        meter.deallocate()
    }

    /// Searches `subject` from `start` on; what lies before `start` is seen by `^`, `\b` and lookbehinds.
    ///
    /// `anchored` runs without the JIT, which has no such option: a pattern that always is anchored says so
    /// when it is compiled.
    package mutating func match(
        _ pattern: Pattern, _ subject: UnsafeBufferPointer<UInt8>, from start: Int = 0, anchored: Bool = false
    ) -> MatchResult {
        match(pattern.code, subject, from: start, anchored: anchored)
    }

    /// The pattern must outlive the call.
    mutating func match(
        _ pattern: PatternCode, _ subject: UnsafeBufferPointer<UInt8>, from start: Int, anchored: Bool
    ) -> MatchResult {
        let length = subject.count
        valid = 0
        guard start >= 0, start <= length else { return .noMatch }
        if pattern.captureCount >= pairs { grow(pattern.captureCount + 1) }
        let bytes = subject.baseAddress ?? UnsafePointer(nothing)
        meter.pointee = SearchMeter(left: Self.effort &+ length &* Self.effortPerByte, position: start)
        var status = PCRE2_ERROR_MATCHLIMIT
        if length <= Self.shortLength {
            setLimit(UInt32(truncatingIfNeeded: Self.shortSteps / max(length, 8)))
            status = run(pattern.address, pattern.hasJIT, bytes, length, start, anchored)
        }
        // It takes longer than nearly all do, or could: now every step is counted, over all starts.
        if status == PCRE2_ERROR_MATCHLIMIT {
            setLimit(Self.steps)
            status = run(pattern.metered.address ?? pattern.address, pattern.hasJIT, bytes, length, start, anchored)
        }
        if status > 0 {
            valid = Int(status)
            return .matched
        }
        return status == PCRE2_ERROR_NOMATCH ? .noMatch : .limit
    }

    /// Whether `beginning` or some text that begins so can match; true also where that isn't known. Slower than a match: the
    /// code of the JIT is made for whole texts.
    mutating func mayMatch(_ pattern: PatternCode, beginning bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        valid = 0
        guard let start = bytes.baseAddress else { return true }
        if pattern.captureCount >= pairs { grow(pattern.captureCount + 1) }
        meter.pointee = SearchMeter(left: Self.effort, position: 0)
        setLimit(UInt32(truncatingIfNeeded: Self.shortSteps / max(bytes.count, 8)))
        let options = PCRE2_NO_JIT | PCRE2_PARTIAL_HARD
        return pcre2_match_8(pattern.address, start, bytes.count, 0, options, data, context) != PCRE2_ERROR_NOMATCH
    }

    private func run(
        _ code: OpaquePointer, _ hasJIT: Bool, _ bytes: UnsafePointer<UInt8>, _ length: Int, _ start: Int,
        _ anchored: Bool
    ) -> Int32 {
        if hasJIT && !anchored {
            let status = pcre2_jit_match_8(code, bytes, length, start, 0, data, context)
            if status != PCRE2_ERROR_JIT_STACKLIMIT { return status }
            // The interpreter keeps its backtracking on the heap, where there is more room, still bounded.
            return pcre2_match_8(code, bytes, length, start, PCRE2_NO_JIT, data, context)
        }
        let options = PCRE2_NO_JIT | (anchored ? PCRE2_ANCHORED : 0)
        return pcre2_match_8(code, bytes, length, start, options, data, context)
    }

    package mutating func match(
        _ pattern: Pattern, _ subject: Span<UInt8>, from start: Int = 0, anchored: Bool = false
    ) -> MatchResult {
        subject.withUnsafeBufferPointer { match(pattern, $0, from: start, anchored: anchored) }
    }

    /// Where group `number` of the last match lies in its subject (0: all of the match);
    /// nil if the group took no part, there is no such group, or nothing matched.
    package func capture(_ number: Int) -> Range<Int>? {
        guard number >= 0, number < valid else { return nil }
        let start = offsets[2 &* number]
        let end = offsets[2 &* number &+ 1]
        // PCRE2_UNSET is all ones: -1 here.
        guard start >= 0, start <= end else { return nil }
        return Range(uncheckedBounds: (start, end))
    }

    /// The number that the last match passed as a mark, `(*:12)`; 0 where it passed none.
    var mark: Int {
        guard var digit = pcre2_get_mark_8(data) else { return 0 }
        var number = 0
        while digit.pointee != 0 {
            number = number &* 10 &+ Int(digit.pointee &- 0x30)
            digit += 1
        }
        return number
    }

    private mutating func setLimit(_ steps: UInt32) {
        if steps == limit { return }
        limit = steps
        pcre2_set_match_limit_8(context, steps)
    }

    private mutating func grow(_ needed: Int) {
        // The old room stays if malloc fails: PCRE2 then reports fewer captures, it never writes past them.
        guard let larger = pcre2_match_data_create_8(UInt32(clamping: needed), nil) else { return }
        pcre2_match_data_free_8(data)
        data = larger
        offsets = pcre2_get_ovector_pointer_8(larger)
        pairs = needed
    }
}

/// What a watched search may still do. Between two items of a pattern a search can run over all of the subject, so it
/// pays for the way from one to the next as well as for the item.
private struct SearchMeter {
    /// An item costs as much as this many bytes.
    private static let itemCost = 8

    var left = 0
    var position = 0

    mutating func passes(_ next: Int) -> Bool {
        left &-= Self.itemCost &+ abs(next &- position)
        position = next
        return left > 0
    }
}
