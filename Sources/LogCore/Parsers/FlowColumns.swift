/// Which columns of a table tell a connection, as flow logs and firewalls' exports have them.
struct FlowColumns: Equatable, Sendable {
    let source: Int
    let destination: Int
    let sourcePort: Int?
    let destinationPort: Int?
    let action: Int?

    init?(_ names: [[UInt8]]) {
        let folded = names.map { name in
            String(decoding: name.filter { $0 != UInt8(ascii: "_") && $0 != 0x2D && $0 != 0x20 }, as: UTF8.self)
                .lowercased()
        }
        func column(_ known: [String]) -> Int? { folded.firstIndex { known.contains($0) } }
        guard let source = column(["srcaddr", "sourceaddress", "srcip", "sourceip", "src"]),
            let destination = column([
                "dstaddr", "destinationaddress", "dstip", "destip", "destinationip", "dst", "dest",
            ])
        else { return nil }
        self.source = source
        self.destination = destination
        sourcePort = column(["srcport", "sourceport", "spt", "sport"])
        destinationPort = column(["dstport", "destport", "destinationport", "dpt", "dport"])
        action = column(["action", "disposition", "verdict"])
    }
}

extension EventBuilder {
    /// `REJECT 203.0.113.66:41022 -> 192.0.2.5:5432`: what a row says that has no text; nil without the addresses.
    mutating func flowMessage(_ flow: FlowColumns, _ line: Span<UInt8>, separator: UInt8) -> ByteRange? {
        var row = TableRow(separator: separator)
        var column = 0
        var action = 0..<0
        var (source, sourcePort, destination, destinationPort) = (0..<0, 0..<0, 0..<0, 0..<0)
        while let cell = row.next(line) {
            let text = cell.trimmed(line)
            if text.count > 1 || text.count == 1 && line[unchecked: text.lowerBound] != UInt8(ascii: "-") {
                if column == flow.source {
                    source = text
                } else if column == flow.destination {
                    destination = text
                } else if column == flow.sourcePort {
                    sourcePort = text
                } else if column == flow.destinationPort {
                    destinationPort = text
                } else if column == flow.action {
                    action = text
                }
            }
            column &+= 1
        }
        guard !source.isEmpty, !destination.isEmpty else { return nil }
        let start = rawCount &+ decoded.count
        if !action.isEmpty {
            decoded.append(contentsOf: line.extracting(action))
            decoded.append(Ascii.space)
        }
        write(line, source, sourcePort)
        for byte in " -> ".utf8 { decoded.append(byte) }
        write(line, destination, destinationPort)
        return ByteRange(start, rawCount &+ decoded.count)
    }

    private mutating func write(_ line: Span<UInt8>, _ address: Range<Int>, _ port: Range<Int>) {
        decoded.append(contentsOf: line.extracting(address))
        guard !port.isEmpty else { return }
        decoded.append(Ascii.colon)
        decoded.append(contentsOf: line.extracting(port))
    }
}
