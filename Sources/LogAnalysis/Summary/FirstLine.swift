import LogCore

/// Where an event begins: of a bucket of a series the first one, by time and then by place.
package struct FirstLine: Equatable, Sendable {
    package var source: String
    /// From 1; 0 where no line is known.
    package var line: Int64
    /// Nanoseconds since the epoch.
    package var time: Int64

    package init(source: String, line: Int64, time: Int64) {
        self.source = source
        self.line = line
        self.time = time
    }

    var isKnown: Bool { line > 0 }

    /// The earlier of two; what is known goes before what isn't.
    static func earlier(_ a: FirstLine, _ b: FirstLine) -> FirstLine {
        guard a.isKnown == b.isKnown else { return a.isKnown ? a : b }
        if a.time != b.time { return a.time < b.time ? a : b }
        if a.source != b.source { return a.source < b.source ? a : b }
        return a.line <= b.line ? a : b
    }
}

/// First lines as a file holds them: what they share is written once.
struct FirstLines: Codable {
    /// In the order of their first use.
    var sources: [String]
    /// Index into `sources` of each; empty where there is one source only.
    var source: [Int]
    var line: [Int64]
    var time: [Int64]

    init(_ lines: some Sequence<FirstLine>) {
        sources = []
        source = []
        line = []
        time = []
        var known: [String: Int] = [:]
        for one in lines {
            let index = known[one.source] ?? sources.count
            if index == sources.count {
                known[one.source] = index
                sources.append(one.source)
            }
            source.append(index)
            line.append(one.line)
            time.append(one.time)
        }
        if sources.count == 1 { source = [] }
    }

    /// Nil if the parts don't belong together.
    var lines: ContiguousArray<FirstLine>? {
        guard line.count == time.count, source.isEmpty || source.count == line.count, line.isEmpty || !sources.isEmpty,
            source.allSatisfy(sources.indices.contains), line.allSatisfy({ $0 >= 0 })
        else { return nil }
        return ContiguousArray(
            line.indices.map { index in
                FirstLine(
                    source: sources[source.isEmpty ? 0 : source[index]], line: line[index], time: time[index])
            })
    }
}
