import Foundation
import LogAnalysis
import LogCore
import LogEngine

/// A folder of its own for a test, gone with it.
final class TestFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "ailogger-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func path(_ name: String) -> String { "\(path)/\(name)" }

    func remove(_ name: String) { try? FileManager.default.removeItem(atPath: path(name)) }

    /// Writes a file; `modified`: seconds since the epoch.
    @discardableResult
    func write(_ bytes: [UInt8], _ name: String, modified: Int64? = nil) throws -> Input {
        let path = path(name)
        let folder = (path as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        if let modified {
            let date = Date(timeIntervalSince1970: TimeInterval(modified))
            try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
        }
        return Input(path: path, isExplicit: true)
    }

    @discardableResult
    func write(_ text: String, _ name: String, modified: Int64? = nil) throws -> Input {
        try write(Array(text.utf8), name, modified: modified)
    }
}

/// The project's own rules, formats and plugins, loaded once.
enum Project {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    static let catalog: Catalog = {
        var folders = CatalogFolders()
        folders.rules = [root + "/rules"]
        folders.formats = [root + "/formats"]
        folders.plugins = [root + "/plugins"]
        return Catalog.load(folders)
    }()

    static func options(jobs: Int = 1, batch: Int = Limits.batchBytes, filter: EventFilter = EventFilter())
        -> RunOptions
    {
        var options = RunOptions(jobs: jobs)
        options.batchBytes = batch
        options.filter = filter
        return options
    }

    static func analyze(_ inputs: [Input], jobs: Int = 1, batch: Int = Limits.batchBytes) async -> Summary {
        await Engine(catalog).analyze(inputs, options(jobs: jobs, batch: batch))
    }

    /// What `parse` writes, and what it says of its inputs.
    static func parse(
        _ inputs: [Input], jobs: Int = 1, batch: Int = Limits.batchBytes
    ) async throws -> (output: [UInt8], facts: [SourceSummary]) {
        let folder = try TestFolder()
        let path = folder.path("out.jsonl")
        let descriptor = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0o600)
        let summary = await Engine(catalog).parse(
            inputs, options(jobs: jobs, batch: batch), output: OrderedOutput(descriptor: descriptor))
        close(descriptor)
        let facts = inputs.compactMap { summary.sources[$0.path] }
        return (Array(try Data(contentsOf: URL(fileURLWithPath: path))), facts)
    }

    /// The events that `parse` writes, as objects.
    static func events(_ inputs: [Input], jobs: Int = 1, batch: Int = Limits.batchBytes) async throws -> [ParsedEvent] {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try await parse(inputs, jobs: jobs, batch: batch).output.split(separator: 0x0A).map {
            try decoder.decode(ParsedEvent.self, from: Data($0))
        }
    }
}

/// A line of `parse`'s output, as far as tests look at it.
struct ParsedEvent: Decodable, Equatable {
    var line: Int
    var offset: Int
    var timestamp: String?
    var timeSource: String?
    var level: String?
    var component: String?
    var message: String
    var format: String
    var truncatedFrom: Int?
    var nulBytes: Int?
    var source: String
}

/// A value as a summary's file has it: numbers that stand for names differ from run to run, the names don't.
private func written(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "\(value)"
}

/// Where two descriptions part, with what stands around there.
private func apart(_ a: String, _ b: String) -> String {
    let same = zip(a, b).prefix { $0 == $1 }.count
    return [a, b].map { "…\($0.dropFirst(max(same - 200, 0)).prefix(500))…" }.joined(separator: " / ")
}

/// What two summaries differ in: names of parts with a few of their members, so that a failure can be read.
func differences(_ a: Summary, _ b: Summary) -> [String] {
    var result: [String] = []
    func compare(_ name: String, _ a: some Equatable & Sendable, _ b: some Equatable & Sendable) {
        if "\(a)" != "\(b)" { result.append("\(name): \(apart("\(a)", "\(b)"))") }
    }
    func compareTables<Value: Equatable & Encodable>(_ name: String, _ a: [String: Value], _ b: [String: Value]) {
        let keys = Set(a.keys).union(b.keys).filter { a[$0] != b[$0] }.sorted()
        for key in keys.prefix(2) {
            let left = a[key].map(written) ?? "absent"
            let right = b[key].map(written) ?? "absent"
            result.append("\(name) \(key) (of \(keys.count)): \(apart(left, right))")
        }
    }
    compareTables("source", a.sources, b.sources)
    compare("levels", a.byRank, b.byRank)
    compare("time sources", a.byTimeSource, b.byTimeSource)
    compare("tally", a.tally, b.tally)
    if a.timeline != b.timeline { result.append("timeline") }
    compareTables("component", a.components, b.components)
    compareTables("template", a.templates, b.templates)
    compareTables("finding", a.findings, b.findings)
    compare("filtered", a.filtered, b.filtered)
    compare("warnings", a.warnings.sorted(), b.warnings.sorted())
    if result.isEmpty, a != b { result.append("something else") }
    return result
}
