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
            report("parse must be a function: M.parse(line, event)", line: lines.line(ofKey: "parse"))
        }
        if !contract.has_samples { reportNoSamples() }
        guard let name, let pattern, diagnostics.isEmpty else { return nil }
        return Terms(name: name, pattern: pattern, joins: joins)
    }

    mutating func report(_ message: String, line: Int, help: String? = nil) {
        diagnostics.append(Diagnostic(message, path: path, line: line, help: help, source: lines.text(of: line)))
    }

    mutating func reportNoSamples() {
        report(
            "samples must be a list of at least one sample", line: lines.line(ofKey: "samples"),
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
        report("name must be a string of small letters, digits, _ and -", line: lines.line(ofKey: "name"))
        return nil
    }

    private mutating func checkKind(_ value: ailua_value) {
        let kind = value.type == LuaType.string ? LuaState.text(value.bytes, value.length) : nil
        switch kind {
        case "parser": break
        case "filter", "correlator":
            report("kind \"\(kind ?? "")\" comes with the Lua platform", line: lines.line(ofKey: "kind"))
        default:
            let found = kind.map { ", not \"\($0)\"" } ?? ""
            report("kind must be \"parser\"\(found)", line: lines.line(ofKey: "kind"))
        }
    }

    private mutating func checkAPI(_ value: ailua_value) {
        guard value.type == LuaType.integer else {
            return report("api must be 1", line: lines.line(ofKey: "api"))
        }
        if value.integer != 1 {
            report("api \(value.integer) is unknown: this version knows api 1", line: lines.line(ofKey: "api"))
        }
    }

    private mutating func checkMultiline(_ value: ailua_value) -> Bool {
        if value.type != LuaType.none, value.type != LuaType.boolean {
            report("multiline must be true or false", line: lines.line(ofKey: "multiline"))
        }
        return value.type == LuaType.boolean && value.integer != 0
    }

    private mutating func checkMatch(_ value: ailua_value) -> [UInt8]? {
        guard value.type == LuaType.string, value.length > 0, let bytes = value.bytes else {
            report(
                "match must be a string, the guard", line: lines.line(ofKey: "match"),
                help: "give a PCRE2 pattern that every line of the format matches; it runs before Lua")
            return nil
        }
        var error = [CChar](repeating: 0, count: 200)
        var offset = 0
        guard let pattern = ailua_guard_open(bytes, value.length, &error, error.count, &offset) else {
            let text = error.withUnsafeBufferPointer { buffer in
                LuaState.text(buffer.baseAddress, buffer.firstIndex(of: 0) ?? buffer.count)
            }
            report("match: \(text) at offset \(offset)", line: lines.line(ofKey: "match"))
            return nil
        }
        ailua_guard_close(pattern)
        return Array(UnsafeRawBufferPointer(start: bytes, count: value.length))
    }
}
