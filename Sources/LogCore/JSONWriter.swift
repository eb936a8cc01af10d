/// Writes JSON (RFC 8259) into a buffer: what comes out is always valid, and always UTF-8, whatever bytes go in.
///
/// Commas are the writer's. Values on the top level are told apart by `newline()`. That every `beginObject` has its
/// `endObject` and every value in an object its key is the caller's to see to.
package struct JSONWriter: ~Copyable {
    /// What has been written so far; the caller takes it and empties it.
    package var bytes: ContiguousArray<UInt8> = []
    private let isPretty: Bool
    private var depth = 0
    /// A value stands before the next one on this level.
    private var needsComma = false
    private var isAfterKey = false

    /// `pretty` puts every member on a line of its own, two spaces deeper than its object.
    package init(pretty: Bool = false, capacity: Int = 4096) {
        isPretty = pretty
        bytes.reserveCapacity(capacity)
    }

    // MARK: Structure

    package mutating func beginObject() { begin(UInt8(ascii: "{")) }
    package mutating func endObject() { end(UInt8(ascii: "}")) }
    package mutating func beginArray() { begin(UInt8(ascii: "[")) }
    package mutating func endArray() { end(UInt8(ascii: "]")) }

    /// The name of the next value; plain ASCII without quotes and backslashes.
    package mutating func key(_ name: StaticString) {
        prepare()
        let count = name.utf8CodeUnitCount
        let isPretty = isPretty
        append(upTo: count &+ 4) { output in
            output[0] = UInt8(ascii: "\"")
            (output + 1).update(from: name.utf8Start, count: count)
            output[count &+ 1] = UInt8(ascii: "\"")
            output[count &+ 2] = UInt8(ascii: ":")
            output[count &+ 3] = 0x20
            return count &+ (isPretty ? 4 : 3)
        }
        isAfterKey = true
    }

    /// The name of the next value, from data: escaped as `string` does it.
    package mutating func key(named name: String) {
        var name = name
        name.withUTF8 { key(Span(_unsafeElements: $0)) }
    }

    package mutating func key(_ name: Span<UInt8>) {
        prepare()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        if isPretty { bytes.append(0x20) }
        isAfterKey = true
    }

    /// Ends the line and the value on it: the next one is a document of its own.
    package mutating func newline() {
        bytes.append(0x0A)
        needsComma = false
    }

    // MARK: Values

    /// Text, with U+FFFD for what isn't UTF-8.
    package mutating func string(_ text: Span<UInt8>) {
        prepare()
        quote(text)
    }

    package mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { string(Span(_unsafeElements: $0)) }
    }

    package mutating func string(_ text: StaticString) {
        string(Span(_unsafeElements: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)))
    }

    package mutating func number(_ value: Int64) {
        prepare()
        // 19 digits and a sign.
        append(upTo: 20) { output in
            var digits = 1
            var rest = value.magnitude
            while rest > 9 {
                rest /= 10
                digits &+= 1
            }
            let sign = value < 0 ? 1 : 0
            if value < 0 { output[0] = UInt8(ascii: "-") }
            Self.write(value.magnitude, digits: digits, to: output + sign)
            return sign &+ digits
        }
    }

    package mutating func number(_ value: Int) { number(Int64(value)) }

    /// The shortest digits that read back as the same value; `null` for what JSON can't say (infinite, not a number).
    package mutating func number(_ value: Double) {
        prepare()
        guard value.isFinite else {
            append("null")
            return
        }
        bytes.append(contentsOf: value.description.utf8)
    }

    /// JSON as a `.json` field holds it: well formed, but with any bytes in its strings. U+FFFD for what isn't UTF-8.
    package mutating func json(_ text: Span<UInt8>) {
        prepare()
        var run = 0
        var i = 0
        while i < text.count {
            if text[unchecked: i] < 0x80 {
                i &+= 1
                continue
            }
            let length = text.utf8Length(at: i)
            if length > 0 {
                i &+= length
                continue
            }
            append(text, run..<i)
            append("\u{FFFD}")
            i &-= length
            run = i
        }
        append(text, run..<text.count)
    }

    /// JSON verbatim, as a `.number` field holds it. The caller knows that it is valid.
    package mutating func raw(_ json: Span<UInt8>) {
        prepare()
        bytes.append(contentsOf: json)
    }

    package mutating func bool(_ value: Bool) {
        prepare()
        append(value ? "true" : "false")
    }

    package mutating func null() {
        prepare()
        append("null")
    }

    /// A time as `"2026-11-22T10:00:00.123Z"`: milliseconds, or as many of 6 or 9 digits as it takes to lose nothing.
    /// `null` for no time.
    package mutating func timestamp(_ time: Int64) {
        guard time != Timestamp.none else {
            null()
            return
        }
        prepare()
        let parts = Timestamp.parts(time)
        append(upTo: 32) { output in
            func write(_ value: Int, _ digits: Int, at offset: Int, before separator: UInt8) {
                Self.write(UInt64(truncatingIfNeeded: value), digits: digits, to: output + offset)
                output[offset &+ digits] = separator
            }
            output[0] = UInt8(ascii: "\"")
            // Int64 nanoseconds end in 2262: four digits are enough.
            write(parts.year, 4, at: 1, before: UInt8(ascii: "-"))
            write(parts.month, 2, at: 6, before: UInt8(ascii: "-"))
            write(parts.day, 2, at: 9, before: UInt8(ascii: "T"))
            write(parts.hour, 2, at: 12, before: UInt8(ascii: ":"))
            write(parts.minute, 2, at: 15, before: UInt8(ascii: ":"))
            write(parts.second, 2, at: 18, before: UInt8(ascii: "."))
            var digits = 9
            var fraction = parts.nanosecond
            while digits > 3, fraction % 1000 == 0 {
                fraction /= 1000
                digits &-= 3
            }
            write(fraction, digits, at: 21, before: UInt8(ascii: "Z"))
            output[22 &+ digits] = UInt8(ascii: "\"")
            return 23 &+ digits
        }
    }

    // MARK: Parts

    /// What stands before a key or a value: a comma, and where the member begins.
    @inline(__always)
    private mutating func prepare() {
        if isAfterKey {
            isAfterKey = false
            return
        }
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
        if isPretty, depth > 0 { indent() }
    }

    private mutating func begin(_ bracket: UInt8) {
        prepare()
        bytes.append(bracket)
        depth += 1
        needsComma = false
    }

    private mutating func end(_ bracket: UInt8) {
        depth -= 1
        // An empty one stays on its line.
        if isPretty, needsComma { indent() }
        bytes.append(bracket)
        needsComma = true
        isAfterKey = false
    }

    private mutating func indent() {
        bytes.append(0x0A)
        for _ in 0..<max(depth, 0) {
            bytes.append(0x20)
            bytes.append(0x20)
        }
    }

    private mutating func append(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends what `body` writes, at most `capacity` bytes; it gives their count.
    @inline(__always)
    private mutating func append(upTo capacity: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int) {
        bytes.append(addingCapacity: capacity) { span in
            span.withUnsafeMutableBufferPointer { buffer, count in
                // Every caller asks for more than 0 bytes, so there is an address.
                count = body(buffer.baseAddress.unsafelyUnwrapped)
            }
        }
    }

    /// Writes the last `digits` decimal digits of a value.
    @inline(__always)
    private static func write(_ value: UInt64, digits: Int, to output: UnsafeMutablePointer<UInt8>) {
        var rest = value
        var i = digits
        while i > 0 {
            i &-= 1
            output[i] = 0x30 | UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }

    /// Appends text as a string: runs that need nothing are copied whole.
    @inline(__always)
    private mutating func quote(_ text: Span<UInt8>) {
        let end = text.asciiPlainEnd(from: 0)
        guard end == text.count else {
            bytes.append(UInt8(ascii: "\""))
            escapeSlowly(text, from: end)
            bytes.append(UInt8(ascii: "\""))
            return
        }
        append(upTo: end &+ 2) { output in
            output[0] = UInt8(ascii: "\"")
            text.withUnsafeBufferPointer { source in
                if let start = source.baseAddress { (output + 1).update(from: start, count: end) }
            }
            output[end &+ 1] = UInt8(ascii: "\"")
            return end &+ 2
        }
    }

    @inline(never)
    private mutating func escapeSlowly(_ text: Span<UInt8>, from firstStop: Int) {
        var run = 0
        var i = firstStop
        while i < text.count {
            let byte = text[unchecked: i]
            if byte >= 0x80 {
                let length = text.utf8Length(at: i)
                if length > 0 {
                    i = text.asciiPlainEnd(from: i &+ length)
                    continue
                }
                append(text, run..<i)
                // U+FFFD; one for each longest start of a character, as the Unicode Standard recommends.
                append("\u{FFFD}")
                i &-= length
            } else {
                append(text, run..<i)
                append(escaped: byte)
                i &+= 1
            }
            run = i
            i = text.asciiPlainEnd(from: i)
        }
        append(text, run..<text.count)
    }

    private mutating func append(_ text: Span<UInt8>, _ range: Range<Int>) {
        if !range.isEmpty { bytes.append(contentsOf: text.extracting(range)) }
    }

    private mutating func append(escaped byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x22, 0x5C: bytes.append(byte)
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        default:
            append("u00")
            bytes.append(0x30 | byte &>> 4)
            let low = byte & 0xF
            bytes.append(low < 10 ? 0x30 | low : low &- 10 &+ UInt8(ascii: "a"))
        }
    }
}
