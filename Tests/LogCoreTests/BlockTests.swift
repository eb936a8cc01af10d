import LogCore
import Testing

/// Blocks between lines of a log that no format knows: each is one event.
@Suite struct BlockTests {
    static let blocks: [(name: String, text: String)] = [
        ("Java", "Exception in thread \"a\" java.lang.Error: x\n\tat a.B.c(B.java:1)\nCaused by: y\n\t... 1 more"),
        (
            ".NET",
            "Unhandled exception. System.Exception: x\n ---> System.Y: z\n   at A.B()\n   --- End of inner exception stack trace ---\n"
                + "--- End of stack trace from previous location ---\n   at C.D() in /src/C.cs:line 4"
        ),
        (
            "Node.js",
            "/srv/a.js:3\nthrow new Error('x')\n^\n\nError: x\n    at b (/srv/a.js:3:7) {\n  code: 'E'\n}\n\nNode.js v22.1.0"
        ),
        ("Python", "Traceback (most recent call last):\n  File \"a.py\", line 1, in <module>\n    b()\nKeyError: 'c'"),
        ("Ruby", "/srv/a.rb:1:in `b': x (RuntimeError)\n\tfrom /srv/a.rb:3:in `<main>'"),
        (
            "Ruby of old",
            "Traceback (most recent call last):\n\t1: from a.rb:3:in `<main>'\na.rb:1:in `b': x (RuntimeError)"
        ),
        (
            "PHP",
            "PHP Fatal error:  Uncaught Exception: x in /a.php:3\nStack trace:\n#0 /a.php(7): b()\n#1 {main}\n  thrown in /a.php on line 3"
        ),
        (
            "Go",
            "panic: x\ny\n\ngoroutine 1 [running]:\nmain.b(0x1)\n\t/a.go:1 +0x1\ncreated by c\n\t/a.go:2\nexit status 2"
        ),
        (
            "Go, a signal",
            "SIGSEGV: segmentation violation\nPC=0x7f m=5 sigcode=1 addr=0x0\nsignal arrived during cgo execution\n\ngoroutine 7 gp=0xc0 m=5 mp=0xc1 [syscall]:\nruntime.cgocall(0x4a, 0xc0)\n\truntime/cgocall.go:157 +0x4b"
        ),
        (
            "Rust",
            "thread 'main' panicked at a.rs:1:1:\nx\nstack backtrace:\n   0: a\n             at b.rs:1\nnote: Some details are omitted"
        ),
        (
            "Dart",
            "Unhandled exception:\nBad state: x\n#0      main (file:///a.dart:1:2)\n<asynchronous suspension>\n#1      b (dart:c)"
        ),
        (
            "AddressSanitizer",
            String(repeating: "=", count: 65)
                + "\n==1==ERROR: AddressSanitizer: heap-use-after-free on address 0x1\nREAD of size 4 at 0x1 thread T0\n    #0 0x1 in main a.c:1\n\n"
                + "freed by thread T0 here:\n    #0 0x2 in free\n\nSUMMARY: AddressSanitizer: heap-use-after-free a.c:1 in main\n"
                + "Shadow bytes around the buggy address:\n=>0x0c: fa\n==1==ABORTING"
        ),
        (
            "a race",
            "==================\nWARNING: DATA RACE\nRead at 0x1 by goroutine 7:\n  main.b()\n\nGoroutine 7 (running) created at:\n  main.main()\n=================="
        ),
        ("Valgrind", "==1== Invalid read of size 4\n==1==    at 0x1: main (a.c:1)\n==1== "),
        (
            "glibc",
            "*** Error in `a': double free ***\n======= Backtrace: =========\n/lib/libc.so.6(+0x1)[0x2]\n======= Memory map: ========\n00400000-00401000 r-xp 00000000 08:01 1 /a\nAborted"
        ),
        (
            "C++",
            "terminate called after throwing an instance of 'std::logic_error'\n  what():  x\nAborted (core dumped)"
        ),
        (
            "gdb",
            "Program received signal SIGSEGV, Segmentation fault.\n0x1 in raise ()\n#0  0x1 in raise () from /lib/libc.so.6\n#1  0x2 in main () at a.c:1\n\nThread 2 (Thread 0x7f (LWP 2)):\n#0  0x1 in select ()"
        ),
        ("JSON", "{\n  \"a\": [\n    \"} {\"\n  ]\n}"),
        ("XML", "<?xml version=\"1.0\"?>\n<a>\n  <b>c</b>\n</a>"),
        ("a diff", "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n\\ No newline at end of file"),
        ("MySQL's table", "+---+---+\n| a | b |\n+---+---+\n| 1 | 2 |\n+---+---+\n1 row in set (0.00 sec)"),
        ("a box", "┌───┐\n│ a │\n└───┘"),
        ("SQL", "SELECT a\n  FROM b\nWHERE c = 1\nORDER BY a;"),
    ]

    @Test(arguments: blocks) func `a block is one event`(name: String, text: String) {
        let whole = "started\n\(text)\nstopped\n"
        let joining = Joining(whole)
        #expect(joining.texts == ["started", text, "stopped"], "\(name)")
        #expect(joining.problems(of: Array(whole.utf8)) == [])
    }

    @Test(arguments: blocks) func `of two blocks in a row none takes the other's lines`(name: String, text: String) {
        // A table goes on with rows, a diff with diffs, a debugger with threads: nothing tells where one ends.
        if ["a box", "a diff", "MySQL's table"].contains(name) { return }
        #expect(Joining("\(text)\n\(text)\n").texts == [text, text], "\(name)")
    }

    @Test(arguments: ["JSON", "XML", "a diff", "MySQL's table", "a box", "SQL"])
    func `data belongs to the line that announces it`(name: String) throws {
        let text = try #require(Self.blocks.first { $0.name == name }?.text)
        let head = "2026-11-22 10:00:00 INFO this is it"
        #expect(Joining("\(head)\n\(text)\nnext\n").texts == ["\(head)\n\(text)", "next"])
    }

    @Test(arguments: [".NET", "Python", "Ruby"])
    func `a trace belongs to the line before if that may tell of trouble`(name: String) throws {
        let text = try #require(Self.blocks.first { $0.name == name }?.text).replacing(
            "Unhandled exception. ", with: "")
        let error = "2026-11-22 10:00:00 ERROR no answer"
        let fine = "2026-11-22 10:00:00 INFO all is well"
        #expect(Joining("\(error)\n\(text)\n").texts == ["\(error)\n\(text)"])
        #expect(Joining("\(fine)\n\(text)\n").texts == [fine, text])
    }

    @Test func `a document is read as one`() throws {
        let text =
            #"{"#
            + "\n  \"time\": \"2026-11-22T10:00:00Z\",\n  \"level\": \"error\",\n  \"msg\": \"a\",\n  \"n\": [\n    1\n  ]\n}\n"
        let event = try #require(Joining(text).events.first)
        #expect(event.timeSource == .line)
        #expect(event.severity == .error)
        #expect(String(decoding: event.message, as: UTF8.self) == "a")
        #expect(event.fields.map { String(decoding: $0, as: UTF8.self) } == ["[1]"])
    }

    @Test func `what is no document stays text`() {
        for text in ["{\n  \"a\": 1\n", "{\n  a: 1\n}\n", "{\n}\n}\n"] {
            #expect(Joining(text).problems(of: Array(text.utf8)) == [])
        }
        #expect(Joining("{\n  a: 1\n}\n").texts == ["{\n  a: 1\n}"])
    }

    @Test func `the exception is a field of the event`() {
        func fields(_ text: String) -> [String] {
            Joining(text, parsers: [HeaderParser()]).events.first?.fields.map { String(decoding: $0, as: UTF8.self) }
                ?? []
        }
        let head = "2026-11-22 10:00:00,123 ERROR x\n"
        #expect(fields(head + "a.B: c\na.CException: d\n\tat e.F.g(F.java:1)\n") == ["a.CException", "d"])
        #expect(
            fields(head + "Traceback (most recent call last):\n  File \"a\", line 1, in b\n    c\nd.E: f\n") == [
                "d.E", "f",
            ])
        #expect(fields(head + "a.CException: d\nno frame\n") == [])
        #expect(fields(head + "just\n  text\n") == [])
    }

    @Test func `a message that ends before its line does goes on over the lines that join`() throws {
        let text = "2026-11-22 10:00:00,123 no answer (logger)\n\tat a.B\n2026-11-22 10:00:01,123 next (logger)\n"
        let joining = Joining(text, parsers: [TailParser()])
        #expect(joining.problems(of: Array(text.utf8)) == [])
        #expect(joining.events.map { String(decoding: $0.message, as: UTF8.self) } == ["no answer\n\tat a.B", "next"])
    }

    @Test func `a message may begin on the line behind its head`() {
        let text = "2026-11-22 10:00:00,123 (logger)\nno answer\n\tat a.B\n"
        let joining = Joining(text, parsers: [TailParser()])
        #expect(joining.events.map { String(decoding: $0.message, as: UTF8.self) } == ["no answer\n\tat a.B"])
    }

    @Test func `an indented line that is a header begins an event`() {
        let text = "  2026-11-22 10:00:00,123 one (l)\n  more\n  2026-11-22 10:00:01,123 two (l)\n"
        let joining = Joining(text, parsers: [TailParser(isIndented: true)])
        #expect(joining.events.count == 2)
        #expect(joining.problems(of: Array(text.utf8)) == [])
    }
}

/// A format that names its logger in parentheses at the end of the line.
private final class TailParser: LineParser {
    var name: String { "tail" }
    var joinsFollowingLines: Bool { true }
    let mayBeIndented: Bool

    init(isIndented: Bool = false) { mayBeIndented = isIndented }

    func parse(_ line: Span<UInt8>, at base: Int, into event: inout EventBuilder) -> Bool {
        var start = 0
        while mayBeIndented, start < line.count, line[start] == 0x20 { start += 1 }
        guard line.count > start + 24, let time = TimestampScanner.scan(line, at: start), time.shape == .full,
            var end = line.firstIndex(of: UInt8(ascii: "("), from: time.end)
        else { return false }
        event.setTime(time)
        while end > time.end, line[end - 1] == 0x20 { end -= 1 }
        let text = min(time.end + 1, end)
        event.record.message = ByteRange(base + text, base + end)
        return true
    }
}
