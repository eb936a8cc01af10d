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
    /// Steps that every search may take, and further ones per byte of the subject. A fixed limit either lets a
    /// short line run for seconds or refuses a true match at the end of a line of a MiB, which takes about 10 a byte.
    private static let steps = 1_000_000
    private static let stepsPerByte = 200
    /// Subject lengths are rounded up to this before they set the limit, so that most lines share one.
    private static let lengthStep = 12
    private static let depthLimit: UInt32 = 1_000_000
    /// KiB that the interpreter may take for backtracking.
    private static let heapLimit: UInt32 = 64 * 1024
    private static let jitStack = (initial: 32 * 1024, limit: 1024 * 1024)

    private let context: OpaquePointer
    private let stack: OpaquePointer?
    private var data: OpaquePointer
    private var offsets: UnsafeMutablePointer<Int>
    private var pairs: Int
    private var limitBucket = -1
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
        if length >> Self.lengthStep != limitBucket { setLimit(length) }
        if pattern.captureCount >= pairs { grow(pattern.captureCount + 1) }
        let bytes = subject.baseAddress ?? UnsafePointer(nothing)
        var status: Int32
        if pattern.hasJIT && !anchored {
            status = pcre2_jit_match_8(pattern.address, bytes, length, start, 0, data, context)
            if status == PCRE2_ERROR_JIT_STACKLIMIT {
                // The interpreter keeps its backtracking on the heap, where there is more room, still bounded.
                status = pcre2_match_8(pattern.address, bytes, length, start, PCRE2_NO_JIT, data, context)
            }
        } else {
            let options = PCRE2_NO_JIT | (anchored ? PCRE2_ANCHORED : 0)
            status = pcre2_match_8(pattern.address, bytes, length, start, options, data, context)
        }
        if status > 0 {
            valid = Int(status)
            return .matched
        }
        return status == PCRE2_ERROR_NOMATCH ? .noMatch : .limit
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

    private mutating func setLimit(_ length: Int) {
        limitBucket = length >> Self.lengthStep
        let rounded = (limitBucket + 1) << Self.lengthStep
        let (scaled, overflow) = rounded.multipliedReportingOverflow(by: Self.stepsPerByte)
        let limit = overflow ? Int(UInt32.max) : min(scaled + Self.steps, Int(UInt32.max))
        pcre2_set_match_limit_8(context, UInt32(limit))
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
