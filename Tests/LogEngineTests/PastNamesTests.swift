import Foundation
import TestSupport
import Testing

@testable import LogEngine

/// Where the lines of a followed log are, once its file has another name.
@Suite struct PastNamesTests {
    private let head = "2026-11-20 04:00:00 ERROR no answer\n"

    private func inode(_ path: String) -> UInt64 {
        (try? FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? UInt64) ?? 0
    }

    private func names(_ folder: TestFolder) throws -> (PastNames, String) {
        let path = try folder.write(head, "app.log").path
        var names = PastNames(path)
        names.begin(Array(head.utf8).span)
        names.add(inode: inode(path), size: Int64(head.utf8.count))
        return (names, path)
    }

    private func run(_ script: String, in folder: TestFolder) throws {
        #expect(try Program("/bin/sh", ["-c", script], in: folder.path).run(seconds: 60).status == 0)
    }

    @Test(arguments: ["app.log.1", "app-20261120.log", "app.log-old"])
    func `a renamed file is found by its inode`(name: String) throws {
        let folder = try TestFolder()
        var (names, path) = try names(folder)
        try run("mv app.log '\(name)'; echo new > app.log; echo other > app.log.9", in: folder)
        #expect(names.moves() == [path: folder.path(name)])
        #expect(names.moves() == [:])
    }

    @Test func `a copy is found by how it begins, and so is one that was compressed`() throws {
        let folder = try TestFolder()
        var (names, path) = try names(folder)
        try run("cp app.log app.log.1; : > app.log; echo other > app.log.2", in: folder)
        #expect(names.moves() == [path: folder.path("app.log.1")])
        try run("gzip app.log.1", in: folder)
        // It is looked for again now and then.
        var later: [String: String] = [:]
        for _ in 0..<30 where later.isEmpty { later = names.moves() }
        #expect(later == [folder.path("app.log.1"): folder.path("app.log.1.gz")])
    }

    @Test func `a file that is nowhere any more is said to be removed`() throws {
        let folder = try TestFolder()
        var (names, path) = try names(folder)
        try run("rm app.log; echo new > app.log", in: folder)
        #expect(names.moves() == [path: path + " (removed)"])
    }

    @Test func `several generations move one behind the other`() throws {
        let folder = try TestFolder()
        var (names, path) = try names(folder)
        try run("mv app.log app.log.1; echo second > app.log", in: folder)
        #expect(names.moves() == [path: path + ".1"])
        names.begin(Array("second\n".utf8).span)
        names.add(inode: inode(path), size: 7)
        try run("mv app.log.1 app.log.2; mv app.log app.log.1; echo third > app.log", in: folder)
        #expect(names.moves() == [path: path + ".1", path + ".1": path + ".2"])
    }
}
