import CLuaHost
package import LogCore

/// A checked plugin: its source and contract, from which each worker makes a parser of its own.
package struct LuaPlugin: Sendable {
    package let name: String
    package let path: String
    /// The last part of `path`: what positions in Lua's errors begin with.
    let file: String
    let source: [UInt8]
    /// The guard, a PCRE2 pattern.
    let pattern: [UInt8]
    let joinsFollowingLines: Bool
    let limits: LuaLimits

    package func makeParser() -> LuaParser { LuaParser(self) }

    /// Reads a plugin, checks its contract and runs its samples. Everything that is wrong is reported, not only
    /// the first; the plugin comes back only if nothing is.
    package static func load(
        path: String, source: [UInt8], limits: LuaLimits = .init()
    ) -> (plugin: LuaPlugin?, diagnostics: [Diagnostic]) {
        var checks = LuaContract(path: path, source: source)
        let plugin: LuaPlugin
        let samples: [LuaSample]
        do {
            let state = try LuaState.running(source, file: checks.file, limits: limits)
            guard let contract = ailua_module(state.handle) else { return (nil, []) }
            let terms = checks.check(contract.pointee)
            do {
                samples = contract.pointee.has_samples ? try LuaSample.read(from: state) : []
            } catch {
                if error.isKill || error.line > 0 {
                    checks.reportLoading(error, limits: limits)
                } else {
                    checks.reportSamples(error)
                }
                return (nil, checks.diagnostics)
            }
            if contract.pointee.has_samples, samples.isEmpty { checks.reportNoSamples() }
            guard let terms, checks.diagnostics.isEmpty else { return (nil, checks.diagnostics) }
            plugin = LuaPlugin(
                name: terms.name, path: path, file: checks.file, source: source, pattern: terms.pattern,
                joinsFollowingLines: terms.joins, limits: limits)
        } catch {
            checks.reportLoading(error, limits: limits)
            return (nil, checks.diagnostics)
        }
        for (index, sample) in samples.enumerated() {
            let found = sample.failures(of: plugin)
            for failure in found {
                let place =
                    failure.line > 0
                    ? SourceLines.Place(line: failure.line)
                    : checks.lines.place(ofSample: sample.line) ?? checks.lines.place(ofKey: "samples")
                checks.report(
                    "sample \(index + 1): \(failure.message)", at: place ?? checks.lines.start, help: failure.help)
            }
        }
        return (checks.diagnostics.isEmpty ? plugin : nil, checks.diagnostics)
    }
}
