import CLuaHost
import LogCore

/// What a plugin's table must hold, and the diagnostics for what it doesn't.
struct LuaContract {
    /// The terms of a plugin that keeps them all.
    struct Terms {
        var name: String
        var pattern: [UInt8]
        var joins: Bool
    }

    let path: String
    let file: String
    let lines: SourceLines
    private(set) var diagnostics: [Diagnostic] = []

    init(path: String, source: [UInt8]) {
        self.path = path
        file = path.split(separator: "/").last.map(String.init) ?? "init.lua"
        lines = SourceLines(source)
    }

    /// Nil if anything is wrong; then there are diagnostics.
    mutating func check(_ contract: ailua_contract) -> Terms? {
        let name = checkName(contract.name)
        checkKind(contract.kind)
        checkAPI(contract.api)
        let pattern = checkMatch(contract.match)
        let joins = checkMultiline(contract.multiline)
        if !contract.has_parse {
            report(
                "parse must be a function: M.parse(line, event)", key: "parse",
                help: "write function M.parse(line, event) … end, which sets what the event holds")
        }
        if !contract.has_samples { reportNoSamples() }
        guard let name, let pattern, diagnostics.isEmpty else { return nil }
        return Terms(name: name, pattern: pattern, joins: joins)
    }

    mutating func report(_ message: String, at place: SourceLines.Place, help: String) {
        diagnostics.append(
            Diagnostic(
                message, path: path, line: place.line, column: place.column, help: help,
                source: lines.text(of: place.line)))
    }

    /// A defect of an entry: at its key, or where the table begins if it has none.
    private mutating func report(_ message: String, key: String, help: String) {
        report(message, at: lines.place(ofKey: key) ?? lines.start, help: help)
    }

    /// The file can't be read or run, which shows in the line that Lua names, if it names one.
    mutating func reportLoading(_ failure: LuaFailure, limits: LuaLimits) {
        if failure.isKill {
            let place = failure.line > 0 ? SourceLines.Place(line: failure.line) : lines.start
            report(failure.message, at: place, help: limits.help)
        } else if failure.line > 0 {
            report(
                failure.message, at: SourceLines.Place(line: failure.line),
                help: "correct the Lua code in this line or above it: the file must load without an error")
        } else {
            report(
                failure.message, at: lines.end,
                help: "write Lua source that ends with `return M`, M being the plugin's table")
        }
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

    private mutating func checkKind(_ value: ailua_value) {
        let kind = value.type == LuaType.string ? LuaState.text(value.bytes, value.length) : nil
        switch kind {
        case "parser": break
        case "filter", "correlator":
            report(
                "kind \"\(kind ?? "")\" comes with the Lua platform", key: "kind",
                help: #"write kind = "parser", or take the plugin out of the folder until then"#)
        default:
            let found = kind.map { ", not \"\($0)\"" } ?? ""
            report("kind must be \"parser\"\(found)", key: "kind", help: #"write kind = "parser""#)
        }
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

    private mutating func checkMatch(_ value: ailua_value) -> [UInt8]? {
        guard value.type == LuaType.string, value.length > 0, let bytes = value.bytes else {
            report(
                "match must be a string, the guard", key: "match",
                help: "give a PCRE2 pattern that every line of the format matches; it runs before Lua")
            return nil
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
            return nil
        }
        ailua_guard_close(pattern)
        return Array(UnsafeRawBufferPointer(start: bytes, count: value.length))
    }
}
