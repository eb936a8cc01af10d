import CLuaHost
package import LogCore

/// Tells without Lua whether a plugin wants to see an event. Belongs to one thread at a time.
package final class LuaEventGuard {
    private let wanted: LuaWanted
    private let pattern: LuaGuard?

    package init(_ wanted: LuaWanted) {
        self.wanted = wanted
        pattern = wanted.pattern.isEmpty ? nil : LuaGuard(wanted.pattern)
    }

    /// Which of a file's formats are wanted, as bits by `Record.parser`, of which the last stands for the generic one.
    package func mask(of formats: [String]) -> UInt8 { LuaEventGuard.mask(of: formats, wanted: wanted.formats) }

    static func mask(of formats: [String], wanted: [String]) -> UInt8 {
        if wanted.isEmpty { return 0xFF }
        var mask: UInt8 = wanted.contains("generic") ? 0x80 : 0
        for (index, name) in formats.prefix(7).enumerated() where wanted.contains(name) { mask |= 1 << index }
        return mask
    }

    package func wants(_ record: Record, in batch: borrowing Batch, formats mask: UInt8) -> Bool {
        if record.severity < wanted.level || mask >> min(record.parser, 7) & 1 == 0 { return false }
        guard let pattern else { return true }
        return batch.withText(record.message) { text in
            // Where PCRE2 gives up, the plugin looks for itself.
            text.withUnsafeBufferPointer { ailua_guard_test(pattern.handle, $0.baseAddress, $0.count) != 0 }
        }
    }
}
