import LogCore
import LogLua
import LogPatterns

/// One worker's parsers, made when first needed and kept for all files.
final class WorkerFormats {
    let candidates: [FormatCandidate]
    private var made: [(any LineParser)?]
    private var last: (formats: [Int], parsers: ContiguousArray<any LineParser>) = ([], [])

    init(_ candidates: [FormatCandidate]) {
        self.candidates = candidates
        made = Array(repeating: nil, count: candidates.count)
    }

    func name(_ format: Int) -> String { candidates[format].name }

    func parser(_ format: Int) -> any LineParser {
        if let parser = made[format] { return parser }
        let parser = candidates[format].make()
        made[format] = parser
        return parser
    }

    /// Plugins that ran.
    var luaParsers: [LuaParser] { made.compactMap { $0 as? LuaParser } }

    func parsers(_ formats: [Int]) -> ContiguousArray<any LineParser> {
        if formats != last.formats { last = (formats, ContiguousArray(formats.map { parser($0) })) }
        return last.parsers
    }

    func detect(_ head: Span<UInt8>, isWhole: Bool, _ event: inout EventBuilder) -> Detection {
        FormatDetector.detect(
            head, isWhole: isWhole, candidates: candidates, parsers: candidates.indices.map { parser($0) }, &event)
    }
}
