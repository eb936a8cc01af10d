// libFuzzer target over the time scanner and the syslog parsers. Compiled into one module with LogCore:
//   swiftc -sanitize=fuzzer,address -parse-as-library -package-name ailogger -module-name Fuzz \
//     Sources/LogCore/*.swift Sources/LogCore/Parsers/*.swift Tests/Fuzz/timestamp.swift

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    // A copy of the exact size, so that the address sanitizer sees a read past the end.
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    for start in 0...size {
        guard let time = TimestampScanner.scan(bytes.span, at: start) else { continue }
        // The shortest are `4:00AM` and `[1.234]`.
        let least = time.shape == .timeOnly ? 6 : time.shape == .uptime ? 7 : 8
        precondition(time.end >= start + least && time.end <= size, "the end lies outside the bytes")
        if time.shape == .yearless {
            precondition((1...12).contains(time.month) && (1...31).contains(time.day), "no such day")
        }
        if time.shape == .timeOnly || time.shape == .uptime {
            precondition(time.nanoseconds >= 0, "a time before its midnight")
        }
        precondition(Timestamp.parts(time.nanoseconds).year < 2202, "a year out of range")
    }
    if let found = TimestampScanner.find(bytes.span, from: 0, limit: size) {
        precondition(found.start >= 0 && found.start < found.time.end && found.time.end <= size)
    }
    check(Syslog3164Parser(), bytes)
    check(Syslog5424Parser(), bytes)
    return 0
}

/// One for all runs: its buffers are large. Safe, since libFuzzer calls from one thread.
nonisolated(unsafe) private var event = EventBuilder(clock: SourceClock(year: 2026))

/// Parses the bytes as one line in the middle of a batch and checks that every range lies in the line
/// or in the decoded text.
private func check(_ parser: some LineParser, _ bytes: [UInt8]) {
    let base = 1000
    event.record = Record()
    event.reset(rawCount: base + bytes.count + 1)
    event.begin()
    guard parser.parse(bytes.span, at: base, into: &event) else { return }
    let line = base...(base + bytes.count)
    let decoded = event.rawCount...(event.rawCount + event.decoded.count)
    func checkRange(_ range: ByteRange) {
        precondition(range.lower <= range.upper, "a range runs backwards")
        guard range != .empty else { return }
        let inside = [line, decoded].contains { $0.contains(range.lower) && $0.contains(range.upper) }
        precondition(inside, "a range lies outside the line")
    }
    checkRange(event.record.message)
    checkRange(event.record.component)
    precondition(Int(event.record.firstField) + Int(event.record.fieldCount) == event.fields.count)
    for field in event.fields { checkRange(field.value) }
}
