import LogCore

/// A civil time and its place on the timeline, counted the slow way: a year, a month and a day at a time.
/// What the scanner's arithmetic is compared with.
struct ReferenceTime {
    var year: Int
    var month: Int
    var day: Int
    var hour: Int
    var minute: Int
    var second: Int
    var nanosecond: Int

    static let monthNames = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    static let weekdayNames = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]

    static func isLeap(_ year: Int) -> Bool {
        year.isMultiple(of: 400) || (year.isMultiple(of: 4) && !year.isMultiple(of: 100))
    }

    static func length(ofMonth month: Int, in year: Int) -> Int {
        month == 2 && isLeap(year) ? 29 : monthLengths[month - 1]
    }

    private static let monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

    /// Days from 1970-01-01 to the first of January of each year up to 2200.
    private static let yearStarts: [Int] = {
        var starts: [Int] = []
        var days = 0
        for year in 1970...2200 {
            starts.append(days)
            days += isLeap(year) ? 366 : 365
        }
        return starts
    }()

    var daysSinceEpoch: Int {
        var days = Self.yearStarts[year - 1970]
        for earlier in 1..<month { days += Self.length(ofMonth: earlier, in: year) }
        return days + day - 1
    }

    var secondOfDay: Int { hour * 3600 + minute * 60 + second }
    var seconds: Int { daysSinceEpoch * 86_400 + secondOfDay }
    var monthName: String { Self.monthNames[month - 1] }
    var weekdayName: String { Self.weekdayNames[daysSinceEpoch % 7] }

    /// Nanoseconds since the epoch with `digits` digits of the fraction, the rest cut off.
    func nanoseconds(digits: Int) -> Int64 { Int64(seconds) * 1_000_000_000 + Int64(fraction(digits: digits)) }

    /// The first `digits` digits of the fraction, as nanoseconds.
    func fraction(digits: Int) -> Int {
        var unit = 1_000_000_000
        for _ in 0..<digits { unit /= 10 }
        return nanosecond / unit * unit
    }

    static func random(using generator: inout SeededGenerator, years: ClosedRange<Int> = 1970...2200) -> Self {
        let year = generator.int(in: years)
        let month = generator.int(in: 1...12)
        return Self(
            year: year, month: month, day: generator.int(in: 1...length(ofMonth: month, in: year)),
            hour: generator.int(in: 0...23), minute: generator.int(in: 0...59), second: generator.int(in: 0...60),
            nanosecond: generator.int(in: 0...999_999_999))
    }
}

/// The timestamp at `start`. A function of arrays, because `#require` can't take a span.
func scanTime(_ bytes: [UInt8], at start: Int = 0) -> ScannedTime? {
    TimestampScanner.scan(bytes.span, at: start)
}

/// SplitMix64 (Steele, Lea, Flood): the same numbers on every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    mutating func int(in range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.upperBound - range.lowerBound + 1))
    }
}

/// Text put together from numbers of fixed width, without Foundation.
struct TimeText {
    var bytes: [UInt8] = []

    mutating func add(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// `value` with `width` digits at least, padded in front.
    mutating func add(_ value: Int, _ width: Int, pad: Character = "0") {
        var unit = 1
        var digits = 1
        while value / unit >= 10 {
            unit *= 10
            digits += 1
        }
        while digits < width {
            bytes.append(pad == " " ? 0x20 : 0x30)
            digits += 1
        }
        while unit > 0 {
            bytes.append(0x30 + UInt8(value / unit % 10))
            unit /= 10
        }
    }

    mutating func clock(_ time: ReferenceTime, separator: String = ":") {
        add(time.hour, 2)
        add(separator)
        add(time.minute, 2)
        add(separator)
        add(time.second, 2)
    }

    mutating func fraction(_ time: ReferenceTime, _ digits: Int, mark: String = ".") {
        guard digits > 0 else { return }
        add(mark)
        var value = time.nanosecond
        for _ in digits..<9 { value /= 10 }
        add(value, digits)
    }
}
