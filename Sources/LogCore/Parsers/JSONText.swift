/// How the message of a record that has none is put together: `{eventSource} {eventName}[: {errorCode}]`.
/// A part in brackets is left out unless all that it names is there.
package struct JSONText: Sendable {
    enum Piece: Sendable {
        case text([UInt8])
        case slot(Int)
        /// Pieces up to there go together.
        case option(end: Int)
    }

    private var pieces: [Piece] = []

    /// What is wrong with a template, and at which byte.
    package struct Failure: Error {
        package var message: String
        package var offset: Int
        package var help: String
    }

    /// Reads a template; `slot` gives the slot of a path, nil if there are too many.
    package init(_ template: [UInt8], slot: ([UInt8]) -> Int?) throws(Failure) {
        var text: [UInt8] = []
        var option: Int?
        var i = 0
        func flush(_ pieces: inout [Piece]) {
            if !text.isEmpty { pieces.append(.text(text)) }
            text = []
        }
        while i < template.count {
            switch template[i] {
            case UInt8(ascii: "{"):
                guard let end = template[i...].firstIndex(of: UInt8(ascii: "}")), end > i + 1 else {
                    throw Failure(message: "'{' without a path and '}'", offset: i, help: "write {path.of.a.member}")
                }
                flush(&pieces)
                guard let slot = slot(Array(template[(i + 1)..<end])) else {
                    throw Failure(
                        message: "more than \(JSONShape.slots) members in one message", offset: i,
                        help: "name those that tell one event from another")
                }
                pieces.append(.slot(slot))
                i = end
            case UInt8(ascii: "[") where option == nil:
                flush(&pieces)
                option = pieces.count
                pieces.append(.option(end: 0))
            case UInt8(ascii: "]"):
                guard let start = option else {
                    throw Failure(message: "']' without '['", offset: i, help: "brackets hold what may be absent")
                }
                flush(&pieces)
                pieces[start] = .option(end: pieces.count)
                option = nil
            default:
                text.append(template[i])
            }
            i += 1
        }
        flush(&pieces)
        if option != nil {
            throw Failure(
                message: "'[' without ']'", offset: template.count - 1, help: "brackets hold what may be absent")
        }
    }

    /// Appends the message to the event's decoded text; false if nothing that it names is there.
    func write(_ line: Span<UInt8>, at base: Int, _ slots: Span<ByteRange>, into event: inout EventBuilder) -> Bool {
        var wrote = false
        var index = 0
        while index < pieces.count {
            switch pieces[index] {
            case .text(let text): event.decoded.append(contentsOf: text)
            case .slot(let slot):
                if !slots[slot].isEmpty {
                    event.copy(slots[slot], of: line, at: base)
                    wrote = true
                }
            case .option(let end):
                let isThere = pieces[index..<end].allSatisfy {
                    if case .slot(let slot) = $0 { !slots[slot].isEmpty } else { true }
                }
                if !isThere {
                    index = end
                    continue
                }
            }
            index += 1
        }
        return wrote
    }
}

extension EventBuilder {
    /// Appends the bytes of a range, of the line or of decoded text, to the decoded text.
    fileprivate mutating func copy(_ range: ByteRange, of line: Span<UInt8>, at base: Int) {
        // A line that is decoded text itself is a copy: its bytes are at hand.
        if range.lower >= base, range.upper <= base &+ line.count {
            decoded.append(contentsOf: line.extracting((range.lower &- base)..<(range.upper &- base)))
            return
        }
        decoded.reserveCapacity(decoded.count &+ range.count)
        for i in range.lower &- rawCount..<range.upper &- rawCount {
            let byte = decoded[i]
            decoded.append(byte)
        }
    }
}
