import CLuaHost
package import LogCore

/// Runs one line of Lua after another in a plugin's own state: with its libraries, its limits and its globals, and with an
/// event made of a line of log at hand.
///
/// What a line defines as a global is there for the next one. A line that hit a limit costs the state, which begins anew.
package final class LuaDialogue {
    /// What became of one line.
    package enum Answer: Equatable {
        /// Its results as text.
        case values([String])
        /// `path:line: message`, or the message alone for an error in the line itself.
        case error(String)
        /// The line ends before Lua's sentence does.
        case unfinished(String)
    }

    private var script: LuaScript
    private let limits: LuaLimits
    private var state: OpaquePointer
    /// The event at hand. It stays at its address, by which C tells one event from the next.
    private var line = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1)
    private var lineLength = 0

    /// `script`: the plugin; nil for a state with nothing in it. Throws what is wrong with the plugin.
    package init(_ script: LuaScript?, limits: LuaLimits = .init()) throws(Diagnostic) {
        self.script = script ?? LuaScript(path: "[input]", source: Array("return {}".utf8))
        self.limits = limits
        state = try Self.fresh(self.script, limits)
    }

    deinit {
        ailua_close(state)
        line.deallocate()
    }

    private static func fresh(_ script: LuaScript, _ limits: LuaLimits) throws(Diagnostic) -> OpaquePointer {
        do {
            return try LuaState.running(script, limits: limits).release()
        } catch {
            throw Diagnostic(error.message, path: error.file ?? script.path, line: error.line)
        }
    }

    /// Begins anew with another text of the plugin, or with the same; the line at hand stays.
    package func reload(_ script: LuaScript? = nil) throws(Diagnostic) {
        let fresh = try Self.fresh(script ?? self.script, limits)
        ailua_close(state)
        state = fresh
        self.script = script ?? self.script
    }

    /// Sets the line and makes the event of it.
    package func take(line text: [UInt8]) {
        // The new one is there before the old one goes: their addresses differ.
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(1, text.count))
        _ = copy.update(fromContentsOf: text)
        line.deallocate()
        line = copy
        lineLength = text.count
    }

    /// An expression, whose values come back, or a statement.
    package func evaluate(_ chunk: String) -> Answer {
        var values: UnsafePointer<ailua_value>?
        var count = 0
        let lent = ailua_text(bytes: UnsafePointer(line.baseAddress), length: lineLength)
        let status = withText(chunk) { ailua_evaluate(state, $0, lent, &values, &count) }
        guard status != AILUA_OK else {
            return .values((0..<count).compactMap { i in values.map { LuaState.text($0[i].bytes, $0[i].length) } })
        }
        let failure = LuaState.failure(status, of: state)
        if failure.message.hasSuffix("near <eof>") { return .unfinished(failure.message) }
        let text = failure.line > 0 ? failure.rendered(path: script.path) : failure.message
        guard failure.isKill else { return .error(text) }
        // A plugin that ran a moment ago runs again; if not, the next line says so.
        if let fresh = try? Self.fresh(script, limits) {
            ailua_close(state)
            state = fresh
        }
        return .error("\(text); the plugin begins anew")
    }

    /// The event at hand, as JSON.
    package func event() -> Answer {
        evaluate(
            """
            (function()
              local fields = {}
              for name, value in pairs(event.fields) do fields[name] = value end
              return {
                time = event.time and ailogger.time.format(event.time), level = event.level,
                component = event.component, message = event.message, fields = fields,
              }
            end)()
            """)
    }

    /// What the plugin logged since the last call.
    package func takeLog() -> [LuaLogLine] {
        var output = LuaOutput()
        output.take(from: state)
        return output.log
    }
}
