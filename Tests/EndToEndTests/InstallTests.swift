import Foundation
import Testing

/// The binary finds its rules, formats and plugins wherever it is called and wherever it lies.
@Suite struct InstallTests {
    private let line = Data(
        "Nov 20 04:00:12 db1 kernel: Out of memory: Killed process 4242 (java) total-vm:8123456kB\n".utf8)

    private func findings(_ output: Output) throws -> Int {
        let object = try #require(
            try JSONSerialization.jsonObject(with: output.out) as? [String: Any], "\(output.errors)")
        return (object["findings"] as? [Any])?.count ?? 0
    }

    @Test func `from another folder the project's rules are found`() async throws {
        let folder = try Folder()
        let result = try await Command.ailogger(["analyze", "--format", "json", "-"], in: folder.path, input: line)
        #expect(result.status == 0)
        #expect(try findings(result) > 0)
    }

    @Test func `through a link and through the PATH the project's rules are found`() async throws {
        let folder = try Folder()
        try folder.write(line, "kern.log")
        let script = """
            mkdir bin && ln -s "$AILOGGER" bin/ailogger
            export PATH="$PWD/bin:$PATH"
            cd / && ailogger parse "$OLDPWD/kern.log"
            """
        let result = try await Command.shell(script, in: folder.path)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.text.contains("\"findings\":["))
    }

    @Test func `an installed binary finds what was installed with it`() async throws {
        let folder = try Folder()
        let prefix = folder.path + "/prefix"
        // -o: the binary as it is, whatever its sources are; tests run beside a build.
        let made = try await Command.shell(
            "make -o .build/release/ailogger install PREFIX='\(prefix)' 2>&1", environment: ["MAKEFLAGS": ""])
        #expect(made.status == 0, "\(made.text)")
        let binary = prefix + "/bin/ailogger"
        let result = try await Command.run(
            binary, ["analyze", "--format", "json", "-"], in: folder.path, input: line)
        #expect(result.status == 0, "\(result.errors)")
        #expect(try findings(result) > 0)
        let check = try await Command.run(binary, ["check"], in: folder.path)
        #expect(check.status == 0, "\(check.text)\(check.errors)")
        let listed = try await Command.run(binary, ["plugins", "list"], in: folder.path)
        for plugin in entries(Command.root + "/plugins")
        where isFile("\(Command.root)/plugins/\(plugin)/init.lua") {
            #expect(listed.text.contains(plugin), "\(listed.text)")
        }
        #expect(isFile(prefix + "/share/bash-completion/completions/ailogger"))
    }

    @Test func `a binary alone says that it has no rules, and a check of nothing is no success`() async throws {
        let folder = try Folder()
        let binary = folder.path + "/ailogger"
        try FileManager.default.copyItem(atPath: try Command.binary, toPath: binary)
        let result = try await Command.run(binary, ["analyze", "-"], in: folder.path, input: line)
        #expect(result.status == 0)
        #expect(result.errors.contains("no rules found") && result.errors.contains("--rules DIR"), "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 1)
        #expect(try await Command.run(binary, ["analyze", "-q", "-"], in: folder.path, input: line).errors.isEmpty)
        let check = try await Command.run(binary, ["check"], in: folder.path)
        #expect(check.status == 2 && check.errors.contains("nothing to check"), "\(check.errors)")
    }

    @Test func `rules in the working folder come before those installed`() async throws {
        let folder = try Folder()
        let rule = """
            id: mine.first
            title: A rule of mine
            status: stable
            level: critical
            match: 'Killed process \\d+'
            cause: None.
            fix: [ None. ]
            docs:
              - { title: None, url: "https://example.com/" }
            tests:
              - line: 'Killed process 4242'
              - { line: 'nothing', matches: false }
            """
        try folder.write(rule, "rules/mine/first.yml")
        let result = try await Command.ailogger(["parse", "-"], in: folder.path, input: line)
        #expect(result.text.contains("mine.first"), "\(result.text)\(result.errors)")
    }
}
