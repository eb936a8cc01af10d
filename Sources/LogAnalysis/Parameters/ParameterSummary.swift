/// What stood in one place of a template's messages, or in one field of its events.
package struct ParameterSummary: Equatable, Sendable, Codable {
    /// Which of the template's wildcards, from 0; nil for a field.
    package var place: Int?
    /// The field's name; nil for a wildcard.
    package var field: String?
    /// Numbers and quantities, by what they are.
    package var distributions: [ParameterKind: Distribution] = [:]
    /// All that is no number.
    package var values = ValueSample()
    /// Whether the words around it say that it is somebody's name.
    package var isUser = false

    init(place: Int? = nil, field: String? = nil) {
        self.place = place
        self.field = field
    }

    package var count: Int64 { distributions.values.reduce(values.count) { $0 + $1.count } }

    /// What most of its values are.
    package var kind: ParameterKind {
        var counts = distributions.mapValues(\.count)
        if values.kept > 0 {
            let written = values.written
            let kept = written.reduce(0) { $0 + $1.count }
            var seen: [ParameterKind: Int64] = [:]
            for (bytes, count) in written {
                let kind = ParameterKind.of(bytes)
                seen[isUser && (kind == .word || kind == .id) ? .user : kind, default: 0] += count
            }
            // Those that are kept stand for all.
            let scale = Double(values.count) / Double(max(kept, 1))
            for (kind, count) in seen { counts[kind, default: 0] += Int64(Double(count) * scale) }
        }
        return ParameterKind.allCases.max { counts[$0, default: 0] < counts[$1, default: 0] } ?? .word
    }

    /// The distribution of what most of its values are, if that is a quantity.
    package var distribution: Distribution? { distributions[kind] }

    /// What people call it: a field's name, or the number of the wildcard.
    package var name: String { field ?? "<*> \((place ?? 0) + 1)" }

    package mutating func merge(_ other: ParameterSummary) {
        for (kind, distribution) in other.distributions {
            if distributions[kind] != nil {
                distributions[kind]?.merge(distribution)
            } else {
                distributions[kind] = distribution
            }
        }
        values.merge(other.values)
        isUser = isUser || other.isUser
    }

    /// Wildcards in their order, then fields by name.
    private static func precedes(_ a: ParameterSummary, _ b: ParameterSummary) -> Bool {
        (a.place ?? .max, a.field ?? "") < (b.place ?? .max, b.field ?? "")
    }

    /// Joins what is known of the same places and fields.
    static func merge(_ a: [ParameterSummary], _ b: [ParameterSummary]) -> [ParameterSummary] {
        if b.isEmpty { return a }
        var merged = a
        for parameter in b { join(parameter, to: &merged) }
        return merged.sorted(by: precedes)
    }

    private static func join(_ parameter: ParameterSummary, to known: inout [ParameterSummary]) {
        if let same = known.firstIndex(where: { $0.place == parameter.place && $0.field == parameter.field }) {
            known[same].merge(parameter)
        } else {
            known.append(parameter)
        }
    }

    /// The same with its wildcards numbered as those of another template: `places` has the new number of each. What has
    /// none is dropped; several with one number become one. Nil leaves all as they are.
    static func moved(_ parameters: [ParameterSummary], to places: [Int]?) -> [ParameterSummary] {
        guard let places else { return parameters }
        var moved: [ParameterSummary] = []
        moved.reserveCapacity(parameters.count)
        for var parameter in parameters {
            if let place = parameter.place {
                guard place < places.count, places[place] < ParameterStore.places else { continue }
                parameter.place = places[place]
            }
            join(parameter, to: &moved)
        }
        return moved.sorted(by: precedes)
    }

    /// In the order in which a summary has them.
    static func ordered(_ parameters: [ParameterSummary]) -> [ParameterSummary] { parameters.sorted(by: precedes) }

    var isSound: Bool {
        (place == nil) != (field == nil) && (0..<ParameterStore.places).contains(place ?? 0) && values.isSound
            && distributions.allSatisfy { $0.value.isSound }
    }
}
