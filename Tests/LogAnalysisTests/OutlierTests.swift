import LogCore
import Testing

@testable import LogAnalysis

@Suite struct OutlierTests {
    private func template(_ values: [Double], _ kind: ParameterKind) -> TemplateSummary {
        var template = TemplateSummary(
            text: "took <*>", sample: MadeUp.sample("a.log", 1, 0, "took 1"), component: "")
        var distribution = Distribution()
        for (line, value) in values.enumerated() {
            template.tally.add(time: MadeUp.time(Double(line)))
            let isLargest = value > distribution.maximum
            _ = distribution.add(value)
            if isLargest {
                distribution.largest = MadeUp.sample("a.log", Int64(line + 1), Double(line), "took \(value)")
            }
        }
        template.parameters = [ParameterSummary(place: 0)]
        template.parameters[0].distributions[kind] = distribution
        return template
    }

    private func summary(_ templates: [TemplateSummary]) -> Summary {
        var summary = Summary()
        for (index, template) in templates.enumerated() { summary.templates["\(index)"] = template }
        return summary
    }

    private enum Shape: CaseIterable { case logNormal, pareto, exponential, uniform, constant, twoKinds }

    private func values(_ shape: Shape, _ count: Int, _ random: inout SeededGenerator) -> [Double] {
        (0..<count).map { _ in
            let u = Double.random(in: 1e-12..<1, using: &random)
            let normal = (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &random) }
            switch shape {
            case .logNormal: return 0.02 * SpecialFunctions.exp(normal)
            case .pareto: return 0.01 * SpecialFunctions.exp(-SpecialFunctions.log(u) / 1.2)
            case .exponential: return -0.05 * SpecialFunctions.log(u)
            case .uniform: return u
            case .constant: return 0.25
            case .twoKinds: return u < 0.04 ? 2 + normal / 10 : 0.001 * (1 + u)
            }
        }
    }

    @Test func `steady series of any shape have as good as no outliers`() {
        var told = 0
        for seed in UInt64(1)...100 {
            var random = SeededGenerator(state: seed)
            for shape in Shape.allCases {
                let count = [150, 600, 3_000][Int(seed) % 3]
                told += OutlierFinder.find(summary([template(values(shape, count, &random), .duration)])).count
            }
        }
        // At most one in a hundred of 600 series.
        #expect(told <= 6)
    }

    @Test(arguments: [ParameterKind.duration, .bytes])
    func `a value far above all others is told with its line`(kind: ParameterKind) throws {
        var random = SeededGenerator(state: 4)
        var series = values(.logNormal, 2_000, &random)
        series[1_234] = 300
        let found = OutlierFinder.find(summary([template(series, kind)]))
        let change = try #require(found.first)
        #expect(found.count == 1)
        #expect(change.kind == .outlier)
        #expect(change.subject == .parameter(template: "0", index: 0))
        #expect(change.sample.line == 1_235)
        #expect(change.statement.citations.map(\.line) == [1_235])
        #expect(change.chance <= 0.01)
    }

    @Test func `plain numbers have no outliers: they may be anything`() {
        var random = SeededGenerator(state: 4)
        var series = values(.logNormal, 2_000, &random)
        series[7] = 1e9
        #expect(OutlierFinder.find(summary([template(series, .number)])).isEmpty)
    }

    private func components(_ failures: [Int64], of total: Int64) -> Summary {
        var summary = Summary()
        for (index, count) in failures.enumerated() {
            let name = "web-\(index + 1)"
            summary.components[name] = MadeUp.component([.error: count, .info: total - count])
            summary.templates[name] = MadeUp.template(
                "failed", MadeUp.sample("a.log", Int64(index + 1), 0, "failed"), component: name,
                counts: [.error: count, .info: total - count])
        }
        return summary
    }

    @Test func `one component that fails where its peers don't is told`() throws {
        let found = OutlierFinder.find(components([1, 0, 2, 80, 1, 0], of: 500))
        #expect(found.map(\.name) == ["web-4"])
        #expect(found.first?.statement.text.hasPrefix("web-4 fails most: 80 of its 500 events") == true)
        let alone = OutlierFinder.find(components([0, 0, 0, 80, 0, 0], of: 500))
        #expect(alone.first?.statement.text.hasPrefix("web-4 alone fails: 80 of its 500 events") == true)
    }

    /// Six names, each of sixty events twice; one of them fails.
    private func naming(_ name: (Int) -> String) -> Summary {
        var summary = Summary()
        for index in 0..<6 {
            let (name, count) = (name(index), Int64(index == 3 ? 40 : 0))
            for (severity, events) in [(Severity.error, count), (.info, 60 - count)] where events > 0 {
                var template = MadeUp.template(
                    "\(severity)", MadeUp.sample("a.log", Int64(index + 1), 0, name), counts: [severity: events])
                template.parameters = (0..<2).map { place in
                    var parameter = ParameterSummary(place: place)
                    let text = Array(name.utf8)
                    for _ in 0..<events { _ = parameter.values.add(text.span) }
                    return parameter
                }
                summary.templates["\(name) \(severity)"] = template
            }
        }
        return summary
    }

    @Test func `an event that names an address twice is one event`() throws {
        let found = OutlierFinder.find(naming { "10.0.0.\($0 + 1)" })
        #expect(found.map(\.name) == ["10.0.0.4"])
        #expect(found.first?.statement.text.contains("40 of its 60 events") == true)
    }

    @Test func `a code of digits alone, such as 5.7.1, is nobody`() {
        #expect(OutlierFinder.find(naming { "\($0 + 2).7.1" }).isEmpty)
        #expect(OutlierFinder.find(naming { "04:0\($0)" }).isEmpty)
        #expect(OutlierFinder.find(naming { "db-\($0)" }).map(\.name) == ["db-3"])
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `peers that fail alike are not told`(seed: UInt64) {
        var random = SeededGenerator(state: seed)
        let failures = (0..<10).map { _ in
            (0..<300).reduce(Int64(0)) { sum, _ in sum + (Int.random(in: 0..<50, using: &random) == 0 ? 1 : 0) }
        }
        #expect(OutlierFinder.find(components(failures, of: 300)).isEmpty)
    }
}
