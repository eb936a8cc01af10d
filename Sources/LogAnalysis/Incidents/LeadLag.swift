import LogCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Whether one finding follows another more often than chance would have it.
struct LeadLag: Equatable {
    /// "So soon": five seconds, or a bucket where it is wider.
    private static let usual = 5 * Timestamp.second
    /// Two that come once each prove nothing.
    private static let leastCases = 3

    /// Times at which the follower began anew, and how many of them came so soon after the leader.
    let cases: Int
    let followed: Int
    /// Of these the ones that were clearly later, and those of the leader that were clearly later than the follower.
    let later: Int
    let earlier: Int
    /// What "so soon" is, nanoseconds.
    let lag: Int64
    /// How likely so many are where the two have nothing to do with one another.
    let chance: Double

    /// It is no chance, and the leader comes first.
    func isLead(_ limit: Double) -> Bool { chance < limit && followed * 2 > cases && later > earlier }

    init?(leader: CountSeries, follower: CountSeries) {
        guard leader.buckets.count >= Self.leastCases, follower.buckets.count >= Self.leastCases else { return nil }
        let width = max(leader.width, follower.width)
        // In buckets of more than ten minutes everything is at once.
        guard width <= 600 * Timestamp.second else { return nil }
        let a = leader.widened(to: width).buckets
        let b = follower.widened(to: width).buckets
        let reach = max(Self.usual / width, 1)
        lag = reach * width
        var cases = 0
        var followed = 0
        var later = 0
        var earlier = 0
        var place = 0
        for index in b.indices where index == 0 || b[index] - b[index - 1] > reach {
            cases += 1
            while place < a.count, a[place] < b[index] - reach { place += 1 }
            if place < a.count, a[place] <= b[index] {
                followed += 1
                if a[place] < b[index] { later += 1 }
            } else if place < a.count, a[place] <= b[index] + reach {
                earlier += 1
            }
        }
        guard cases >= Self.leastCases else { return nil }
        // While the follower comes at all: two that are frequent in the same hour follow one another by chance.
        let extent = (b[0] - reach)..<(b[b.count - 1] + 1)
        var covered: Int64 = 0
        var end = extent.lowerBound
        for bucket in a where bucket + reach >= extent.lowerBound && bucket < extent.upperBound {
            let stop = min(bucket + reach + 1, extent.upperBound)
            covered += max(stop - max(bucket, end), 0)
            end = max(end, stop)
        }
        let share = min(Double(covered) / Double(extent.upperBound - extent.lowerBound), 1)
        (self.cases, self.followed, self.later, self.earlier) = (cases, followed, later, earlier)
        chance = Self.tail(followed, of: cases, share)
    }

    /// The chance of at least `successes` of `trials` that succeed with `share` each.
    static func tail(_ successes: Int, of trials: Int, _ share: Double) -> Double {
        if successes <= 0 || share >= 1 { return 1 }
        if share <= 0 { return 0 }
        let n = Double(trials)
        var sum = 0.0
        for k in successes...max(trials, successes) {
            let k = Double(k)
            sum += exp(
                lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(share) + (n - k) * log(1 - share))
        }
        return min(sum, 1)
    }
}
