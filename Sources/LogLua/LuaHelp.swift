import LogCore
import LogPatterns

/// What to do about an error that Lua or the host raised in a line of a plugin: told from its text and that line, so that no
/// state pays for it.
enum LuaHelp {
    /// Where Lua says no more than that something is nil: by the name that stands there.
    private static let absent: [String: String] = [
        "print": #"write ailogger.log("info", text): its lines are in the report's warnings"#,
        "io": #"a plugin has no files: a sink writes with ailogger.output("file:PATH")"#,
        "os.getenv": "write config = { name = \"default\" }: --set plugin.name=value sets it, M.config.name has it",
        "os.exit": "a plugin can't end the program: return false drops an event, error(text) gives up on it",
        "os.execute": "a plugin runs no programs", "os.remove": "a plugin has no files",
        "os.rename": "a plugin has no files", "os.tmpname": "a plugin has no files",
        "debug": "a plugin has no debug library: `ailogger plugins repl` shows what there is",
        "dofile": #"write require "name" for name.lua in the plugin's own folder"#,
        "loadfile": #"write require "name" for name.lua in the plugin's own folder"#,
        "package": #"require "name" finds name.lua in the plugin's own folder, and nothing else"#,
        "module": "write local M = {} … return M",
        "unpack": "Lua 5.4 calls it table.unpack", "loadstring": "Lua 5.4 calls it load",
        "setfenv": "Lua 5.4 has load(text, name, \"t\", table)",
        "getfenv": "Lua 5.4 has load(text, name, \"t\", table)",
        "table.getn": "Lua 5.4 writes #list", "math.pow": "Lua 5.4 writes x ^ y",
        "string.gfind": "Lua 5.4 calls it gmatch",
        "warn": #"write ailogger.log("warning", text)"#,
        "json": "it is called ailogger.json", "cjson": "it is called ailogger.json",
        "regex": "it is called ailogger.regex", "log": "it is called ailogger.log",
        "event": "the event is a parameter: function M.process(event)",
        "ctx": "ctx is the second parameter of a correlator: function M.process(event, ctx)",
    ]
    private static let globals = [
        "ailogger", "assert", "coroutine", "error", "getmetatable", "ipairs", "load", "math", "next", "os", "pairs",
        "pcall",
        "rawequal", "rawget", "rawlen", "rawset", "require", "select", "setmetatable", "string", "table", "tonumber",
        "tostring",
        "type", "utf8", "xpcall",
    ]
    private static let libraries: [String: [String]] = [
        "string": [
            "byte", "char", "find", "format", "gmatch", "gsub", "len", "lower", "match", "pack", "packsize", "rep",
            "reverse",
            "sub", "unpack", "upper",
        ],
        "table": ["concat", "insert", "move", "pack", "remove", "sort", "unpack"],
        "math": [
            "abs", "ceil", "cos", "exp", "floor", "fmod", "huge", "log", "max", "maxinteger", "min", "mininteger",
            "modf", "pi",
            "random", "sin", "sqrt", "tan", "tointeger", "type", "ult",
        ],
        "os": ["clock", "date", "time"],
        "utf8": ["char", "charpattern", "codepoint", "codes", "len", "offset"],
        "coroutine": ["close", "create", "isyieldable", "resume", "running", "status", "wrap", "yield"],
    ]
    /// Methods of what has no table of names that could tell: texts, windows, what `ctx:keyed` gives.
    private static let methods: Set<String> = Set(libraries["string"] ?? []).union([
        "add", "clear", "count", "distinct", "first", "max", "mean", "min", "sum", "values", "delete", "each", "get",
        "set",
    ])

    /// Nil where the message says all there is. `code` is the line at which it happened.
    static func help(for message: String, in code: String?) -> String? {
        let code = code ?? ""
        return colon(message, code) ?? missing(message, code) ?? near(message) ?? module(message)
    }

    /// From 1, where in the line the name stands that the message speaks of; 0 if it isn't there.
    static func column(for message: String, in code: String) -> Int {
        let bytes = Array(code.utf8)
        if let name = named(message)?.name {
            let wanted = Array(name.utf8)
            var at = 0
            while at + wanted.count <= bytes.count {
                let end = at + wanted.count
                let isWhole =
                    (at == 0 || !SourceLines.isNamePart(bytes[at - 1]))
                    && (end == bytes.count || !SourceLines.isNamePart(bytes[end]))
                if isWhole, bytes[at..<end].elementsEqual(wanted) { return at + 1 }
                at += 1
            }
        }
        return 0
    }

    // MARK: What isn't there

    /// "attempt to call a nil value (global 'print')": global and print.
    private static func named(_ message: String) -> (kind: String, name: String)? {
        guard message.hasSuffix("')"), let open = message.range(of: " (", last: true) else { return nil }
        let parts = message[open.upperBound...].dropLast(2).split(separator: "'", maxSplits: 1)
        guard parts.count == 2, let kind = parts[0].split(separator: " ").first else { return nil }
        return (String(kind), String(parts[1]))
    }

    private static func missing(_ message: String, _ code: String) -> String? {
        guard message.contains("a nil value"), let (kind, name) = named(message) else { return nil }
        switch kind {
        case "global":
            if let help = absent[name] { return help }
            return Nearest.name(to: name, in: globals).map { "did you mean \"\($0)\"?" }
                ?? "no line gives \(name) a value: docs/plugins.md says what there is besides"
        case "field":
            guard let owner = owner(of: name, in: code, before: ".") else { return nil }
            if let help = absent["\(owner).\(name)"] { return help }
            guard let names = libraries[owner] else { return nil }
            return Nearest.name(to: name, in: names).map { "did you mean \(owner).\($0)?" }
                ?? "\(owner) has \(names.joined(separator: ", "))"
        case "method":
            return Nearest.name(to: name, in: methods.sorted()).map { "did you mean \"\($0)\"?" }
                ?? "what stands before the colon has no method \(name)"
        default: return nil
        }
    }

    /// "a regex has no "matchs": it has captures, find and match": the one that was meant.
    private static func near(_ message: String) -> String? {
        guard let quote = message.range(of: " no \""), let close = message[quote.upperBound...].firstIndex(of: "\"")
        else {
            return nil
        }
        let wrong = String(message[quote.upperBound..<close])
        let rest = message[message.index(after: close)...]
        guard rest.contains("it has ") || rest.contains(", only ") || rest.contains("are what it has") else {
            return nil
        }
        var names: [String] = []
        for word in rest.split(whereSeparator: { !($0.isLetter || $0.isNumber || $0 == "_") }) {
            names.append(String(word))
        }
        let words: Set = ["it", "has", "only", "and", "are", "what", "there", "is"]
        return Nearest.name(to: wrong, in: names.filter { !words.contains($0) }).map { "did you mean \"\($0)\"?" }
    }

    private static func module(_ message: String) -> String? {
        guard message.hasPrefix("require: there is no module") else { return nil }
        return "a module is a file of the plugin's own folder, or of plugins/lib: \"util.text\" is util/text.lua"
    }

    // MARK: Colon and dot

    private static func colon(_ message: String, _ code: String) -> String? {
        // "ctx:window: the length must be …", and the line says ctx.window.
        if let end = message.firstIndex(of: ":"), message[..<end].allSatisfy({ $0.isLetter || $0 == "_" }) {
            let method = message[message.index(after: end)...].prefix { $0.isLetter || $0 == "_" }
            let owner = message[..<end]
            if !method.isEmpty, message[end...].dropFirst(method.count + 1).hasPrefix(":"),
                self.owner(of: String(method), in: code, before: ".") != nil
            {
                return "write \(owner):\(method)(…), with a colon"
            }
        }
        // "bad argument #1 to 'test' (regex expected, got string)", and a method of ours that gets no object.
        let isArgument = message.hasPrefix("bad argument #1 to '") && message.contains(" expected, got ")
        if isArgument {
            let name = String(message.dropFirst("bad argument #1 to '".count).prefix { $0 != "'" })
            if let owner = owner(of: name, in: code, before: "."), !owner.hasPrefix("ailogger"), libraries[owner] == nil
            {
                return "write \(owner):\(name)(…), with a colon"
            }
        }
        if message.hasSuffix("(local 'self')"),
            let call = methods.sorted().firstNonNil({ method in
                owner(of: method, in: code, before: ".").map { "\($0):\(method)" }
            })
        {
            return "write \(call)(…), with a colon"
        }
        // A function of a library, called as if it were a method: the library itself is its first argument.
        if let call = libraryMethod(in: code), message.contains("table") || message.contains("argument") {
            return "write \(call)(…), with a dot"
        }
        return nil
    }

    /// What stands before `.name` in the line: "ctx", "ailogger.json".
    private static func owner(of name: String, in code: String, before sign: Character) -> String? {
        var rest = code[...]
        while let range = rest.range(of: "\(sign)\(name)") {
            let next = code[range.upperBound...].first
            let owner = code[..<range.lowerBound].reversed().prefix {
                $0.isLetter || $0.isNumber || $0 == "_" || $0 == "."
            }
            if !owner.isEmpty, !(next.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false) {
                return String(owner.reversed())
            }
            rest = code[range.upperBound...]
        }
        return nil
    }

    /// "ailogger.json:encode" as "ailogger.json.encode".
    private static func libraryMethod(in code: String) -> String? {
        guard let start = code.range(of: "ailogger") else { return nil }
        let path = code[start.lowerBound...].prefix {
            $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." || $0 == ":"
        }
        return path.contains(":") ? path.map { $0 == ":" ? "." : String($0) }.joined() : nil
    }
}

extension StringProtocol {
    /// Where `text` stands: the first place, or the last. Foundation isn't needed for that.
    fileprivate func range(of text: String, last: Bool = false) -> Range<Index>? {
        guard !text.isEmpty else { return nil }
        var found: Range<Index>?
        var at = startIndex
        while at < endIndex {
            if self[at...].hasPrefix(text) {
                found = at..<index(at, offsetBy: text.count)
                if !last { return found }
            }
            at = index(after: at)
        }
        return found
    }
}

extension Sequence {
    fileprivate func firstNonNil<T>(_ transform: (Element) -> T?) -> T? {
        for element in self { if let found = transform(element) { return found } }
        return nil
    }
}

extension LuaScript {
    /// The text of the file in which a failure lies.
    private func source(of failure: LuaFailure) -> [UInt8] {
        guard let file = failure.file else { return source }
        return modules.first { $0.path == file }?.source ?? []
    }

    /// The failure with its line, a caret and what to do; `help` where the text of the error doesn't tell.
    func diagnostic(of failure: LuaFailure, help: String?) -> Diagnostic {
        let code = failure.line > 0 ? SourceLines(source(of: failure)).text(of: failure.line) : nil
        return Diagnostic(
            failure.message, path: failure.file ?? path, line: failure.line,
            column: code.map { LuaHelp.column(for: failure.message, in: $0) } ?? 0,
            help: LuaHelp.help(for: failure.message, in: code) ?? help, source: code)
    }
}
