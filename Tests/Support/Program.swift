import Foundation
import Glibc
import Synchronization

/// A program that a test starts, what it reads and writes, and how long it may take.
///
/// Foundation's `Process` would do, but for one fault: up to Swift 6.3.1 it reads 256 bytes of each directory entry when
/// it looks which files are open, past the end of a page once some hundred are, and the tests die of it
/// (swift-corelibs-foundation, pull request 5472). This can go when the oldest Swift that builds the project has the fix.
package struct Program: Sendable {
    /// The file to run.
    package var path: String
    package var arguments: [String]
    /// The folder in which it runs.
    package var folder: String
    package var environment: [String: String]
    /// Files for the standard streams; what is printed makes them anew.
    package var input = "/dev/null"
    package var output = "/dev/null"
    package var errors = "/dev/null"

    package init(
        _ path: String, _ arguments: [String], in folder: String,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.path = path
        self.arguments = arguments
        self.folder = folder
        self.environment = environment
    }

    /// How a program ended.
    package struct Ending: Sendable {
        /// As a shell has it: the exit status, or 128 and the signal.
        package var status: Int32
        /// It took too long and was killed, with what it had started.
        package var timedOut: Bool
    }

    /// Why a program could not be started.
    package struct Failure: Error, CustomStringConvertible {
        package var description: String
    }

    /// Runs the program and blocks until it has ended, for `seconds` at most.
    package func run(seconds: Int) throws(Failure) -> Ending {
        let process = try start()
        let killer = Killer()
        killer.arm(process, seconds)
        // The process stays a zombie until the killer is disarmed: its number can't be another's by then.
        var information = siginfo_t()
        while waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT) == -1, errno == EINTR {}
        let timedOut = killer.disarm()
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1, errno == EINTR {}
        let signal = status & 0x7f
        return Ending(status: signal == 0 ? (status >> 8) & 0xff : 128 + signal, timedOut: timedOut)
    }

    private func start() throws(Failure) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        // What other tests hold open isn't passed on: a program that may hold 32 files would have none left. What isn't
        // open is passed over, and a new file takes the lowest number, so those above don't matter.
        for number in 3..<Int32(256) { posix_spawn_file_actions_addclose(&actions, number) }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))

        var process: pid_t = 0
        // glibc's own way to say the folder is hidden from Swift.
        let env = "/usr/bin/env"
        let problem = withStrings([env, "--chdir=\(folder)", path] + arguments) { arguments in
            withStrings(environment.map { "\($0)=\($1)" }) { environment in
                posix_spawn(&process, env, &actions, &attributes, arguments, environment)
            }
        }
        guard problem == 0 else { throw Failure(description: "\(env): \(String(cString: strerror(problem)))") }
        return process
    }
}

/// Calls `body` with the strings as C has them, a null pointer behind the last.
private func withStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    let pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    return pointers.withUnsafeBufferPointer { body($0.baseAddress.unsafelyUnwrapped) }
}

/// Kills a process that runs too long, and all of its group.
private final class Killer: Sendable {
    private enum State { case waiting, ended, killed }
    private let state = Mutex(State.waiting)

    func arm(_ process: pid_t, _ seconds: Int) {
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(seconds)) { [self] in
            state.withLock { state in
                guard state == .waiting else { return }
                state = .killed
                kill(-process, SIGKILL)
            }
        }
    }

    /// The process has ended; tells whether it was killed.
    func disarm() -> Bool {
        state.withLock { state in
            if state == .waiting { state = .ended }
            return state == .killed
        }
    }
}
