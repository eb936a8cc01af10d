/// What Elasticsearch's and OpenSearch's bulk API takes: before each document a line that says what to do with it.
///
/// https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-bulk
enum JSONBulk {
    enum Action {
        case index, create, update, delete
    }

    /// Whether a file begins with an action and, but for deletions, a document.
    static func isHead(_ head: Span<UInt8>) -> Bool {
        guard head.count > 0, head[0] == UInt8(ascii: "{"), let end = head.firstIndex(of: 0x0A, from: 0),
            let action = action(head.extracting(0..<end))
        else { return false }
        let next = head.skipJSONSpace(from: end + 1)
        guard next < head.count, head[next] == UInt8(ascii: "{") else { return false }
        let line = head.extracting(next..<(head.firstIndex(of: 0x0A, from: next) ?? head.count))
        return (self.action(line) == nil) == (action != .delete)
    }

    /// What a line tells to do: an object whose only member is called so, with the API's own names in it.
    static func action(_ line: Span<UInt8>) -> Action? {
        var names = Members(line)
        guard let name = names.next(line), !name.value.isEmpty, line[name.value.lowerBound] == UInt8(ascii: "{") else {
            return nil
        }
        let text = line.extracting(name.name)
        let action: Action
        if text.isEqual("index") {
            action = .index
        } else if text.isEqual("create") {
            action = .create
        } else if text.isEqual("update") {
            action = .update
        } else if text.isEqual("delete") {
            action = .delete
        } else {
            return nil
        }
        guard names.next(line) == nil, names.isWhole else { return nil }
        let inner = line.extracting(name.value)
        var members = Members(inner)
        while let member = members.next(inner) {
            let name = inner.extracting(member.name)
            guard name.count > 0, name[0] == UInt8(ascii: "_") || others.contains(where: { name.isEqual($0) }) else {
                return nil
            }
        }
        return members.isWhole ? action : nil
    }

    /// Of the action's names those that don't begin with `_`.
    private static let others: [StaticString] = [
        "routing", "version", "version_type", "pipeline", "require_alias", "require_data_stream", "dynamic_templates",
        "list_executed_pipelines", "retry_on_conflict", "if_seq_no", "if_primary_term",
    ]

    /// Of an update the document, if it says what is to be in it.
    static func document(ofUpdate line: Span<UInt8>) -> Range<Int>? {
        var members = Members(line)
        while let member = members.next(line) {
            let name = line.extracting(member.name)
            if name.isEqual("doc") || name.isEqual("upsert") { return member.value }
        }
        return nil
    }

    /// The members of an object, one after the other.
    private struct Members {
        private var at: Int
        /// The object was read to its end, and nothing follows.
        private(set) var isWhole = false

        init(_ object: Span<UInt8>) {
            let start = object.skipJSONSpace(from: 0)
            at = start < object.count && object[start] == UInt8(ascii: "{") ? start + 1 : object.count
        }

        mutating func next(_ object: Span<UInt8>) -> (name: Range<Int>, value: Range<Int>)? {
            var i = object.skipJSONSpace(from: at)
            guard i < object.count else { return nil }
            if object[i] == UInt8(ascii: "}") {
                isWhole = object.skipJSONSpace(from: i + 1) == object.count
                at = object.count
                return nil
            }
            guard object[i] == UInt8(ascii: "\"") else { return nil }
            var escaped = false
            let end = object.jsonStringEnd(from: i + 1, escaped: &escaped)
            guard end >= 0 else { return nil }
            let name = i + 1..<end
            i = object.skipJSONSpace(from: end + 1)
            guard i < object.count, object[i] == UInt8(ascii: ":") else { return nil }
            let value = object.skipJSONSpace(from: i + 1)
            let valueEnd = object.jsonValueEnd(from: value)
            guard valueEnd >= 0 else { return nil }
            at = object.skipJSONSpace(from: valueEnd)
            if at < object.count, object[at] == UInt8(ascii: ",") { at += 1 }
            return (name, value..<valueEnd)
        }
    }
}
