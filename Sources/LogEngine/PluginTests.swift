package import LogCore
package import LogLua

extension PluginFolder {
    /// Runs the files of tests beside a plugin; a diagnostic for each test that fails, at its place.
    package static func runTests(of plugin: LuaPlugin) -> [Diagnostic] {
        let (files, defects) = readTests(of: plugin)
        return defects
            + files.flatMap { path, source in
                plugin.test(path, source).map { $0.path == path ? placed($0, source) : $0 }
            }
    }

    /// Gives a failure its column and its line's text. One without a line begins with the name of its test: it stands where
    /// that test is called.
    private static func placed(_ failure: Diagnostic, _ source: [UInt8]) -> Diagnostic {
        let lines = source.split(separator: 0x0A, omittingEmptySubsequences: false)
        let found = failure.line > 0 ? failure.line - 1 : lines.firstIndex { isCall(of: failure.message, $0) }
        guard let index = found, index < lines.count else { return failure }
        let text = String(decoding: lines[index], as: UTF8.self)
        var failure = failure
        failure.line = index + 1
        failure.column = text.utf8.prefix { $0 == 0x20 || $0 == 0x09 }.count + 1
        failure.source = text
        return failure
    }

    /// Whether the line is `test("name", …` of the test whose name the message begins with.
    private static func isCall(of message: String, _ line: ArraySlice<UInt8>) -> Bool {
        let code = String(decoding: line, as: UTF8.self).drop { $0 == " " || $0 == "\t" }
        guard code.hasPrefix("test") else { return false }
        let argument = code.dropFirst(4).drop { " \t(".contains($0) }
        guard let quote = argument.first, quote == "\"" || quote == "'" else { return false }
        return message.hasPrefix("\(argument.dropFirst().prefix { $0 != quote }): ")
    }
}
