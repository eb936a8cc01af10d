/// A part of a YAML text, with its place: what `PlainYAML` or libYAML read there.
enum Node: Equatable {
    case scalar(Scalar)
    case mapping(Mapping)
    case sequence(Sequence)

    /// From 1, the column in bytes; 0 where unknown.
    struct Place: Equatable {
        var line: Int32
        var column: Int32
    }

    /// How a text is written.
    enum Style: Equatable {
        case plain, single, double
        /// `|` or `>`, with lines of its own.
        case block
    }

    struct Scalar: Equatable {
        var string: String
        var style: Style
        var place: Place
    }

    /// Keys with their values, in the order of the text. No key is there twice.
    struct Mapping: Equatable {
        var pairs: [Pair]
        var place: Place

        /// A definition has a dozen keys at most: looking at them in turn is quicker than hashing them all.
        subscript(key: String) -> Node? { pair(key)?.value }

        func pair(_ key: String) -> Pair? { pairs.first { $0.key.scalar?.string == key } }
    }

    struct Pair: Equatable {
        var key: Node
        var value: Node
    }

    struct Sequence: Equatable {
        var nodes: [Node]
        var place: Place
    }

    var place: Place {
        switch self {
        case .scalar(let scalar): scalar.place
        case .mapping(let mapping): mapping.place
        case .sequence(let sequence): sequence.place
        }
    }

    var scalar: Scalar? {
        if case .scalar(let scalar) = self { scalar } else { nil }
    }

    var mapping: Mapping? {
        if case .mapping(let mapping) = self { mapping } else { nil }
    }

    var sequence: Sequence? {
        if case .sequence(let sequence) = self { sequence } else { nil }
    }
}
