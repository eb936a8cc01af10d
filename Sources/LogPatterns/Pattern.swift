internal import CPCRE2
internal import Synchronization

/// Why a pattern doesn't compile, in PCRE2's words.
package struct PatternError: Error, Equatable, Sendable {
    package var message: String
    /// Offset in the pattern's UTF-8 bytes at which PCRE2 stopped reading.
    package var offset: Int

    package init(message: String, offset: Int) {
        self.message = message
        self.offset = offset
    }
}

/// A PCRE2 pattern compiled once, for the JIT where it can be.
///
/// Sendable is safe: PCRE2 never writes to compiled code after `pcre2_jit_compile`, all that a match changes
/// lies in the worker's `Matcher`, and the code is freed only with the last reference.
package final class Pattern: Sendable {
    package struct Options: OptionSet, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }
        /// Matches only where the search starts, without `^` in the source.
        package static let anchored = Options(rawValue: 1)
        /// Subjects are UTF-8, whatever the source holds; invalid bytes match nothing but don't end the search.
        package static let utf = Options(rawValue: 2)
        /// No JIT: for patterns that run once, and for tests of the interpreter.
        package static let interpreted = Options(rawValue: 4)
    }

    /// A capture that has a name.
    package struct Name: Equatable, Sendable {
        package var name: String
        package var number: Int
    }

    package let source: String
    /// In the order of their numbers.
    package let captureNames: [Name]
    /// Groups in the pattern, without the whole match.
    package let captureCount: Int
    /// Every match starts at the offset where the search starts.
    package let isAnchored: Bool
    /// The pattern can match no text at all.
    package let matchesEmpty: Bool
    /// Characters are UTF-8 sequences, not bytes.
    package let isUTF: Bool
    /// Bytes that a match can start with, or nil where PCRE2 doesn't know.
    package let firstBytes: ByteSet?

    let code: PatternCode
    private let metered: MeteredCode

    package init(_ source: String, options: Options = []) throws(PatternError) {
        self.source = source
        isUTF = options.contains(.utf) || Self.needsUTF(source)
        var flags = PCRE2_NEVER_BACKSLASH_C
        if isUTF { flags |= PCRE2_UTF | PCRE2_MATCH_INVALID_UTF }
        if options.contains(.anchored) { flags |= PCRE2_ANCHORED }
        let code = try Self.compile(source, flags)
        if !options.contains(.interpreted) { _ = pcre2_jit_compile_8(code, PCRE2_JIT_COMPLETE) }
        captureCount = Int(Self.info(code, PCRE2_INFO_CAPTURECOUNT, 0 as UInt32))
        metered = MeteredCode(source, flags)
        self.code = PatternCode(
            address: code, captureCount: captureCount, hasJIT: Self.info(code, PCRE2_INFO_JITSIZE, 0 as Int) > 0,
            metered: metered)
        isAnchored = Self.info(code, PCRE2_INFO_ALLOPTIONS, 0 as UInt32) & PCRE2_ANCHORED != 0
        matchesEmpty = Self.info(code, PCRE2_INFO_MATCHEMPTY, 0 as UInt32) != 0
        captureNames = Self.names(code)
        firstBytes =
            Self.firstBytes(code, isUTF: isUTF) ?? (isAnchored ? Self.firstBytes(ofAnchored: source, flags) : nil)
    }

    deinit { pcre2_code_free_8(code.address) }

    /// The number of the group with this name.
    package func number(of name: String) -> Int? {
        captureNames.first { $0.name == name }?.number
    }

    /// Whether the source has meaning only over characters: anything but ASCII, Unicode properties, code points
    /// past a byte, and the spaces of `\h`, `\v`, `\R` (in byte mode `\h` matches 0xA0, the second half of an `à`).
    /// Everything else runs over bytes, which is faster and means the same.
    static func needsUTF(_ source: String) -> Bool {
        // (*UTF) and its like at the start: without MATCH_INVALID_UTF it would miss lines with invalid bytes.
        if source.utf8.starts(with: "(*".utf8) { return true }
        let bytes = source.utf8.span
        var at = 0
        while at < bytes.count {
            let byte = bytes[unchecked: at]
            if byte >= 0x80 { return true }
            at += 1
            guard byte == UInt8(ascii: "\\"), at < bytes.count else { continue }
            switch bytes[unchecked: at] {
            case UInt8(ascii: "p"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "R"), UInt8(ascii: "h"),
                UInt8(ascii: "H"), UInt8(ascii: "v"), UInt8(ascii: "V"), 0x80...:
                return true
            case UInt8(ascii: "x"), UInt8(ascii: "o"), UInt8(ascii: "N"):
                if at + 1 < bytes.count, bytes[unchecked: at + 1] == UInt8(ascii: "{") { return true }
            default: break
            }
            at += 1
        }
        return false
    }

    static func compile(_ source: String, _ flags: UInt32) throws(PatternError) -> OpaquePointer {
        var number: Int32 = 0
        var offset = 0
        var copy = source
        let code = copy.withUTF8 { bytes -> OpaquePointer? in
            // An empty string may have no address; PCRE2 wants one even for zero bytes.
            var none: UInt8 = 0
            return withUnsafePointer(to: &none) {
                pcre2_compile_8(bytes.baseAddress ?? $0, bytes.count, flags, &number, &offset, nil)
            }
        }
        guard let code else { throw PatternError(message: message(of: number), offset: offset) }
        return code
    }

    /// PCRE2's words for one of its error numbers.
    static func message(of number: Int32) -> String {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256) { buffer in
            let length = pcre2_get_error_message_8(number, buffer.baseAddress, buffer.count)
            guard length > 0 else { return "PCRE2 error \(number)" }
            return String(decoding: buffer[..<Int(length)], as: UTF8.self)
        }
    }

    static func info<Value: BitwiseCopyable>(_ code: OpaquePointer, _ what: Int32, _ initial: Value) -> Value {
        var value = initial
        return pcre2_pattern_info_8(code, UInt32(what), &value) == 0 ? value : initial
    }

    private static func names(_ code: OpaquePointer) -> [Name] {
        let count = Int(info(code, PCRE2_INFO_NAMECOUNT, 0 as UInt32))
        let size = Int(info(code, PCRE2_INFO_NAMEENTRYSIZE, 0 as UInt32))
        guard count > 0, size > 2,
            let table = info(code, PCRE2_INFO_NAMETABLE, nil as UnsafePointer<UInt8>?)
        else { return [] }
        // An entry: the group's number in two bytes, high byte first, then the name up to a NUL.
        let names = (0..<count).map { index -> Name in
            let entry = UnsafeBufferPointer(start: table + index * size, count: size)
            let name = String(decoding: entry[2...].prefix { $0 != 0 }, as: UTF8.self)
            return Name(name: name, number: Int(entry[0]) << 8 | Int(entry[1]))
        }
        return names.sorted { $0.number < $1.number }
    }

    static func firstBytes(_ code: OpaquePointer, isUTF: Bool) -> ByteSet? {
        if let map = info(code, PCRE2_INFO_FIRSTBITMAP, nil as UnsafePointer<UInt8>?) {
            return ByteSet { map[Int($0 >> 3)] & (1 << ($0 & 7)) != 0 }
        }
        guard info(code, PCRE2_INFO_FIRSTCODETYPE, 0 as UInt32) == 1 else { return nil }
        let first = UInt8(truncatingIfNeeded: info(code, PCRE2_INFO_FIRSTCODEUNIT, 0 as UInt32))
        // PCRE2 doesn't say whether that byte is caseless, so both cases count; and in UTF mode the
        // letters k and s have further cases, which begin with the bytes below.
        let lower = first | 0x20
        let isLetter = lower >= 0x61 && lower <= 0x7a
        return ByteSet {
            $0 == first || (isLetter && $0 | 0x20 == lower)
                || (isUTF && ((lower == 0x6b && $0 == 0xe2) || (lower == 0x73 && $0 == 0xc5)))
        }
    }

    /// PCRE2 works out first bytes only for patterns that aren't anchored. Without what anchors it a pattern
    /// matches at least what it matched before, so the first bytes of that one hold for the anchored one too.
    private static func firstBytes(ofAnchored source: String, _ flags: UInt32) -> ByteSet? {
        var rest = Substring(source)
        if rest.utf8.first == UInt8(ascii: "^") {
            rest.removeFirst()
            // A quantifier would now mean something else.
            if let next = rest.utf8.first, "*+?{".utf8.contains(next) { return nil }
        }
        guard let code = try? compile(String(rest), flags & ~PCRE2_ANCHORED) else { return nil }
        defer { pcre2_code_free_8(code) }
        return firstBytes(code, isUTF: flags & PCRE2_UTF != 0)
    }
}

/// What a search needs of a pattern, without a reference to count; lives as long as its `Pattern`.
struct PatternCode: @unchecked Sendable {
    let address: OpaquePointer
    let captureCount: Int
    let hasJIT: Bool
    /// The `Pattern` holds it, as it does `address`.
    unowned(unsafe) let metered: MeteredCode
}

/// The same pattern once more, with a callout before each of its items that says how far a search has come.
///
/// A search that is watched takes up to ten times as long, and most patterns never meet a line that needs it:
/// it is compiled when the first one does.
final class MeteredCode: Sendable {
    private let source: String
    private let flags: UInt32
    /// The compiled code's address; nil before the first use, 0 where PCRE2 refuses the pattern with callouts in it.
    private let compiled = Mutex<UInt?>(nil)

    fileprivate init(_ source: String, _ flags: UInt32) {
        self.source = source
        self.flags = flags
    }

    deinit { pcre2_code_free_8(OpaquePointer(bitPattern: compiled.withLock { $0 ?? 0 })) }

    /// Nil for a pattern that callouts make too large.
    var address: OpaquePointer? {
        OpaquePointer(
            bitPattern: compiled.withLock { compiled in
                if let compiled { return compiled }
                let code = try? Pattern.compile(source, flags | PCRE2_AUTO_CALLOUT)
                if let code { _ = pcre2_jit_compile_8(code, PCRE2_JIT_COMPLETE) }
                let address = UInt(bitPattern: code)
                compiled = address
                return address
            })
    }
}
