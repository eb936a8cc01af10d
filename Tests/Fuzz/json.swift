/// libFuzzer target for what reads and writes JSON and logfmt. Built together with LogCore's sources as one module:
/// `swiftc -sanitize=fuzzer,address -parse-as-library -module-name LogCore Sources/LogCore/*.swift
/// Sources/LogCore/Parsers/*.swift Tests/Fuzz/json.swift`.
///
/// The parsers live through the whole run, as they do in a worker: what they remember of one input meets the next.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJSON(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let line = Span(_unsafeElements: UnsafeBufferPointer(start: data, count: size))
    State.shared.run(line)
    return 0
}

private final class State {
    // libFuzzer calls from one thread.
    nonisolated(unsafe) static let shared = State()

    private let json = JSONLineParser()
    private let logfmt = LogfmtParser()
    private var event = EventBuilder()
    private var again = EventBuilder()

    func run(_ line: Span<UInt8>) {
        for parser in [json, logfmt] as [any LineParser] {
            // Not 0: an offset that forgets its base then falls out of bounds.
            let base = 1000
            event.reset(rawCount: base + line.count)
            event.begin()
            guard parser.parse(line, at: base, into: &event) else {
                precondition(event.fields.isEmpty && event.decoded.isEmpty, "a refused line left something behind")
                continue
            }
            check(event.record.message, line.count, base)
            check(event.record.component, line.count, base)
            precondition(event.fields.count == Int(event.record.fieldCount), "fields are miscounted")
            for field in event.fields { check(field.value, line.count, base) }
            rewrite(line, base)
            event.commit()
        }
    }

    private func check(_ range: ByteRange, _ count: Int, _ base: Int) {
        if range == .empty { return }
        precondition(range.lower <= range.upper, "a range is upside down")
        if range.lower >= event.rawCount {
            precondition(range.upper - event.rawCount <= event.decoded.count, "a range ends behind the decoded text")
        } else {
            precondition(range.lower >= base && range.upper <= base + count, "a range leaves its line")
        }
    }

    /// Writes the fields as an object and reads it: it must be taken, with as many members.
    private func rewrite(_ line: Span<UInt8>, _ base: Int) {
        var writer = JSONWriter(pretty: line.count % 2 == 1)
        writer.beginObject()
        for field in event.fields {
            let name = event.keys.name(field.key)
            name.withUnsafeBufferPointer { writer.key(Span(_unsafeElements: $0)) }
            write(field, line, base, to: &writer)
        }
        writer.endObject()
        writer.bytes.withUnsafeBufferPointer { bytes in
            precondition(String(validating: bytes, as: UTF8.self) != nil, "what was written is not UTF-8")
            again.reset(rawCount: bytes.count)
            again.begin()
            let isRead = json.parse(Span(_unsafeElements: bytes), at: 0, into: &again)
            precondition(isRead || event.fields.isEmpty, "what was written is not read")
        }
    }

    private func write(_ field: Field, _ line: Span<UInt8>, _ base: Int, to writer: inout JSONWriter) {
        func put(_ text: Span<UInt8>, _ writer: inout JSONWriter) {
            if field.kind == .string {
                writer.string(text)
            } else {
                // Verbatim values may hold bytes that are not UTF-8 within their strings.
                text.withUnsafeBufferPointer { bytes in
                    let valid = Array(String(decoding: bytes, as: UTF8.self).utf8)
                    valid.withUnsafeBufferPointer { writer.raw(Span(_unsafeElements: $0)) }
                }
            }
        }
        if field.value == .empty {
            writer.string("")
        } else if field.value.lower >= event.rawCount {
            let offset = event.rawCount
            let text = Array(event.decoded[field.value.lower - offset..<field.value.upper - offset])
            put(text.span, &writer)
        } else {
            put(line.extracting(field.value.lower - base..<field.value.upper - base), &writer)
        }
    }
}
