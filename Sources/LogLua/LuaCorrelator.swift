import CLuaHost
package import LogCore

/// A correlator at work, in the one place that sees the events in the order of time.
///
/// Its memory is Lua data that the machine keeps (`CorrelationMachine`), so it can be saved as bytes and gone on with.
/// An error costs its own call, of an event or a timer; a call that hit a limit costs the memory too, which is said.
package final class LuaCorrelator {
    package let plugin: LuaPlugin
    package private(set) var errors = LuaErrors()
    package private(set) var isSetAside = false
    /// How often it forgot all that it knew, for a call hit a limit.
    package private(set) var forgotten = 0
    private var state: OpaquePointer?
    private var output = LuaOutput()
    private var findings: [CorrelationFinding] = []

    package init(_ plugin: LuaPlugin) { self.plugin = plugin }

    deinit { ailua_close(state) }

    /// Hands over one event at event time `now`, in nanoseconds, which never goes back.
    package func process(
        _ events: borrowing SelectedEvents, _ index: Int, now: Int64, _ keys: inout KeyTable,
        _ facts: borrowing LuaBatchFacts
    ) {
        var lent = ailua_batch()
        lent.raw_count = events.bytes.count
        lent.count = events.records.count
        lent.hit_count = events.hits.count
        lent.first_line = events.firstLine
        lent.key_table = UInt64(UInt(bitPattern: ObjectIdentifier(keys.identity).hashValue))
        events.bytes.withUnsafeBufferPointer { bytes in
            events.records.withUnsafeBytes { records in
                events.fields.withUnsafeBytes { fields in
                    events.hits.withUnsafeBytes { hits in
                        events.offsets.withUnsafeBufferPointer { offsets in
                            lent.raw = bytes.baseAddress
                            lent.decoded = bytes.baseAddress
                            lent.records = records.baseAddress?.assumingMemoryBound(to: ailua_record.self)
                            lent.fields = fields.baseAddress?.assumingMemoryBound(to: ailua_field.self)
                            lent.hits = hits.baseAddress?.assumingMemoryBound(to: ailua_hit.self)
                            lent.offsets = offsets.baseAddress
                            LuaBatch.lend(&lent, &keys, facts) { lent in
                                repeatedly { ailua_correlate($0, lent, index, now, &$1) }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Lets event time go on to `now` without an event: timers that are due by then go off.
    package func advance(to now: Int64) {
        repeatedly { ailua_advance($0, now, &$1) }
    }

    /// Calls until no timer that fails stands in the way. It ends: each has gone off, and so many errors put the plugin aside.
    private func repeatedly(_ call: (OpaquePointer, inout Bool) -> ailua_status) {
        var isPending = true
        while isPending, let handle = readyState() { take(call(handle, &isPending), handle) }
    }

    /// Nothing more will come: what a correlator still waits for, it may tell now.
    package func finish() {
        guard let handle = state, !isSetAside else { return }
        take(ailua_finish(handle), handle)
    }

    /// What it has found since the last call.
    package func takeFindings() -> [CorrelationFinding] {
        defer { findings = [] }
        return findings
    }

    package func takeOutput() -> LuaOutput {
        if let handle = state { output.take(from: handle) }
        defer { output = LuaOutput() }
        return output
    }

    // MARK: Memory

    /// All that it knows, as bytes; nil if there is nothing, or it can't be had.
    package func save() -> [UInt8]? {
        guard let handle = state, !isSetAside else { return nil }
        var bytes = ailua_text()
        let status = ailua_save(handle, &bytes)
        if status != AILUA_OK {
            take(status, handle)
            return nil
        }
        return Array(UnsafeBufferPointer(start: bytes.bytes, count: bytes.length))
    }

    /// Goes on from what `save` gave. False, with a fresh memory and the error noted, if the bytes are damaged.
    package func restore(_ bytes: [UInt8]) -> Bool {
        guard let handle = readyState() else { return false }
        let status = bytes.withUnsafeBufferPointer {
            ailua_restore(handle, ailua_text(bytes: $0.baseAddress, length: $0.count))
        }
        guard status != AILUA_OK else { return true }
        note(LuaState.failure(status, of: handle))
        dropState()
        return false
    }

    /// What it had to forget for want of room: "12 keys of ctx:window".
    package func lost() -> [String] {
        guard let handle = state else { return [] }
        var values: UnsafePointer<ailua_value>?
        var count = 0
        guard ailua_lost(handle, &values, &count) == AILUA_OK else { return [] }
        return UnsafeBufferPointer(start: values, count: count).map { FieldValue($0).text }
    }

    private func readyState() -> OpaquePointer? {
        if isSetAside { return nil }
        if let state { return state }
        do {
            let handle = try LuaState.running(plugin.script, limits: plugin.limits).release()
            state = handle
            return handle
        } catch {
            note(error)
            isSetAside = true
            return nil
        }
    }

    private func take(_ status: ailua_status, _ handle: OpaquePointer) {
        var count = 0
        if let values = ailua_findings(handle, &count), count > 0 {
            add(UnsafeBufferPointer(start: values, count: count))
            ailua_findings_clear(handle)
        }
        if status == AILUA_OK { return }
        note(LuaState.failure(status, of: handle))
        if status == AILUA_KILLED {
            dropState()
            forgotten += 1
        }
    }

    private func dropState() {
        guard let handle = state else { return }
        output.take(from: handle)
        ailua_close(handle)
        state = nil
    }

    private func note(_ failure: LuaFailure) {
        errors.note(failure, of: plugin)
        if errors.count >= plugin.limits.correlatorErrors || errors.costly >= plugin.limits.costly { isSetAside = true }
    }

    /// What a call told: each finding is its kind and what follows up to the next.
    private func add(_ values: UnsafeBufferPointer<ailua_value>) {
        let first = findings.count
        for value in values {
            if UInt32(value.role) == AILUA_FINDING_KIND.rawValue { findings.append(CorrelationFinding()) }
            if findings.count > first { findings[findings.count - 1].take(value) }
        }
        for index in first..<findings.count { findings[index].fields.sort { $0.name < $1.name } }
    }
}

extension CorrelationFinding {
    fileprivate mutating func take(_ value: ailua_value) {
        let role = ailua_finding_role(UInt32(value.role))
        let number = value.type == LuaType.integer ? value.integer : nil
        switch role {
        case AILUA_FINDING_KIND: kind = FieldValue(value).text
        case AILUA_FINDING_ID: id = FieldValue(value).text
        case AILUA_FINDING_TITLE: title = FieldValue(value).text
        case AILUA_FINDING_LEVEL:
            let word = Array(FieldValue(value).text.utf8)
            level = Severity(word: word.span) ?? .unspecified
        case AILUA_FINDING_MESSAGE: message = FieldValue(value).text
        case AILUA_FINDING_CAUSE: cause = FieldValue(value).text
        case AILUA_FINDING_FIX: fix.append(FieldValue(value).text)
        case AILUA_FINDING_DOC_TITLE: docs.append((FieldValue(value).text, ""))
        case AILUA_FINDING_DOC_URL:
            let url = FieldValue(value).text
            docs.append((docs.popLast()?.title ?? url, url))
        case AILUA_FINDING_FIELD:
            fields.append((LuaState.text(value.key, Int(value.key_length)), FieldValue(value)))
        case AILUA_FINDING_KEY: key = FieldValue(value).text
        case AILUA_FINDING_STATUS: status = FieldValue(value).text
        case AILUA_FINDING_SINCE: since = number
        case AILUA_FINDING_UNTIL: until = number
        case AILUA_FINDING_SAMPLE_SOURCE: sample.source = FieldValue(value).text
        case AILUA_FINDING_SAMPLE_LINE: sample.line = number ?? 0
        case AILUA_FINDING_SAMPLE_OFFSET: sample.offset = number ?? 0
        case AILUA_FINDING_SAMPLE_TIME: sample.time = number
        case AILUA_FINDING_SAMPLE_TEXT: sample.text = FieldValue(value).text
        default: break
        }
    }
}

extension FieldValue {
    fileprivate init(_ value: ailua_value) {
        if value.type == LuaType.string {
            self.init(LuaState.text(value.bytes, value.length))
        } else {
            var bytes: ContiguousArray<UInt8> = []
            let kind = LuaText.append(value, to: &bytes)
            self.init(kind: kind, text: String(decoding: bytes, as: UTF8.self))
        }
    }
}
