import LogCore

/// A unit that quantities are written in.
struct Unit: Equatable {
    var kind: ParameterKind
    /// What one of it is in seconds or bytes.
    var scale: Double

    static let none = Unit(kind: .number, scale: 1)
    static let second = Unit(kind: .duration, scale: 1)
    static let byte = Unit(kind: .bytes, scale: 1)

    private init(kind: ParameterKind, scale: Double) {
        self.kind = kind
        self.scale = scale
    }

    /// Units by how they are written right behind a number or as a word of their own: `12ms`, `12 ms`, `4.5MiB`.
    ///
    /// kB and MB are powers of ten as SI has them, K, KB, M and G powers of two as memory is counted.
    private static let written: [(String, Unit)] = {
        let durations: [(Double, String)] = [
            (1e-9, "ns nsec nanos nanoseconds"), (1e-6, "us µs μs usec micros microseconds"),
            (1e-3, "ms msec msecs millis millisecond milliseconds"), (1, "s sec secs second seconds"),
            (60, "min mins minute minutes"), (3_600, "hour hours hrs"),
        ]
        let sizes: [(Double, String)] = [
            (1, "B byte bytes Bytes"), (1e3, "kB"), (1e6, "MB"), (1e9, "GB"), (1e12, "TB"), (1_024, "K KB KiB"),
            (1_048_576, "M MiB"), (1_073_741_824, "G GiB"), (1_099_511_627_776, "TiB"),
        ]
        let percent = [("%", Unit.none)]
        return percent
            + durations.flatMap { scale, names in
                names.split(separator: " ").map { (String($0), Unit(kind: .duration, scale: scale)) }
            }
            + sizes.flatMap { scale, names in
                names.split(separator: " ").map { (String($0), Unit(kind: .bytes, scale: scale)) }
            }
    }()

    /// The same by up to eight bytes of it as one number, for the way of every event.
    static let packed: ContiguousArray<(bytes: UInt64, unit: Unit)> = ContiguousArray(
        written.filter { $0.0.utf8.count <= 8 }.map { (pack($0.0.utf8), $0.1) })

    /// Names that are a unit and nothing else.
    private static let alone: Set = [
        "ns", "nsec", "nanos", "nanoseconds", "us", "usec", "micros", "microseconds", "ms", "msec", "msecs", "millis",
        "milliseconds", "sec", "secs", "seconds",
    ]

    private static func pack(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.enumerated().reduce(0) { $0 | UInt64($1.element) << UInt64(8 * $1.offset) }
    }

    /// The unit that a word names.
    static func word(_ bytes: some Sequence<UInt8>) -> Unit? {
        let word = String(decoding: Array(bytes), as: UTF8.self)
        // A word of its own must tell more than a letter would.
        if word == "K" || word == "M" || word == "G" { return nil }
        return written.first { $0.0 == word && $0.0 != "%" }?.1
    }

    /// The unit that the name of a value tells: `duration_ms`, `tookMillis`, `bytes_sent`; nil if it tells none.
    static func named(_ name: some Sequence<UInt8>) -> Unit? {
        let name = Array(name)
        var parts: [[UInt8]] = [[]]
        for (index, byte) in name.enumerated() {
            let isUpper = byte &- 0x41 < 26
            if !isUpper, !(byte &- 0x61 < 26), byte < 0x80 {
                parts.append([])
                continue
            }
            // A capital behind a small letter begins a word.
            if isUpper, index > 0, name[index - 1] &- 0x61 < 26 { parts.append([]) }
            parts[parts.count - 1].append(byte | (isUpper ? 0x20 : 0))
        }
        let words = parts.filter { !$0.isEmpty }.map { String(decoding: $0, as: UTF8.self) }
        guard let first = words.first, let last = words.last else { return nil }
        if first == "bytes" || last == "bytes" { return .byte }
        if last == "kb" { return Unit(kind: .bytes, scale: 1_024) }
        if last == "mb" { return Unit(kind: .bytes, scale: 1_048_576) }
        guard last.utf8.count > 1 else { return nil }
        // `ms=33`; a single word that may be a number of something else is none: `min`, `hour`, `second` of a date.
        if words.count == 1, !alone.contains(last) { return nil }
        return word(last.utf8)
    }
}
