package import LogCore
import Synchronization

/// One thing to read: a file's path, a member of an archive, or `-` for standard input.
package struct Input: Hashable, Sendable {
    enum Content: Sendable {
        case path
        /// Indirect: a member is four times as large as the rest of an input, and rare.
        indirect case member(ArchiveMember)
        case held(HeldInput)
    }

    package var path: String
    /// Named by the user, not found in a folder: then it is read even if it looks like no log.
    package var isExplicit: Bool
    var content = Content.path
    /// What the user says of its times.
    package var times = TimeSettings()
    /// Where the events of JSON documents that hold many may stand.
    package var records: [JSONRecordPath] = []

    package init(path: String, isExplicit: Bool) {
        self.path = path
        self.isExplicit = isExplicit
    }

    init(_ member: ArchiveMember) {
        path = member.path
        isExplicit = false
        content = .member(member)
    }

    init(held: OpenedFile) {
        self = .stdin
        content = .held(HeldInput(held))
    }

    package static let stdin = Input(path: "-", isExplicit: true)

    /// Whether it is the same when it is read again.
    package var isRepeatable: Bool {
        switch content {
        case .path: isFile(path)
        case .member: true
        case .held: false
        }
    }

    /// Bytes on disk that are read; nil if it isn't known.
    package var diskBytes: Int64? {
        switch content {
        case .path: fileSize(path)
        case .member(let member): Int64(member.diskBytes)
        case .held: nil
        }
    }

    package static func == (a: Input, b: Input) -> Bool { a.path == b.path && a.isExplicit == b.isExplicit }

    package func hash(into hasher: inout Hasher) { hasher.combine(path) }
}

/// Standard input that was looked into: whoever reads it takes it from here, once.
final class HeldInput: Sendable {
    private let lock = Mutex(())
    /// Safe: touched only under `lock`.
    private nonisolated(unsafe) var file: OpenedFile?

    init(_ file: OpenedFile) { self.file = file }

    func take() throws(SourceError) -> OpenedFile {
        let taken = lock.withLock { _ in
            defer { file = nil }
            return file
        }
        guard let taken else { throw SourceError("cannot be read twice") }
        return taken
    }
}
