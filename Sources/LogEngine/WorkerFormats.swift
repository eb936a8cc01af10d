import LogCore
import LogLua
import LogPatterns
import Synchronization

/// One worker's parsers, made when first needed and kept for all files.
final class WorkerFormats {
    let candidates: [FormatCandidate]
    private let forced: [Int]
    private var made: [(any LineParser)?]
    private var last: (layers: [FormatLayer], stack: FormatStack) = ([], FormatStack())
    private let detector: SharedDetector

    /// - Parameter forced: names of the formats that the user wants every file to be read with.
    /// - Parameter detector: of these candidates.
    init(_ candidates: [FormatCandidate], forced: [String] = [], detector: SharedDetector? = nil) {
        self.candidates = candidates
        self.detector = detector ?? SharedDetector(candidates)
        self.forced = forced.compactMap { name in candidates.firstIndex { $0.name == name } }
        made = Array(repeating: nil, count: candidates.count)
    }

    convenience init(_ catalog: Catalog) {
        self.init(catalog.formats, forced: catalog.forcedFormats, detector: catalog.detector)
    }

    func parser(_ format: Int) -> any LineParser {
        if let parser = made[format] { return parser }
        let parser = candidates[format].make()
        made[format] = parser
        return parser
    }

    /// The formats of the file at hand.
    var current: [FormatLayer] { last.layers }

    /// Plugins that ran.
    var luaParsers: [LuaParser] { made.compactMap { $0 as? LuaParser } }

    /// The parsers for a file of these formats.
    func stack(_ layers: [FormatLayer]) -> FormatStack {
        if layers != last.layers { last = (layers, build(layers)) }
        return last.stack
    }

    /// - Parameter isStart: the bytes are the first of a file.
    func detect(
        _ head: Span<UInt8>, isWhole: Bool, isStart: Bool = true, _ event: inout EventBuilder
    ) -> Detection {
        detector.value.detect(head, isWhole: isWhole, isStart: isStart, forced: forced, { parser($0) }, &event)
    }

    private static let strays: [(name: String, look: StrayLines.Look)] = [
        ("json", .object), ("logfmt", .pairs), ("access", .access), ("cef", .marked),
        ("syslog-5424", .header), ("syslog-3164", .header),
    ]

    private func addStrays(_ stack: inout FormatStack) {
        for stray in Self.strays {
            guard let format = candidates.firstIndex(where: { $0.name == stray.name }) else { continue }
            stack.addStray(DeferredParser(stray.name) { [weak self] in self?.parser(format) }, stray.look)
        }
    }

    // MARK: Layers

    private func build(_ all: [FormatLayer]) -> FormatStack {
        let layers = all.filter { !$0.isOfDocuments }
        var parsers = ContiguousArray(
            layers.map { layer in layer.header.map { TableParser($0) } ?? parser(layer.format) })
        if let headed = layers.firstIndex(where: { candidates[$0.format].name == HeadedTableParser.formatName }) {
            let others = ContiguousArray(parsers.indices.filter { $0 != headed }.map { parsers[$0] })
            parsers[headed] = HeadedTableParser(others: others)
        }
        var stack = FormatStack(parsers)
        stack.timeColumn = layers.lazy.compactMap(\.timeColumn).first
        // A table's rows are rows, and who names a format wants no other.
        if forced.isEmpty, !layers.contains(where: { $0.header != nil }) { addStrays(&stack) }
        for (index, layer) in layers.enumerated() where !layer.inside.isEmpty {
            stack.parsers[index] = layered(layer, name: candidates[layer.format].name, UInt8(index), &stack)
        }
        for layer in all where layer.isOfDocuments {
            let name = candidates[layer.format].name
            let number = stack.number(of: name, other: EventJoiner.genericParser)
            stack.addDocument(layered(layer, name: name, number, &stack), number: number)
        }
        return stack
    }

    /// The parser of a layer, with those of what is inside it.
    private func layered(
        _ layer: FormatLayer, name: String, _ number: UInt8, _ stack: inout FormatStack
    ) -> any LineParser {
        let outer = layer.header.map { TableParser($0) } ?? parser(layer.format)
        if layer.inside.isEmpty { return outer }
        var groups: ContiguousArray<LayeredParser.Group> = []
        for group in layer.inside {
            var inner: ContiguousArray<LayeredParser.Inner> = []
            for layer in group.layers {
                let innerName = "\(name)+\(candidates[layer.format].name)"
                let innerNumber = stack.number(of: innerName, other: number)
                let parser = layered(layer, name: innerName, innerNumber, &stack)
                inner.append(LayeredParser.Inner(parser, number: innerNumber))
            }
            groups.append(LayeredParser.Group(writer: group.writer, inner))
        }
        let generic = outer.inside == .line ? stack.number(of: "\(name)+generic", other: number) : nil
        var strays: ContiguousArray<(look: StrayLines.Look, inner: LayeredParser.Inner)> = []
        if outer.inside == .line || outer.inside == .message, forced.isEmpty {
            for stray in Self.strays where mayStray(stray.name, in: layer, outer.inside) {
                guard let format = candidates.firstIndex(where: { $0.name == stray.name }) else { continue }
                let parser = DeferredParser(stray.name) { [weak self] in self?.parser(format) }
                let number = stack.number(of: "\(name)+\(stray.name)", other: number)
                strays.append((stray.look, LayeredParser.Inner(parser, number: number)))
            }
        }
        return LayeredParser(outer, groups, generic: generic, strays: strays)
    }

    /// Whether a format's lines are looked for among those of the formats inside. Each writer of messages has its own: what one
    /// is offered anyway is another's stray line. A syslog's header in a message would be a message's text.
    private func mayStray(_ name: String, in layer: FormatLayer, _ inside: Inside) -> Bool {
        if inside == .line { return !layer.inside.contains { reads($0, name) } }
        return !name.hasPrefix("syslog-") && !layer.inside.allSatisfy { reads($0, name) }
    }

    /// Whether all lines of a group are offered to a format anyway.
    private func reads(_ group: InnerFormats, _ name: String) -> Bool {
        group.layers.contains { candidates[$0.format].name == name }
    }
}

/// The index over the hints of all formats, made for the first file and shared by the workers.
final class SharedDetector: Sendable {
    private let candidates: [FormatCandidate]
    private let made = Mutex<FormatDetector?>(nil)

    init(_ candidates: [FormatCandidate]) { self.candidates = candidates }

    var value: FormatDetector {
        made.withLock { made in
            if let made { return made }
            let detector = FormatDetector(candidates)
            made = detector
            return detector
        }
    }
}

/// A parser that is made when the first line comes that may be its: most files have none.
private final class DeferredParser: LineParser {
    let name: String
    let joinsFollowingLines = false
    private let make: () -> (any LineParser)?
    private lazy var parser = make()

    init(_ name: String, _ make: @escaping () -> (any LineParser)?) {
        self.name = name
        self.make = make
    }

    func parse(_ line: Span<UInt8>, at base: Int, into event: inout EventBuilder) -> Bool {
        parser?.parse(line, at: base, into: &event) ?? false
    }
}
