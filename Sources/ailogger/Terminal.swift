import ArgumentParser

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Messages for people, beside the output.
enum StandardError {
    static func write(_ text: String) { _ = FileOutput.write(Array(text.utf8), to: 2) }

    static var isTerminal: Bool { isatty(2) == 1 }
}

/// What is known of the terminal behind standard output.
enum Terminal {
    static var isTerminal: Bool { isatty(1) == 1 }

    /// Columns and lines: of the terminal, or of `COLUMNS` and `LINES`, or 80 by 24.
    static var size: (width: Int, height: Int) {
        var size = winsize()
        if ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
            return (Int(size.ws_col), max(Int(size.ws_row), 10))
        }
        return (environment("COLUMNS").flatMap { Int($0) } ?? 80, environment("LINES").flatMap { Int($0) } ?? 24)
    }

    /// Whether the locale can show more than ASCII; one that isn't set at all can, as everything does today.
    static var isUnicode: Bool {
        let locale = environment("LC_ALL") ?? environment("LC_CTYPE") ?? environment("LANG") ?? ""
        return locale.isEmpty || locale.lowercased().contains("utf")
    }

    static func environment(_ name: String) -> String? {
        guard let value = getenv(name) else { return nil }
        let text = String(cString: value)
        return text.isEmpty ? nil : text
    }
}

/// When to colour.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
    case auto, always, never

    /// `auto`: on a terminal, unless NO_COLOR is set (https://no-color.org) or the terminal is a dumb one.
    var isOn: Bool {
        switch self {
        case .always: true
        case .never: false
        case .auto:
            Terminal.isTerminal && Terminal.environment("NO_COLOR") == nil && Terminal.environment("TERM") != "dumb"
        }
    }
}
