import LogCore

/// The parameters of all templates of one worker, while it runs: tables by number, in which nothing is allocated for an
/// event once its template's places are known.
struct ParameterStore: ~Copyable {
    /// Places of a template that are looked at, the first ones.
    static let places = 12
    /// Bytes of all sketches and samples at most, so that twenty thousand templates of noise take no more.
    private static let budget = 16 << 20
    private static let largestBytes = 500
    /// Values that are kept with their times, at most, of all measures: 16 MiB. They take no sketch its room.
    private static let timed = 350_000

    private let reader = QuantityReader()
    /// By template.
    private var templates = Table<Template>()
    private var cells = Table<Cell>()
    private var measures = Table<Measure>()
    /// Of each measure what every value touches.
    private var spreads = Table<Distribution.Spread>()
    private var samples = Table<Sampled>()
    /// Of the measures that are durations.
    private var timedSamples = Table<TimedSample>()
    /// Of each measure the maximum, and the hash above which no value is kept with its time.
    private var limits = Table<(maximum: Double, timed: UInt64)>()
    private var timedCount = 0
    /// What hashes of places begin with, by the rank of the source.
    private let seeds: ContiguousArray<UInt64>
    /// When ids came first.
    private var identities = IdentityTable()
    private var recentBuckets = RecentBuckets()
    private var recentValues = RecentValues()
    /// Of the batch at hand, to be counted all at once: in a short loop the processor waits for many lines of memory at a time,
    /// among all that is done for an event for one after the other.
    private var quantities: ContiguousArray<Quantity> = []
    private var values: ContiguousArray<Value> = []
    /// By key: whether a field of that name is a quantity, and in which unit.
    private var keys: ContiguousArray<KeyUse> = []
    /// The names of fields, by cell.
    private var names: [Int32: String] = [:]
    private var used = 0

    private enum KeyUse: UInt8 { case unknown, ignored, measured, identity }

    struct Template {
        /// Its first place, -1 until its first event, and how many there are.
        var firstPlace: Int32 = -1
        var placeCount: Int32 = 0
        /// Its first field, -1 if it has none.
        var firstField: Int32 = -1
        /// Some places have but a comma between them, as the parts of `1,5` and `1,234` do.
        var hasCommas = false
    }

    /// Numbers of what is kept for a place; -1 for what never came.
    struct Cell {
        var hint: PlaceHint
        /// Of a field.
        var key = Key.overflow
        var next: Int32 = -1
        var numbers: Int32 = -1
        var durations: Int32 = -1
        var sizes: Int32 = -1
        var values: Int32 = -1
        /// Between it and the place behind it stands a comma.
        var meetsNext = false
    }

    struct Measure {
        var kind: ParameterKind
        /// The event of the maximum: where it stands in the order of samples, and how it reads.
        var event = Place()
        var line: Int64 = 0
        var text: ContiguousArray<UInt8> = []
        /// Number of its timed sample, -1 for what is no duration.
        var timed: Int32 = -1
    }

    struct Sampled {
        var sample = ValueSample()
        /// Number of the table in front of it: -1 for none yet, -2 for none ever.
        var table: Int32 = -1
    }

    struct Quantity {
        var value: Double
        var measure: Int32
    }

    struct Value {
        var hash: UInt64
        var text: ByteRange
        var sample: Int32
    }

    /// Values of a measure or a sample from which on it has a table in front: noise has none.
    private static let tableFrom = 32

    /// An event, as far as parameters ask for it.
    struct Event {
        var template: Int
        var record: Record
        /// Ranges of its wildcards in `Batch.wildcards`.
        var wildcards: Range<Int>
        var at: Place

        init(_ template: Int, _ record: Record, _ wildcards: Range<Int>, _ at: Place) {
            self.template = template
            self.record = record
            self.wildcards = wildcards
            self.at = at
        }
    }

    /// `paths`: of the sources by rank.
    init(paths: [String]) { seeds = ContiguousArray(paths.map(TimedSample.seed)) }

    /// Whether something was left out because there was no room for it.
    var isFull: Bool { used > Self.budget }

    /// `host`: the machine that the event is of.
    @inline(__always)
    mutating func add(_ event: Event, _ batch: borrowing Batch, host: () -> ByteRange?) {
        while templates.count <= event.template { templates.append(Template()) }
        if !event.wildcards.isEmpty {
            if templates[event.template].firstPlace < 0 { begin(event, batch) }
            let template = templates[event.template]
            var index = 0
            let count = min(Int(template.placeCount), event.wildcards.count)
            while index < count {
                defer { index &+= 1 }
                if template.hasCommas, let end = addNumber(from: index, Int(template.firstPlace), event, batch, host) {
                    index = end
                    continue
                }
                add(
                    batch.wildcards[event.wildcards.lowerBound &+ index], to: Int(template.firstPlace) &+ index, event,
                    batch, host)
            }
        }
        let start = Int(event.record.firstField)
        for index in start..<start &+ Int(event.record.fieldCount) {
            let field = batch.event.fields[index]
            let number = Int(field.key.index)
            if number < keys.count, keys[number] == .ignored { continue }
            add(field, event, batch, host)
        }
    }

    // MARK: Places

    /// The places of a template, as the words around them in its first event tell: all its events have the same.
    private mutating func begin(_ event: Event, _ batch: borrowing Batch) {
        let count = min(event.wildcards.count, Self.places)
        templates[event.template].firstPlace = Int32(cells.count)
        templates[event.template].placeCount = Int32(count)
        let ranges = batch.wildcards[event.wildcards]
        guard let first = ranges.first, let last = ranges.last else { return }
        // The message, or as much of it as holds all of them with the words around.
        var message = event.record.message.isEmpty ? event.record.evidence : event.record.message
        if first.lower < message.lower || last.upper > message.upper { message = event.record.evidence }
        var before = message.lower
        for (index, range) in ranges.prefix(count).enumerated() {
            let behind = index + 1 < ranges.count ? ranges[ranges.startIndex + index + 1].lower : message.upper
            let words = before - message.lower..<max(before, behind) - message.lower
            let hint = batch.withText(message) { text in
                PlaceHint(text, range.lower - message.lower..<range.upper - message.lower, words: words)
            }
            before = range.upper
            var cell = Cell(hint: hint)
            if index + 1 < count, behind == range.upper + 1, range.upper < message.upper {
                let comma = ByteRange(range.upper, behind)
                cell.meetsNext = batch.withText(comma) { $0[0] == UInt8(ascii: ",") }
                if cell.meetsNext { templates[event.template].hasCommas = true }
            }
            cells.append(cell)
        }
    }

    /// Counts a number whose parts the places from `first` on are, with the last of them; gives that. Nil if they are none.
    @inline(never)
    private mutating func addNumber(
        from first: Int, _ firstPlace: Int, _ event: Event, _ batch: borrowing Batch, _ host: () -> ByteRange?
    ) -> Int? {
        var last = first
        while cells[firstPlace &+ last].meetsNext { last &+= 1 }
        guard last > first, last < event.wildcards.count, first == 0 || !cells[firstPlace &+ first &- 1].meetsNext
        else {
            return nil
        }
        let range = ByteRange(
            batch.wildcards[event.wildcards.lowerBound &+ first].lower,
            batch.wildcards[event.wildcards.lowerBound &+ last].upper)
        let place = firstPlace &+ last
        guard let read = batch.withText(range, { reader.read($0, cells[place].hint.unit) }) else { return nil }
        add(read, range, to: place, event, batch, host)
        return last
    }

    private mutating func add(_ field: Field, _ event: Event, _ batch: borrowing Batch, _ host: () -> ByteRange?) {
        let number = Int(field.key.index)
        while keys.count <= number { keys.append(.unknown) }
        if keys[number] == .unknown {
            let hint = PlaceHint(field: batch.event.keys.name(field.key))
            keys[number] = hint.isIdentity ? .identity : hint.unit.kind.isMeasure ? .measured : .ignored
        }
        if keys[number] == .identity { return addIdentity(field.value, event, batch) }
        if keys[number] == .ignored { return }
        var cell = templates[event.template].firstField
        while cell >= 0, cells[Int(cell)].key != field.key { cell = cells[Int(cell)].next }
        if cell < 0 {
            var new = Cell(hint: PlaceHint(field: batch.event.keys.name(field.key)), key: field.key)
            new.next = templates[event.template].firstField
            cell = Int32(cells.count)
            templates[event.template].firstField = cell
            names[cell] = String(decoding: batch.event.keys.name(field.key), as: UTF8.self)
            cells.append(new)
        }
        add(field.value, to: Int(cell), event, batch, host)
    }

    // MARK: Values

    @inline(__always)
    private mutating func add(
        _ range: ByteRange, to place: Int, _ event: Event, _ batch: borrowing Batch, _ host: () -> ByteRange?
    ) {
        let unit = cells[place].hint.unit
        if cells[place].hint.isIdentity { addIdentity(range, event, batch) }
        let read: (value: Double, kind: ParameterKind)? = batch.withText(range) { text in
            if let read = reader.read(text, unit) { return read }
            let hash = ValueSample.hash(text)
            if hash <= identities.bound, text.isUnlabelledID {
                identities.add(hash, at: event.record, in: event.at.source)
            }
            values.append(Value(hash: hash, text: range, sample: Int32(truncatingIfNeeded: sample(place))))
            return nil
        }
        if let read { add(read, range, to: place, event, batch, host) }
    }

    @inline(__always)
    private mutating func add(
        _ read: (value: Double, kind: ParameterKind), _ range: ByteRange, to place: Int, _ event: Event,
        _ batch: borrowing Batch, _ host: () -> ByteRange?
    ) {
        let (value, kind) = read
        let measure = measure(kind, place)
        quantities.append(Quantity(value: value, measure: Int32(truncatingIfNeeded: measure)))
        if kind.isMeasure, value >= limits[measure].maximum { keep(value, measure, event, batch) }
        if kind == .duration {
            let hash = TimedSample.hash(seeds[event.at.source], event.at.offset)
            if hash <= limits[measure].timed, event.at.time != .max {
                let number = Int(measures[measure].timed)
                keepTimed(value, hash, number, range, event, batch, host())
                limits[measure].timed = timedSamples[number].bound
            }
        }
    }

    /// Counts what the events of a batch had.
    mutating func settle(_ batch: borrowing Batch) {
        let mayGrow = used <= Self.budget
        for index in quantities.indices {
            let quantity = quantities[index]
            let measure = Int(quantity.measure)
            spreads[measure].add(quantity.value)
            let bucket = QuantileSketch.bucket(quantity.value)
            let table = spreads[measure].table
            if bucket == 0 {
                spreads[measure].sketch.addZero()
            } else if table >= 0 {
                if let old = recentBuckets.add(bucket, to: table) {
                    count(old.count, of: old.bucket, measure, mayGrow)
                }
            } else {
                count(1, of: bucket, measure, mayGrow)
                if table == -1, spreads[measure].count >= Self.tableFrom {
                    spreads[measure].table = recentBuckets.addTable() ?? -2
                }
            }
        }
        quantities.removeAll(keepingCapacity: true)
        for index in values.indices {
            let value = values[index]
            let sample = Int(value.sample)
            guard samples[sample].sample.counts(value.hash) else { continue }
            let table = samples[sample].table
            if table >= 0 {
                if recentValues.counts(value.hash, in: table) { continue }
                let old = recentValues.put(value.hash, in: table)
                if old.count > 0 { samples[sample].sample.add(old.count, of: old.hash) }
            } else if table == -1, samples[sample].sample.count >= Self.tableFrom {
                samples[sample].table = recentValues.addTable() ?? -2
            }
            if batch.withText(value.text, { samples[sample].sample.keep($0, value.hash, mayGrow: mayGrow) }) {
                used += 128
            }
        }
        values.removeAll(keepingCapacity: true)
    }

    private mutating func count(_ count: Int64, of bucket: UInt64, _ measure: Int, _ mayGrow: Bool) {
        if spreads[measure].sketch.add(count, of: bucket, mayGrow: mayGrow) { used += 16 }
    }

    /// With the names that the event bears: one of them may be the only slow one.
    private mutating func keepTimed(
        _ value: Double, _ hash: UInt64, _ number: Int, _ range: ByteRange, _ event: Event, _ batch: borrowing Batch,
        _ host: ByteRange?
    ) {
        var entry = TimedSample.Entry(
            hash: hash, time: event.at.time, line: batch.firstLine &+ Int64(event.record.line) &+ 1,
            source: Int32(truncatingIfNeeded: event.at.source), value: Float(value))
        if let host { entry.names[0] = name(host, batch) }
        if !event.record.component.isEmpty { entry.names[1] = name(event.record.component, batch) }
        var slot = 2
        for other in batch.wildcards[event.wildcards] where other != range && slot < TimedSample.names {
            guard batch.withText(other, Self.isName) else { continue }
            entry.names[slot] = name(other, batch)
            slot += 1
        }
        if timedSamples[number].add(entry, mayGrow: timedCount < Self.timed) { timedCount += 1 }
    }

    private func name(_ range: ByteRange, _ batch: borrowing Batch) -> UInt32 {
        batch.withText(range) { TimedSample.name(ValueSample.hash($0)) }
    }

    /// What may be the name or the address of one of several: digits, and something else than a number has.
    private static func isName(_ text: Span<UInt8>) -> Bool {
        guard (2...ValueSample.textBytes).contains(text.count) else { return false }
        var digits = 0
        var dots = 0
        var letters = 0
        for index in text.indices {
            let byte = text[unchecked: index]
            if byte &- 0x30 < 10 { digits += 1 }
            if byte == UInt8(ascii: ".") { dots += 1 }
            if (byte | 0x20) &- 0x61 < 26 { letters += 1 }
        }
        let beginsWithLetter = (text[unchecked: 0] | 0x20) &- 0x61 < 26
        return digits > 0 && (beginsWithLetter && letters > 1 || dots > 2)
    }

    // MARK: Ids

    private mutating func addIdentity(_ range: ByteRange, _ event: Event, _ batch: borrowing Batch) {
        guard (IdentityTimes.shortest...JoinSample.longest).contains(range.count) else { return }
        batch.withText(range) { text in
            let hash = ValueSample.hash(text)
            // Without a digit it is a name, such as that of a job.
            if hash <= identities.bound, text.indices.contains(where: { text[unchecked: $0] &- 0x30 < 10 }) {
                identities.add(hash, at: event.record, in: event.at.source)
            }
        }
    }

    /// When each source named some ids first; nil where no event named one.
    func identityTimes(sources: [String]) -> IdentityTimes? { identities.times(sources) }

    @inline(__always)
    private mutating func measure(_ kind: ParameterKind, _ place: Int) -> Int {
        let known =
            switch kind {
            case .duration: cells[place].durations
            case .bytes: cells[place].sizes
            default: cells[place].numbers
            }
        return known >= 0 ? Int(known) : newMeasure(kind, place)
    }

    private mutating func newMeasure(_ kind: ParameterKind, _ place: Int) -> Int {
        let number = Int32(measures.count)
        switch kind {
        case .duration: cells[place].durations = number
        case .bytes: cells[place].sizes = number
        default: cells[place].numbers = number
        }
        measures.append(Measure(kind: kind))
        spreads.append(Distribution.Spread())
        limits.append((-.infinity, .max))
        if kind == .duration {
            measures[Int(number)].timed = Int32(timedSamples.count)
            timedSamples.append(TimedSample())
        }
        return Int(number)
    }

    @inline(__always)
    private mutating func sample(_ place: Int) -> Int {
        if cells[place].values < 0 {
            cells[place].values = Int32(samples.count)
            samples.append(Sampled())
        }
        return Int(cells[place].values)
    }

    /// Keeps the event of a maximum; of several the earliest.
    private mutating func keep(_ value: Double, _ measure: Int, _ event: Event, _ batch: borrowing Batch) {
        guard value > limits[measure].maximum || event.at.precedes(measures[measure].event) else { return }
        limits[measure].maximum = value
        measures[measure].event = event.at
        measures[measure].line = batch.firstLine &+ Int64(event.record.line) &+ 1
        var range = event.record.evidence
        if range.count > Self.largestBytes { range.end = range.start &+ UInt32(Self.largestBytes) }
        measures[measure].text.removeAll(keepingCapacity: true)
        batch.withText(range) { text in
            for i in 0..<text.count { measures[measure].text.append(text[unchecked: i]) }
        }
    }

    // MARK: The end

    /// The parameters of a template. `sources`: paths by rank.
    func parameters(of template: Int, sources: [String]) -> [ParameterSummary] {
        guard template < templates.count else { return [] }
        var parameters: [ParameterSummary] = []
        let kept = templates[template]
        for place in 0..<Int(kept.placeCount) {
            let cell = cells[Int(kept.firstPlace) + place]
            parameters.append(summary(ParameterSummary(place: place), cell, sources))
        }
        var field = kept.firstField
        while field >= 0 {
            parameters.append(summary(ParameterSummary(field: names[field]), cells[Int(field)], sources))
            field = cells[Int(field)].next
        }
        return ParameterSummary.ordered(parameters)
    }

    private func summary(_ empty: ParameterSummary, _ cell: Cell, _ sources: [String]) -> ParameterSummary {
        var parameter = empty
        parameter.isUser = cell.hint.isUser
        for number in [cell.numbers, cell.durations, cell.sizes] where number >= 0 {
            let measure = measures[Int(number)]
            var spread = spreads[Int(number)]
            if spread.table >= 0 {
                for (bucket, count) in recentBuckets.entries(of: spread.table) {
                    _ = spread.sketch.add(count, of: bucket, mayGrow: true)
                }
                spread.table = -1
            }
            var distribution = Distribution(spread)
            if limits[Int(number)].maximum.isFinite {
                let at = measure.event
                distribution.largest = Sample(
                    source: sources[at.source], offset: at.offset, line: measure.line,
                    time: at.time == .max ? nil : at.time, text: String(decoding: measure.text, as: UTF8.self))
            }
            if measure.timed >= 0 { distribution.timed = timedSamples[Int(measure.timed)].settled(sources) }
            parameter.distributions[measure.kind] = distribution
        }
        if cell.values >= 0 {
            let sampled = samples[Int(cell.values)]
            parameter.values = sampled.sample
            if sampled.table >= 0 {
                for entry in recentValues.entries(of: sampled.table) where entry.count > 0 {
                    parameter.values.add(entry.count, of: entry.hash)
                }
            }
        }
        return parameter
    }
}
