package import LogCore

/// What a source's times lack, and how it was filled in.
package struct TimeFacts: Equatable, Sendable, Codable {
    /// What told.
    package enum Origin: String, Sendable, Codable {
        /// The user.
        case given
        /// The date in the file's name.
        case name
        /// When the file was last written; of a stream, when it was read.
        case modified
        /// Lines of the source that have a date.
        case lines
    }

    package enum Order: String, Sendable, Codable {
        case monthFirst = "month-first"
        case dayFirst = "day-first"
        case yearFirst = "year-first"

        package init?(_ order: DateOrder) {
            switch order {
            case .named: return nil
            case .monthFirst: self = .monthFirst
            case .dayFirst: self = .dayFirst
            case .yearFirst: self = .yearFirst
            }
        }
    }

    /// Of the first time that writes none.
    package var year: Int?
    package var yearFrom: Origin?
    /// Of the first time that writes none, in days since the epoch.
    package var firstDay: Int?
    package var dateFrom: Origin?
    /// Of times that write none, as the user named it; nil is UTC.
    package var zone: String?
    /// Of dates that are nothing but numbers.
    package var order: Order?
    package var orderReason: OrderEvidence.Reason?
    /// When the source was last written, in nanoseconds since the epoch.
    package var modified: Int64?

    package init() {}

    /// Numbers as a run can find them: a summary that comes out of a file may hold anything.
    var isSound: Bool {
        (year.map { (1...9_999).contains($0) } ?? true)
            && (firstDay.map { (-100_000...1_000_000).contains($0) } ?? true)
            && (modified.map(Timestamp.plausible.contains) ?? true)
    }
}
