import LogCore
import LogPatterns

/// Looks whether a file's formats still understand its lines, and finds others where they don't: a file may go on as
/// another program's.
///
/// The bytes behind the lines that detection saw are looked at in stretches of 64 KiB, each as a whole, so that what is found
/// depends on the file alone and not on where batches end. Eight lines of a stretch are read, 1 % of it; all of them only if
/// the last two of these eight are nobody's.
struct FormatWatch {
    static let stretch = 64 << 10
    private static let places = 8
    /// Fewer lines than this are an outburst, not another format.
    private static let least = 16
    private static let mostLayers = 8
    private static let mostSkipped = 64

    /// Where the first stretch begins that was not looked at.
    private(set) var next: Int64 = 0
    /// Formats that count from there on.
    var found: (start: Int64, layers: [FormatLayer], detection: Detection)?
    private var failures = 0

    /// `offset`: behind the lines that the formats were chosen by.
    mutating func begin(at offset: Int64) { next = offset }

    /// Goes on to the next stretch.
    mutating func pass() { next += Int64(Self.stretch) }

    /// Leaves out stretches in a file in which nothing was found time and again.
    private mutating func fail() {
        failures += 1
        next += Int64(Self.stretch * min(1 << min(failures, 6), Self.mostSkipped))
    }

    /// Looks at the stretch at `next`, whose bytes these are. `layers` are the formats so far.
    mutating func look(
        at bytes: Span<UInt8>, _ layers: [FormatLayer], _ stack: FormatStack, _ formats: WorkerFormats,
        _ event: inout EventBuilder
    ) {
        let (clock, columns) = (event.clock, event.columns)
        defer { (event.clock, event.columns) = (clock, columns) }
        event.clock = .unknown
        guard isSuspect(bytes, stack, &event) else { return pass() }
        event.columns = columns
        let missed = missedLines(bytes, stack, &event)
        guard missed.count >= Self.least else { return pass() }
        guard layers.count < Self.mostLayers else { return fail() }
        let heap = missed.bytes
        let detection = formats.detect(heap.span, isWhole: true, isStart: false, &event)
        let new = detection.layers.filter { layer in !layers.contains { $0.format == layer.format } }
        guard !new.isEmpty, detection.confidence >= 0.5, !detection.isForced else { return fail() }
        let all = layers + new.prefix(Self.mostLayers - layers.count)
        // Rows below a header are offered to it before they are to formats that go by their shape.
        let isHeaded = { (layer: FormatLayer) in
            formats.candidates[layer.format].name == HeadedTableParser.formatName
        }
        found = (next, all.filter(isHeaded) + all.filter { !isHeaded($0) }, detection)
        failures = 0
        pass()
    }

    /// Whether the last ones of a few lines are read by nobody.
    private func isSuspect(_ bytes: Span<UInt8>, _ stack: FormatStack, _ event: inout EventBuilder) -> Bool {
        var missed = 0
        for place in 0..<Self.places {
            let piece = bytes.count * place / Self.places
            // The line that begins behind the next line end; the first byte of a stretch may be the middle of one.
            guard let before = bytes.firstIndex(of: 0x0A, from: piece) else { break }
            let start = before + 1
            guard let end = bytes.firstIndex(of: 0x0A, from: start) else { break }
            let line = bytes.extracting(start..<end)
            if line.count == 0 || LineShape.isContinuation(line) { continue }
            missed = isRead(line, stack, &event) ? 0 : missed + 1
        }
        return missed > 1
    }

    private func missedLines(
        _ bytes: Span<UInt8>, _ stack: FormatStack, _ event: inout EventBuilder
    ) -> (bytes: ContiguousArray<UInt8>, count: Int) {
        var heap: ContiguousArray<UInt8> = []
        var count = 0
        var start = (bytes.firstIndex(of: 0x0A, from: 0) ?? bytes.count) + 1
        while start < bytes.count, let end = bytes.firstIndex(of: 0x0A, from: start) {
            let line = bytes.extracting(start..<end)
            if line.count > 0, !isRead(line, stack, &event) {
                for i in line.indices { heap.append(line[unchecked: i]) }
                heap.append(0x0A)
                if !LineShape.isContinuation(line) { count += 1 }
            }
            start = end + 1
        }
        return (heap, count)
    }

    private func isRead(_ line: Span<UInt8>, _ stack: FormatStack, _ event: inout EventBuilder) -> Bool {
        let clock = event.clock
        let rawCount = event.rawCount
        event.rawCount = line.count
        defer {
            event.begin()
            event.decoded.removeAll(keepingCapacity: true)
            event.rawCount = rawCount
            event.clock = clock
        }
        for parser in stack.parsers {
            event.begin()
            if parser.parsePlain(line, at: 0, into: &event) { return true }
        }
        // What says more of an event that began further up is its format's too.
        for parser in stack.parsers where parser.readsBelow && line.count > 0 {
            event.begin()
            parser.readBelow(line, at: 0, into: &event)
            let record = event.record
            if record.timeSource != .none || record.severity != .unspecified || record.fieldCount > 0
                || !record.message.isEmpty
            {
                return true
            }
        }
        return false
    }
}
