package import LogCore
package import LogLua

extension PluginFolder {
    /// Runs the files of tests beside a plugin; a diagnostic for each test that fails, at its place.
    package static func runTests(of plugin: LuaPlugin) -> [Diagnostic] {
        let (files, defects) = readTests(of: plugin)
        return defects
            + files.flatMap { path, source in
                plugin.test(path, source).map { $0.line > 0 ? $0 : placed($0, source) }
            }
    }

    /// A failure begins with the name of its test: it stands where that test is called.
    private static func placed(_ failure: Diagnostic, _ source: [UInt8]) -> Diagnostic {
        for (index, line) in source.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            let text = String(decoding: line, as: UTF8.self)
            let code = text.drop { $0 == " " || $0 == "\t" }
            guard code.hasPrefix("test") else { continue }
            let argument = code.dropFirst(4).drop { " \t(".contains($0) }
            guard let quote = argument.first, quote == "\"" || quote == "'" else { continue }
            guard failure.message.hasPrefix("\(argument.dropFirst().prefix { $0 != quote }): ") else { continue }
            var failure = failure
            failure.line = index + 1
            failure.column = text.utf8.count - code.utf8.count + 1
            failure.source = text
            return failure
        }
        return failure
    }
}
