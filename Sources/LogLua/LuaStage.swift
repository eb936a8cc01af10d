import CLuaHost
package import LogCore

/// A filter or sink at work: one a worker, with a Lua state of its own. It takes a batch at a time and stays in Lua for
/// as many events as go well.
///
/// An error costs nothing but its own call: the event goes on as it came, with the field `script_error` that says where.
/// A call that hit a limit costs the state as well, which is built anew. A plugin that keeps failing is put aside.
package final class LuaStage {
    package let plugin: LuaPlugin
    package private(set) var errors = LuaErrors()
    package private(set) var isSetAside = false
    /// Events that it dropped.
    package private(set) var dropped: Int64 = 0
    private let guardPattern: LuaGuard?
    /// Owned: null until the first batch, and after a limit took the state.
    private var state: OpaquePointer?
    private var keys = LuaKeys()
    private var output = LuaOutput()

    /// What became of the records of the batch at hand, where that isn't a change in place.
    private var gone: ContiguousArray<UInt32> = []
    private var further: ContiguousArray<(after: UInt32, record: Record)> = []

    /// By rule, whether what it finds is wanted; empty for all events.
    private let wantedRules: ContiguousArray<Bool>
    /// What the run is about, beside what the plugin wants.
    private let level: Severity
    private let since: Int64
    private let until: Int64

    package init(
        _ plugin: LuaPlugin, wantedRules: ContiguousArray<Bool> = [], level: Severity = .unspecified,
        since: Int64? = nil, until: Int64? = nil
    ) {
        self.plugin = plugin
        self.wantedRules = wantedRules
        self.level = max(level, plugin.wanted.level)
        self.since = since ?? .min
        self.until = until ?? .max
        guardPattern = plugin.wanted.pattern.isEmpty ? nil : LuaGuard(plugin.wanted.pattern)
    }

    deinit { ailua_close(state) }

    /// Calls a sink's `start`, which writes what stands before all events.
    package func start() {
        guard let handle = state ?? freshState() else { return }
        call(handle, "start")
    }

    /// Runs the plugin over the events of the batch.
    package func run(_ batch: inout Batch, _ facts: borrowing LuaBatchFacts, formats: [String]) {
        let mask = LuaEventGuard.mask(of: formats, wanted: plugin.wanted.formats)
        if mask == 0 { return }
        gone.removeAll(keepingCapacity: true)
        further.removeAll(keepingCapacity: true)
        var wanted = ailua_wanted(
            level: UInt8(level.rank), by_format: !plugin.wanted.formats.isEmpty, formats: mask,
            match: guardPattern?.handle, rules: nil, since: since, until: until)
        var position = 0
        var room = plugin.limits.room(forEvents: batch.records.count)
        while position < batch.records.count, !isSetAside, let handle = state ?? freshState() {
            let status = wantedRules.withUnsafeBufferPointer { rules in
                wanted.rules = rules.isEmpty ? nil : rules.baseAddress
                return LuaBatch.lend(&batch, facts) { ailua_process(handle, $0, &wanted, &position, &room) }
            }
            // What was done for the records before goes first: a failure may cost the state.
            if plugin.kind == .sink { takeWrites() } else { apply(handle, to: &batch) }
            if status != AILUA_OK { failed(status, handle, record: position - 1, in: &batch) }
        }
        if isSetAside, plugin.dropsOnFailure {
            // Nothing passes that it should have seen.
            for index in position..<max(position, batch.records.count) { gone.append(UInt32(index)) }
        }
        if plugin.kind == .sink, let handle = state { call(handle, "flush") }
        compact(&batch)
    }

    private func call(_ handle: OpaquePointer, _ function: String) {
        let status = ailua_call_sink(handle, function)
        takeWrites()
        if status != AILUA_OK {
            note(LuaState.failure(status, of: handle))
            if status == AILUA_KILLED { dropState() }
        }
    }

    // MARK: Changes

    private func apply(_ handle: OpaquePointer, to batch: inout Batch) {
        var count = 0
        guard let changes = ailua_changes(handle, &count), count > 0 else { return }
        let fields = ailua_change_fields(handle)
        // A second reference: the batch's builder is written while the bytes are looked at.
        let raw = batch.raw
        let rawCount = batch.event.rawCount
        raw.withUnsafeBufferPointer { raw in
            let origin = UnsafeBufferPointer(rebasing: raw[0..<rawCount])
            var original = Record()
            for i in 0..<count {
                let change = changes + i
                let index = Int(change.pointee.record)
                let continues = i > 0 && changes[i - 1].record == change.pointee.record
                let isShared = continues || (i + 1 < count && changes[i + 1].record == change.pointee.record)
                if !continues { original = batch.records[index] }
                if change.pointee.verdict == UInt8(AILUA_DROP.rawValue) {
                    if !continues { gone.append(change.pointee.record) }
                    continue
                }
                batch.event.record = original
                LuaWrites(change, fields: fields, origin: origin).change(&batch.event, &keys, isShared: isShared)
                if continues {
                    further.append((change.pointee.record, batch.event.record))
                } else {
                    batch.records[index] = batch.event.record
                }
            }
        }
    }

    /// Takes out the events that were dropped and puts in those that others became.
    private func compact(_ batch: inout Batch) {
        if gone.isEmpty && further.isEmpty { return }
        dropped += Int64(gone.count)
        var kept: ContiguousArray<Record> = []
        kept.reserveCapacity(batch.records.count + further.count - gone.count)
        // Where each record went, for what is known of some by index.
        var moved: [Int: Int] = [:]
        let lengths = batch.event.originalLengths
        var nextGone = 0
        var nextFurther = 0
        for (index, record) in batch.records.enumerated() {
            if nextGone < gone.count, gone[nextGone] == index {
                nextGone += 1
            } else {
                if !lengths.isEmpty { moved[index] = kept.count }
                kept.append(record)
            }
            while nextFurther < further.count, further[nextFurther].after == index {
                kept.append(further[nextFurther].record)
                nextFurther += 1
            }
        }
        batch.records = kept
        batch.event.originalLengths = lengths.compactMap { length in
            moved[length.record].map { ($0, length.bytes) }
        }
    }

    // MARK: Errors

    private func failed(_ status: ailua_status, _ handle: OpaquePointer, record: Int, in batch: inout Batch) {
        let failure = LuaState.failure(status, of: handle)
        note(failure)
        if status == AILUA_KILLED { dropState() }
        guard plugin.kind != .sink, batch.records.indices.contains(record) else { return }
        if plugin.dropsOnFailure { return gone.append(UInt32(record)) }
        batch.event.record = batch.records[record]
        batch.event.addText("script_error", failure.rendered(plugin: plugin.name))
        batch.records[record] = batch.event.record
    }

    private func freshState() -> OpaquePointer? {
        do {
            let fresh = try LuaState.running(plugin.script, limits: plugin.limits)
            let handle = fresh.release()
            state = handle
            keys.forget()
            return handle
        } catch {
            note(error)
            // It did load once: whatever it is, it won't be better for the next batch.
            isSetAside = true
            return nil
        }
    }

    private func note(_ failure: LuaFailure) {
        errors.note(failure, of: plugin)
        if errors.costly >= plugin.limits.costly { isSetAside = true }
    }

    private func dropState() {
        guard let handle = state else { return }
        output.take(from: handle)
        ailua_close(handle)
        state = nil
    }

    // MARK: Output

    private var written: ContiguousArray<ContiguousArray<UInt8>> = []

    private func takeWrites() {
        guard let handle = state, plugin.kind == .sink else { return }
        if written.isEmpty { written = ContiguousArray(repeating: [], count: plugin.outputs.count) }
        for number in written.indices {
            let text = ailua_output(handle, number)
            written[number].append(contentsOf: UnsafeBufferPointer(start: text.bytes, count: text.length))
        }
        ailua_outputs_clear(handle)
    }

    /// What was written to each of the plugin's outputs since the last call.
    package func takeWritten() -> ContiguousArray<ContiguousArray<UInt8>> {
        defer { for number in written.indices { written[number].removeAll(keepingCapacity: true) } }
        return written
    }

    /// What the script logged and measured since the last call.
    package func takeOutput() -> LuaOutput {
        if let handle = state { output.take(from: handle) }
        defer { output = LuaOutput() }
        return output
    }
}

/// A guard's compiled pattern. Belongs to one thread at a time.
final class LuaGuard {
    let handle: OpaquePointer?

    init(_ pattern: [UInt8]) {
        var offset = 0
        handle = pattern.withUnsafeBytes { bytes in
            ailua_guard_open(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, nil, 0, &offset)
        }
    }

    deinit { ailua_guard_close(handle) }
}

extension EventBuilder {
    /// Adds a text field to `record`, moving its fields to the end of all.
    mutating func addText(_ name: StaticString, _ text: String) {
        let first = Int(record.firstField)
        record.firstField = UInt32(truncatingIfNeeded: fields.count)
        for i in first..<first + Int(record.fieldCount) { fields.append(fields[i]) }
        let start = rawCount + decoded.count
        decoded.append(contentsOf: text.utf8)
        add(keys.intern(name), .string, ByteRange(start, rawCount + decoded.count))
    }
}
