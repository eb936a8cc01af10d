/// What is odd about the times of some events, in numbers that add up.
package struct TimeTally: Equatable, Sendable, Codable {
    /// Events with a time of their own that writes no zone.
    package var zoneless: Int64 = 0
    /// Events earlier than the one before them by a second or more, as a time in whole seconds stands for all of its second;
    /// and those of them earlier by more than an hour.
    package var backward: Int64 = 0
    package var jumps: Int64 = 0

    private static let jump = 3_600 * Timestamp.second

    package init() {}

    /// `Timestamp.none` on either side is no step.
    @inline(__always)
    package mutating func step(from before: Int64, to time: Int64) {
        guard time < before, time != Timestamp.none, before &- time >= Timestamp.second else { return }
        backward &+= 1
        if before &- time > Self.jump { jumps &+= 1 }
    }

    package mutating func add(_ other: TimeTally) {
        zoneless += other.zoneless
        backward += other.backward
        jumps += other.jumps
    }
}
