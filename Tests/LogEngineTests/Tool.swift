import Foundation

/// A program of the system, which makes files as users have them.
enum Tool {
    @discardableResult
    static func run(_ arguments: String..., in folder: TestFolder, output: String? = nil) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        if let output {
            try Data().write(to: URL(fileURLWithPath: folder.path(output)))
            process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.path(output)))
        }
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}

extension TestFolder {
    func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path(name)))) }
}
