import CLuaHost
import LogCore

/// A sample of a plugin: a line, and the event that it must give (or that it must be refused).
struct LuaSample {
    /// A value as the batch would hold it.
    struct Value: Equatable {
        var kind: FieldKind
        var bytes: [UInt8]

        var isNull: Bool { kind == .json && bytes.elementsEqual("null".utf8) }

        var shown: String {
            let text = String(decoding: bytes, as: UTF8.self)
            return kind == .string ? "\"\(text)\"" : text
        }
    }

    struct Failure {
        var message: String
        /// In the plugin's file; 0 where the sample itself is meant.
        var line = 0
        var help: String
    }

    var line: [UInt8]
    var isRefused = false
    var level: String?
    var message: String?
    var component: String?
    /// Text to scan, or nanoseconds.
    var time: Value?
    var fields: [(key: String, value: Value)] = []

    /// All samples of the plugin in `state`.
    static func read(from state: borrowing LuaState) throws(LuaFailure) -> [LuaSample] {
        var values: UnsafePointer<ailua_value>?
        var count = 0
        let status = ailua_samples(state.handle, &values, &count)
        if status != AILUA_OK { throw state.failure(status) }
        var samples: [LuaSample] = []
        for i in 0..<count {
            guard let value = values.map({ $0 + i }) else { break }
            let text = LuaState.text(value.pointee.bytes, value.pointee.length)
            if UInt32(value.pointee.role) == AILUA_SAMPLE_LINE.rawValue {
                let bytes = UnsafeRawBufferPointer(start: value.pointee.bytes, count: value.pointee.length)
                samples.append(LuaSample(line: Array(bytes)))
                continue
            }
            // C begins with a line, so there is a sample to add to.
            guard var sample = samples.popLast() else { break }
            switch UInt32(value.pointee.role) {
            case AILUA_SAMPLE_REFUSED.rawValue: sample.isRefused = true
            case AILUA_SAMPLE_LEVEL.rawValue: sample.level = text
            case AILUA_SAMPLE_MESSAGE.rawValue: sample.message = text
            case AILUA_SAMPLE_COMPONENT.rawValue: sample.component = text
            case AILUA_SAMPLE_TIME.rawValue: sample.time = Value(value)
            default:
                let key = LuaState.text(value.pointee.key, Int(value.pointee.key_length))
                sample.fields.append((key, Value(value)))
            }
            samples.append(sample)
        }
        return samples
    }

    /// Parses the line as a worker would and compares. `parser` serves all samples of `plugin`.
    func failures(of plugin: LuaPlugin, _ parser: LuaParser) -> [Failure] {
        let before = parser.errors.count
        var event = EventBuilder()
        event.reset(rawCount: line.count)
        event.begin()
        let accepted = parser.parse(line.span, at: 0, into: &event)
        if parser.errors.count > before {
            let failure = parser.lastFailure
            let help =
                failure?.isKill == true
                ? plugin.limits.help(isCorrelator: plugin.script.isCorrelator)
                : failure.flatMap { plugin.script.diagnostic(of: $0, help: nil).help }
                    ?? "correct parse so that it takes the sample's line without an error"
            return [Failure(message: failure?.message ?? "failed", line: failure?.line ?? 0, help: help)]
        }
        if isRefused {
            guard accepted else { return [] }
            let help = "return false from parse or narrow match, or write what the line gives in expect"
            return [Failure(message: "the line is accepted, expected it refused", help: help)]
        }
        if !accepted {
            let help = "widen match or parse so that they take the line, or write expect = false"
            return [Failure(message: "the line is refused, by the guard or by parse", help: help)]
        }
        return differences(event)
    }

    private func differences(_ event: borrowing EventBuilder) -> [Failure] {
        var failures: [Failure] = []
        func expect(_ what: String, _ expected: String, _ found: String) {
            guard expected != found else { return }
            failures.append(
                Failure(
                    message: "\(what) is \(found), expected \(expected)",
                    help: "correct what parse sets, or what the sample's expect says"))
        }
        let record = event.record
        if let level {
            let word = Array(level.utf8)
            expect("level", Severity(word: word.span)?.name ?? level, record.severity.name)
        }
        if let message { expect("message", "\"\(message)\"", text(record.message, event)) }
        if let component { expect("component", "\"\(component)\"", text(record.component, event)) }
        if let time { expect("time", "\(nanoseconds(time))", "\(record.time)") }
        for (key, value) in fields {
            let found = event.fields.last { event.keys.name($0.key).elementsEqual(key.utf8) }
            // JSON's null stands for a field that isn't there, or is null.
            if found == nil, value.isNull { continue }
            let shown = found.map { Value(kind: $0.kind, bytes: bytes($0.value, event)).shown }
            expect("field \(key)", value.shown, shown ?? "absent")
        }
        return failures
    }

    private func nanoseconds(_ time: Value) -> Int64 {
        if time.kind == .number { return Int64(String(decoding: time.bytes, as: UTF8.self)) ?? Timestamp.none }
        return TimestampScanner.scan(time.bytes.span, at: 0)?.nanoseconds ?? Timestamp.none
    }

    private func bytes(_ range: ByteRange, _ event: borrowing EventBuilder) -> [UInt8] {
        if range.isEmpty { return [] }
        return range.lower < event.rawCount
            ? Array(line[range.lower..<range.upper])
            : Array(event.decoded[range.lower - event.rawCount..<range.upper - event.rawCount])
    }

    private func text(_ range: ByteRange, _ event: borrowing EventBuilder) -> String {
        "\"\(String(decoding: bytes(range, event), as: UTF8.self))\""
    }
}

extension LuaSample.Value {
    init(_ value: UnsafePointer<ailua_value>) {
        if value.pointee.type == LuaType.string {
            let raw = UnsafeRawBufferPointer(start: value.pointee.bytes, count: value.pointee.length)
            self.init(kind: .string, bytes: Array(raw))
        } else {
            var bytes: ContiguousArray<UInt8> = []
            let kind = LuaText.append(value.pointee, to: &bytes)
            self.init(kind: kind, bytes: Array(bytes))
        }
    }
}
