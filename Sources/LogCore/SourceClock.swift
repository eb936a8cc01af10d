/// What the times of one source lack, and how it is filled in: year, date, zone, and the order of a date's numbers.
/// It goes along with the lines; who reads a source from its start keeps it.
package struct SourceClock: Sendable {
    package var years: YearClock
    /// Nil: a time of day alone is no time.
    package var days: DayClock? {
        didSet { update() }
    }
    /// Of times that write none; nil is UTC.
    package var zone: LocalZone? {
        didSet { update() }
    }
    /// How dates of numbers are read; `named` is as each of them looks.
    package var order = DateOrder.named {
        didSet { update() }
    }
    /// What dates of numbers say of their order, where that is asked for.
    package var evidence: OrderEvidence? {
        didSet { update() }
    }
    /// Whether a time that has its date may still have to be changed. Most sources ask for nothing.
    @usableFromInline private(set) var adjusts = false

    package init(year: Int = 1970) { years = YearClock(year: year) }

    /// Of a source of which nothing is known yet: with a year and a day, so that times without them count as times.
    package static var unknown: SourceClock {
        var clock = SourceClock(year: 2000)
        clock.days = DayClock(day: 0)
        return clock
    }

    private mutating func update() {
        let needed = zone != nil || order != .named || evidence != nil || days != nil
        if adjusts != needed { adjusts = needed }
    }

    /// Nanoseconds since the epoch of a time with its date.
    @inlinable
    package mutating func resolve(full scanned: ScannedTime) -> Int64 {
        adjusts ? adjusted(scanned) : scanned.nanoseconds
    }

    @usableFromInline
    mutating func adjusted(_ scanned: ScannedTime) -> Int64 {
        let written = ordered(scanned).nanoseconds
        let time = scanned.hasZone ? written : utc(written)
        follow(time)
        return time
    }

    /// Goes to a time that has its date, in nanoseconds since the epoch: where some lines write it, the others are of the
    /// same day.
    package mutating func follow(_ time: Int64) {
        guard days != nil else { return }
        let offset = zone?.offset(atUTC: Int(time / Timestamp.second)) ?? 0
        days?.follow(time + Int64(offset) * Timestamp.second)
    }

    /// Of a time without a year.
    @inlinable
    package mutating func resolve(yearless scanned: ScannedTime) -> Int64 {
        adjusts ? adjusted(yearless: scanned) : years.resolve(scanned)
    }

    @usableFromInline
    mutating func adjusted(yearless scanned: ScannedTime) -> Int64 {
        let written = years.resolve(ordered(scanned))
        let time = scanned.hasZone ? written : utc(written)
        follow(time)
        return time
    }

    /// Of a time of day; nil where the date isn't known.
    package mutating func resolve(timeOfDay scanned: ScannedTime) -> Int64? {
        guard let time = days?.resolve(scanned.nanoseconds) else { return nil }
        return scanned.hasZone ? time - Int64(scanned.offset) * Timestamp.second : utc(time)
    }

    private mutating func ordered(_ scanned: ScannedTime) -> ScannedTime {
        if scanned.order == .named { return scanned }
        evidence?.note(scanned)
        return scanned.read(as: order) ?? scanned
    }

    private mutating func utc(_ time: Int64) -> Int64 { zone?.utc(local: time) ?? time }
}
