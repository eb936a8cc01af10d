import Foundation
import TestSupport

/// A program of the system, which makes files as users have them.
enum Tool {
    @discardableResult
    static func run(_ arguments: String..., in folder: TestFolder, output: String? = nil) throws -> Int32 {
        var program = Program("/usr/bin/env", arguments, in: folder.path)
        if let output { program.output = folder.path(output) }
        return try program.run(seconds: 60).status
    }
}

extension TestFolder {
    func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path(name)))) }
}
