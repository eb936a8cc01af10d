import LogCore
import Testing

@Suite struct TraceShapeTests {
    private func crash(_ line: String) -> TraceShape { TraceShape.crash(Array(line.utf8).span) }
    private func isContinuation(_ line: String) -> Bool { TraceShape.isContinuation(Array(line.utf8).span) }

    @Test(arguments: [
        (#"Exception in thread "main" java.lang.Error: x"#, TraceShape.java),
        ("panic: runtime error: x", .go),
        ("fatal error: all goroutines are asleep - deadlock!", .go),
        ("thread 'main' panicked at src/main.rs:2:5:", .rust),
        ("thread 'main' (4711) panicked at src/main.rs:2:5:", .rust),
        ("thread '<unnamed>' panicked at 'x', src/main.rs:2:5", .rust),
        ("Traceback (most recent call last):", .none),
        ("panic", .none), ("panicking: no", .none), ("fatal: not a git repository", .none),
        ("thread 'main' started", .none), ("thread 'main", .none), ("thread '' (", .none), ("", .none),
        (" panic: indented", .none), ("Exception in thread main", .none),
    ])
    func `a crash is told by its first line`(line: String, shape: TraceShape) {
        #expect(crash(line) == shape)
    }

    @Test(arguments: [
        " indented", "\tindented", "}", ")", "Caused by: x", "Suppressed: x", "goroutine 1 [running]:",
        "Traceback (most recent call last):", "During handling of the above exception, another exception occurred:",
        "The above exception was the direct cause of the following exception:", "stack backtrace:",
        "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace",
    ])
    func `the joints of traces continue what stands before them`(line: String) {
        #expect(isContinuation(line))
    }

    @Test(arguments: [
        "", "Caused by nobody", "Causes", "goroutines", "During the night", "Tracing", "note: see below", "stack", "{",
        "(",
        "2026-11-22 10:00:00 x", "S", "C", "D", "T", "g", "n", "s",
    ])
    func `other lines continue nothing`(line: String) {
        #expect(!isContinuation(line))
    }

    @Test func `no bytes of any length break the tests`() {
        let starts = ["Exception in thread \"", "panic: ", "fatal error: ", "thread '", "thread 'a' (", "Caused by: "]
        for start in starts {
            for length in 0...start.utf8.count {
                _ = crash(String(start.prefix(length)))
                _ = isContinuation(String(start.prefix(length)))
            }
            #expect(crash(start + String(repeating: "x", count: 300)) != .rust)
        }
    }
}
