import Foundation
import TestSupport

/// What a command left behind.
struct Output {
    var status: Int32
    var out: Data
    var err: Data
    /// The command took too long and was killed.
    var timedOut: Bool

    var text: String { String(decoding: out, as: UTF8.self) }
    var errors: String { String(decoding: err, as: UTF8.self) }
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: true) }
}

/// What keeps a test from running at all.
struct Obstacle: Error, CustomStringConvertible {
    var description: String
}

/// Runs programs as a shell would, with a time limit; what they print goes through files, so that no pipe fills up.
enum Command {
    /// The project's folder.
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// The binary under test: `AILOGGER_BINARY`, or the release build.
    static var binary: String {
        get throws {
            let path = ProcessInfo.processInfo.environment["AILOGGER_BINARY"] ?? root + "/.build/release/ailogger"
            guard FileManager.default.isExecutableFile(atPath: path) else {
                throw Obstacle(description: "\(path) is missing: run `make build` first")
            }
            return path
        }
    }

    /// Rewrite the golden files instead of comparing with them.
    static let updatesGolden = ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1"

    /// The project's rules, formats and plugins, by flags: they do not depend on where the binary lies.
    static let catalog = ["--rules", root + "/rules", "--formats", root + "/formats", "--plugins", root + "/plugins"]

    /// Runs `ailogger`.
    static func ailogger(
        _ arguments: [String], in folder: String = root, input: Data = Data(), environment: [String: String] = [:]
    ) async throws -> Output {
        try await run(try binary, arguments, in: folder, input: input, environment: environment)
    }

    /// Runs a line of shell in which `$AILOGGER` is the binary.
    static func shell(
        _ script: String, in folder: String = root, environment: [String: String] = [:], seconds: Int = 60
    ) async throws -> Output {
        var environment = environment
        environment["AILOGGER"] = try binary
        return try await run("/bin/bash", ["-c", script], in: folder, environment: environment, seconds: seconds)
    }

    static func run(
        _ program: String, _ arguments: [String], in folder: String, input: Data = Data(),
        environment: [String: String] = [:], seconds: Int = 60
    ) async throws -> Output {
        let scratch = try Folder()
        try scratch.write(input, "in")
        var command = Program(program, arguments, in: folder)
        command.environment.merge(["SWIFT_BACKTRACE": "enable=no", "LC_ALL": "C.UTF-8"]) { $1 }
        command.environment.merge(environment) { $1 }
        command.input = scratch.path + "/in"
        command.output = scratch.path + "/out"
        command.errors = scratch.path + "/err"
        let ending = try await Turns.shared.run(command, seconds: seconds)
        return Output(
            status: ending.status, out: try scratch.read("out"), err: try scratch.read("err"),
            timedOut: ending.timedOut)
    }
}

/// Lets as many programs run at once as the machine can serve. Swift Testing starts all tests together: some hundred
/// programs on two cores take so long that their time limits say nothing.
private actor Turns {
    static let shared = Turns(max(4, 2 * ProcessInfo.processInfo.activeProcessorCount))

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ count: Int) { free = count }

    func run(_ program: Program, seconds: Int) async throws -> Program.Ending {
        if free == 0 {
            await withCheckedContinuation { waiting.append($0) }
        } else {
            free -= 1
        }
        defer {
            if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
        }
        // A thread of its own: those of tasks are as many as cores, and waiting would hold one.
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try program.run(seconds: seconds) })
            }
        }
    }
}

/// A folder of its own for a test, gone with it.
final class Folder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "ailogger-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func url(_ name: String) -> URL { URL(fileURLWithPath: path).appendingPathComponent(name) }

    func write(_ data: Data, _ name: String) throws {
        try FileManager.default.createDirectory(
            at: url(name).deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: url(name))
    }

    func write(_ text: String, _ name: String) throws { try write(Data(text.utf8), name) }

    func read(_ name: String) throws -> Data { try Data(contentsOf: url(name)) }

    /// A place that looks like the project's folder, in which commands may write.
    static func likeProject() throws -> Folder {
        let folder = try Folder()
        for name in try FileManager.default.contentsOfDirectory(atPath: Command.root) where name != ".git" {
            try FileManager.default.createSymbolicLink(
                atPath: folder.path + "/" + name, withDestinationPath: Command.root + "/" + name)
        }
        return folder
    }
}

/// Names in a folder, sorted, hidden ones left out.
func entries(_ folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { !$0.hasPrefix(".") }.sorted()
}

func isFile(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
