/// What is different from a baseline: another release, another host, a good run, the time before.
package struct Comparison: Equatable, Sendable {
    /// How the baseline is called: a path, or the time before `--since`.
    package var baseline: String
    /// Events on both sides.
    package var events: Int64
    package var baselineEvents: Int64
    /// The strongest first.
    package var differences: [Difference]
    /// Whether each message came as often on either side.
    package var isSame = false
    /// Events here for one there, where nothing is different.
    package var scale = 1.0

    /// What makes an expectation of the baseline's counts, where they aren't it themselves.
    package var note: String? {
        (0.9...1.1).contains(scale)
            ? nil : "most messages come \(Comparer.number(scale)) times as often as there"
    }

    package init(baseline: String, events: Int64, baselineEvents: Int64, differences: [Difference]) {
        self.baseline = baseline
        self.events = events
        self.baselineEvents = baselineEvents
        self.differences = differences
    }

    package struct Difference: Equatable, Sendable {
        package enum Kind: String, Sendable, CaseIterable {
            /// Only here, or only in the baseline.
            case new, gone
            /// More or less than the baseline's rate makes expected.
            case more, less
            /// A duration that grew, or shrank.
            case slower, faster
            /// Comes at another place in the sequence of what happens.
            case reordered
        }

        package var kind: Kind
        package var subject: Change.Subject
        /// A template's text, a rule's title, a component's name.
        package var name: String
        package var statement: Statement
        /// Events here and in the baseline; for durations, seconds.
        package var here: Double
        package var there: Double
        /// The chance of such a difference between two runs of the same, adjusted for all that was compared, 0 to 1.
        package var chance: Double
        /// Whether it is about errors.
        package var isFailure = false
        /// An event that shows it: of this run, or of the baseline where it is gone.
        package var sample: Sample

        /// New errors, more errors, or what takes longer.
        package var isRegression: Bool {
            switch kind {
            case .new, .more: isFailure
            case .slower: true
            case .gone, .less, .faster, .reordered: false
            }
        }

        package init(
            kind: Kind, subject: Change.Subject, name: String, statement: Statement, here: Double, there: Double,
            chance: Double, sample: Sample
        ) {
            self.kind = kind
            self.subject = subject
            self.name = name
            self.statement = statement
            self.here = here
            self.there = there
            self.chance = chance
            self.sample = sample
        }
    }
}
