import LogCore
import Testing

@testable import LogEngine

/// How far time goes on in a followed log that is silent.
@Suite struct SourcePulseTests {
    private static let start: Int64 = 1_763_800_000 * Timestamp.second
    private static func at(_ second: Int64) -> Int64 { start + second * Timestamp.second }

    @Test func `time goes on as far behind the clock as the events were`() {
        var pulse = SourcePulse()
        // Blocks of five seconds, of a log that is in another zone than it seems.
        for zone in [0, -5, 3] as [Int64] {
            pulse = SourcePulse()
            for block in 1...3 as ClosedRange<Int64> {
                pulse.arrive(
                    oldest: Self.at(block * 5 - 5 + zone * 3_600), newest: Self.at(block * 5 + zone * 3_600),
                    at: Self.at(block * 5), isBacklog: false)
            }
            #expect(pulse.lag == (5 - zone * 3_600) * Timestamp.second)
            let clock = pulse.clock(at: Self.at(30))
            #expect(clock == Self.at(30 - 5 - 2 + zone * 3_600))
        }
    }

    @Test func `what was there before says how old it is, and not how late it came`() {
        var pulse = SourcePulse()
        pulse.arrive(oldest: Self.at(-10_000), newest: Self.at(-7_200), at: Self.at(0), isBacklog: true)
        #expect(pulse.lag == nil)
        // Nobody waits for it, and it moves no clock.
        #expect(pulse.clock(at: Self.at(10)) == nil)
        // A newer one may have come as late as it is old.
        pulse.arrive(oldest: Self.at(-90), newest: Self.at(-80), at: Self.at(10), isBacklog: true)
        #expect(pulse.clock(at: Self.at(30)) == Self.at(30 - 90 - 2))
        pulse.arrive(oldest: Self.at(20), newest: Self.at(20), at: Self.at(21), isBacklog: false)
        #expect(pulse.lag == Timestamp.second)
    }

    @Test func `events of other days move no clock`() {
        var pulse = SourcePulse()
        pulse.arrive(oldest: Self.at(-200_000), newest: Self.at(-190_000), at: Self.at(0), isBacklog: false)
        #expect(pulse.clock(at: Self.at(10)) == nil)
    }

    @Test func `what came late once is forgotten`() {
        var pulse = SourcePulse()
        pulse.arrive(oldest: Self.at(-3_000), newest: Self.at(0), at: Self.at(0), isBacklog: false)
        for minute in 1...30 as ClosedRange<Int64> {
            pulse.arrive(
                oldest: Self.at(minute * 60), newest: Self.at(minute * 60), at: Self.at(minute * 60 + 1),
                isBacklog: false)
        }
        #expect(pulse.lag == Timestamp.second)
    }
}
