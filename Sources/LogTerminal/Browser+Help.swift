import LogAnalysis

extension Browser {
    /// The keys, as `docs/browse.md` has them.
    package static let keys: [(title: String, keys: [(String, String)])] = [
        (
            "everywhere",
            [
                ("j k, arrows", "down, up"), ("Space b, PgDn PgUp", "a screen down, up"), ("^D ^U", "half a screen"),
                ("g G, Home End", "first, last"), ("Enter, l", "into what the cursor is on"), ("q, h, Esc", "back out"),
                ("Q", "quit at once"), ("Tab", "next view; Shift-Tab the one before"),
                ("/", "search: a regular expression; ^R in the question: text as it stands"),
                ("n N", "next, previous match"),
                ("t", "go to a time: 14:05, 2026-11-20 04:00:00"), ("v", "open the place in $VISUAL or $EDITOR"),
                ("o", "show the place as file:line"), ("y", "copy it (OSC 52)"), ("^Z", "suspend"), ("^L", "draw anew"),
                ("^G, ?", "these keys (? searches backwards among lines)"),
            ]
        ),
        (
            "lists",
            [
                ("1 to 6", "only TRACE, DEBUG, INFO, WARNING, ERROR, CRITICAL and worse; 0 all"),
                ("f", "only what is of a component or file; empty: all"), ("e E, w W", "next, previous error, warning"),
            ]
        ),
        (
            "lines",
            [
                ("] [, . ,", "next, previous event of the finding or template, in all files"),
                ("e E, w W", "next, previous error, warning in this file"), ("120g, :", "go to a line"),
                ("> <, right left", "sideways; ^ back to the first column"),
                ("Enter", "all that is known of the event"),
                ("?", "search backwards"), ("r", "read again: the file may have grown"),
            ]
        ),
    ]

    func helpDetail() -> DetailState {
        var detail = DetailState(subject: .help, title: "keys")
        for section in Self.keys {
            if !detail.rows.isEmpty { detail.rows.append(.init(line: TextLine())) }
            detail.rows.append(.init(line: TextLine(" " + section.title, .heading)))
            for (key, meaning) in section.keys {
                var line = TextLine("  " + key, .link)
                line.pad(to: 23)
                line.append(" " + meaning)
                detail.rows.append(.init(line: line))
            }
        }
        return detail
    }
}
