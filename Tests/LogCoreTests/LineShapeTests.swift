import LogCore
import Testing

@Suite struct LineShapeTests {
    private func isContinuation(_ line: String) -> Bool { LineShape.isContinuation(Array(line.utf8).span) }
    private func isJoint(_ line: String) -> Bool { LineShape.isJoint(Array(line.utf8).span) }

    @Test(arguments: [
        " indented", "\tindented", "}", ")", "]", "Caused by: x", "Suppressed: x", "goroutine 1 [running]:",
        "Traceback (most recent call last):", "During handling of the above exception, another exception occurred:",
        "The above exception was the direct cause of the following exception:", "stack backtrace:",
        "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace", "#12 {main}", "... 4 more",
        "--- End of stack trace from previous location ---", "app/models/cart.rb:12:in 'load'",
        "at shop.Cart.load(Cart.java:42)", "Node.js v22.11.0", "[2-3] FROM carts",
    ])
    func `the joints of traces continue what stands before them`(line: String) {
        #expect(isContinuation(line))
    }

    @Test(arguments: [
        "", "Caused by nobody", "Causes", "goroutines", "During the night", "Tracing", "note: see below", "stack", "{",
        "(", "2026-11-22 10:00:00 x", "S", "C", "D", "T", "g", "n", "s", "#", "#1", "# heading", "#define x",
        "... more",
        "at noon (UTC) all was well", "at shop", "--- a/x", "[2-1] ERROR", "[1-2-3] x", "[error] x", "x.rb:12:in",
        "x.rb:1:in 'a': no answer (RuntimeError)", "from here on",
    ])
    func `other lines continue nothing`(line: String) {
        #expect(!isContinuation(line))
    }

    @Test(arguments: [
        "\tat shop.Cart.load(Cart.java:42)", "#011at shop.Cart.load(Cart.java:42)",
        "  File \"a.py\", line 1, in <module>",
        "\tfrom /srv/a.rb:3:in `b'", "\t... 12 more", "   at Shop.Cart.Load() in /src/Cart.cs:line 4",
        " ---> System.X: y",
        "    at async run (/srv/main.js:5:1)", "#0  0x00007f in main ()", "  thrown in /srv/a.php on line 3",
    ])
    func `a frame tells itself where every line has a head`(text: String) {
        #expect(isJoint(text))
    }

    @Test(arguments: [
        "", " ", "  indented text", "\tat the start of nothing", "    return connect(dsn)", "}", ")",
        "\tfrom here to there",
        "  File not found", "    at",
    ])
    func `mere blanks don't where every line has a head`(text: String) {
        #expect(!isJoint(text))
    }

    @Test func `no bytes of any length break the tests`() {
        let starts = [
            "Exception in thread \"", "panic: ", "fatal error: ", "thread '", "thread 'a' (", "Caused by: ", "#0 ",
            "[1-2] ",
            "... 1 more", "at a(b:c)", "--- End of stack trace", "x.rb:1:in 'a'", "==1==ERROR: AddressSanitizer: x",
            "terminate called after throwing an instance of 'x'", "TypeError [ERR]: x", "A::B (x):",
        ]
        for start in starts {
            for length in 0...start.utf8.count {
                let line = Array(start.utf8.prefix(length))
                _ = LineShape.isContinuation(line.span)
                _ = LineShape.isJoint(line.span)
                _ = ExceptionName(line.span)
                _ = ExceptionName(line.span, anyName: true)
            }
        }
    }

    @Test func `in front of a time blanks fill up a number`() {
        func column(_ line: String) -> Int? {
            Array(line.utf8).withUnsafeBufferPointer { LineShape.timeColumn(of: Span(_unsafeElements: $0)) }
        }
        #expect(column("  4711:20261122:100000.123 x") == 7 && column("124711:20261122:100000.123 x") == 7)
        #expect(column("    [2026-11-22 10:00:00] x") == 5 && column("2026-11-22 10:00:00 x") == 0)
        for line in [
            " 4711:20261122:100000.123 x", "  at run 2026-11-22 10:00:00", "       x", "    | 2026-11-22 10:00:00 | x",
            "        2026-11-22 10:00:00 x",
        ] {
            #expect(column(line) != 7, "\(line)")
        }
    }
}

@Suite struct ExceptionNameTests {
    private func name(_ line: String, anyName: Bool = false) -> [String]? {
        let bytes = Array(line.utf8)
        guard let name = ExceptionName(bytes.span, anyName: anyName) else { return nil }
        return [bytes[name.type], bytes[name.message]].map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: [
        ("java.lang.IllegalStateException: no answer", ["java.lang.IllegalStateException", "no answer"]),
        ("java.lang.NullPointerException", ["java.lang.NullPointerException", ""]),
        (#"Exception in thread "main" java.lang.OutOfMemoryError: heap"#, ["java.lang.OutOfMemoryError", "heap"]),
        ("Unhandled exception. System.IO.IOException: full", ["System.IO.IOException", "full"]),
        ("TypeError [ERR_X]: x is not a function", ["TypeError", "x is not a function"]),
        ("PHP Fatal error:  Uncaught App\\JobError: gone in /a.php:3", ["App\\JobError", "gone in /a.php:3"]),
        ("ActionView::Template::Error (undefined method):", ["ActionView::Template::Error", "undefined method"]),
        ("/a/b.rb:17:in `connect': refused (PG::ConnectionBad)", ["PG::ConnectionBad", "refused"]),
        ("** (RuntimeError) no stock", ["RuntimeError", "no stock"]),
        ("** (EXIT from #PID<0.94.0>) shell process exited", ["EXIT", "shell process exited"]),
        ("terminate called after throwing an instance of 'std::out_of_range'", ["std::out_of_range", ""]),
        (
            "==1==ERROR: AddressSanitizer: heap-use-after-free on address 0x1",
            ["heap-use-after-free", "on address 0x1"]
        ),
    ])
    func `the class and what it says are told apart`(line: String, expected: [String]) {
        #expect(name(line) == expected)
    }

    @Test(arguments: [
        "", "Error in line 3", "no error: none", "https://example.com/Error", "10:00:00 Error", "Errors: 3",
        "a b Exception",
        "Exceptional: x", "(RuntimeError)",
    ])
    func `a sentence names no exception`(line: String) {
        #expect(name(line) == nil)
    }

    @Test func `behind a traceback any name is one`() {
        #expect(name("shop.errors.NoAnswer: no answer") == nil)
        #expect(name("shop.errors.NoAnswer: no answer", anyName: true) == ["shop.errors.NoAnswer", "no answer"])
        #expect(name("KeyboardInterrupt", anyName: true) == ["KeyboardInterrupt", ""])
        #expect(name("it is not: this", anyName: true) == nil)
    }
}
