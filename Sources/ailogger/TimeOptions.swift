import ArgumentParser
import LogCore
import LogEngine
import LogLua
import LogPatterns

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What the user knows of times that the logs don't say.
struct TimeOptions: ParsableArguments {
    // A zone may begin with a minus.
    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Zone of times that write none: Europe/Berlin, +02:00, local; UTC unless given. 'GLOB=ZONE' for some files; may be repeated.",
            valueName: "zone"))
    var tz: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Year of the first time that writes none. 'GLOB=YEAR' for some files; may be repeated.", valueName: "year"))
    var year: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Order of dates that are nothing but numbers: dmy, mdy, ymd or auto, which looks at the whole file. 'GLOB=ORDER' for some files; may be repeated.",
            valueName: "order"))
    var dateOrder: [String] = []

    mutating func validate() throws { _ = try settings() }

    /// One setting, and the inputs that it is for; all without a glob.
    struct Setting<Value: Sendable>: Sendable {
        var glob: String?
        var text: String
        var value: Value

        func isFor(_ path: String) -> Bool {
            guard let glob else { return true }
            let name = path.split(separator: "/").last.map(String.init) ?? path
            return fnmatch(glob, path, 0) == 0 || fnmatch(glob, name, 0) == 0
        }
    }

    struct Settings: Sendable {
        var zones: [Setting<LocalZone>]
        var years: [Setting<Int>]
        var orders: [Setting<DateOrder?>]

        func times(of path: String) -> TimeSettings {
            TimeSettings(
                zone: Self.value(zones, path), year: Self.value(years, path),
                order: Self.value(orders, path).flatMap(\.self))
        }

        /// What is said of some files goes before what is said of all; of several the last counts.
        private static func value<Value: Sendable>(_ settings: [Setting<Value>], _ path: String) -> Value? {
            let fitting = settings.filter { $0.isFor(path) }
            return (fitting.last { $0.glob != nil } ?? fitting.last)?.value
        }

        /// Globs that no input has, with their flags.
        func idle(_ paths: [String]) -> [String] {
            Self.idle("--tz", zones, paths) + Self.idle("--year", years, paths)
                + Self.idle("--date-order", orders, paths)
        }

        private static func idle<Value: Sendable>(_ flag: String, _ settings: [Setting<Value>], _ paths: [String])
            -> [String]
        {
            settings.filter { setting in setting.glob != nil && !paths.contains(where: setting.isFor) }
                .map { "\(flag) '\($0.text)': no input has such a name" }
        }
    }

    func settings() throws(ValidationError) -> Settings {
        Settings(
            zones: try Self.read("--tz", tz, Self.zone), years: try Self.read("--year", year, Self.year),
            orders: try Self.read("--date-order", dateOrder, Self.order))
    }

    private static func read<Value: Sendable>(
        _ flag: String, _ texts: [String], _ value: (String) throws(ValidationError) -> Value
    ) throws(ValidationError) -> [Setting<Value>] {
        var settings: [Setting<Value>] = []
        for text in texts {
            guard let equals = text.lastIndex(of: "=") else {
                settings.append(Setting(glob: nil, text: text, value: try value(text)))
                continue
            }
            let glob = String(text[..<equals])
            if glob.isEmpty { throw ValidationError("\(flag) '\(text)': a file name or a glob must stand before '='.") }
            settings.append(
                Setting(glob: glob, text: text, value: try value(String(text[text.index(after: equals)...]))))
        }
        return settings
    }

    private static func zone(_ text: String) throws(ValidationError) -> LocalZone {
        if text.lowercased() == "local", let rules = ZoneDatabase.local() {
            return LocalZone(name: "local", rules: rules)
        }
        if let rules = ZoneDatabase.rules(of: Array(text.utf8).span) { return LocalZone(name: text, rules: rules) }
        let names = ZoneDatabase.names()
        if names.isEmpty {
            throw ValidationError(
                "--tz: '\(text)' is no offset such as +02:00, and this machine has no time zone database (package tzdata)."
            )
        }
        let city = names.first { $0.lowercased().hasSuffix("/" + text.lowercased()) }
        let near = city ?? Nearest.name(to: text, in: names)
        throw ValidationError(
            "--tz: there is no zone '\(text)'. "
                + (near.map { "Did you mean \($0)?" } ?? "Write it as Europe/Berlin or +02:00."))
    }

    private static func year(_ text: String) throws(ValidationError) -> Int {
        guard let year = Int(text), (1970...2200).contains(year) else {
            throw ValidationError("--year takes a year from 1970 to 2200, not '\(text)'.")
        }
        return year
    }

    private static func order(_ text: String) throws(ValidationError) -> DateOrder? {
        switch text.lowercased() {
        case "dmy": return .dayFirst
        case "mdy": return .monthFirst
        case "ymd": return .yearFirst
        case "auto": return nil
        default: throw ValidationError("--date-order takes dmy, mdy, ymd or auto, not '\(text)'.")
        }
    }
}
