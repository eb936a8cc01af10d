import CLuaHost
package import LogCore

/// A plugin of kind "parser" at work: one a worker, with a Lua state and a guard of its own.
///
/// A line first meets the guard, a PCRE2 pattern, so that lines of other formats never reach Lua. An error costs
/// one event; a call that hit a limit costs the state as well, which is built anew for the next line.
/// A plugin that keeps failing is put aside and refuses everything from then on.
package final class LuaParser: LineParser {
    package let name: String
    package let joinsFollowingLines: Bool
    package private(set) var errors = LuaErrors()
    /// Too many errors: no line reaches the plugin any more.
    package private(set) var isSetAside = false
    /// It has defects: nothing was read by it, and `errors` says why.
    package private(set) var isLeftOut = false
    /// The last error.
    private(set) var lastFailure: LuaFailure?

    private let plugin: LuaPlugin
    /// Owned: null until the first line.
    private var guardPattern: OpaquePointer?
    /// Owned: null until a line passes the guard, and after a limit took the state.
    private var state: OpaquePointer?
    /// Unchecked: touched in one place a line, and the check is a call into the runtime.
    @exclusivity(unchecked) private var keys = LuaKeys()
    private var output = LuaOutput()

    convenience init(_ plugin: LuaPlugin, _ state: consuming LuaState) {
        self.init(plugin)
        self.state = state.release()
    }

    init(_ plugin: LuaPlugin) {
        name = plugin.name
        joinsFollowingLines = plugin.joinsFollowingLines
        self.plugin = plugin
    }

    deinit {
        ailua_close(state)
        ailua_guard_close(guardPattern)
    }

    package func parse(_ line: Span<UInt8>, at base: Int, into event: inout EventBuilder) -> Bool {
        guard !isSetAside, !isLeftOut, let guardPattern = guardPattern ?? openGuard() else { return false }
        return line.withUnsafeBufferPointer { buffer in
            let verdict = ailua_guard_test(guardPattern, buffer.baseAddress, buffer.count)
            guard verdict > 0 else {
                if verdict < 0 {
                    let message = "match: the guard hit a match limit on a line of \(buffer.count) bytes"
                    note(LuaFailure(message: message))
                }
                return false
            }
            return run(buffer, at: base, into: &event)
        }
    }

    package func mayRead(beginning head: Span<UInt8>) -> Bool {
        guard !isSetAside, !isLeftOut, let guardPattern = guardPattern ?? openGuard() else { return true }
        return head.withUnsafeBufferPointer { ailua_guard_may_match(guardPattern, $0.baseAddress, $0.count) }
    }

    package func goesOn(with head: Span<UInt8>, after start: Span<UInt8>) -> Bool {
        !mayRead(beginning: start) || mayRead(beginning: head)
    }

    /// Most parsers of a run never get a line to look at: there are quicker ways to tell that none is theirs.
    private func openGuard() -> OpaquePointer? {
        var offset = 0
        guardPattern = plugin.wanted.pattern.withUnsafeBytes { bytes in
            ailua_guard_open(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, nil, 0, &offset)
        }
        if guardPattern == nil {
            // The guard of a deferred plugin may not compile.
            if !leaveOutIfDefective() { note(LuaFailure(message: "no memory for the guard")) }
            isLeftOut = true
        }
        return guardPattern
    }

    /// Whether the plugin, looked at now if that was put off, has defects: then it reads nothing.
    private func leaveOutIfDefective() -> Bool {
        guard let defect = plugin.defects.first else { return false }
        isLeftOut = true
        errors.note(defect, plugin: name)
        return true
    }

    private func run(_ line: UnsafeBufferPointer<UInt8>, at base: Int, into event: inout EventBuilder) -> Bool {
        guard let handle = state ?? freshState() else { return false }
        // What other parsers write is less than what they read.
        if event.decoded.count &+ event.fields.count &* MemoryLayout<Field>.stride
            > plugin.limits.batchBytes &+ 16 &* event.rawCount
        {
            let most = plugin.limits.batchBytes / (1024 * 1024)
            note(LuaFailure(message: "more than \(most) MiB written to the events of one batch"))
            return false
        }
        let status = ailua_parse(handle, line.baseAddress, line.count)
        if status == AILUA_OK {
            LuaWrites(ailua_result(handle), origin: line, base: base).apply(to: &event, &keys)
            return true
        }
        if status == AILUA_REFUSED { return false }
        note(LuaState.failure(status, of: handle))
        if status == AILUA_KILLED { dropState() }
        return false
    }

    /// A state built from the plugin's source: there is none yet, or a limit took the last one.
    private func freshState() -> OpaquePointer? {
        if leaveOutIfDefective() { return nil }
        do {
            let fresh = try LuaState.running(plugin.script, limits: plugin.limits)
            let handle = fresh.release()
            state = handle
            keys.forget()
            return handle
        } catch {
            note(error)
            return nil
        }
    }

    private func note(_ failure: LuaFailure) {
        lastFailure = failure
        errors.note(failure, of: plugin)
        if errors.costly >= plugin.limits.costly {
            isSetAside = true
            dropState()
        }
    }

    private func dropState() {
        if let handle = state { output.take(from: handle) }
        ailua_close(state)
        state = nil
    }

    /// What the script logged since the last call.
    package func takeOutput() -> LuaOutput {
        if let handle = state { output.take(from: handle) }
        defer { output = LuaOutput() }
        return output
    }
}
