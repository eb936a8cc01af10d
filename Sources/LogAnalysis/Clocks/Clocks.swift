import LogCore

/// How much is to be added to the times of each source, so that all are those of one clock.
///
/// The ids that two logs share tell by how much their clocks differ, but not what happened first within the way of a
/// request: of two times by different clocks that lie closer than `doubt`, none is known to be the earlier one. A correction is whole
/// seconds, so that times known to the second only stay such.
struct Clocks: Equatable, Sendable {
    /// Of a source or a finding: nanoseconds to be added to its times.
    struct Shift: Equatable, Sendable {
        var amount: Int64 = 0
        var doubt: Int64 = 0
    }

    /// By path, of those that aren't on the clock of the most.
    private var amounts: [String: Int64] = [:]
    private(set) var doubt: Int64 = 0

    init() {}

    init(_ skews: [ClockSkew]) {
        guard !skews.isEmpty else { return }
        doubt = skews.map { max(ClockSkew.least, saturating(3, times: $0.deviation)) }.max() ?? 0
        var groups: [String: [String]] = [:]
        for skew in skews {
            groups[skew.withBehind[0]] = skew.withBehind
            groups[skew.withAhead[0]] = skew.withAhead
        }
        var known: [String: Int64] = [:]
        // The clock of the most, and then that of the most of those that no id joins to these.
        for (main, _) in groups.sorted(by: { ($1.value.count, $0.key) < ($0.value.count, $1.key) })
        where known[main] == nil {
            known[main] = 0
            var isGrowing = true
            while isGrowing {
                isGrowing = false
                for skew in skews {
                    let (behind, ahead) = (skew.withBehind[0], skew.withAhead[0])
                    if let amount = known[behind], known[ahead] == nil {
                        known[ahead] = amount - skew.median
                    } else if let amount = known[ahead], known[behind] == nil {
                        known[behind] = amount + skew.median
                    } else {
                        continue
                    }
                    isGrowing = true
                }
            }
        }
        for (group, amount) in known where amount != 0 {
            let whole = floorDivide(amount + Timestamp.second / 2, Timestamp.second) * Timestamp.second
            for path in groups[group] ?? [] { amounts[path] = whole }
        }
    }

    func shift(of source: String) -> Shift { Shift(amount: amounts[source, default: 0], doubt: doubt) }

    /// Of what stands in logs of several clocks nothing is known.
    func shift(of finding: Finding) -> Shift {
        if amounts.isEmpty { return Shift() }
        let files = finding.joins.entries(.file).map(\.value)
        let all = Set((files.isEmpty ? [finding.sample.source] : files).map { amounts[$0, default: 0] })
        return Shift(amount: all.count == 1 ? all.first ?? 0 : 0, doubt: doubt)
    }
}

extension Clocks.Shift {
    func corrected(_ time: Int64) -> Int64 { moved(time, by: amount) }
    /// As the log has it.
    func written(_ time: Int64) -> Int64 { moved(time, by: -amount) }

    /// From one corrected time to another, as far as both are known; 0 where clocks differ and it lies within their doubt.
    func lag(_ from: Int64, _ to: Int64, by other: Self) -> Int64 {
        let lag = LogAnalysis.lag(from, to)
        return amount != other.amount && lag.magnitude <= UInt64(max(doubt, other.doubt)) ? 0 : lag
    }
}

private func moved(_ time: Int64, by amount: Int64) -> Int64 {
    Timestamp.plausible.contains(time) ? time + amount : time
}
