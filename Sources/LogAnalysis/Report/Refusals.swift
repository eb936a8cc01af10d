import LogCore

/// Finds warnings that are answers to requests and, from some moment on, a large share of a service's work: each may be its client's
/// fault, all of them aren't.
///
/// Somebody who asks for what isn't there gets his refusals besides the answers that others get. So they must come in
/// place of answers; or it is the service that says that there are too many requests (429), to others than its busiest client.
enum Refusals {
    private static let fewest: Int64 = 20
    /// Around the moment answers are counted for so long: day and night are slower.
    private static let reach = 1_800 * Timestamp.second
    /// So much fewer answers are left, which chance would hardly bring.
    private static let left = 2.0 / 3
    private static let chance = 1e-4
    /// Of the requests of all but the busiest client.
    private static let share = 0.1

    /// The templates' ids, each with the statuses.
    static func find(_ summary: Summary, _ changes: [Change]) -> [String: Set<String>] {
        var found: [String: Set<String>] = [:]
        for change in changes where [.burst, .appeared, .rise].contains(change.kind) {
            guard case .template(let id) = change.subject, let template = summary.templates[id] else { continue }
            for (status, warnings) in template.warnedStatuses
            where change.name == template.title(status) && IncidentFinder.isGreat(change) {
                if isOfMany(warnings, template, status, change) || isInPlace(warnings, template, change) {
                    found[id, default: []].insert(status)
                }
            }
        }
        return found
    }

    private static func isOfMany(
        _ warnings: Failures, _ template: TemplateSummary, _ status: String, _ change: Change
    ) -> Bool {
        let clients = warnings.joins.clients.entries.map(\.address).filter { !$0.isEmpty }
        guard status.hasSuffix(" 429"), !clients.isEmpty else { return false }
        let most = Dictionary(grouping: clients) { $0 }.values.map(\.count).max() ?? 0
        let (refused, answered) = counts(warnings, template, change.start, change.end ?? .max)
        let others = Double(refused) * Double(clients.count - most) / Double(clients.count)
        return others >= Double(fewest) && others >= share * (others + Double(answered))
    }

    private static func isInPlace(_ warnings: Failures, _ template: TemplateSummary, _ change: Change) -> Bool {
        let end = change.end ?? template.tally.last ?? change.start
        // Whole buckets of the coarser of the two, or answers would be missing where a bucket goes beyond the time. The one that
        // holds the moment is on neither side.
        let width = max(template.series.width, warnings.series.width)
        let to = floorDivide(change.start, width) &* width
        let from = to &+ width
        let longest = min(gap(from, end), max(reach, saturating(4, times: width)))
        let length = longest / width * width
        guard from < end, length > 0 else { return false }
        let (refused, answered) = counts(warnings, template, from, from + length)
        let before = counts(warnings, template, to.subtractingReportingOverflow(length).partialValue, to).answered
        guard refused >= fewest, Double(answered) <= left * Double(before), refused * 2 >= before - answered else {
            return false
        }
        return SpecialFunctions.binomialUpperTail(Double(before), of: Double(before + answered), 0.5) <= chance
    }

    /// How many requests were refused in a time, and how many got another answer.
    private static func counts(
        _ warnings: Failures, _ template: TemplateSummary, _ start: Int64, _ end: Int64
    ) -> (refused: Int64, answered: Int64) {
        let width = max(template.series.width, warnings.series.width)
        let refused = warnings.series.widened(to: width).count(from: start, to: end)
        return (refused, max(template.series.widened(to: width).count(from: start, to: end) - refused, 0))
    }
}
