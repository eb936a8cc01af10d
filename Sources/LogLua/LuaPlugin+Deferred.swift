package import LogCore
import Synchronization

/// Plugins that are known by their text until they are needed.
///
/// To open a state, compile a script with its patterns and run its samples takes about a millisecond, and of all parsers
/// that ship a log has lines for one or two.
extension LuaPlugin {
    /// A parser as its text describes it, checked when a first line passes its guard; nil where the text doesn't tell
    /// all that has to be known before.
    package static func deferred(_ script: LuaScript, limits: LuaLimits = .init()) -> LuaPlugin? {
        let known: Set<String> = ["name", "kind", "api", "description", "match", "multiline", "config", "samples"]
        guard let facts = LuaFacts(script.source), facts.kind == .parser, case .number(1) = facts.values["api"],
            let name = facts.text("name"), case .text(let pattern) = facts.values["match"],
            facts.values.keys.allSatisfy(known.contains)
        else { return nil }
        var joins = false
        if case .flag(let flag) = facts.values["multiline"] { joins = flag }
        var wanted = LuaWanted()
        wanted.pattern = pattern
        return LuaPlugin(
            name: name, kind: .parser, summary: facts.text("description") ?? "", wanted: wanted,
            joinsFollowingLines: joins, dropsOnFailure: false, outputs: [], script: script, limits: limits,
            proof: LuaProof())
    }

    /// What is wrong with a deferred plugin, found out at the first call; empty for one that was checked when it was loaded.
    var defects: [Diagnostic] { proof?.defects(of: self) ?? [] }

    /// The defects that have been found out so far.
    package var knownDefects: [Diagnostic] { proof?.known ?? [] }
}

/// What came of loading a deferred plugin: found out once, for all workers.
final class LuaProof: Sendable {
    private let state = Mutex<[Diagnostic]?>(nil)

    var known: [Diagnostic]? { state.withLock { $0 } }

    func defects(of plugin: LuaPlugin) -> [Diagnostic] {
        state.withLock { state in
            if let state { return state }
            var (loaded, found) = LuaPlugin.load(plugin.script, limits: plugin.limits)
            if let loaded, !loaded.isAsTold(plugin) {
                found.append(
                    Diagnostic(
                        "the plugin's table isn't what its text says at the beginning", path: plugin.path,
                        help: "write name, match and multiline where the table begins, and leave them as they are"))
            }
            state = found
            return found
        }
    }
}

extension LuaPlugin {
    fileprivate func isAsTold(_ told: LuaPlugin) -> Bool {
        name == told.name && kind == told.kind && wanted == told.wanted && !dropsOnFailure
            && joinsFollowingLines == told.joinsFollowingLines
    }
}
