import Foundation

/// A terminal of a given size with a program in it: a tmux server of its own, gone with it.
final class Tmux: Sendable {
    private let folder: Folder
    private let socket: String

    /// Runs a line of shell in which `$AILOGGER` is the binary. Behind it stands a line that says the exit status.
    init(_ script: String, width: Int = 80, height: Int = 24, environment: [String: String] = [:]) async throws {
        folder = try Folder()
        socket = folder.path + "/tmux"
        var lines = "export AILOGGER='\(try Command.binary)' LC_ALL=C.UTF-8 PS1='$ '; unset NO_COLOR EDITOR VISUAL\n"
        for (name, value) in environment { lines += "export \(name)='\(value)'\n" }
        // The server ends with the test, whose folder goes.
        lines += "server=${TMUX#*,}; (while [ -e '\(folder.path)' ]; do sleep 1; done; kill -KILL ${server%%,*}) &\n"
        lines += "cd '\(Command.root)'\n\(script)\necho \"status $?\"\nexec sleep 600\n"
        try folder.write(lines, "script")
        try folder.write("set -g default-terminal screen-256color\nset -g status off\nset -sg escape-time 0\n", "conf")
        // Foundation takes a process to be running while anybody holds what it inherited, as tmux's server would.
        let detached = """
            for fd in /proc/$$/fd/*; do
                [ "${fd##*/}" -le 2 ] || eval "exec ${fd##*/}>&-"
            done
            exec tmux -S '\(socket)' -f '\(folder.path)/conf' new-session -d -x \(width) -y \(height) \
                "bash --norc '\(folder.path)/script'"
            """
        let started = try await Command.run("/bin/bash", ["-c", detached], in: Command.root)
        guard started.status == 0 else { throw Obstacle(description: "tmux: \(started.errors)") }
    }

    private func tmux(_ arguments: [String]) async throws -> Output {
        try await Command.run("/usr/bin/env", ["tmux", "-S", socket] + arguments, in: Command.root)
    }

    func send(_ keys: String...) async throws { _ = try await tmux(["send-keys"] + keys) }

    func type(_ text: String) async throws { _ = try await tmux(["send-keys", "-l", text]) }

    func resize(_ width: Int, _ height: Int) async throws {
        _ = try await tmux(["resize-window", "-x", "\(width)", "-y", "\(height)"])
    }

    /// The screen once it holds `text`, without attributes; the last one seen if that never comes.
    func screen(with text: String) async throws -> String { try await screen("grep -qF", text) }

    /// The screen once it no longer holds `text`.
    func screen(without text: String) async throws -> String { try await screen("! grep -qF", text) }

    private func screen(_ condition: String, _ text: String) async throws -> String {
        try folder.write(text, "wanted")
        // One process for all the looks, far more of them than it takes even where the machine is busy.
        let script = """
            for i in $(seq 600); do
                tmux -S '\(socket)' capture-pane -p > '\(folder.path)/screen'
                \(condition) -f '\(folder.path)/wanted' '\(folder.path)/screen' && break
                sleep 0.1
            done
            cat '\(folder.path)/screen'
            """
        return try await Command.run("/bin/bash", ["-c", script], in: Command.root, seconds: 120).text
    }
}
