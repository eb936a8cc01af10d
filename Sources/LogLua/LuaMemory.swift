import CLuaHost
package import LogCore

/// What a plugin takes of Lua's memory, seen in a state of its own.
package struct LuaMemory: Sendable, Equatable {
    /// Bytes of the state before the first call: the libraries, the plugin, its compiled patterns.
    package var atRest = 0
    /// The same after `calls` of them: what they keep, and what the collector hasn't taken back yet.
    package var afterCalls = 0
    package var calls = 0
    /// Blocks that Lua took in these calls, and their bytes.
    package var allocations = 0
    package var allocated = 0

    /// Lets the plugin see the events of a batch, which stays as it is. Nil for correlators, and for a plugin that can't be
    /// run.
    package static func measure(
        _ plugin: LuaPlugin, _ batch: inout Batch, _ facts: borrowing LuaBatchFacts, formats: [String]
    ) -> LuaMemory? {
        guard plugin.kind != .correlator, let state = try? LuaState.running(plugin.script, limits: plugin.limits) else {
            return nil
        }
        var memory = LuaMemory()
        memory.atRest = ailua_memory(state.handle)
        var bytesBefore: UInt64 = 0
        let before = ailua_allocations(state.handle, &bytesBefore)
        memory.calls =
            plugin.kind == .parser
            ? parse(plugin, batch, state) : process(plugin, &batch, facts, formats: formats, state)
        memory.afterCalls = ailua_memory(state.handle)
        var bytes: UInt64 = 0
        memory.allocations = Int(clamping: ailua_allocations(state.handle, &bytes) - before)
        memory.allocated = Int(clamping: bytes - bytesBefore)
        return memory.calls > 0 ? memory : nil
    }

    private static func parse(_ plugin: LuaPlugin, _ batch: borrowing Batch, _ state: borrowing LuaState) -> Int {
        let pattern = LuaGuard(plugin.wanted.pattern)
        guard pattern.handle != nil else { return 0 }
        var calls = 0
        for record in batch.records {
            batch.withText(record.raw) { text in
                let end = text.firstIndex(of: 0x0A, from: 0) ?? text.count
                text.extracting(0..<end).withUnsafeBufferPointer { line in
                    guard ailua_guard_test(pattern.handle, line.baseAddress, line.count) > 0 else { return }
                    if ailua_parse(state.handle, line.baseAddress, line.count) != AILUA_KILLED { calls += 1 }
                }
            }
        }
        return calls
    }

    private static func process(
        _ plugin: LuaPlugin, _ batch: inout Batch, _ facts: borrowing LuaBatchFacts, formats: [String],
        _ state: borrowing LuaState
    ) -> Int {
        let gate = LuaEventGuard(plugin.wanted)
        let mask = gate.mask(of: formats)
        let calls = batch.records.count { gate.wants($0, in: batch, formats: mask) }
        let pattern = plugin.wanted.pattern.isEmpty ? nil : LuaGuard(plugin.wanted.pattern)
        // What C holds of it is no reference.
        defer { withExtendedLifetime(pattern) {} }
        var wanted = ailua_wanted(
            level: UInt8(plugin.wanted.level.rank), by_format: !plugin.wanted.formats.isEmpty, formats: mask,
            match: pattern?.handle, rules: nil, since: .min, until: .max)
        var position = 0
        let count = batch.records.count
        var room = plugin.limits.room(forEvents: count)
        while position < count {
            let status = LuaBatch.lend(&batch, facts) { ailua_process(state.handle, $0, &wanted, &position, &room) }
            if status == AILUA_KILLED { return 0 }
            ailua_outputs_clear(state.handle)
        }
        return calls
    }
}
