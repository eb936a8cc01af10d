package import LogCore
import LogLua
import LogPatterns

extension Catalog {
    /// All defects: those met while loading, and those that compiled patterns, tests and samples bring to light.
    package func check() -> [Diagnostic] {
        var found = diagnostics
        for format in definitions { found += FormatLoader.lint(format) }
        for rule in rules.rules { found += RulePack.lint(rule) }
        found += RulePack.lint(precedenceOf: rules.rules, among: [])
        let machine = CorrelationCheck(rules.rules)
        for correlation in correlations { found += machine.lint(correlation) }
        for plugin in plugins { found += PluginFolder.runTests(of: plugin) }
        return found.sorted { ($0.path, $0.line, $0.column) < ($1.path, $1.line, $1.column) }
    }
}
