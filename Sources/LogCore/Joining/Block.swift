/// Lines that go together of their own accord: a trace, a crash report, a document, a table. Told by its first line, and
/// then line by line: each says whether it still belongs to the block.
///
/// A program that logs with time and level prints its last words without either, and dumps what it has in whatever shape
/// it has. A block begins an event of its own, or goes on with the one before; which of the two is the event's to say.
struct Block {
    enum Kind: UInt8 {
        case none
        /// A first line and indented ones, joints, brackets: Java, .NET, JavaScript once its error is named, Ruby.
        case java
        /// The same as the last words of a program: `Exception in thread "main" …`, `Unhandled exception. …`.
        case uncaught
        /// `Traceback (most recent call last):` up to the first line that isn't indented; Ruby's of old are alike.
        case python
        /// `panic: …`, goroutines with lines that aren't indented, up to `exit status`.
        case go
        /// `thread 'main' panicked at …`, the message on the next line, a note or a backtrace.
        case rust
        /// `Unhandled exception:`, what happened, and numbered frames.
        case dart
        /// `/srv/main.js:71`, the line of source, a caret, and then the error.
        case node
        case php
        /// A line of equals signs, which may stand above a sanitizer's report.
        case ruler
        /// A report of ASan, TSan, MSan, UBSan, or of Go's race detector.
        case sanitizer
        /// `==4242== Invalid read of size 4`
        case valgrind
        /// What glibc, gdb and the C++ runtime say of a crash.
        case native
        /// The kernel's: told line by line, as each has its own head.
        case kernel
        case json, xml, diff, table, statement
    }

    enum Step {
        case joins
        /// Belongs to the block, and nothing after it.
        case last
        /// Belongs to something else.
        case ends
    }

    private(set) var kind = Kind.none
    /// Lines since it began.
    private var lines = 0
    private var depth = 0

    /// More lines of a message that says nothing of its own end are others'.
    private static let freeLines = 16

    init() {}

    init(_ kind: Kind) { self.kind = kind }

    /// The block that a line opens, if it does.
    init(opening line: Span<UInt8>) {
        kind = BlockOpening.kind(line)
        if kind == .json { depth = line.bracketDepth }
    }

    /// A crash is an event of its own even where a format takes every line that isn't a header.
    var isCrash: Bool {
        switch kind {
        case .uncaught, .go, .rust, .dart, .sanitizer, .native, .php: true
        default: false
        }
    }

    /// What languages print of an exception, caught or not.
    var isException: Bool { kind == .python || kind == .java || kind == .node }

    /// What is printed as data belongs to any line that announces it; a trace only to one that tells of trouble.
    var isData: Bool {
        switch kind {
        case .json, .xml, .diff, .table, .statement, .ruler, .valgrind: true
        default: false
        }
    }

    /// Whether every line counts, the indented ones too.
    var counts: Bool { kind == .json || kind == .statement }

    var severity: Severity {
        switch kind {
        case .go, .rust, .dart, .sanitizer, .native, .kernel: .critical
        case .uncaught, .python, .node, .php: .error
        default: .unspecified
        }
    }

    private static let lasting: [Kind] = [
        .java, .go, .php, .sanitizer, .valgrind, .native, .kernel, .json, .xml, .diff, .table, .statement,
    ]

    /// Whether a block that began long ago could go on with a line.
    static func mayHold(_ line: Span<UInt8>) -> Bool {
        for kind in lasting {
            var block = Block(kind)
            block.lines = 512
            block.depth = 1
            if block.next(line, afterBlank: false) != .ends { return true }
        }
        return false
    }

    /// Ends the block.
    mutating func close() { kind = .none }

    /// What the next line is to the block. `afterBlank`: blank lines stand before it.
    mutating func next(_ line: Span<UInt8>, afterBlank: Bool) -> Step {
        lines &+= 1
        let first = line[unchecked: 0]
        let isIndented = first == 0x20 || first == 0x09
        switch kind {
        case .none:
            return .ends
        case .java, .uncaught:
            if isIndented || LineShape.isContinuation(line) { return .joins }
            // `Process: com.example.shop, PID: 4242` between Android's headline and its exception.
            return lines < 3 && line.matches("Process: ", at: 0) ? .joins : .ends
        case .python:
            return python(line, isIndented)
        case .go:
            return go(line, isIndented, afterBlank)
        case .rust:
            if line.matches("note: ", at: 0) || line.matches("fatal runtime error: ", at: 0) { return .joins }
            return lines == 1 || isIndented || LineShape.isContinuation(line) ? .joins : .ends
        case .dart:
            if line.matches("<asynchronous suspension>", at: 0) { return .joins }
            if LineShape.isJoint(line) {
                depth = 1
                return .joins
            }
            return isIndented || depth == 0 && lines < Self.freeLines ? .joins : .ends
        case .node:
            if ExceptionName(line) != nil || line.matches("Uncaught", at: 0) {
                kind = .java
                return .joins
            }
            return isIndented || lines < 4 || first == UInt8(ascii: "^") ? .joins : .ends
        case .php:
            return isIndented || line.matches("Next ", at: 0) || LineShape.isContinuation(line) ? .joins : .ends
        case .sanitizer:
            return sanitizer(line, isIndented)
        case .ruler:
            let opened = BlockOpening.kind(line)
            if opened == .sanitizer { kind = opened }
            return opened == .sanitizer ? .joins : .ends
        case .valgrind:
            guard let end = line.valgrindPrefix else { return .ends }
            return end == line.count ? .last : .joins
        case .native:
            return isIndented || line.isNativeCrash ? .joins : .ends
        case .kernel:
            return KernelShape.continues(line)
        case .json:
            let isPart =
                isIndented || first == UInt8(ascii: "{") || first == UInt8(ascii: "}") || first == UInt8(ascii: "[")
                || first == UInt8(ascii: "]") || first == UInt8(ascii: "\"")
            guard isPart else { return .ends }
            depth &+= line.bracketDepth
            return depth <= 0 ? .last : .joins
        case .xml:
            if line.matches("</", at: 0) { return .last }
            return isIndented || first == UInt8(ascii: "<") ? .joins : .ends
        case .diff:
            return line.isDiff ? .joins : .ends
        case .table:
            return table(line, isIndented)
        case .statement:
            guard isIndented || BlockOpening.isStatementPart(line) else { return .ends }
            return line.endsStatement ? .last : .joins
        }
    }

    private mutating func python(_ line: Span<UInt8>, _ isIndented: Bool) -> Step {
        if isIndented || line[unchecked: 0] == UInt8(ascii: "|") || line.matches("+--", at: 0) { return .joins }
        // Another traceback belongs here only behind a joint ("During handling of …"), not behind an exception's name.
        if BlockOpening.isTraceback(line) { return isNaming ? .ends : .joins }
        if LineShape.isContinuation(line) {
            depth = 0
            return .joins
        }
        // The first line that isn't indented names the exception.
        if isNaming { return .ends }
        depth = 1
        return .joins
    }

    /// Whether the line taken last is the one that names Python's exception.
    var isNaming: Bool { kind == .python && depth == 1 }

    private mutating func go(_ line: Span<UInt8>, _ isIndented: Bool, _ afterBlank: Bool) -> Step {
        if line.matches("exit status ", at: 0) { return .last }
        if line.matches("goroutine ", at: 0) || line.matches("[signal ", at: 0) || line.matches("runtime stack:", at: 0)
        {
            if line[unchecked: 0] != UInt8(ascii: "[") { depth = 1 }
            return .joins
        }
        if isIndented || line.matches("created by ", at: 0) || line.matches("PC=", at: 0)
            || line.matches("...additional frames", at: 0) || line.matches("panic: ", at: 0)
        {
            return .joins
        }
        // What the panic says may take several lines; goroutines come behind a blank one.
        if depth == 0 { return !afterBlank && lines < Self.freeLines ? .joins : .ends }
        return line.isGoCall || line.isRegister ? .joins : .ends
    }

    private mutating func sanitizer(_ line: Span<UInt8>, _ isIndented: Bool) -> Step {
        if line.matches("==================", at: 0) { return lines > 1 ? .last : .joins }
        if line.holds("==ABORTING", from: 0) { return .last }
        if line.matches("SUMMARY: ", at: 0) {
            depth = 1
            return .joins
        }
        if isIndented || line.matches("==", at: 0) || line.matches("=>", at: 0) || line.matches("Shadow byte", at: 0)
            || line.matches("HINT: ", at: 0) || line.matches("0x", at: 0) || line.isGoCall
        {
            return .joins
        }
        return depth == 0 && lines < 512 ? .joins : .ends
    }

    private func table(_ line: Span<UInt8>, _ isIndented: Bool) -> Step {
        switch line[unchecked: 0] {
        case UInt8(ascii: "|"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "="), 0x20, 0x09: .joins
        case UInt8(ascii: "("): line.holds(" row", from: 0) ? .last : .ends
        case 0xE2: line.isBox ? .joins : .ends
        default:
            line.matches(" rows in set", at: line.digits) || line.matches(" row in set", at: line.digits)
                ? .last : .ends
        }
    }
}
