import LogAnalysis
import LogCore
import LogEngine

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A summary as a file: JSON with sorted keys, so that two of them can be compared with `diff`.
enum SummaryFile {
    static func encode(_ summary: Summary) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return Array(try encoder.encode(summary)) + [0x0A]
    }

    /// How a summary begins: by this it is told from a log of JSON lines.
    static var mark: [UInt8] {
        let empty = (try? encode(Summary())) ?? []
        return Array(empty.prefix { $0 != UInt8(ascii: ":") })
    }

    static func decode(_ bytes: [UInt8], path: String) throws -> Summary {
        do {
            let summary = try JSONDecoder().decode(Summary.self, from: Data(bytes))
            guard summary.version == Summary.version else {
                throw Failure(
                    "\(path): a summary of version \(summary.version); this ailogger reads version \(Summary.version)")
            }
            guard summary.isSound else {
                throw Failure("\(path): a damaged summary: some of its numbers are impossible")
            }
            return summary
        } catch let failure as Failure {
            throw failure
        } catch {
            throw refusal(path)
        }
    }

    /// Whether a file is a summary, as its first bytes tell.
    static func isSummary(_ path: String) -> Bool {
        guard path != "-", let head = try? readFile(path, limit: 1) else { return false }
        return head.starts(with: mark)
    }

    /// A summary is no log: of those in folders the names tell, so that not every file is looked into for it.
    static func reasonToLeaveOut(_ input: Input) -> String? {
        let isLikely = input.isExplicit || [".summary", ".json"].contains(where: input.path.hasSuffix)
        guard isLikely, LogEngine.isFile(input.path), isSummary(input.path) else { return nil }
        return "a saved summary, no log: `ailogger merge` makes its report, `--baseline` compares with it"
    }

    /// The sum of several files. The same summary counts once, and logs that stand in two of them are said.
    static func merged(_ files: [String]) throws -> Summary {
        var sum = Summary()
        var known: [(file: String, summary: Summary)] = []
        for file in files {
            // A summary begins with a brace: what doesn't is not read to its end, which it may not have.
            let head = try Failure.named(file) { () throws(SourceError) in try readFile(file, limit: 1) }
            guard head.first == UInt8(ascii: "{") else { throw refusal(file) }
            let bytes = try Failure.named(file) { () throws(SourceError) in try readFile(file, limit: 1 << 30) }
            let summary = try decode(bytes, path: file)
            if let same = known.first(where: { $0.summary == summary }) {
                let name = same.file == file ? "given twice" : "the same as \(same.file)"
                sum.warnings.insert("\(file): \(name), counted once")
                continue
            }
            for other in known { sum.warnings.formUnion(overlaps(summary, file, other.summary, other.file)) }
            sum.merge(summary)
            known.append((file, summary))
        }
        return sum
    }

    /// Logs of one name that begin with the same event: one log, which was read for both, so that its events count twice.
    /// Those of the same name on two machines begin at different times.
    private static func overlaps(_ a: Summary, _ file: String, _ b: Summary, _ other: String) -> [String] {
        let same = a.sources.values.filter { source in
            guard let first = source.first, let theirs = b.sources[source.path] else { return false }
            return theirs.first == first && theirs.ledger.events > 0 && source.ledger.events > 0
        }.map(\.path).sorted()
        guard let first = same.first else { return [] }
        let more = same.count > 1 ? " and \(same.count - 1) more" : ""
        return ["\(file) and \(other) were both made of \(first)\(more): what stands in both is counted twice"]
    }

    static func refusal(_ path: String) -> Failure {
        Failure("\(path): not a summary: `ailogger analyze --format summary` writes them")
    }
}
