/// Where in a JSON document the array stands whose elements are the events: `Records`, or `resourceLogs.scopeLogs.logRecords`
/// through arrays of arrays.
package struct JSONRecordPath: Equatable, Sendable {
    package var names: [[UInt8]]
    /// Of these each event has one: the quoted beginnings of names.
    package var signs: [[UInt8]] = []

    package init(_ path: [UInt8], signs: [[UInt8]]) {
        names = path.split(separator: UInt8(ascii: ".")).map { Array($0) }
        self.signs = signs
    }

    init(names: [[UInt8]]) { self.names = names }
}

extension JSONRecords {
    /// Whether a file that begins so is an array of objects, or a document with an array of events at one of the paths.
    ///
    /// A log line may have a list called `items` too: so a name that the events have must follow.
    package static func isHead(_ head: Span<UInt8>, _ paths: [JSONRecordPath]) -> Bool {
        var i = head.skipJSONSpace(from: 0)
        if i < head.count, head[i] == UInt8(ascii: "[") {
            i = head.skipJSONSpace(from: i + 1)
            guard i < head.count, head[i] == UInt8(ascii: "{") else { return false }
            i = head.skipJSONSpace(from: i + 1)
            // Other programs write lists of terms in braces too.
            guard i < head.count, head[i] == UInt8(ascii: "\"") else { return false }
            var escaped = false
            let end = head.jsonStringEnd(from: i + 1, escaped: &escaped)
            guard end >= 0 else { return false }
            i = head.skipJSONSpace(from: end + 1)
            return i < head.count && head[i] == UInt8(ascii: ":")
        }
        guard i < head.count, head[i] == UInt8(ascii: "{") else { return false }
        i = head.skipJSONSpace(from: i + 1)
        while i < head.count, head[i] == UInt8(ascii: "\"") {
            var escaped = false
            let end = head.jsonStringEnd(from: i + 1, escaped: &escaped)
            guard end >= 0 else { return false }
            let name = head.extracting(i + 1..<end)
            i = head.skipJSONSpace(from: end + 1)
            guard i < head.count, head[i] == UInt8(ascii: ":") else { return false }
            i = head.skipJSONSpace(from: i + 1)
            for path in paths where path.names.first.map({ $0.span.isEqual(name) }) ?? false {
                let inner = head.skipJSONSpace(from: i + 1)
                let isArray = i < head.count && head[i] == UInt8(ascii: "[") && inner < head.count
                guard isArray, head[inner] == UInt8(ascii: "{") else { continue }
                if path.signs.contains(where: { head.holds($0.span, from: inner) }) { return true }
            }
            i = head.jsonValueEnd(from: i)
            guard i >= 0 else { return false }
            i = head.skipJSONSpace(from: i)
            guard i < head.count, head[i] == UInt8(ascii: ",") else { return false }
            i = head.skipJSONSpace(from: i + 1)
        }
        return false
    }
}

extension Span<UInt8> {
    fileprivate func holds(_ text: Span<UInt8>, from start: Int) -> Bool {
        guard text.count > 0 else { return false }
        var i = start
        while let hit = firstIndex(of: text[0], from: i) {
            if hit + text.count <= count, extracting(hit..<hit + text.count).isEqual(text) { return true }
            i = hit + 1
        }
        return false
    }
}
