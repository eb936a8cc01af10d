package import LogAnalysis
import LogLua

/// What a run leaves for the next one: where each source was read to, which events wait for their turn, and what each
/// correlator knows. The command writes it as JSON.
package struct SavedCorrelation: Sendable, Codable {
    struct Source: Sendable, Codable {
        var latest: Int64
        var leap: Int64?
        var offset: Int64
    }

    struct Waiting: Sendable, Codable {
        var time: Int64
        var source: String
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
    var correlators: [String: Blob] = [:]
    /// What was found and stands in no report yet.
    package var findings: [String: FindingSummary] = [:]

    init() {}
}
