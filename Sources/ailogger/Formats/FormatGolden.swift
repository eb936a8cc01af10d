import LogAnalysis
import LogEngine

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A format's golden file: a log, and the events that it must give.
enum FormatGolden {
    /// `samples` beside the folder of formats.
    static func samples(besides formats: String) -> String {
        let parts = formats.split(separator: "/", omittingEmptySubsequences: true).dropLast()
        let folder = (formats.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
        return parts.isEmpty ? "\(folder)samples" : "\(folder)/samples"
    }

    /// What `parse` writes of a log.
    static func events(of path: String, _ catalog: Catalog) async throws -> [UInt8] {
        guard let file = tmpfile() else { throw Failure("no temporary file: \(String(cString: strerror(errno)))") }
        defer { fclose(file) }
        let descriptor = fileno(file)
        let output = OrderedOutput(descriptor: descriptor)
        let summary = await Engine(catalog).parse(
            [Input(path: path, isExplicit: true)], RunOptions(jobs: 1), output: output)
        if let error = summary.sources.values.compactMap(\.error).first { throw Failure("\(path): \(error)") }
        var bytes = [UInt8](repeating: 0, count: Int(lseek(descriptor, 0, SEEK_END)))
        var count = 0
        while count < bytes.count {
            let read = bytes.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress.map { $0 + count }, $0.count - count, off_t(count))
            }
            guard read > 0 else { break }
            count += read
        }
        return bytes
    }

    /// The first event that isn't as expected; nil if all are.
    static func difference(_ actual: [UInt8], _ expected: [UInt8]) -> (line: Int, actual: String, expected: String)? {
        let left = lines(actual)
        let right = lines(expected)
        for number in 0..<max(left.count, right.count) {
            let a = number < left.count ? left[number] : "(no event)"
            let b = number < right.count ? right[number] : "(no event)"
            if a != b { return (number + 1, a, b) }
        }
        return nil
    }

    /// The events, without what depends on the place, the age of the file and on the rules in use.
    private static func lines(_ bytes: [UInt8]) -> [String] {
        bytes.split(separator: 0x0A).map { line in
            var text = String(decoding: line, as: UTF8.self)
            if let source = text.range(of: #","source":""#, last: true) { text.removeSubrange(source.lowerBound...) }
            if let findings = text.range(of: #","findings":["#, last: true) {
                text.removeSubrange(findings.lowerBound...)
            }
            let isDated = text.contains(#""time_source":"line""#)
            if !isDated, let start = text.range(of: #""timestamp":""#),
                let end = text[start.upperBound...].firstIndex(of: ",")
            {
                text.removeSubrange(start.lowerBound...end)
            }
            return text
        }
    }
}

extension String {
    /// Where a text stands first, or last.
    fileprivate func range(of text: String, last: Bool = false) -> Range<Index>? {
        last ? ranges(of: text).last : firstRange(of: text)
    }
}
