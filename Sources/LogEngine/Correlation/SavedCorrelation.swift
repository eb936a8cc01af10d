package import LogAnalysis
import LogLua

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What a run leaves for the next one: where each source was read to, which events wait for their turn, and what each
/// correlator knows. The command writes it as JSON.
package struct SavedCorrelation: Sendable, Codable {
    struct Source: Sendable, Codable {
        var latest: Int64
        var leap: Int64?
        var offset: Int64
        /// Device, inode and size of the file: one that is another by now, or shorter, is read from its start.
        var file: FileMark?
    }

    /// Tells whether a name still stands for the same file.
    struct FileMark: Sendable, Codable {
        var device: UInt64
        var inode: UInt64
        var size: Int64

        init?(_ path: String) {
            var info = stat()
            guard path != "-", stat(path, &info) == 0 else { return nil }
            device = UInt64(info.st_dev)
            inode = UInt64(info.st_ino)
            size = Int64(info.st_size)
        }

        func isContinued(by other: FileMark?) -> Bool {
            guard let other else { return false }
            return device == other.device && inode == other.inode && size <= other.size
        }
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
    var correlators: [String: Blob] = [:]
    /// What was found and stands in no report yet.
    package var findings: [String: FindingSummary] = [:]
    /// What could not be kept; for whoever saves, not for the next run.
    package var problems: [String] = []

    private enum CodingKeys: CodingKey {
        case version, sources, waiting, correlators, findings
    }

    init() {}
}
