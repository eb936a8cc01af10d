import LogEngine
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The folder of `--state`: what correlators know, as a file that is always whole. A new one is written beside the old
/// one, flushed, and takes its name.
final class StateStore: Sendable {
    private let folder: String
    /// Held until the run ends: two runs would each lose what the other found.
    private let lock: Int32
    private let said = Mutex<Set<String>>([])
    private var path: String { "\(folder)/correlation.json" }
    /// Between two saves while a run goes on.
    static let interval = Duration.seconds(5)

    init(_ folder: String) throws {
        self.folder = folder
        if mkdir(folder, 0o755) != 0, errno != EEXIST {
            throw Failure("\(folder): cannot be made: \(String(cString: strerror(errno)))")
        }
        guard isFolder(folder), access(folder, W_OK) == 0 else { throw Failure("\(folder): cannot be written to") }
        lock = open("\(folder)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        // Where a file system has no locks, there is nothing to hold on to.
        if lock >= 0, flock(lock, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
            close(lock)
            throw Failure(
                "\(folder): another run uses this --state folder: wait for its end, or give this run a folder of its own"
            )
        }
    }

    deinit { if lock >= 0 { close(lock) } }

    /// What a run before left; nil for the first one. A damaged file is set aside, and said.
    func load() throws -> SavedCorrelation? {
        guard access(path, F_OK) == 0 else { return nil }
        let bytes = try Failure.wrapped { () throws(SourceError) in try readFile(path, limit: 1 << 30) }
        if let saved = try? JSONDecoder().decode(SavedCorrelation.self, from: Data(bytes)),
            saved.version == SavedCorrelation.version
        {
            return saved
        }
        let aside = "\(path).damaged"
        rename(path, aside)
        StandardError.write("ailogger: \(path): damaged, kept as \(aside); correlation begins anew\n")
        return nil
    }

    func save(_ saved: SavedCorrelation) throws {
        for problem in saved.problems where said.withLock({ $0.insert(problem).inserted }) {
            StandardError.write("ailogger: \(problem)\n")
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let bytes = Array(try encoder.encode(saved))
        let fresh = "\(path).new"
        let descriptor = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw refusal(fresh) }
        defer { close(descriptor) }
        if let code = FileOutput.write(bytes, to: descriptor) {
            throw Failure("\(fresh): cannot write: \(String(cString: strerror(code)))")
        }
        guard fsync(descriptor) == 0, rename(fresh, path) == 0 else { throw refusal(fresh) }
    }

    private func refusal(_ path: String) -> Failure {
        Failure("\(path): cannot write: \(String(cString: strerror(errno)))")
    }

    /// Runs `work`, and saves every few seconds while it lasts.
    func around<Result: Sendable>(
        _ correlation: Correlation?, _ work: @Sendable () async -> Result
    ) async -> Result {
        guard let correlation else { return await work() }
        let saving = Task {
            while true {
                try await Task.sleep(for: Self.interval)
                // A save that fails now may do in five seconds; the one at the end says so.
                try? save(correlation.save())
            }
        }
        let result = await work()
        // A save that is on its way writes the same file as the one that follows.
        saving.cancel()
        _ = await saving.result
        return result
    }
}
