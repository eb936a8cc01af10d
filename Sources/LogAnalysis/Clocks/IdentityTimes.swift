import LogCore

/// When each source first named some of the ids that events bear: of requests, traces, sessions.
///
/// Kept are all ids whose hashes are up to a bound, which halves whenever there are more pairs of id and source than `limit`. So
/// two sources that share ids keep the same of them; the result is a function of the set of events, whatever order they
/// are added or merged in; and once it is full, almost every event costs one comparison (coordinated sampling: Cohen and Kaplan
/// 2007).
package struct IdentityTimes: Equatable, Sendable {
    /// Pairs of id and source kept at most: some 100 KiB a worker.
    package static let limit = 2_048
    /// Shorter ids are counters, which two programs may count alike.
    static let shortest = 8

    /// By path: by hash, nanoseconds since the epoch.
    package private(set) var sources: [String: [UInt64: Int64]] = [:]
    private var bound = UInt64.max
    private var count = 0

    package init() {}

    init(bound: UInt64) { self.bound = bound }

    package var isEmpty: Bool { sources.isEmpty }

    package mutating func add(_ hash: UInt64, at time: Int64, in source: String) {
        guard hash <= bound else { return }
        let known = sources[source, default: [:]].updateValue(time, forKey: hash)
        if let known { sources[source]?[hash] = min(known, time) } else { count += 1 }
        shrink()
    }

    package mutating func merge(_ other: IdentityTimes) {
        bound = min(bound, other.bound)
        for (source, times) in other.sources { sources[source, default: [:]].merge(times, uniquingKeysWith: min) }
        dropAboveBound()
        shrink()
    }

    /// Puts other names of sources in place of those that have one.
    mutating func rename(_ names: [String: String]) {
        let before = sources
        sources = [:]
        for (source, times) in before {
            sources[names[source] ?? source, default: [:]].merge(times, uniquingKeysWith: min)
        }
        dropAboveBound()
    }

    private mutating func shrink() {
        while count > Self.limit, bound > 0 {
            bound >>= 1
            dropAboveBound()
        }
    }

    private mutating func dropAboveBound() {
        for source in Array(sources.keys) {
            let kept = sources[source]?.filter { $0.key <= bound } ?? [:]
            sources[source] = kept.isEmpty ? nil : kept
        }
        count = sources.values.reduce(0) { $0 + $1.count }
    }

    /// Whether it can be worked with: one that comes out of a file may hold anything.
    var isSound: Bool {
        count <= Self.limit
            && sources.values.allSatisfy { $0.values.allSatisfy(Timestamp.plausible.contains) }
    }
}

extension IdentityTimes: Codable {
    private enum CodingKeys: String, CodingKey { case bound, sources }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func number(_ text: String) throws -> UInt64 {
            if let number = UInt64(text, radix: 16) { return number }
            throw DecodingError.dataCorruptedError(forKey: .sources, in: values, debugDescription: "no hash")
        }
        bound = try number(values.decode(String.self, forKey: .bound))
        for (source, times) in try values.decode([String: [String: Int64]].self, forKey: .sources) {
            for (hash, time) in times { sources[source, default: [:]][try number(hash)] = time }
        }
        dropAboveBound()
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(hexadecimal(bound), forKey: .bound)
        try values.encode(
            sources.mapValues { Dictionary(uniqueKeysWithValues: $0.map { (hexadecimal($0.key), $0.value) }) },
            forKey: .sources)
    }
}
