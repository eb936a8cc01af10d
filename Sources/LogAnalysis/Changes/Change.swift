/// Something that was different at one time than at others.
package struct Change: Equatable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// Many more than before and after, for a while.
        case burst
        /// None for a while, of what comes steadily.
        case silence
        /// Not seen in the first part of the log, then often.
        case appeared
        /// Steady, then never again.
        case vanished
        /// From one time on more, or less.
        case rise, fall
        /// Seen once or twice in a log of which most repeats.
        case rare
        /// A value far from the others of its kind: a latency, a size, one host alone.
        case outlier
        /// Takes longer than at other times, or than its peers do; and less long, which is no trouble.
        case slower, faster
        /// Comes at fixed times, a job by the clock. No trouble, and said so.
        case periodic

        /// No trouble, but good to know.
        package var isInformation: Bool { self == .periodic || self == .rare || self == .faster }
    }

    package enum Subject: Equatable, Sendable {
        /// A template's id.
        case template(String)
        /// A rule's id.
        case rule(String)
        case component(String)
        /// All events together.
        case log
        /// A log's path.
        case source(String)
        /// The template's id and the parameter's place among its wildcards, from 0.
        case parameter(template: String, index: Int)
    }

    package var kind: Kind
    package var subject: Subject
    /// What the subject is called: a template's text, a rule's title, a component's name.
    package var name: String
    package var statement: Statement
    /// Nanoseconds since the epoch. `end` is nil for what lasts to the end of the log.
    package var start: Int64
    package var end: Int64?
    /// Events seen in that time, and as many as were to be expected; of what is slower or faster the median there and elsewhere,
    /// in seconds.
    package var observed: Double
    package var expected: Double
    /// The chance of such a change in a steady log, adjusted for all that was looked at (Benjamini-Hochberg), 0 to 1.
    package var chance: Double
    /// The event that shows it best.
    package var sample: Sample

    var isOfComponent: Bool { if case .component = subject { true } else { false } }

    package init(
        kind: Kind, subject: Subject, name: String, statement: Statement, start: Int64, end: Int64?, observed: Double,
        expected: Double, chance: Double, sample: Sample
    ) {
        self.kind = kind
        self.subject = subject
        self.name = name
        self.statement = statement
        self.start = start
        self.end = end
        self.observed = observed
        self.expected = expected
        self.chance = chance
        self.sample = sample
    }
}
