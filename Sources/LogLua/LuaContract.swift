import CLuaHost
import LogCore
import LogPatterns

/// What a plugin's table must hold, and the diagnostics for what it doesn't.
struct LuaContract {
    let path: String
    let file: String
    /// For diagnostics only: most plugins have none.
    private(set) lazy var lines = SourceLines(script.source)
    private let script: LuaScript
    private(set) var diagnostics: [Diagnostic] = []

    init(_ script: LuaScript) {
        self.script = script
        path = script.path
        file = script.file
    }

    /// Nil if anything is wrong; then there are diagnostics.
    mutating func check(_ state: borrowing LuaState, limits: LuaLimits) -> LuaPlugin? {
        guard let contract = ailua_module(state.handle)?.pointee else { return nil }
        let name = checkName(contract.name)
        let kind = checkKind(contract.kind)
        checkAPI(contract.api)
        let entries: LuaEntries
        do throws(LuaFailure) {
            entries = try LuaEntries(state)
        } catch {
            reportLoading(error, limits: limits)
            return nil
        }
        var wanted = LuaWanted()
        wanted.pattern = checkMatch(contract.match, isRequired: kind == .parser)
        let joins = kind == .parser && checkMultiline(contract.multiline)
        // What the plugin must have besides depends on its kind.
        if let kind {
            checkFunction(kind, contract, entries)
            if kind != .parser { checkWanted(&wanted, entries) }
            checkKeys(kind, entries)
        }
        if let word = entries.text("on_failure"), word != "drop", word != "keep" {
            report(
                "on_failure can't be \"\(word)\"", key: "on_failure",
                help: #"write "drop" where no event may pass unchanged, or "keep", which is what happens without it"#)
        }
        let outputs = checkOutputs(state, entries, kind)
        if !contract.has_samples { reportNoSamples() }
        guard let name, let kind, diagnostics.isEmpty else { return nil }
        return LuaPlugin(
            name: name, kind: kind, summary: entries.text("description") ?? "", wanted: wanted,
            joinsFollowingLines: joins, dropsOnFailure: entries.text("on_failure") == "drop", outputs: outputs,
            script: script, limits: limits)
    }

    private mutating func checkFunction(_ kind: LuaKind, _ contract: ailua_contract, _ entries: LuaEntries) {
        if let function = kind.function {
            if contract.function == nil {
                report(
                    "\(function.name) must be a function: \(function.call)", key: function.name,
                    help: "write function \(function.call) … end")
            }
            return
        }
        for key in ["script", "call"] where entries.text(key) == nil {
            report(
                "\(key) must be a string", key: key,
                help: #"write script = "filter.lua", a file of the plugin's folder, and call = "cb_name", its function"#
            )
        }
    }

    private mutating func checkWanted(_ wanted: inout LuaWanted, _ entries: LuaEntries) {
        wanted.formats = entries.texts("formats")
        wanted.rules = entries.texts("rules")
        if let word = entries.text("level") {
            let bytes = Array(word.utf8)
            if let level = Severity(word: bytes.span) {
                wanted.level = level
            } else {
                report(
                    "level can't be \"\(word)\"", key: "level",
                    help: "write trace, debug, info, warning, error or critical: events at least so grave are wanted")
            }
        }
    }

    /// What a sink asked for must be what it says it needs.
    private mutating func checkOutputs(_ state: borrowing LuaState, _ entries: LuaEntries, _ kind: LuaKind?) -> [String]
    {
        let asked = state.outputs
        let listed = entries.texts("permissions")
        if kind == .sink, entries.keys["permissions"] == nil {
            let list = asked.isEmpty ? "{}" : "{ " + asked.map { "\"\($0)\"" }.joined(separator: ", ") + " }"
            report(
                "a sink must have permissions, a list of the outputs that it opens", key: "permissions",
                help: "write permissions = \(list): who runs the plugin says yes to each with --allow")
            return asked
        }
        if let first = asked.first, kind != .sink {
            report(
                "only a sink has outputs, and this asks for \"\(first)\"", key: "kind",
                help: #"write kind = "sink" and function M.write(event) … end"#)
        }
        for name in asked where !listed.contains(name) {
            report(
                "the output \"\(name)\" isn't among the permissions", key: "permissions",
                help: "add it, so that who runs the plugin can say yes or no: permissions = { \"\(name)\" }")
        }
        for name in asked where !LuaOutputName.isValid(name) {
            report(
                "\"\(name)\" is no output", key: "permissions",
                help: #"write "file:PATH", "tcp:HOST:PORT" or "udp:HOST:PORT""#)
        }
        return asked
    }

    mutating func report(_ message: String, at place: SourceLines.Place, help: String) {
        diagnostics.append(
            Diagnostic(
                message, path: path, line: place.line, column: place.column, help: help,
                source: lines.text(of: place.line)))
    }

    /// A defect of an entry: at its key, or where the table begins if it has none.
    mutating func report(_ message: String, key: String, help: String) {
        report(message, at: lines.place(ofKey: key) ?? lines.start, help: help)
    }

    /// An error in a known line of the plugin's file, or of one that it requires.
    private mutating func report(_ failure: LuaFailure, help: String) {
        diagnostics.append(script.diagnostic(of: failure, help: help))
    }

    /// The file can't be read or run, which shows in the line that Lua names, if it names one.
    /// `isLoaded`: it was, and failed later, when samples were run.
    mutating func reportLoading(_ failure: LuaFailure, limits: LuaLimits, isLoaded: Bool = false) {
        if failure.isKill {
            let place = failure.line > 0 ? SourceLines.Place(line: failure.line) : lines.start
            report(failure.message, at: place, help: limits.help(isCorrelator: script.isCorrelator))
        } else if failure.line > 0 {
            report(
                failure,
                help: isLoaded
                    ? "correct the Lua code in this line or above it: it fails while the plugin's samples run"
                    : "correct the Lua code in this line or above it: the file must load without an error")
        } else if failure.isOfTable {
            report(
                failure.message, key: failure.message.contains(" function ") ? "call" : "script",
                help: "script names a file beside init.lua, and call the global function that it defines")
        } else if isLoaded {
            reportSample("samples: \(failure.message)")
        } else {
            report(
                failure.message, at: lines.end,
                help: "write Lua source that ends with `return M`, M being the plugin's table")
        }
    }

    /// A sample that the plugin's own functions don't bear out: "samples[2]: what is wrong".
    mutating func reportSample(_ failure: String) {
        let place = lines.place(ofKey: "samples") ?? lines.start
        report(failure, at: place, help: "correct what the plugin does, or what the sample's expect says")
    }

    /// The samples aren't of the form that they must have.
    mutating func reportSamples(_ failure: LuaFailure) {
        report(
            failure.message, key: "samples",
            help: #"write each as { line = '…', expect = { level = "INFO", fields = { } } }, or with expect = false"#)
    }

    mutating func reportNoSamples() {
        report(
            "samples must be a list of at least one sample", key: "samples",
            help: #"add M.samples = { { line = '…', expect = { level = "INFO", fields = {} } } }"#)
    }

    private mutating func checkName(_ value: ailua_value) -> String? {
        let name = value.type == LuaType.string ? LuaState.text(value.bytes, value.length) : ""
        let isWord = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
                UInt8(ascii: "-"):
                true
            default: false
            }
        }
        if !name.isEmpty, isWord { return name }
        report(
            "name must be a string of small letters, digits, _ and -", key: "name",
            help: #"write name = "my-format", by which reports and options call the plugin"#)
        return nil
    }

    private mutating func checkKind(_ value: ailua_value) -> LuaKind? {
        let word = value.type == LuaType.string ? LuaState.text(value.bytes, value.length) : nil
        if let kind = word.flatMap(LuaKind.init(rawValue:)) { return kind }
        let kinds = LuaKind.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        let found = word.map { ", not \"\($0)\"" } ?? ""
        let near = word.flatMap { Nearest.name(to: $0, in: LuaKind.allCases.map(\.rawValue)) }
        report(
            "kind must be one of \(kinds)\(found)", key: "kind",
            help: near.map { "did you mean kind = \"\($0)\"?" } ?? #"write kind = "parser", or another of them"#)
        return nil
    }

    private mutating func checkAPI(_ value: ailua_value) {
        guard value.type == LuaType.integer else {
            return report("api must be 1", key: "api", help: "write api = 1, a number without quotes")
        }
        if value.integer != 1 {
            report(
                "api \(value.integer) is unknown: this version knows api 1", key: "api",
                help: "write api = 1, and use what it has")
        }
    }

    private mutating func checkMultiline(_ value: ailua_value) -> Bool {
        if value.type != LuaType.none, value.type != LuaType.boolean {
            report(
                "multiline must be true or false", key: "multiline",
                help: "write multiline = true or multiline = false, without quotes")
        }
        return value.type == LuaType.boolean && value.integer != 0
    }

    private mutating func checkMatch(_ value: ailua_value, isRequired: Bool) -> [UInt8] {
        if !isRequired, value.type == LuaType.none { return [] }
        guard value.type == LuaType.string, value.length > 0, let bytes = value.bytes else {
            report(
                "match must be a string, the guard", key: "match",
                help: "give a PCRE2 pattern that every line of the format matches; it runs before Lua")
            return []
        }
        var error = [CChar](repeating: 0, count: 200)
        var offset = 0
        guard let pattern = ailua_guard_open(bytes, value.length, &error, error.count, &offset) else {
            let text = error.withUnsafeBufferPointer { buffer in
                LuaState.text(buffer.baseAddress, buffer.firstIndex(of: 0) ?? buffer.count)
            }
            report(
                "match: \(text) at offset \(offset)", key: "match",
                help: "correct the PCRE2 pattern there, with a backslash before a sign that stands for itself")
            return []
        }
        ailua_guard_close(pattern)
        return Array(UnsafeRawBufferPointer(start: bytes, count: value.length))
    }
}
