import LogCore

/// What a followed log's records become, where they are no lines: a line each, as soon as they are whole.
struct FollowedRecords: ~Copyable {
    /// What the report calls it.
    let kind: String
    private var json: JSONRecords?
    private var yaml: YAMLDocuments?
    private var xml: XMLEvents?
    private var octets: OctetCounting?
    private var isOver = false
    /// What was wrong first.
    private(set) var problem: String?

    private init(
        kind: String, json: consuming JSONRecords? = nil, yaml: consuming YAMLDocuments? = nil,
        xml: consuming XMLEvents? = nil, octets: consuming OctetCounting? = nil
    ) {
        self.kind = kind
        self.octets = octets
        self.json = json
        self.yaml = yaml
        self.xml = xml
    }

    /// For a log that begins so; nil where its lines are its records.
    static func of(_ head: Span<UInt8>, _ paths: [JSONRecordPath]) -> FollowedRecords? {
        if let layout = JSONRecords.layout(of: head, paths) {
            return FollowedRecords(kind: "JSON records", json: JSONRecords(layout))
        }
        if XMLEvents.isHead(head) {
            return FollowedRecords(kind: "XML records", xml: XMLEvents())
        }
        if OctetCounting.isBeginning(head) {
            return FollowedRecords(kind: BinaryLog.octetCounted.rawValue, octets: OctetCounting(head))
        }
        let found = YAMLDocuments.isHead(head, paths)
        guard found.isOne else { return nil }
        guard let layout = found.layout else {
            return FollowedRecords(kind: "YAML records", yaml: YAMLDocuments())
        }
        return FollowedRecords(kind: "YAML records", json: JSONRecords(layout), yaml: YAMLDocuments())
    }

    mutating func take(_ bytes: Span<UInt8>) {
        if octets != nil {
            octets?.take(bytes)
            // Nobody knows how long the next one takes to come.
            octets?.settle()
            problem = problem ?? octets?.problem
            return
        }
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
        octets?.finish()
        if problem == nil { problem = octets?.problem }
        xml?.finish()
        yaml?.finish()
        pass()
        json?.finish()
        noteProblem()
    }

    /// The run ends: a document of YAML ends where the next one begins, and there is none. So may a message of which the count
    /// is wrong.
    mutating func end() {
        if isOver || yaml == nil && octets == nil { return }
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
        if octets != nil { return Self.take(&octets) }
        return yaml != nil ? Self.take(&yaml) : Self.take(&xml)
    }

    private static func take(_ maker: inout (some Transcriber & ~Copyable)?) -> ContiguousArray<UInt8> {
        guard var lines = maker?.lines, let last = lines.lastIndex(of: 0x0A) else { return [] }
        maker?.lines.removeSubrange(...last)
        lines.removeSubrange((last + 1)...)
        return lines
    }
}
