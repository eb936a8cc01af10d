import LogCore
import LogEngine
import LogTerminal
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A bar on standard error for work that takes over a second; nothing where that is no terminal.
final class Progress: Sendable {
    private let bytes = Atomic<Int64>(0)
    private let diskBytes = Atomic<Int64>(0)
    /// Bytes on disk of all inputs; nil if one of them has no size.
    private let total: Int64?
    private let start = ContinuousClock.now
    private let isOn: Bool

    /// The sizes of the inputs on disk are the whole, where all are plain files.
    init(_ inputs: [Input], isOn: Bool) {
        self.isOn = isOn && StandardError.isTerminal
        var sum: Int64 = 0
        var known = true
        for input in inputs {
            if let bytes = input.diskBytes { sum += bytes } else { known = false }
        }
        total = known && sum > 0 ? sum : nil
    }

    func add(_ count: Int64, onDisk: Int64) {
        bytes.add(count, ordering: .relaxed)
        diskBytes.add(onDisk, ordering: .relaxed)
    }

    /// Runs `work` with the bar beside it.
    func around<Result: Sendable>(_ work: @Sendable () async -> Result) async -> Result {
        guard isOn else { return await work() }
        let drawing = Task {
            try await Task.sleep(for: .seconds(1))
            while !Task.isCancelled {
                draw()
                try await Task.sleep(for: .milliseconds(200))
            }
        }
        let result = await work()
        drawing.cancel()
        if ContinuousClock.now - start > .seconds(1) { StandardError.write("\r\u{1B}[K") }
        return result
    }

    private func draw() {
        let elapsed = ContinuousClock.now - start
        let seconds = Double(elapsed.nanoseconds) / 1e9
        var size = winsize()
        let width = ioctl(2, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
        let done = total.map { (bytes: diskBytes.load(ordering: .relaxed), of: $0) }
        let text = ProgressLine.text(
            read: bytes.load(ordering: .relaxed), done: done, seconds: seconds, width: width - 1)
        StandardError.write("\r\u{1B}[K" + String(text.prefix(width - 1)))
    }
}
