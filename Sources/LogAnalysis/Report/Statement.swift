/// A sentence of a report and the lines that it stands on. Nothing is said without one.
package struct Statement: Equatable, Sendable {
    /// One sentence of plain English, without a full stop.
    package var text: String
    package var citations: [Citation]

    package init(_ text: String, _ citations: [Citation]) {
        self.text = text
        self.citations = citations
    }
}

/// Events that a statement stands on.
package struct Citation: Equatable, Sendable {
    /// How many events there are of the kind.
    package var count: Int64
    /// Where one of them stands: `source:line`, `line` from 1.
    package var source: String
    package var line: Int64
    /// Nanoseconds since the epoch, nil if unknown.
    package var time: Int64?

    package init(count: Int64, source: String, line: Int64, time: Int64?) {
        self.count = count
        self.source = source
        self.line = line
        self.time = time
    }

    init(count: Int64, _ first: FirstLine) {
        self.init(count: count, source: first.source, line: first.line, time: first.time)
    }

    package init(count: Int64, _ sample: Sample) {
        self.init(count: count, source: sample.source, line: sample.line, time: sample.time)
    }
}
