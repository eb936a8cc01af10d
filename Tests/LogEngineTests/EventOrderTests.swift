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

    /// Times in order, late ones, none, and leaps of hours.
    @Test(arguments: 0..<60) func `events that nobody wants pass together as one by one`(seed: UInt64) {
        var random = SeededNumbers(seed: seed)
        var (together, single) = (EventOrder(sources: 2, lateness: 5), EventOrder(sources: 2, lateness: 5))
        var clock: Int64 = 0
        for _ in 0..<40 {
            let source = Int.random(in: 0..<2, using: &random)
            let times = ContiguousArray(
                (0..<Int.random(in: 0..<8, using: &random)).map { _ -> Int64 in
                    clock += Int64.random(in: 0..<4, using: &random)
                    switch Int.random(in: 0..<12, using: &random) {
                    case 0: return Timestamp.none
                    case 1: return clock - Int64.random(in: 0..<12, using: &random)
                    case 2: return clock + 4_000 * Timestamp.second
                    default: return clock
                    }
                })
            together.pass(times.span, of: source)
            for time in times { _ = single.admit(time, from: source, nil) }
            let entry = EventOrder.Entry(time: clock, source: source, offset: clock, chunk: 0, index: 0)
            #expect(together.admit(clock, from: source, entry) == single.admit(clock, from: source, entry))
            for source in 0..<2 {
                #expect(together.sources[source].latest == single.sources[source].latest)
                #expect(together.sources[source].leap == single.sources[source].leap)
                if Bool.random(using: &random) {
                    #expect(together.takeOldest(of: source) == single.takeOldest(of: source))
                }
            }
            #expect(together.newest == single.newest)
            #expect(together.watermark == single.watermark)
            #expect(together.late == single.late)
            while let next = together.next(before: together.watermark) {
                #expect(next.time == single.next(before: single.watermark)?.time)
            }
        }
    }
}
