import LogCore
import LogLua

/// What looks at the events that workers picked, in the order of their times, and finds what lies between them.
protocol Correlator: AnyObject {
    /// Hands over one event at event time `now`, in nanoseconds, which never goes back.
    func process(
        _ events: borrowing SelectedEvents, _ index: Int, now: Int64, _ keys: inout KeyTable,
        _ facts: borrowing LuaBatchFacts)
    /// Lets event time go on to `now` without an event.
    func advance(to now: Int64)
    /// Nothing more will come.
    func finish()
    /// What it has found since the last call.
    func takeFindings() -> [CorrelationFinding]
    func takeOutput() -> LuaOutput
    /// All that it knows, as bytes; nil if there is nothing, or it can't be had.
    func save() -> [UInt8]?
    /// Goes on from what `save` gave. False, with a fresh memory, if the bytes are damaged.
    func restore(_ bytes: [UInt8]) -> Bool
    /// What it had to forget for want of room.
    func lost() -> [String]
    /// How often it forgot everything, for a call hit a limit.
    var forgotten: Int { get }
    var errors: LuaErrors { get }
    /// It failed too often and sees nothing more.
    var isSetAside: Bool { get }
}

extension LuaCorrelator: Correlator {}

/// A correlator of a run, from which it is made.
enum CorrelatorSource: Sendable {
    /// All correlations of rule files together, and the ids of all rules.
    case rules([CorrelationDefinition], ruleIDs: [String])
    case plugin(LuaPlugin)

    /// Under which its memory is saved.
    var name: String {
        switch self {
        case .rules: "correlations"
        case .plugin(let plugin): plugin.name
        }
    }

    /// As warnings call it.
    var title: String { isPlugin ? "plugin \(name)" : name }

    var isPlugin: Bool {
        if case .plugin = self { return true }
        return false
    }

    /// Which events it looks at, besides those that its rules found.
    var wanted: LuaWanted {
        switch self {
        case .rules: LuaWanted()
        case .plugin(let plugin): plugin.wanted
        }
    }

    func make() -> any Correlator {
        switch self {
        case .rules(let definitions, let ruleIDs): RuleCorrelator(definitions, ruleIDs: ruleIDs)
        case .plugin(let plugin): LuaCorrelator(plugin)
        }
    }

    /// The id in a report of what it calls `id`: that of a correlation, or the plugin's name with `id` behind a dot.
    func findingID(_ id: String) -> String {
        guard case .plugin(let plugin) = self else { return id }
        return id.isEmpty ? plugin.name : "\(plugin.name).\(id)"
    }
}
