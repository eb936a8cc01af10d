import ArgumentParser
import LogAnalysis
import LogCore
import LogEngine
import LogPatterns

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Which rules, formats and plugins to use.
struct CatalogOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Folder of rules, instead of the standard ones; may be repeated.", valueName: "dir"))
    var rules: [String] = []

    @Option(help: ArgumentHelp("Folder of formats, instead of the standard ones; may be repeated.", valueName: "dir"))
    var formats: [String] = []

    @Option(
        help: ArgumentHelp("Folder of Lua plugins, instead of the standard ones; may be repeated.", valueName: "dir"))
    var plugins: [String] = []

    @OptionGroup var edits: TemplateOptions

    var folders: CatalogFolders {
        get throws {
            for folder in rules + formats + plugins where !isFolder(folder) {
                throw Failure("\(folder): no such folder")
            }
            var folders = CatalogFolders.standard(
                executable: realPath("/proc/self/exe"), workingDirectory: realPath("."))
            if !rules.isEmpty { folders.rules = rules }
            if !formats.isEmpty { folders.formats = formats }
            if !plugins.isEmpty { folders.plugins = plugins }
            folders.templates = try edits.files
            return folders
        }
    }

    /// The catalog; defects go to standard error, and what isn't defective is used.
    func load(
        quiet: Bool, _ choices: PluginChoices = .init(), forced: ForcedFormats? = nil
    ) throws -> Catalog {
        var catalog = Catalog.load(try folders, choices)
        let errors = catalog.diagnostics.filter { $0.level == .error }
        if !quiet {
            // Of two plugins of a name only one runs: who named the folders must know which.
            for warning in catalog.diagnostics where warning.level == .warning && warning.path.hasSuffix("/init.lua") {
                StandardError.write(warning.rendered + "\n")
            }
        }
        if !errors.isEmpty, !quiet {
            for diagnostic in errors { StandardError.write(diagnostic.rendered + "\n") }
            StandardError.write("ailogger: \(errors.count) defective, left out: `ailogger check` has the details\n")
        }
        if !quiet, catalog.rules.rules.isEmpty, let missing = try folders.missing {
            StandardError.write("ailogger: \(missing)\n")
        }
        try forced?.apply(to: &catalog)
        return catalog
    }
}

extension CatalogFolders {
    /// Said once where there are no rules: a report without them is poor, and does not look it.
    var missing: String? {
        if rules.isEmpty {
            return
                "no rules found beside the program or in the working folder, so nothing is explained: --rules DIR names them, `make install` puts them beside the program"
        }
        return "no rules in \(rules.joined(separator: ", ")), so nothing is explained"
    }
}

/// Formats that the user names, so that none is looked for.
struct ForcedFormats: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Read every log as this format, whatever it looks like; may be repeated, the first is tried first. `ailogger formats list` shows all.",
            valueName: "id"))
    var formatName: [String] = []

    func apply(to catalog: inout Catalog) throws {
        guard let unknown = catalog.force(formatName) else { return }
        let near = Nearest.name(to: unknown, in: catalog.formats.map(\.name))
        throw Failure(
            "\(unknown): no format has this name; "
                + (near.map { "did you mean \($0)?" } ?? "`ailogger formats list` shows all"))
    }
}

/// What the user says of templates.
struct TemplateOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "File of templates to merge and to split, instead of templates.yml; may be repeated.", valueName: "file"))
    var templates: [String] = []

    var files: [String] {
        get throws {
            for file in templates where !isFile(file) { throw Failure("\(file): no such file") }
            if !templates.isEmpty { return templates }
            return CatalogFolders.standard(executable: realPath("/proc/self/exe"), workingDirectory: realPath("."))
                .templates
        }
    }
}

/// What to read, which events of it, and how.
struct InputOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "Files, folders, globs, or - for standard input; gzip and zstd are told by their bytes.",
            valueName: "path"),
        completion: .file())
    var paths: [String] = []

    // Whatever follows is the value, a minus or not: what is wrong with it is said by who reads it.
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Only events from then on: a timestamp, a date, today, an age (30m, 2h30m, 7d), or a time of day (04:00) on the log's last day.",
            valueName: "time")
    )
    var since: TimeArgument?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Only events before then, written as for --since.", valueName: "time"))
    var until: TimeArgument?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Only events at least this grave: trace, debug, info, warning, error, critical.", valueName: "level"))
    var level: Severity?

    @OptionGroup var times: TimeOptions

    @Option(
        name: [.customShort("j", allowingJoined: true), .long], parsing: .unconditional,
        help: ArgumentHelp("Workers; as many as there are cores unless given.", valueName: "n"))
    var jobs: NumberArgument?

    @OptionGroup var forced: ForcedFormats

    @Flag(name: .shortAndLong, help: "No progress, no notes: only the result and errors.")
    var quiet = false

    func validate() throws {
        try NumberArgument.check(jobs, "--jobs", 1...1_024)
        if let since = since?.nanoseconds, let until = until?.nanoseconds, since >= until {
            throw ValidationError("--since must be before --until.")
        }
        if paths.isEmpty, isatty(0) == 1 {
            throw ValidationError("Nothing to read: name a file or a folder, or - for standard input.")
        }
    }

    /// What of the inputs is asked for. For a time of day the logs are read first, to know their last day; what can't be read twice
    /// has today's.
    func filter(_ inputs: [Input], _ catalog: Catalog) async -> EventFilter {
        let isClock = [since, until].contains { $0.map { $0.nanoseconds == nil } ?? false }
        return filter(last: isClock ? await Engine(catalog).lastTime(of: inputs, jobs: workers) : nil)
    }

    /// - Parameter last: when the log ends, if it is known.
    func filter(last: Int64? = nil) -> EventFilter {
        let begin = since?.resolvedAsBeginning(last: last)
        let end = until?.resolved(last: last, after: begin)
        return EventFilter(since: begin, until: end, level: level ?? .unspecified)
    }

    var workers: Int { jobs?.number ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// Archives are unpacked, but not to be followed: they don't grow.
    func find(follow: Bool = false) throws -> InputFinder {
        let settings = try times.settings()
        let (found, leftOut) = Self.find(paths, settings, follow: follow)
        if follow, found.inputs.isEmpty, !found.problems.isEmpty {
            let problems = found.problems.map { "\n\($0.path): error: \($0.message)" }.joined()
            throw Failure("there is no log to follow" + problems)
        }
        if !quiet {
            for one in leftOut { StandardError.write("ailogger: \(one.path): \(one.message)\n") }
            for input in found.inputs where follow && input.path != "-" && access(input.path, F_OK) != 0 {
                StandardError.write("ailogger: \(input.path) isn't there yet: waiting for it\n")
            }
            for note in settings.idle(found.inputs.map(\.path)) { StandardError.write("ailogger: \(note)\n") }
        }
        return found
    }

    /// What the paths stand for now, and what of it isn't read.
    static func find(
        _ paths: [String], _ settings: TimeOptions.Settings, follow: Bool
    ) -> (found: InputFinder, leftOut: [SourceProblem]) {
        var found = InputFinder.find(paths.isEmpty ? ["-"] : paths, unpacks: !follow)
        found.setTimes(settings.times)
        let leftOut = found.leaveOut(SummaryFile.reasonToLeaveOut)
        return (found, leftOut)
    }
}
