import LogAnalysis
import LogCore
import LogEngine
import LogLua
import Synchronization

/// What correlators find in a run of `parse`, in the order in which they find it: that of event time. A report keeps some
/// cases of each finding; here each is a line of its own.
final class FindingLog: Sendable {
    private struct State {
        var entries: [(rule: RuleInfo, one: FindingCase, status: String)] = []
        var bytes = 0
        var left = 0
    }

    private let state = Mutex(State())
    /// Lines wait for the end of the events; so many are some 100 MiB, and none take more texts than that.
    private static let most = 200_000
    private static let mostBytes = 100 << 20

    /// Findings that were left out, for there were too many.
    var left: Int { state.withLock { $0.left } }

    /// Takes up what a run before found and told nobody.
    func begin(with saved: SavedCorrelation) {
        for (_, finding) in saved.findings.sorted(by: { $0.key < $1.key }) {
            for one in finding.cases { add(finding.rule, one, status: one.key.isEmpty ? "" : "raised") }
        }
    }

    func add(_ id: String, _ finding: CorrelationFinding) {
        let summary = FindingSummary(finding, id: id)
        guard let one = summary.cases.first else { return }
        add(summary.rule, one, status: finding.status)
    }

    /// What was found is found again, in the order of time.
    func restart(with saved: SavedCorrelation?) {
        state.withLock { $0 = State() }
        if let saved { begin(with: saved) }
    }

    private func add(_ rule: RuleInfo, _ one: FindingCase, status: String) {
        state.withLock { state in
            if state.entries.count < Self.most, state.bytes < Self.mostBytes {
                state.bytes += one.message.utf8.count
                for (name, value) in one.fields { state.bytes += name.utf8.count + value.text.utf8.count }
                state.entries.append((rule, one, status))
            } else {
                state.left += 1
            }
        }
    }

    func write(to output: OrderedOutput) {
        for entry in state.withLock({ $0.entries }) {
            output.write(FindingLine.encode(entry.rule, entry.one, status: entry.status))
        }
    }
}
