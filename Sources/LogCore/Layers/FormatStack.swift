/// The parsers of one file in the order in which a line is offered to them, and what is called what in `Record.parser`.
package struct FormatStack {
    package var parsers: ContiguousArray<any LineParser>
    /// By `Record.parser`: the parsers' names, then those of the layers within them, such as `cri+json`.
    package private(set) var names: [String]

    /// As many as a mask of formats tells apart, less the generic one.
    package static let mostNames = 63

    package init(_ parsers: ContiguousArray<any LineParser> = []) {
        self.parsers = parsers
        names = parsers.map(\.name)
    }

    /// The number of a layered name; `other` where there are too many of them.
    package mutating func number(of name: String, other: UInt8) -> UInt8 {
        if let known = names.firstIndex(of: name) { return UInt8(known) }
        guard names.count < Self.mostNames else { return other }
        names.append(name)
        return UInt8(names.count - 1)
    }
}
