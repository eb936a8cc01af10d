import Foundation
import LogEngine
import Testing

@Suite struct InputFinderTests {
    private func names(_ finder: InputFinder, _ folder: TestFolder) -> [String] {
        finder.inputs.map { $0.path.replacing(folder.path + "/", with: "") }
    }

    @Test func `a folder is walked, rotated files oldest first, hidden ones left out`() throws {
        let folder = try TestFolder()
        for name in [
            "app.log", "app.log.1", "app.log.2.gz", "app.log.10.gz", "sub/b.log", "sub/a.log", ".hidden", ".git/x",
            "b-20261119.log", "b-20261120.log",
        ] {
            try folder.write("x\n", name)
        }
        let finder = InputFinder.find([folder.path])
        #expect(
            names(finder, folder) == [
                "app.log.10.gz", "app.log.2.gz", "app.log.1", "app.log", "b-20261119.log", "b-20261120.log",
                "sub/a.log", "sub/b.log",
            ])
        #expect(finder.inputs.allSatisfy { !$0.isExplicit })
        #expect(finder.problems.isEmpty)
    }

    @Test func `the patterns of .ailoggerignore hold for their folder and those below`() throws {
        let folder = try TestFolder()
        for name in ["a.log", "a.md", "bad/x.log", "sub/bad/y.log", "sub/b.md", "sub/deep/c.log", "other/README.md"] {
            try folder.write("x\n", name)
        }
        try folder.write("# comment\n*.md\nbad/\nsub/deep/*\n\n", ".ailoggerignore")
        let finder = InputFinder.find([folder.path + "/"])
        #expect(names(finder, folder) == ["a.log"])
        #expect(finder.ignored > 0)
    }

    @Test func `names that are no UTF-8 are escaped, and read by that name`() async throws {
        let folder = try TestFolder()
        let name: [UInt8] = Array("\(folder.path)/caf".utf8) + [0xE9] + Array(".log".utf8) + [0]
        let descriptor = name.withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { chars in
                chars.baseAddress.map { open($0, O_CREAT | O_WRONLY, 0o600) } ?? -1
            }
        }
        try #require(descriptor >= 0)
        _ = write(descriptor, "no answer\n", 10)
        close(descriptor)
        for path in [folder.path, "\(folder.path)/*.log", "\(folder.path)/caf\\xE9.log"] {
            let finder = InputFinder.find([path])
            #expect(names(finder, folder) == ["caf\\xE9.log"])
            #expect(finder.problems.isEmpty)
            #expect(try await Project.events(finder.inputs).map(\.message) == ["no answer"])
        }
        // A name that does hold a backslash is itself.
        try folder.write("other\n", "caf\\xE9.log")
        #expect(
            try await Project.events(InputFinder.find(["\(folder.path)/caf\\xE9.log"]).inputs).map(\.message)
                == ["other"])
    }

    @Test func `a link that leads to itself is told, and no failure`() throws {
        let folder = try TestFolder()
        try folder.write("x\n", "app.log")
        try FileManager.default.createSymbolicLink(atPath: folder.path("loop"), withDestinationPath: "loop")
        var finder = InputFinder.find([folder.path])
        #expect(names(finder, folder) == ["app.log"])
        #expect(finder.problems.isEmpty)
        #expect(finder.leaveOut { _ in nil }.map(\.path) == [folder.path("loop")])
    }

    @Test func `globs are expanded, and one that finds nothing is said`() throws {
        let folder = try TestFolder()
        for name in ["a.log.1", "a.log.2", "b.txt"] { try folder.write("x\n", name) }
        let found = InputFinder.find([folder.path("*.log.*"), folder.path("*.none")])
        #expect(names(found, folder) == ["a.log.2", "a.log.1"])
        #expect(found.problems.map(\.path) == [folder.path("*.none")])
        // A file whose name holds a star is that file.
        try folder.write("x\n", "odd[1]*.log")
        #expect(names(InputFinder.find([folder.path("odd[1]*.log")]), folder) == ["odd[1]*.log"])
    }

    @Test func `a file by two names is read once`() throws {
        let folder = try TestFolder()
        try folder.write("x\n", "a.log")
        try FileManager.default.createSymbolicLink(atPath: folder.path("b.log"), withDestinationPath: "a.log")
        try FileManager.default.createSymbolicLink(atPath: folder.path("loop"), withDestinationPath: ".")
        let finder = InputFinder.find([folder.path, folder.path("a.log"), folder.path("*.log")])
        #expect(finder.inputs.count == 1)
    }

    @Test func `a link back to the folder that is read is not followed`() throws {
        let folder = try TestFolder()
        try folder.write("x\n", "a/x.log")
        try folder.write("y\n", "a/b/y.log")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("a/b/again"), withDestinationPath: folder.path("a"))
        #expect(names(InputFinder.find([folder.path("a")]), folder) == ["a/b/y.log", "a/x.log"])
    }

    @Test func `what cannot be read is one problem each, and a FIFO in a folder is not waited for`() throws {
        let folder = try TestFolder()
        try folder.write("x\n", "logs/a.log")
        #expect(mkfifo(folder.path("logs/pipe"), 0o600) == 0)
        try FileManager.default.createSymbolicLink(atPath: folder.path("logs/dangling"), withDestinationPath: "gone")
        let finder = InputFinder.find([folder.path("missing.log"), folder.path("logs")])
        #expect(finder.inputs.map(\.path) == [folder.path("logs/a.log")])
        #expect(
            Set(finder.problems.map(\.path)) == [
                folder.path("missing.log"), folder.path("logs/pipe"), folder.path("logs/dangling"),
            ])
        #expect(finder.problems.allSatisfy { !$0.message.isEmpty })
    }

    @Test(arguments: [
        ("app.log.10", "app.log.2"), ("app.log.1", "app.log"), ("app.log.2.gz", "app.log.1"), ("a.log", "b.log"),
        ("app-9.log", "app-10.log"), ("app.log-20261119", "app.log-20261120"), ("app.log-20261119.gz", "app.log"),
        ("a", "a1"),
    ])
    func `rotated files come oldest first`(older: String, newer: String) {
        #expect(RotationOrder.isBefore(older, newer))
        #expect(!RotationOrder.isBefore(newer, older))
        #expect(!RotationOrder.isBefore(older, older))
    }

    @Test func `the order of names is an order`() {
        let names = [
            "a", "a.1", "a.2", "a.10", "a.log", "a.log.1", "a.log.2.gz", "a-1", "a-20261119", "b", "a.20261119", "A",
            "1", "01", "1.1", "", ".", "a.gz", "a.1.gz",
        ]
        for x in names {
            for y in names {
                #expect(!(RotationOrder.isBefore(x, y) && RotationOrder.isBefore(y, x)), "\(x), \(y)")
                for z in names where RotationOrder.isBefore(x, y) && RotationOrder.isBefore(y, z) {
                    #expect(RotationOrder.isBefore(x, z), "\(x), \(y), \(z)")
                }
            }
        }
    }
}
