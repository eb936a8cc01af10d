import CLuaHost
package import LogCore

/// What a plugin does with events.
package enum LuaKind: String, Sendable, CaseIterable {
    /// Makes events of lines.
    case parser
    /// Changes or drops events.
    case filter
    /// Finds what lies between events.
    case correlator
    /// Writes events somewhere.
    case sink
    /// A filter whose script was written for Fluent Bit.
    case fluentbit

    /// The function that its table must have, and how it is called; nil if the script brings its own.
    var function: (name: String, call: String)? {
        switch self {
        case .parser: ("parse", "M.parse(line, event)")
        case .filter: ("process", "M.process(event)")
        case .correlator: ("process", "M.process(event, ctx)")
        case .sink: ("write", "M.write(event)")
        case .fluentbit: nil
        }
    }
}

/// Which events a plugin wants to see; others never reach Lua.
package struct LuaWanted: Sendable, Equatable {
    /// A PCRE2 pattern: of a parser's lines, or of the others' messages. Empty for none.
    package var pattern: [UInt8] = []
    /// At least this grave.
    package var level = Severity.unspecified
    /// Names of formats; empty for all.
    package var formats: [String] = []
    /// Ids of rules, with `*`: only events that one of them found. Empty for all.
    package var rules: [String] = []

    package init() {}
}

/// The text of a plugin and of what it may require.
package struct LuaScript: Sendable {
    /// A file that `require` finds.
    package struct Module: Sendable {
        package var name: String
        package var path: String
        package var source: [UInt8]

        package init(name: String, path: String, source: [UInt8]) {
            self.name = name
            self.path = path
            self.source = source
        }
    }

    package var path: String
    package var source: [UInt8]
    package var modules: [Module]
    /// `config` entries that the user sets, as text.
    package fileprivate(set) var settings: [(key: String, value: String)] = []
    /// LPeg, which has no limit on its steps, may be required.
    package var allowsLPeg = false

    package init(path: String, source: [UInt8], modules: [Module] = []) {
        self.path = path
        self.source = source
        self.modules = modules
    }

    /// The kind that the text names; nil if it can't be told by a look at it.
    static func kind(in source: [UInt8]) -> LuaKind? {
        let lines = SourceLines(source)
        guard let place = lines.place(ofKey: "kind"), let text = lines.text(of: place.line) else { return nil }
        return LuaKind.allCases.first { kind in
            text.contains("\"\(kind.rawValue)\"") || text.contains("'\(kind.rawValue)'")
        }
    }

    var isCorrelator: Bool { Self.kind(in: source) == .correlator }

    /// The last part of `path`: what positions in Lua's errors begin with.
    var file: String { path.split(separator: "/").last.map(String.init) ?? "init.lua" }
}

/// A checked plugin: its source and contract, from which each worker makes its own.
package struct LuaPlugin: Sendable {
    package let name: String
    package let kind: LuaKind
    /// One line on what it does; empty if it says nothing.
    package let summary: String
    package let wanted: LuaWanted
    package let joinsFollowingLines: Bool
    /// An event for which the plugin fails is dropped instead of passed on as it came: `on_failure = "drop"`.
    package let dropsOnFailure: Bool
    /// What a sink writes to: "file:errors.csv", "tcp:127.0.0.1:5514", "udp:…".
    package let outputs: [String]
    package private(set) var script: LuaScript
    package let limits: LuaLimits
    /// Of a plugin that is known by its text only.
    var proof: LuaProof?

    package var path: String { script.path }

    package func makeParser() -> LuaParser { LuaParser(self) }

    /// Reads a plugin, checks its contract and runs its samples. Everything that is wrong is reported, not only
    /// the first; the plugin comes back only if nothing is.
    package static func load(
        _ script: LuaScript, limits: LuaLimits = .init()
    ) -> (plugin: LuaPlugin?, diagnostics: [Diagnostic]) {
        var checks = LuaContract(script)
        do {
            let state = try LuaState.running(script, limits: limits)
            guard let plugin = checks.check(state, limits: limits) else { return (nil, checks.diagnostics) }
            do {
                try plugin.checkSamples(state, &checks)
            } catch {
                checks.reportLoading(error, limits: limits, isLoaded: true)
            }
            return (checks.diagnostics.isEmpty ? plugin : nil, checks.diagnostics)
        } catch {
            checks.reportLoading(error, limits: limits)
            return (nil, checks.diagnostics)
        }
    }

    package static func load(
        path: String, source: [UInt8], limits: LuaLimits = .init()
    ) -> (plugin: LuaPlugin?, diagnostics: [Diagnostic]) {
        load(LuaScript(path: path, source: source), limits: limits)
    }

    /// Sets entries of `config`. Not part of `load`: samples are about the defaults, and what is wrong with a setting is no
    /// defect of the plugin. Says what can't be set, and why.
    package mutating func configure(_ settings: [(key: String, value: String)]) -> [(setting: String, reason: String)] {
        var problems: [(setting: String, reason: String)] = []
        for (key, value) in settings {
            var changed = script
            changed.settings.append((key, value))
            do {
                _ = try LuaState.running(changed, limits: limits)
                script = changed
            } catch {
                problems.append(("\(name).\(key)=\(value)", error.message))
            }
        }
        return problems
    }

    /// Whether the source says that it is of a kind that runs only when it is asked for. A look at the text: a plugin whose
    /// kind is computed is loaded and asked.
    package static func isIdle(_ source: [UInt8]) -> Bool {
        let kind = LuaFacts(source)?.kind ?? LuaScript.kind(in: source)
        return kind.map { $0 != .parser } ?? false
    }

    /// Runs one file of tests; what is wrong, each with the file's path.
    package func test(_ path: String, _ source: [UInt8]) -> [Diagnostic] {
        var tested = script
        tested.modules.append(LuaScript.Module(name: path, path: path, source: source))
        do {
            let state = try LuaState.running(script, limits: limits)
            return try state.testFailures(source, name: path).map { failure in
                // Line, name of the test, and what is wrong.
                let parts = failure.split(separator: "\0", maxSplits: 2).map(String.init)
                var wrong = tested.diagnostic(
                    of: LuaFailure(message: parts.last ?? "", line: parts.first.flatMap { Int($0) } ?? 0, file: path),
                    help: "correct the plugin, or what the test expects")
                if parts.count == 3 { wrong.message = parts[1] + ": " + wrong.message }
                return wrong
            }
        } catch {
            var failure = error
            failure.file = error.file ?? path
            return [tested.diagnostic(of: failure, help: "correct the Lua code there")]
        }
    }

    private func checkSamples(_ state: consuming LuaState, _ checks: inout LuaContract) throws(LuaFailure) {
        guard kind == .parser else {
            for failure in try state.sampleFailures() { checks.reportSample(failure) }
            return
        }
        let samples: [LuaSample]
        do {
            samples = try LuaSample.read(from: state)
        } catch {
            if error.isKill || error.line > 0 { throw error }
            return checks.reportSamples(error)
        }
        // The state at hand has compiled all patterns already: a start of the program loads every parser there is.
        let parser = LuaParser(self, state)
        for (index, sample) in samples.enumerated() {
            if sample.line.contains(0x0A) {
                checks.report(
                    "sample \(index + 1): a parser is given one line; this one has a line feed", key: "samples",
                    help:
                        "give the first line alone; a filter with formats = { \"\(name)\" } reads what multiline adds to it"
                )
                continue
            }
            for failure in sample.failures(of: self, parser) {
                let place =
                    failure.line > 0
                    ? SourceLines.Place(line: failure.line)
                    : checks.lines.place(ofSample: sample.line) ?? checks.lines.place(ofKey: "samples")
                checks.report(
                    "sample \(index + 1): \(failure.message)", at: place ?? checks.lines.start, help: failure.help)
            }
        }
    }
}
