import LogCore

/// Writes Windows event logs by the published specification, as Windows lays them out: a template where it is first used,
/// then references to it. https://github.com/libyal/libevtx/blob/main/documentation/Windows%20XML%20Event%20Log%20(EVTX).asciidoc
struct MadeUpEvtx {
    indirect enum Node {
        case element(String, [(String, Node)] = [], [Node] = [])
        case text(String)
        /// A value by its index; left out where it is null.
        case value(Int)
    }

    enum Value {
        case none
        case string(String)
        case number(UInt8, UInt64, bytes: Int)
        case bytes(UInt8, [UInt8])

        static func uint16(_ value: UInt16) -> Value { .number(6, UInt64(value), bytes: 2) }
        static func uint32(_ value: UInt32) -> Value { .number(8, UInt64(value), bytes: 4) }
        static func time(_ value: UInt64) -> Value { .number(0x11, value, bytes: 8) }

        var encoded: (type: UInt8, bytes: [UInt8]) {
            switch self {
            case .none: (0, [])
            case .string(let text): (1, text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
            case .number(let type, let value, let count): (type, little(value, count))
            case .bytes(let type, let bytes): (type, bytes)
            }
        }
    }

    private static let chunkBytes = 65_536
    private var chunks: [[UInt8]] = []
    private var chunk: [UInt8] = []
    private var names: [String: Int] = [:]
    private var templates: [Int: Int] = [:]
    private var record: UInt64 = 1

    /// - Parameter template: its number, so that a chunk holds it once.
    mutating func add(_ template: Int, _ root: Node, _ values: [Value], written: UInt64) {
        if chunk.isEmpty { begin() }
        let saved = (chunk, names, templates)
        append(template, root, values, written)
        guard chunk.count > Self.chunkBytes else { return }
        (chunk, names, templates) = saved
        end()
        begin()
        append(template, root, values, written)
    }

    private mutating func begin() {
        chunk = [UInt8](repeating: 0, count: 512)
        names = [:]
        templates = [:]
    }

    private mutating func end() {
        chunk.replaceSubrange(0..<8, with: Array("ElfChnk\0".utf8))
        chunk.replaceSubrange(40..<44, with: little(128, 4))
        chunk.replaceSubrange(48..<52, with: little(UInt64(chunk.count), 4))
        chunk.replaceSubrange(52..<56, with: little(UInt64(Gzip.checksum(Array(chunk[512...]))), 4))
        let checked = Array(chunk[0..<120]) + Array(chunk[128..<512])
        chunk.replaceSubrange(124..<128, with: little(UInt64(Gzip.checksum(checked)), 4))
        chunks.append(chunk + [UInt8](repeating: 0, count: Self.chunkBytes - chunk.count))
        chunk = []
    }

    mutating func finish() -> [UInt8] {
        if !chunk.isEmpty { end() }
        var header = [UInt8](repeating: 0, count: 4096)
        header.replaceSubrange(0..<8, with: Array("ElfFile\0".utf8))
        header.replaceSubrange(16..<24, with: little(UInt64(max(chunks.count, 1) - 1), 8))
        header.replaceSubrange(24..<32, with: little(record, 8))
        header.replaceSubrange(32..<44, with: [128, 0, 0, 0, 1, 0, 3, 0, 0, 16] + little(UInt64(chunks.count), 2))
        header.replaceSubrange(124..<128, with: little(UInt64(Gzip.checksum(Array(header[0..<120]))), 4))
        return header + chunks.joined()
    }

    private mutating func append(_ template: Int, _ root: Node, _ values: [Value], _ written: UInt64) {
        let start = chunk.count
        chunk += [0x2A, 0x2A, 0, 0] + little(0, 4) + little(record, 8) + little(written, 8)
        chunk += [0x0F, 1, 1, 0, 0x0C, 1] + little(UInt64(template), 4)
        if let place = templates[template] {
            chunk += little(UInt64(place), 4)
        } else {
            let place = chunk.count + 4
            templates[template] = place
            chunk += little(UInt64(place), 4) + little(0, 4) + [UInt8](repeating: UInt8(template), count: 16)
            let size = chunk.count
            chunk += little(0, 4) + [0x0F, 1, 1, 0]
            append(root)
            chunk.append(0)
            chunk.replaceSubrange(size..<(size + 4), with: little(UInt64(chunk.count - size - 4), 4))
        }
        let encoded = values.map(\.encoded)
        chunk += little(UInt64(values.count), 4)
        for value in encoded { chunk += little(UInt64(value.bytes.count), 2) + [value.type, 0] }
        for value in encoded { chunk += value.bytes }
        let size = little(UInt64(chunk.count + 4 - start), 4)
        chunk += size
        chunk.replaceSubrange((start + 4)..<(start + 8), with: size)
        record += 1
    }

    private mutating func append(_ node: Node) {
        switch node {
        case .text(let text): chunk += [0x05, 1] + counted(text)
        case .value(let index): chunk += [0x0E] + little(UInt64(index), 2) + [0]
        case .element(let name, let attributes, let children):
            chunk += [attributes.isEmpty ? 0x01 : 0x41, 0xFF, 0xFF]
            let size = chunk.count
            chunk += little(0, 4)
            append(name: name)
            if !attributes.isEmpty {
                let list = chunk.count
                chunk += little(0, 4)
                for (index, attribute) in attributes.enumerated() {
                    chunk.append(index < attributes.count - 1 ? 0x46 : 0x06)
                    append(name: attribute.0)
                    append(attribute.1)
                }
                chunk.replaceSubrange(list..<(list + 4), with: little(UInt64(chunk.count - list - 4), 4))
            }
            if children.isEmpty {
                chunk.append(0x03)
            } else {
                chunk.append(0x02)
                for child in children { append(child) }
                chunk.append(0x04)
            }
            chunk.replaceSubrange(size..<(size + 4), with: little(UInt64(chunk.count - size - 4), 4))
        }
    }

    private mutating func append(name: String) {
        if let place = names[name] {
            chunk += little(UInt64(place), 4)
            return
        }
        let place = chunk.count + 4
        names[name] = place
        let hash = name.utf16.reduce(UInt32(0)) { $0 &* 65_599 &+ UInt32($1) } & 0xFFFF
        chunk += little(UInt64(place), 4) + little(0, 4) + little(UInt64(hash), 2) + counted(name) + [0, 0]
    }

    private func counted(_ text: String) -> [UInt8] {
        little(UInt64(text.utf16.count), 2) + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    }
}

private func little(_ value: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
}

extension MadeUpEvtx {
    /// 2026-11-22T10:00:00Z, in 100 ns since 1601.
    static let start: UInt64 = (1_795_341_600 + 11_644_473_600) * 10_000_000

    /// The event as Windows writes it, with two named data.
    static func template(_ first: String, _ second: String) -> Node {
        .element(
            "Event", [("xmlns", .text("http://schemas.microsoft.com/win/2004/08/events/event"))],
            [
                .element(
                    "System", [],
                    [
                        .element("Provider", [("Name", .value(0))]), .element("EventID", [], [.value(1)]),
                        .element("Level", [], [.value(2)]), .element("Keywords", [], [.value(3)]),
                        .element("TimeCreated", [("SystemTime", .value(4))]),
                        .element("EventRecordID", [], [.value(5)]),
                        .element("Execution", [("ProcessID", .value(6)), ("ThreadID", .value(7))]),
                        .element("Channel", [], [.text("System")]), .element("Computer", [], [.value(8)]),
                        .element("Security", [("UserID", .value(9))]),
                    ]),
                .element(
                    "EventData", [],
                    [
                        .element("Data", [("Name", .text(first))], [.value(10)]),
                        .element("Data", [("Name", .text(second))], [.value(11)]),
                    ]),
            ])
    }

    static func values(
        _ provider: String, event: UInt16, level: UInt8, keywords: UInt64 = 0x8080_0000_0000_0000, second: Int,
        sid: [UInt8]? = nil, _ first: String, _ other: String
    ) -> [Value] {
        [
            .string(provider), .uint16(event), .number(4, UInt64(level), bytes: 1), .number(0x15, keywords, bytes: 8),
            .time(start + UInt64(second) * 10_000_000), .number(0x0A, UInt64(second), bytes: 8), .uint32(480),
            .uint32(596), .string("WIN1"), sid.map { .bytes(0x13, $0) } ?? .none, .string(first), .string(other),
        ]
    }
}
