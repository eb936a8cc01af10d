import LogAnalysis
import LogEngine
import LogTerminal
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The terminal while an application has it: raw keys, the alternate screen, no cursor. Whatever way the program ends, by
/// `leave`, `exit`, a signal or a crash, the terminal is as it was.
struct TerminalSession: ~Copyable {
    /// Keys are read from it and the screen is written to it; not 0 and 1, for a log may come in by standard input.
    let descriptor: Int32
    private let wakeEnd: Int32

    private static let enterText = "\u{1B}[?1049h\u{1B}[?7l\u{1B}[?25l"
    private static let leaveText: StaticString = "\u{1B}[0m\u{1B}[?2026l\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l"

    /// What signal handlers may look at; all of it set before they are installed.
    private static let tty = Atomic<Int32>(-1)
    private static let wake = Atomic<Int32>(-1)
    private static let isEntered = Atomic<Bool>(false)
    /// The signals that came: a bit each.
    private static let arrived = Atomic<UInt64>(0)
    /// Safe: allocated once, written before `isEntered` is set, and only read by handlers after that.
    private nonisolated(unsafe) static let saved = UnsafeMutablePointer<termios>.allocate(capacity: 1)

    /// Why there can be no application, or nil: standard output is the terminal that people see.
    static func refusal(of command: String, instead: String) -> String? {
        if !Terminal.isTerminal { return "\(command) needs a terminal, and standard output is none; \(instead)" }
        let kind = Terminal.environment("TERM") ?? "dumb"
        if kind == "dumb" { return "\(command) needs a terminal that can move its cursor (TERM=\(kind)); \(instead)" }
        return nil
    }

    init() throws(Failure) {
        descriptor = open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure("no terminal: \(String(cString: strerror(errno)))") }
        var ends: [Int32] = [0, 0]
        guard tcgetattr(descriptor, Self.saved) == 0, pipe(&ends) == 0 else {
            throw Failure("the terminal cannot be set: \(String(cString: strerror(errno)))")
        }
        wakeEnd = ends[0]
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        Self.wake.store(ends[1], ordering: .sequentiallyConsistent)
        Self.tty.store(descriptor, ordering: .sequentiallyConsistent)
        for number in [SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT] {
            Self.handle(number) { number in
                _ = TerminalSession.arrived.bitwiseOr(1 << UInt64(number), ordering: .sequentiallyConsistent)
                TerminalSession.poke()
            }
        }
        // A crash leaves the terminal in order, and is a crash all the same.
        for number in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGQUIT] {
            Self.handle(number) { number in
                TerminalSession.restore()
                signal(number, SIG_DFL)
                raise(number)
            }
        }
        atexit { TerminalSession.restore() }
        enter()
    }

    deinit { Self.restore() }

    private static func handle(_ number: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
        signal(number, handler)
    }

    // MARK: In and out

    borrowing func enter() {
        var raw = Self.saved.pointee
        cfmakeraw(&raw)
        // What the program writes still has its line ends made whole.
        raw.c_oflag |= tcflag_t(OPOST)
        tcsetattr(descriptor, TCSAFLUSH, &raw)
        Self.isEntered.store(true, ordering: .sequentiallyConsistent)
        write(Self.enterText)
    }

    borrowing func leave() { Self.restore() }

    /// Only what a signal handler may call.
    private static func restore() {
        guard isEntered.exchange(false, ordering: .sequentiallyConsistent) else { return }
        let tty = tty.load(ordering: .sequentiallyConsistent)
        _ = Glibc.write(tty, leaveText.utf8Start, leaveText.utf8CodeUnitCount)
        tcsetattr(tty, TCSADRAIN, saved)
    }

    borrowing func write(_ text: String) {
        if !text.isEmpty { _ = FileOutput.write(Array(text.utf8), to: descriptor) }
    }

    borrowing func leaveAndStop() {
        leave()
        Self.deliver(SIGTSTP)
        // Here it goes on, with `fg`.
        Self.handle(SIGTSTP) { number in
            _ = TerminalSession.arrived.bitwiseOr(1 << UInt64(number), ordering: .sequentiallyConsistent)
            TerminalSession.poke()
        }
        enter()
    }

    var size: ScreenSize {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return ScreenSize(width: 80, height: 24)
        }
        return ScreenSize(width: Int(size.ws_col), height: Int(size.ws_row))
    }

    // MARK: Waiting

    enum Input {
        case bytes([UInt8])
        /// Another thread has something, or a signal came.
        case woken
        case nothing
        /// The terminal is gone.
        case end
    }

    /// Lets `wait` return, from any thread or handler.
    static func poke() {
        var byte: UInt8 = 0
        _ = Glibc.write(wake.load(ordering: .sequentiallyConsistent), &byte, 1)
    }

    /// Waits for keys, at most so many milliseconds; for ever if nil.
    borrowing func wait(milliseconds: Int32?) -> Input {
        var polls = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: wakeEnd, events: Int16(POLLIN), revents: 0),
        ]
        let count = poll(&polls, 2, milliseconds ?? -1)
        if count < 0 { return errno == EINTR ? .woken : .end }
        if polls[0].revents & Int16(POLLIN) != 0 {
            var bytes = [UInt8](repeating: 0, count: 4096)
            let read = Glibc.read(descriptor, &bytes, bytes.count)
            if read > 0 { return .bytes(Array(bytes[..<read])) }
            return read < 0 && (errno == EINTR || errno == EAGAIN) ? .nothing : .end
        }
        if polls[0].revents & Int16(POLLHUP | POLLERR) != 0 { return .end }
        if polls[1].revents & Int16(POLLIN) != 0 {
            var bytes = [UInt8](repeating: 0, count: 256)
            while Glibc.read(wakeEnd, &bytes, bytes.count) > 0 {}
            return .woken
        }
        return .nothing
    }

    /// Signals that came since the last call.
    borrowing func takeSignals() -> Set<Int32> {
        let bits = Self.arrived.exchange(0, ordering: .sequentiallyConsistent)
        return Set((0..<64).filter { bits >> UInt64($0) & 1 == 1 }.map { Int32($0) })
    }

    /// Ends as the signal would have ended the program.
    borrowing func end(by number: Int32) -> Never {
        leave()
        Self.deliver(number)
        exit(128 + number)
    }

    /// Does to the process what the signal does by itself, at once: threads of the concurrency library block signals.
    private static func deliver(_ number: Int32) {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, number)
        signal(number, SIG_DFL)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        raise(number)
    }
}
