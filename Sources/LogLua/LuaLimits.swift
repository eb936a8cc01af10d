package import LogCore

/// What a plugin may use before it is stopped.
package struct LuaLimits: Sendable {
    /// Bytes of one state, compiled patterns included. No single string or table takes more than a quarter.
    package var memory = 16 * 1024 * 1024
    /// Instructions of the Lua machine in one call, over all coroutines.
    package var instructions: Int64 = 1_000_000
    package var millisecondsPerCall: Int64 = 100
    /// Bytes that may be written to the events of one batch of 1 MiB, at least four times what one may take; for many small
    /// events there is more, a field or two for each.
    package var batchBytes = 16 * 1024 * 1024
    static let bytesPerEvent = 128
    /// From this many calls on that hit a limit, each up to `millisecondsPerCall` long, a worker puts the plugin aside.
    /// Ordinary errors cost no more than what goes well: of a parser, a filter or a sink there may be any number, since which
    /// events have the plugin must not depend on which worker read them.
    package var costly = 10
    /// From this many errors of any kind on a correlator is put aside, which runs in one place: a timer that fails may be
    /// due a million times.
    package var correlatorErrors = 100

    package init() {}

    package func room(forEvents count: Int) -> Int { batchBytes + Self.bytesPerEvent * count }

    /// What a state may take: a correlator's holds all that it knows.
    func memory(ofCorrelator isCorrelator: Bool) -> Int { isCorrelator ? memory * 4 : memory }

    /// What to do about a call that was stopped.
    func help(isCorrelator: Bool) -> String {
        "end every loop and do less in one call: it may take \(instructions) instructions, "
            + "\(millisecondsPerCall) ms and \(memory(ofCorrelator: isCorrelator) / 1024) KiB"
    }
}

/// What went wrong in a plugin's calls. An error costs the event at hand its parsing, nothing else.
package struct LuaErrors: Sendable, Equatable {
    package var count = 0
    /// The first one with its line and what to do.
    package private(set) var detail: Diagnostic?
    /// Those among them where a limit was hit, which costs the state.
    package var kills = 0
    /// These, and searches that hit the limit of their own.
    private(set) var costly = 0
    /// `path:line: message`.
    package var first: String?

    package init(count: Int = 0, kills: Int = 0, first: String? = nil) {
        self.count = count
        self.kills = kills
        self.first = first
    }

    package static func == (a: LuaErrors, b: LuaErrors) -> Bool {
        a.count == b.count && a.kills == b.kills && a.first == b.first
    }

    /// A defect for which the plugin is left out.
    mutating func note(_ defect: Diagnostic, plugin: String) {
        count += 1
        var place = defect.path
        if defect.line > 0 { place += ":\(defect.line)" }
        if defect.column > 0 { place += ":\(defect.column)" }
        first = "\(place): \(defect.message): left out, `ailogger plugins test \(plugin)` has the details"
    }

    mutating func note(_ failure: LuaFailure, of plugin: LuaPlugin) {
        count += 1
        if failure.isKill { kills += 1 }
        if failure.isKill || failure.isSearch { costly += 1 }
        if first != nil { return }
        first = failure.rendered(path: plugin.path)
        var detail = plugin.script.diagnostic(
            of: failure, help: failure.isKill ? plugin.limits.help(isCorrelator: plugin.script.isCorrelator) : nil)
        if detail.column == 0, let code = detail.source {
            detail.column = code.utf8.prefix { $0 == 0x20 || $0 == 0x09 }.count + 1
        }
        self.detail = detail
    }
}
