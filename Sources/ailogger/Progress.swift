import LogEngine
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A bar on standard error for work that takes over a second; nothing where that is no terminal.
final class Progress: Sendable {
    private let bytes = Atomic<Int64>(0)
    private let total: Int64?
    private let start = ContinuousClock.now
    private let isOn: Bool

    /// The sizes of the inputs on disk are the whole, where all are plain files.
    init(_ inputs: [Input], isOn: Bool) {
        self.isOn = isOn && StandardError.isTerminal
        var sum: Int64 = 0
        var known = true
        for input in inputs {
            var info = stat()
            if stat(input.path, &info) == 0, info.st_mode & S_IFMT == S_IFREG {
                sum += Int64(info.st_size)
                // Compressed bytes can't be set against decompressed ones.
                if [".gz", ".zst"].contains(where: input.path.hasSuffix) { known = false }
            } else {
                known = false
            }
        }
        total = known && sum > 0 ? sum : nil
    }

    func add(_ count: Int64) { bytes.add(count, ordering: .relaxed) }

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
        let read = bytes.load(ordering: .relaxed)
        let elapsed = ContinuousClock.now - start
        let seconds = max(Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18, 0.001)
        let rate = Double(read) / seconds
        var line = "\r\u{1B}[K\(read / 1_000_000) MB, \(Int64(rate / 1e6)) MB/s"
        if let total, total > 0 {
            let share = min(Double(read) / Double(total), 1)
            let filled = Int(share * 30)
            let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 30 - filled)
            line = "\r\u{1B}[K[\(bar)] \(Int(share * 100)) %, \(Int64(rate / 1e6)) MB/s"
            if rate > 0 { line += ", \(Int(Double(total - min(read, total)) / rate)) s left" }
        }
        StandardError.write(line)
    }
}
