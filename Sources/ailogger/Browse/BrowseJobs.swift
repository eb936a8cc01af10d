import LogAnalysis
import LogEngine
import LogTerminal
import Synchronization

/// Does what takes time, one thing after another on a task of its own, and keeps the results until the screen takes them.
/// Only the job asked for last matters: one that runs is given up.
final class BrowseJobs: Sendable {
    private struct State {
        var next: (number: Int, job: Job)?
        var isRunning = false
        var events: [BrowserEvent] = []
    }

    private let state = Mutex(State())
    private let turn = Turn()
    /// Safe: touched only by the one task that runs jobs, and `isRunning` lets there be no second.
    private nonisolated(unsafe) let reader: LogReader

    init(_ inputs: [Input], _ catalog: Catalog, _ index: BatchIndex) {
        let turn = turn
        reader = LogReader(inputs, catalog, index) { turn.isOver }
    }

    /// Which job is wanted, and which one runs.
    private final class Turn: Sendable {
        let wanted = Atomic<Int>(0)
        let current = Atomic<Int>(0)
        var isOver: Bool { wanted.load(ordering: .relaxed) != current.load(ordering: .relaxed) }
    }

    func run(_ number: Int, _ job: Job) {
        turn.wanted.store(number, ordering: .relaxed)
        let starts = state.withLock { state in
            state.next = (number, job)
            defer { state.isRunning = true }
            return !state.isRunning
        }
        if starts { Task.detached { [self] in work() } }
    }

    func cancel() { turn.wanted.store(-1, ordering: .relaxed) }

    func post(_ event: BrowserEvent) {
        state.withLock { $0.events.append(event) }
        TerminalSession.poke()
    }

    func takeEvents() -> [BrowserEvent] {
        state.withLock { state in
            defer { state.events = [] }
            return state.events
        }
    }

    private func work() {
        while true {
            let next = state.withLock { state -> (number: Int, job: Job)? in
                guard let next = state.next else {
                    state.isRunning = false
                    return nil
                }
                state.next = nil
                return next
            }
            guard let next else { return }
            turn.current.store(next.number, ordering: .relaxed)
            let result = perform(next.job, next.number)
            // Given up: nobody waits for it.
            if !turn.isOver { post(.done(next.number, result)) }
        }
    }

    private func perform(_ job: Job, _ number: Int) -> JobResult {
        do throws(SourceError) {
            var place: LinePlace?
            switch job.target {
            case .place(let known): place = known
            case .line(let source, let line): place = try reader.place(ofLine: line, source: source)
            case .byte(let source, let offset): place = try reader.place(ofByte: offset, source: source)
            case .end(let source): place = try reader.lastLine(source: source)
            case .find(let selection, let from, let forward, let anywhere):
                place =
                    anywhere
                    ? try reader.findAnywhere(selection, from: from, forward: forward)
                    : try reader.find(selection, from: from, forward: forward)
            case .search(let pattern, let from, let forward):
                place = try reader.search(pattern, from: from, forward: forward) { offset in
                    post(.progress(number, "searching, at \(TextLayout.bytes(offset))"))
                }
            case .time(let time): place = try reader.place(since: time)
            case .event(let source, let offset): return .event(try reader.detail(ofEvent: offset, source: source))
            }
            guard let place else { return .nothing }
            let page = try reader.page(at: place, before: job.before, after: job.after)
            return page.lines.isEmpty ? .nothing : .page(place, page)
        } catch {
            return .failed(error.message)
        }
    }
}
