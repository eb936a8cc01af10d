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
        return (0..<count).compactMap { index in values.map { Self.text($0 + index) } }
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
            for i in 0..<count { add(values + i) }
            ailua_findings_clear(handle)
        }
        if status == AILUA_OK { return }
        note(LuaState.failure(status, of: handle))
        if status == AILUA_KILLED { dropState() }
    }

    private func dropState() {
        guard let handle = state else { return }
        output.take(from: handle)
        ailua_close(handle)
        state = nil
    }

    private func note(_ failure: LuaFailure) {
        errors.note(failure, path: plugin.path)
        if errors.count >= plugin.limits.errors || errors.kills >= plugin.limits.kills { isSetAside = true }
    }

    private func add(_ value: UnsafePointer<ailua_value>) {
        let role = ailua_finding_role(UInt32(value.pointee.role))
        if role == AILUA_FINDING_KIND { findings.append(CorrelationFinding()) }
        guard var finding = findings.popLast() else { return }
        let text = Self.text(value)
        switch role {
        case AILUA_FINDING_KIND: finding.kind = text
        case AILUA_FINDING_ID: finding.id = text
        case AILUA_FINDING_TITLE: finding.title = text
        case AILUA_FINDING_LEVEL:
            let word = Array(text.utf8)
            finding.level = Severity(word: word.span) ?? .unspecified
        case AILUA_FINDING_MESSAGE: finding.message = text
        case AILUA_FINDING_CAUSE: finding.cause = text
        case AILUA_FINDING_FIX: finding.fix.append(text)
        case AILUA_FINDING_DOC_TITLE: finding.docs.append((text, ""))
        case AILUA_FINDING_DOC_URL:
            let title = finding.docs.popLast()
            finding.docs.append((title?.title ?? text, text))
        case AILUA_FINDING_FIELD:
            finding.fields.append((LuaState.text(value.pointee.key, Int(value.pointee.key_length)), text))
        case AILUA_FINDING_KEY: finding.key = text
        case AILUA_FINDING_STATUS: finding.status = text
        case AILUA_FINDING_SINCE: finding.since = Self.number(value)
        case AILUA_FINDING_UNTIL: finding.until = Self.number(value)
        case AILUA_FINDING_SAMPLE_SOURCE: finding.sample.source = text
        case AILUA_FINDING_SAMPLE_LINE: finding.sample.line = Self.number(value) ?? 0
        case AILUA_FINDING_SAMPLE_OFFSET: finding.sample.offset = Self.number(value) ?? 0
        case AILUA_FINDING_SAMPLE_TIME: finding.sample.time = Self.number(value)
        case AILUA_FINDING_SAMPLE_TEXT: finding.sample.text = text
        default: break
        }
        finding.fields.sort { $0.name < $1.name }
        findings.append(finding)
    }

    private static func number(_ value: UnsafePointer<ailua_value>) -> Int64? {
        value.pointee.type == LuaType.integer ? value.pointee.integer : nil
    }

    private static func text(_ value: UnsafePointer<ailua_value>) -> String {
        if value.pointee.type == LuaType.string { return LuaState.text(value.pointee.bytes, value.pointee.length) }
        var bytes: ContiguousArray<UInt8> = []
        _ = LuaText.append(value, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
