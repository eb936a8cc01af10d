/// The events of a finding that come right behind its first one, to look at how they differ.
package struct FurtherSamples: Equatable, Sendable, Codable {
    /// Samples kept, and bytes of each.
    package static let limit = 4
    static let textBytes = 500

    /// In the order of `Sample.earlier`.
    package var samples: [Sample] = []

    package init() {}

    /// Those of two parts of one finding, whose first samples were `a` and `b`.
    mutating func merge(_ other: FurtherSamples, firsts a: Sample, _ b: Sample) {
        let first = Sample.earlier(a, b)
        var all = samples + other.samples
        if !first.isSamePlace(as: a) { all.append(a) } else if !first.isSamePlace(as: b) { all.append(b) }
        all.sort { !$0.isSamePlace(as: $1) && Sample.earlier($0, $1).isSamePlace(as: $0) }
        samples = []
        // One log may stand in both parts.
        for sample in all where samples.last?.isSamePlace(as: sample) != true && samples.count < Self.limit {
            samples.append(sample.shortened)
        }
    }
}

extension Sample {
    fileprivate func isSamePlace(as other: Sample) -> Bool {
        time == other.time && source == other.source && offset == other.offset
    }

    fileprivate var shortened: Sample {
        guard text.utf8.count > FurtherSamples.textBytes else { return self }
        var sample = self
        sample.text = String(decoding: text.utf8.prefix(FurtherSamples.textBytes), as: UTF8.self)
        while sample.text.last == "\u{FFFD}" { sample.text.removeLast() }
        return sample
    }
}

extension KeyedDecodingContainer {
    /// Of what was saved before there were any.
    package func decode(_ type: FurtherSamples.Type, forKey key: Key) throws -> FurtherSamples {
        try decodeIfPresent(type, forKey: key) ?? FurtherSamples()
    }
}

/// The earliest events of a finding while a worker runs: the first one and those behind it.
struct EarliestSamples {
    private static let limit = FurtherSamples.limit + 1

    private var places: [Place] = []
    private var samples: [Sample] = []

    /// Takes an event that comes before the bound. Returns the new bound: events behind it are none of the earliest.
    mutating func insert(_ sample: Sample, at place: Place) -> Place {
        let index = places.firstIndex { place.precedes($0) } ?? places.count
        places.insert(place, at: index)
        samples.insert(index == 0 ? sample : sample.shortened, at: index)
        if places.count > Self.limit {
            places.removeLast()
            samples.removeLast()
        }
        return places.count < Self.limit ? Place() : places[Self.limit - 1]
    }

    /// Takes those of other events. Returns the new bound.
    mutating func merge(_ other: EarliestSamples) -> Place {
        var bound = places.count < Self.limit ? Place() : places[Self.limit - 1]
        for (place, sample) in zip(other.places, other.samples) where place.precedes(bound) {
            bound = insert(sample, at: place)
        }
        return bound
    }

    var first: Sample? { samples.first }

    var further: FurtherSamples {
        var further = FurtherSamples()
        further.samples = samples.dropFirst().map(\.shortened)
        return further
    }
}
