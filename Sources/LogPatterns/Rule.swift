package import LogCore

/// How far a rule may be trusted.
package enum RuleStatus: String, CaseIterable, Sendable {
    case experimental, test, stable, deprecated
}

/// What a rule's pattern runs over.
package enum RuleSubject: String, CaseIterable, Sendable {
    /// The event's message, with the lines that were joined to it.
    case message
    /// The whole event as read, header included.
    case line
}

/// Where to read more about what a rule found.
package struct DocumentationLink: Equatable, Sendable {
    package var title: String
    package var url: String
    /// Versions of the product that the page holds for, as written.
    package var versions: String?

    package init(title: String, url: String, versions: String? = nil) {
        self.title = title
        self.url = url
        self.versions = versions
    }
}

/// When findings of a rule are worth waking someone.
package struct RuleAlert: Equatable, Sendable {
    package var count: Int
    /// Seconds.
    package var within: Int
    /// Captures that are counted apart from each other.
    package var by: [String]

    package init(count: Int, within: Int, by: [String] = []) {
        self.count = count
        self.within = within
        self.by = by
    }
}

/// A place in a text file, both from 1, the column in bytes.
package struct SourcePosition: Equatable, Sendable {
    package var line: Int
    package var column: Int
    /// The line itself, for the caret.
    package var text: String?

    package init(line: Int, column: Int, text: String? = nil) {
        self.line = line
        self.column = column
        self.text = text
    }
}

/// A capture's name and text, as written in a test or a sample.
package struct NamedText: Equatable, Sendable {
    package var name: String
    package var text: String
    package var position: SourcePosition

    package init(_ name: String, _ text: String, position: SourcePosition) {
        self.name = name
        self.text = text
        self.position = position
    }
}

/// A line that a rule must find, with what it captures there, or one that it must leave alone.
package struct RuleTest: Equatable, Sendable {
    package var line: String
    package var matches: Bool
    package var captures: [NamedText]
    package var position: SourcePosition

    package init(line: String, matches: Bool = true, captures: [NamedText] = [], position: SourcePosition) {
        self.line = line
        self.matches = matches
        self.captures = captures
        self.position = position
    }
}

/// Links an error to its cause, its remedy and its documentation: one YAML file under `rules/<product>/`.
package struct Rule: Sendable {
    package var id: String
    package var title: String
    package var status: RuleStatus
    package var level: Severity
    /// Globs over the component, `*` and `?`; empty: any component.
    package var components: [String]
    /// PCRE2, not compiled yet: most rules of a run never come to match.
    package var match: String
    package var subject: RuleSubject
    /// Ids of more general rules: an event that this one finds is none of theirs.
    package var over: [PlacedText]
    package var cause: String
    package var fix: [String]
    package var docs: [DocumentationLink]
    package var alert: RuleAlert?
    package var falsePositives: [String]
    package var tests: [RuleTest]
    package var path: String
    /// Where `match` stands in the file.
    package var matchSource: PatternSource

    package var position: SourcePosition { matchSource.position }
}
