import LogAnalysis
import LogEngine
import LogTerminal

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Lets a browser see what happens, shows what it renders, and does what it asks for.
struct BrowseLoop: ~Copyable {
    private let session: TerminalSession
    private var browser: Browser
    private let jobs: BrowseJobs
    private var painter: ScreenPainter
    private var decoder = KeyDecoder()
    private var isOver = false
    /// After escape so long nothing more comes, if it was the key.
    private static let escapeTime: Int32 = 50

    init(_ session: consuming TerminalSession, _ browser: Browser, _ jobs: BrowseJobs, color: Bool) {
        self.session = session
        self.browser = browser
        self.jobs = jobs
        painter = ScreenPainter(color: color)
    }

    mutating func run() {
        while !isOver {
            session.write(painter.paint(browser.render(), session.size, cursor: browser.cursorColumn))
            switch session.wait(milliseconds: decoder.isWaiting ? Self.escapeTime : nil) {
            case .bytes(let bytes): take(decoder.feed(bytes))
            case .nothing: take(decoder.flush())
            case .woken: break
            case .end: session.end(by: SIGHUP)
            }
            for signal in session.takeSignals() { take(signal) }
            for event in jobs.takeEvents() { handle(event) }
        }
        session.leave()
    }

    private mutating func take(_ keys: [KeyPress]) {
        for key in keys where !isOver { handle(.key(key)) }
    }

    private mutating func take(_ signal: Int32) {
        switch signal {
        case SIGWINCH: handle(.resize(session.size))
        case SIGTSTP: suspend()
        case SIGCONT:
            session.enter()
            painter.forget()
            handle(.resize(session.size))
        default: session.end(by: signal)
        }
    }

    private mutating func handle(_ event: BrowserEvent) {
        for effect in browser.update(event) { perform(effect) }
    }

    private mutating func perform(_ effect: BrowserEffect) {
        switch effect {
        case .run(let number, let job): jobs.run(number, job)
        case .cancel: jobs.cancel()
        case .quit: isOver = true
        case .redraw: painter.forget()
        case .suspend: suspend()
        case .edit(let place): edit(place)
        case .copy(let text):
            // OSC 52: the terminal's clipboard, over ssh too. https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
            session.write("\u{1B}]52;c;\(Data(text.utf8).base64EncodedString())\u{7}")
        }
    }

    private mutating func suspend() {
        session.leaveAndStop()
        painter.forget()
        handle(.resize(session.size))
    }

    private mutating func edit(_ place: Place) {
        session.leave()
        let path = place.source.hasPrefix("-") || place.source.hasPrefix("+") ? "./" + place.source : place.source
        let status = Self.spawn([
            "/bin/sh", "-c", #"exec ${VISUAL:-${EDITOR:-vi}} "+$1" "$2" < /dev/tty"#, "sh", String(place.line), path,
        ])
        session.enter()
        painter.forget()
        handle(.resize(session.size))
        if status != 0 { handle(.note("The editor ended with \(status); $VISUAL or $EDITOR names another.")) }
    }

    /// Runs a program on this terminal; its exit status.
    private static func spawn(_ arguments: [String]) -> Int32 {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // What is ignored here would stay so there.
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGPIPE, SIGINT, SIGTSTP, SIGQUIT] { sigaddset(&signals, number) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
        defer { for word in words { free(word) } }
        words.append(nil)
        var process: pid_t = 0
        guard posix_spawn(&process, arguments[0], nil, &attributes, words, environ) == 0 else { return 127 }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    }
}
