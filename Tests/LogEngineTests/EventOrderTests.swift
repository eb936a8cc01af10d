import LogCore
import Testing

@testable import LogEngine

/// The watermark, kept up as sources begin, fall idle and end, is what a look at all of them gives.
@Suite struct EventOrderTests {
    private static func watermark(of sources: [EventOrder.Source], lateness: Int64) -> Int64 {
        let waited = sources.filter { !$0.isFinished && !$0.isIdle }
        guard let least = waited.map(\.latest).min() else { return .max }
        return least == .min ? .min : least - lateness
    }

    @Test(arguments: 0..<50) func `the watermark is that of the source furthest behind`(seed: UInt64) {
        var random = SeededNumbers(seed: seed)
        let lateness: Int64 = 5
        var order = EventOrder(sources: 6, lateness: lateness)
        var clock: Int64 = 1_000
        #expect(order.watermark == .min)
        for _ in 0..<300 {
            let source = Int.random(in: 0..<6, using: &random)
            clock += Int64.random(in: 0..<3, using: &random)
            switch Int.random(in: 0..<20, using: &random) {
            case 0 where !order.sources[source].isFinished: order.finish(source)
            case 1, 2: order.setIdle(source, Bool.random(using: &random))
            case 3:
                var saved = EventOrder.Source()
                saved.latest = Bool.random(using: &random) ? .min : clock
                saved.isFinished = Bool.random(using: &random)
                order.resume(source, as: saved)
            default:
                guard !order.sources[source].isFinished else { continue }
                _ = order.admit(clock, from: source, nil)
            }
            #expect(order.watermark == Self.watermark(of: order.sources, lateness: lateness))
        }
    }
}
