package import LogAnalysis
import LogLua

/// What a run leaves for the next one: where each source was read to, which events wait for their turn, and what each
/// correlator knows. The command writes it as JSON.
package struct SavedCorrelation: Sendable, Codable {
    struct Source: Sendable, Codable {
        var latest: Int64
        var leap: Int64?
        var offset: Int64
        /// Where it ended, if its last event is behind `offset`, for it may go on.
        var end: Int64?
        /// Tells the file again, also where it has another name by now.
        var file: FileMark?
        /// How far behind the clock on the wall its events came, where it was followed.
        var lag: Int64?
    }

    struct Waiting: Sendable, Codable {
        var time: Int64
        var source: String
        /// So far ahead that it waits for the next event of its source to bear it out.
        var isPending: Bool
        /// Which correlators want it, by name: their numbers may be others in the next run.
        var correlators: [String]
        /// The rules that found it, by id.
        var rules: [String]
        var event: SelectedEvents.Single
    }

    /// Of the file format; others aren't read.
    package static let version = 1
    package var version = SavedCorrelation.version
    var sources: [String: Source] = [:]
    var waiting: [Waiting] = []
    /// How far correlators know that time has gone: what is older comes too late.
    var time: Int64?
    var correlators: [String: Blob] = [:]
    /// What was found and stands in no report yet.
    package var findings: [String: FindingSummary] = [:]
    /// What could not be kept; for whoever saves, not for the next run.
    package var problems: [String] = []

    private enum CodingKeys: CodingKey {
        case version, sources, waiting, time, correlators, findings
    }

    init() {}
}
