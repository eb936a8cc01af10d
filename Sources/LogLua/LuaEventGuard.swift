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
    package func mask(of formats: [String]) -> UInt64 { LuaEventGuard.mask(of: formats, wanted: wanted.formats) }

    /// Who wants `json` wants `cri+json` too.
    static func mask(of formats: [String], wanted: [String]) -> UInt64 {
        if wanted.isEmpty { return .max }
        var mask: UInt64 = wanted.contains("generic") ? 1 << UInt64(genericBit) : 0
        for (index, name) in formats.prefix(Int(genericBit)).enumerated() {
            let isWanted = wanted.contains(name) || name.split(separator: "+").contains { wanted.contains(String($0)) }
            if isWanted { mask |= 1 << UInt64(index) }
        }
        return mask
    }

    private static let genericBit: UInt8 = 63

    package func wants(_ record: Record, in batch: borrowing Batch, formats mask: UInt64) -> Bool {
        if record.severity < wanted.level { return false }
        if mask >> UInt64(min(record.parser, Self.genericBit)) & 1 == 0 { return false }
        guard let pattern else { return true }
        return batch.withText(record.message) { text in
            // Where PCRE2 gives up, the plugin looks for itself.
            text.withUnsafeBufferPointer { ailua_guard_test(pattern.handle, $0.baseAddress, $0.count) != 0 }
        }
    }
}
