import LogPatterns

/// What a plugin's table may hold. A key that nobody reads is a slip, and where it was to say that an event must not pass, one
/// that would go unnoticed.
extension LuaContract {
    private static let texts: Set = ["string"]
    private static let flags: Set = ["boolean"]
    /// One text stands for a list of it.
    private static let lists: Set = ["table", "string"]

    private static func types(_ kind: LuaKind) -> [String: Set<String>] {
        var types: [String: Set<String>] = [
            "name": texts, "kind": texts, "api": ["number"], "description": texts, "match": texts, "config": ["table"],
            "samples": ["table"],
        ]
        if kind == .parser {
            types["multiline"] = flags
        } else {
            types["level"] = texts
            types["formats"] = lists
        }
        if kind == .correlator || kind == .sink { types["rules"] = lists }
        if kind == .sink { types["permissions"] = lists }
        if kind == .filter || kind == .fluentbit { types["on_failure"] = texts }
        if kind == .fluentbit {
            types["script"] = texts
            types["call"] = texts
            types["time_as_table"] = flags
        }
        return types
    }

    private static func functions(_ kind: LuaKind) -> [String] {
        switch kind {
        case .parser: ["parse"]
        case .filter: ["process"]
        case .correlator: ["process", "timer", "session", "unpaired", "absent", "cleared", "finish"]
        case .sink: ["write", "start", "flush"]
        case .fluentbit: []
        }
    }

    /// Every key must mean something to its kind. Functions besides are the plugin's own, unless one is called almost like a
    /// function that isn't there; so is what begins with _.
    mutating func checkKeys(_ kind: LuaKind, _ entries: LuaEntries) {
        let types = Self.types(kind)
        let functions = Self.functions(kind)
        let missing = functions.filter { entries.keys[$0] != "function" && entries.keys[$0] != "method" }
        for (key, type) in entries.keys.sorted(by: { $0.key < $1.key }) where !key.hasPrefix("_") {
            if let expected = types[key] {
                // What must be there, and be of a type, is looked at by itself.
                if ["name", "kind", "api", "match", "samples", "multiline"].contains(key) || expected.contains(type) {
                    continue
                }
                report(
                    "\(key) is a \(expected.max() ?? "value"), not a \(type)", key: key,
                    help: "docs/plugins.md has the type of each entry")
            } else if functions.contains(key) {
                if type == "method" {
                    report(
                        "\(key) is written with a colon, which makes self of its first argument", key: key,
                        help:
                            "write function \(key == kind.function?.name ? kind.function?.call ?? key : "M.\(key)(…)"), "
                            + "with a dot")
                    continue
                }
                // The one that must be there is looked at by itself too.
                if type == "function" || key == kind.function?.name { continue }
                report("\(key) is a function, not a \(type)", key: key, help: "write function M.\(key)(…) … end")
            } else if type == "function" || type == "method" {
                guard let near = Nearest.name(to: key, in: missing) else { continue }
                report(
                    "the function \"\(key)\" is none that is called", key: key,
                    help: "did you mean \"\(near)\"? If it is the plugin's own, give it another name, or make it local")
            } else {
                let near = Nearest.name(to: key, in: types.keys.sorted() + functions)
                report(
                    "\(Self.article(kind)) has no entry \"\(key)\"", key: key,
                    help: near.map { "did you mean \"\($0)\"?" }
                        ?? "keep what is the plugin's own in a local variable, or under a name that begins with _")
            }
        }
    }

    private static func article(_ kind: LuaKind) -> String {
        kind == .fluentbit ? "a plugin of kind fluentbit" : "a \(kind.rawValue)"
    }
}
