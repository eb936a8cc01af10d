import LogCore

/// What a followed log's records become, where they are no lines: a line each, as soon as they are whole.
struct FollowedRecords: ~Copyable {
    /// What the report calls it.
    let kind: String
    private var json: JSONRecords?
    private var yaml: YAMLDocuments?
    private var xml: XMLEvents?
    private var isOver = false
    /// What was wrong first.
    private(set) var problem: String?

    private init(kind: String, json: consuming JSONRecords?, yaml: consuming YAMLDocuments?, xml: consuming XMLEvents?)
    {
        self.kind = kind
        self.json = json
        self.yaml = yaml
        self.xml = xml
    }

    /// For a log that begins so; nil where its lines are its records.
    static func of(_ head: Span<UInt8>, _ paths: [JSONRecordPath]) -> FollowedRecords? {
        if let layout = JSONRecords.layout(of: head, paths) {
            return FollowedRecords(kind: "JSON records", json: JSONRecords(layout), yaml: nil, xml: nil)
        }
        if XMLEvents.isHead(head) {
            return FollowedRecords(kind: "XML records", json: nil, yaml: nil, xml: XMLEvents())
        }
        let found = YAMLDocuments.isHead(head, paths)
        guard found.isOne else { return nil }
        guard let layout = found.layout else {
            return FollowedRecords(kind: "YAML records", json: nil, yaml: YAMLDocuments(), xml: nil)
        }
        return FollowedRecords(kind: "YAML records", json: JSONRecords(layout), yaml: YAMLDocuments(), xml: nil)
    }

    mutating func take(_ bytes: Span<UInt8>) {
        if xml != nil { xml?.take(bytes) } else if yaml != nil { yaml?.take(bytes) } else { json?.take(bytes) }
        pass()
        noteProblem()
    }

    private mutating func noteProblem() {
        if problem == nil { problem = yaml?.problem }
        if problem == nil { problem = xml?.problem }
        if problem == nil { problem = json?.problem }
    }

    mutating func finish() {
        xml?.finish()
        yaml?.finish()
        pass()
        json?.finish()
        noteProblem()
    }

    /// The run ends: a document of YAML ends where the next one begins, and there is none.
    mutating func end() {
        if isOver || yaml == nil { return }
        isOver = true
        finish()
    }

    /// The document of YAML goes on as the JSON that it holds.
    private mutating func pass() {
        guard json != nil, let made = yaml?.lines, !made.isEmpty else { return }
        yaml?.lines.removeAll(keepingCapacity: true)
        json?.take(made.span)
    }

    /// The lines that are whole; half an event may be there for long.
    mutating func takeLines() -> ContiguousArray<UInt8> {
        if json != nil { return Self.take(&json) }
        return yaml != nil ? Self.take(&yaml) : Self.take(&xml)
    }

    private static func take(_ maker: inout (some Transcriber & ~Copyable)?) -> ContiguousArray<UInt8> {
        guard var lines = maker?.lines, let last = lines.lastIndex(of: 0x0A) else { return [] }
        maker?.lines.removeSubrange(...last)
        lines.removeSubrange((last + 1)...)
        return lines
    }
}
