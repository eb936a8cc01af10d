import LogAnalysis

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

    static func refusal(_ path: String) -> Failure {
        Failure("\(path): not a summary: `ailogger analyze --format summary` writes them")
    }
}
