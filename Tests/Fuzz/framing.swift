// Lines, joining and the ledger, on any bytes: compiled together with the sources of LogCore into one module.

/// The first byte says where the input is cut in two; the events must be the same as without the cut,
/// every range must lie within the bytes, and the ledger must account for every one of them.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    guard size > 1 else { return 0 }
    let bytes = ContiguousArray(UnsafeBufferPointer(start: data + 1, count: size - 1))
    let whole = read(bytes, cut: nil)
    let parts = read(bytes, cut: Int(data[0]) * bytes.count / 256)
    precondition(whole == parts, "a cut changed the events")
    return 0
}

/// An event as far as it must not depend on cuts.
private struct Event: Equatable {
    var start: Int
    var end: Int
    var severity: Severity
    var time: Int64
    var flags: UInt8
}

private func read(_ bytes: ContiguousArray<UInt8>, cut: Int?) -> [Event] {
    var joiner = EventJoiner()
    joiner.parsers = [AccessLogParser(), Syslog3164Parser(), JSONLineParser(), LogfmtParser()]
    var batch = Batch(capacity: max(bytes.count, 1))
    var events: [Event] = []
    var offset = 0
    var ledger = Ledger()
    var end = cut ?? bytes.count
    while true {
        batch.raw = ContiguousArray(bytes[offset..<end]) + [0]
        batch.rawCount = end - offset
        let consumed = batch.readEvents(&joiner, atEnd: end == bytes.count, clock: batch.event.clock)
        precondition((0...batch.rawCount).contains(consumed), "consumed more than there is")
        for record in batch.records {
            check(record.raw, batch)
            check(record.message, batch)
            check(record.component, batch)
            let first = Int(record.firstField)
            for field in batch.event.fields[first..<first + Int(record.fieldCount)] { check(field.value, batch) }
            events.append(
                Event(
                    start: offset + record.raw.lower, end: offset + record.raw.upper, severity: record.severity,
                    time: record.time, flags: record.flags.rawValue))
        }
        ledger.add(batch.ledger)
        offset += consumed
        if end == bytes.count { break }
        end = bytes.count
    }
    precondition(ledger.bytes == Int64(bytes.count) && ledger.accounted == ledger.bytes, "the ledger doesn't add up")
    precondition(ledger.events == Int64(events.count), "the ledger counts other events")
    return events
}

private func check(_ range: ByteRange, _ batch: borrowing Batch) {
    precondition(range.start <= range.end, "a range runs backwards")
    precondition(range.upper <= batch.event.rawCount + batch.event.decoded.count, "a range leaves the batch")
}
