import LogAnalysis
import LogEngine
import LogTerminal
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The report on the whole screen, drawn anew as it grows, until `q`, Ctrl-C or a signal ends it. The keys are looked at on
/// a thread of their own: the report may take a while to come.
final class ReportScreen: Sendable {
    private struct State {
        var painter: ScreenPainter
        var lines: [TextLine] = []
        /// As it was last shown, for another size.
        var report: Report?
    }

    private let session: TerminalSession
    private let layout: LayoutOptions
    private let edits: TemplateEdits
    private let state: Mutex<State>
    private let over = Atomic<Bool>(false)

    init(_ layout: LayoutOptions, _ edits: TemplateEdits) throws(Failure) {
        session = try TerminalSession()
        self.layout = layout
        self.edits = edits
        state = Mutex(State(painter: ScreenPainter(color: layout.color.isOn)))
        draw()
        Thread.detach { [self] in watch() }
    }

    var isOver: Bool { over.load(ordering: .relaxed) }

    func leave() {
        over.store(true, ordering: .relaxed)
        session.leave()
    }

    func show(_ summary: Summary) {
        let report = Report(summary, edits: edits)
        state.withLock { $0.report = report }
        draw()
    }

    private func draw(anew: Bool = false) {
        let size = session.size
        state.withLock { state in
            if isOver { return }
            if anew { state.painter.forget() }
            var lines =
                state.report.map { report in
                    TextReport(
                        width: layout.width?.number ?? size.width, color: true, unicode: Terminal.isUnicode,
                        height: size.height,
                        top: layout.top?.number
                    ).lines(report, elapsed: nil)
                } ?? [TextLine("Reading.", .faint)]
            lines = Array(lines.prefix(size.height - 1))
            while lines.count < size.height - 1 { lines.append(TextLine()) }
            lines.append(TextLine("following; q or Ctrl-C ends and prints the report", .faint))
            session.write(state.painter.paint(lines, size))
        }
    }

    /// Keys and signals, until the end.
    private func watch() {
        var decoder = KeyDecoder()
        while !isOver {
            var keys: [KeyPress] = []
            switch session.wait(milliseconds: 200) {
            case .bytes(let bytes): keys = decoder.feed(bytes)
            case .nothing: keys = decoder.flush()
            case .woken: break
            case .end: over.store(true, ordering: .relaxed)
            }
            for key in keys {
                switch key {
                case .control("c"), .character("q"), .character("Q"): over.store(true, ordering: .relaxed)
                case .control("l"): draw(anew: true)
                case .control("z"): suspend()
                default: break
                }
            }
            for signal in session.takeSignals() {
                switch signal {
                case SIGWINCH: draw(anew: true)
                case SIGTSTP: suspend()
                case SIGCONT:
                    session.enter()
                    draw(anew: true)
                default: over.store(true, ordering: .relaxed)
                }
            }
        }
    }

    private func suspend() {
        state.withLock { _ in session.leaveAndStop() }
        draw(anew: true)
    }
}

/// A thread that nobody waits for.
private enum Thread {
    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    static func detach(_ body: @escaping @Sendable () -> Void) {
        let work = Unmanaged.passRetained(Work(body))
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { pointer in
                // Safe: it is the work retained above, and no other thread gets it.
                if let pointer { Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().body() }
                return nil
            }, work.toOpaque())
        if status == 0 { pthread_detach(thread) } else { work.release() }
    }
}
