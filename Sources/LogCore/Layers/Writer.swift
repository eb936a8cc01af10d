/// Who wrote the message of a line, where several programs share a console: the component and the stream that the outer
/// format names.
///
/// Events are only read here, but taken as `inout`: for `borrowing` the compiler copies what it was lent as `inout`, 1,088 bytes.
package enum Writer {
    /// The same for all lines of a writer. `line` begins at `base`; the record and its fields are those of the outer format.
    package static func hash(_ line: Span<UInt8>, _ base: Int, _ event: inout EventBuilder) -> UInt64 {
        var hash = mix(0xcbf2_9ce4_8422_2325, event.record.component, line, base, &event)
        let first = Int(event.record.firstField)
        // Heads have few fields, and those of a JSON object that wraps a line are few too.
        for index in first..<first &+ min(Int(event.record.fieldCount), 16) where event.fields[index].key == .stream {
            hash = mix(hash &* 31, event.fields[index].value, line, base, &event)
        }
        return hash
    }

    /// The same for all lines of one process: what goes on with a line is looked for among these.
    ///
    /// - Parameter allFields: all that a head says of a line tells who wrote it.
    static func source(
        _ line: Span<UInt8>, _ base: Int, _ event: inout EventBuilder, allFields: Bool
    ) -> UInt64 {
        var hash = mix(0xcbf2_9ce4_8422_2325, event.record.component, line, base, &event)
        let first = Int(event.record.firstField)
        for index in first..<first &+ min(Int(event.record.fieldCount), 16) {
            let key = event.fields[index].key
            guard allFields || key == .stream || key == .host || key == .pid || key == .thread else { continue }
            hash = mix(hash &* 31 &+ UInt64(key.index), event.fields[index].value, line, base, &event)
        }
        return hash
    }

    private static func mix(
        _ start: UInt64, _ range: ByteRange, _ line: Span<UInt8>, _ base: Int, _ event: inout EventBuilder
    ) -> UInt64 {
        // An empty one is the same wherever it lies.
        if range.isEmpty { return start }
        if range.upper <= event.rawCount {
            guard range.lower >= base, range.upper <= base &+ line.count else { return start }
            return mixed(start, textHash(line.extracting(range.lower &- base..<range.upper &- base)))
        }
        let decoded = range.lower &- event.rawCount..<range.upper &- event.rawCount
        return mixed(start, textHash(event.decoded.span.extracting(decoded)))
    }
}
