import CLuaHost

/// The scalar entries of a plugin's table: lists give several values under one key, maps give "key.name".
struct LuaEntries {
    private var values: [String: [String]] = [:]
    /// The table's own keys, with the type of what stands there: "string", "table", "function".
    private(set) var keys: [String: String] = [:]

    init(_ state: borrowing LuaState) throws(LuaFailure) {
        var entries: UnsafePointer<ailua_value>?
        var count = 0
        let status = ailua_entries(state.handle, &entries, &count)
        if status != AILUA_OK { throw state.failure(status) }
        for i in 0..<count {
            guard let entry = entries.map({ $0 + i }) else { break }
            let key = LuaState.text(entry.pointee.key, Int(entry.pointee.key_length))
            if UInt32(entry.pointee.role) == AILUA_ENTRY_KEY.rawValue {
                keys[key] = Self.text(entry)
                continue
            }
            values[key, default: []].append(Self.text(entry))
        }
    }

    func text(_ key: String) -> String? { values[key]?.first }
    func texts(_ key: String) -> [String] { values[key] ?? [] }

    /// The names of `config`, with their defaults.
    var settings: [(key: String, value: String)] {
        values.compactMap { key, values in
            key.hasPrefix("config.") ? (String(key.dropFirst(7)), values.joined(separator: ",")) : nil
        }.sorted { $0.0 < $1.0 }
    }

    private static func text(_ value: UnsafePointer<ailua_value>) -> String {
        switch value.pointee.type {
        case LuaType.string: return LuaState.text(value.pointee.bytes, value.pointee.length)
        case LuaType.function: return "function"
        default:
            var bytes: ContiguousArray<UInt8> = []
            _ = LuaText.append(value.pointee, to: &bytes)
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}

/// Names of outputs.
package enum LuaOutputName {
    /// "file:PATH", "tcp:HOST:PORT" or "udp:HOST:PORT".
    package static func isValid(_ name: String) -> Bool {
        let parts = name.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].isEmpty else { return false }
        switch parts[0] {
        case "file": return true
        case "tcp", "udp":
            guard let colon = parts[1].lastIndex(of: ":"), colon > parts[1].startIndex else { return false }
            return UInt16(parts[1][parts[1].index(after: colon)...]).map { $0 > 0 } ?? false
        default: return false
        }
    }
}
