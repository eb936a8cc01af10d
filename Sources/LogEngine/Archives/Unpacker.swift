import LogCore

/// The archives that are read, told by their first bytes.
enum ArchiveKind: String {
    case tar, zip

    /// Bytes that `init(head:)` looks at.
    static let headBytes = TarHeader.blockBytes

    init?(head: Span<UInt8>) {
        if head.matches("PK\u{3}\u{4}", at: 0) || (head.count == 22 && head.matches("PK\u{5}\u{6}", at: 0)) {
            self = .zip
        } else if TarHeader(head) != nil {
            self = .tar
        } else {
            return nil
        }
    }
}

/// Finds what lies in archives. Members of a zip archive and of a plain tar archive are read where they lie; those of a
/// compressed tar archive can't be, so they are copied to a `Spool` in the one pass that finds them.
struct Unpacker {
    /// Of the archive at hand.
    private(set) var members: [ArchiveMember] = []
    private(set) var problems: [SourceProblem] = []
    private var places: [String: Int] = [:]
    /// Members that can't be read, by the reason: the first and how many.
    private var refused: [String: (first: String, count: Int)] = [:]
    private var spool: Spool?

    /// Members of one archive.
    private static let memberLimit = 200_000
    private static let pieceBytes = 64 << 10

    init() {}

    /// Looks for members in an input; false if it is no archive.
    mutating func unpack(_ file: OpenedFile, _ path: String) -> Bool {
        guard file.archive != nil else { return false }
        members = []
        problems = []
        places = [:]
        refused = [:]
        unpack(file, path, depth: 0)
        for (reason, which) in refused.sorted(by: { $0.key < $1.key }) {
            let others = which.count > 1 ? ", and \(which.count - 1) more" : ""
            problems.append(SourceProblem(path: which.first, message: reason + others))
        }
        return true
    }

    private mutating func unpack(_ file: OpenedFile, _ path: String, depth: Int) {
        guard let kind = file.archive else { return }
        guard depth < 2 else {
            refuse(path, "an archive within an archive within an archive is not unpacked")
            return
        }
        do throws(SourceError) {
            switch kind {
            case .tar: try unpackTar(file, path, depth)
            case .zip: try unpackZip(file, path, depth)
            }
        } catch {
            problems.append(SourceProblem(path: path, message: error.message))
        }
    }

    private mutating func refuse(_ path: String, _ reason: String) {
        refused[reason, default: (path, 0)].count += 1
    }

    /// Of members by the same name the last one counts, as when the archive is unpacked to disk.
    private mutating func add(_ member: ArchiveMember) {
        if let place = places[member.path] {
            members[place] = member
        } else {
            places[member.path] = members.count
            members.append(member)
        }
    }

    /// Hidden files are left out, as in folders.
    private func isHidden(_ name: String) -> Bool {
        name.split(separator: "/").contains { $0.hasPrefix(".") && $0 != "." && $0 != ".." }
    }

    private func path(_ archive: String, _ name: String) -> String {
        "\(archive)!\(name.hasPrefix("./") ? String(name.dropFirst(2)) : name)"
    }

    // MARK: tar

    private mutating func unpackTar(_ file: OpenedFile, _ path: String, _ depth: Int) throws(SourceError) {
        var walk = TarWalk(file.source)
        defer {
            if let damage = walk.damage {
                problems.append(SourceProblem(path: path, message: "tar archive is damaged at byte \(damage)"))
            }
        }
        while let found = try walk.next() {
            let name = self.path(path, found.name)
            guard found.size > 0, !isHidden(found.name) else {
                try walk.skip(walk.padded(found.size))
                continue
            }
            if found.isSparse {
                refuse(name, "a sparse member of a tar archive is not read")
                try walk.skip(walk.padded(found.size))
                continue
            }
            guard members.count < Self.memberLimit else {
                throw SourceError("has more than \(Self.memberLimit) members: the rest is not read")
            }
            if let extent = file.extent {
                try refer(to: found, name, in: extent, &walk, depth)
            } else {
                try copy(found, name, &walk, depth)
            }
        }
    }

    /// A member where it lies.
    private mutating func refer(
        to found: TarWalk.Member, _ name: String, in extent: Extent, _ walk: inout TarWalk, _ depth: Int
    ) throws(SourceError) {
        let member = ArchiveMember(
            path: name, extent: extent.part(found.offset, found.size), modified: found.modified)
        var head = ContiguousArray<UInt8>(repeating: 0, count: min(found.size, ArchiveKind.headBytes))
        let count = try walk.read(head.count, into: &head)
        head.removeLast(head.count - count)
        addOrUnpack(member, head, depth)
        guard found.offset + found.size <= extent.size else {
            throw SourceError("tar archive is cut off at byte \(extent.size)")
        }
        try walk.skip(walk.padded(found.size) - count)
    }

    /// A member whose bytes come by but once.
    private mutating func copy(
        _ found: TarWalk.Member, _ name: String, _ walk: inout TarWalk, _ depth: Int
    ) throws(SourceError) {
        let spool = try openSpool()
        let start = spool.size
        var piece = ContiguousArray<UInt8>(repeating: 0, count: min(Self.pieceBytes, walk.padded(found.size)))
        var head: ContiguousArray<UInt8> = []
        var left = found.size
        var failure: SourceError?
        do throws(SourceError) {
            while left > 0 {
                let wanted = min(left, piece.count)
                let count = try walk.read(wanted, into: &piece)
                if head.isEmpty { head = ContiguousArray(piece[..<min(count, 4096)]) }
                left -= count
                try spool.append(piece, count)
                if count < wanted { throw walk.cutOff() }
                // Of what is no log nobody reads more than its head.
                if left > 0, head.count == 4096, OpenedFile.isNoLog(head) { break }
            }
            try walk.skip(left + walk.padded(found.size) - found.size)
        } catch {
            failure = error
        }
        let size = spool.size - start
        if size > 0 {
            let extent = Extent(store: .spool(spool), offset: start, size: size)
            addOrUnpack(ArchiveMember(path: name, extent: extent, modified: found.modified), head, depth)
        }
        if let failure { throw failure }
    }

    private mutating func openSpool() throws(SourceError) -> Spool {
        if let spool { return spool }
        let spool = try Spool()
        self.spool = spool
        return spool
    }

    private mutating func addOrUnpack(_ member: ArchiveMember, _ head: ContiguousArray<UInt8>, _ depth: Int) {
        // Only what may be one is opened.
        if Compression(head: head) != nil || ArchiveKind(head: head.span) != nil,
            let file = try? OpenedFile.open(member), file.archive != nil
        {
            unpack(file, member.path, depth: depth + 1)
        } else {
            add(member)
        }
    }

    // MARK: zip

    private mutating func unpackZip(_ file: OpenedFile, _ path: String, _ depth: Int) throws(SourceError) {
        let extent = if let extent = file.extent { extent } else { try copy(file.source) }
        let zip = try ZipMembers(extent, limit: Self.memberLimit)
        if let problem = zip.problem { problems.append(SourceProblem(path: path, message: problem)) }
        for found in zip.members where !found.isFolder && found.size != 0 && !isHidden(found.name) {
            let name = self.path(path, found.name)
            if found.isEncrypted {
                refuse(name, "encrypted: unpack it with its password first")
                continue
            }
            guard ArchiveMember.reads(found.method) else {
                refuse(name, "packed by zip's method \(found.method), which is not read")
                continue
            }
            let end = found.packedSize.map { ZipDirectory.headerBytes + 2 * 65_535 + $0 } ?? .max
            let member = ArchiveMember(
                path: name, extent: extent.part(found.offset, end),
                packing: .zip(
                    method: found.method, packedSize: found.packedSize, size: found.size,
                    checksum: found.size == nil ? nil : found.checksum),
                modified: found.modified)
            if let inner = try? OpenedFile.open(member), inner.archive != nil {
                unpack(inner, name, depth: depth + 1)
            } else {
                add(member)
            }
        }
    }

    /// All of an archive that can't be read at any place.
    private mutating func copy(_ source: any ByteSource) throws(SourceError) -> Extent {
        let spool = try openSpool()
        let start = spool.size
        var piece = ContiguousArray<UInt8>(repeating: 0, count: Self.pieceBytes)
        while true {
            let count = try piece.read(upTo: piece.count, from: source)
            if count == 0 { break }
            try spool.append(piece, count)
        }
        return Extent(store: .spool(spool), offset: start, size: spool.size - start)
    }
}

extension Spool {
    fileprivate func append(_ bytes: ContiguousArray<UInt8>, _ count: Int) throws(SourceError) {
        let result = bytes.withUnsafeBytes { buffer -> Result<Void, SourceError> in
            do throws(SourceError) {
                return .success(try append(UnsafeRawBufferPointer(rebasing: buffer[..<count])))
            } catch { return .failure(error) }
        }
        try result.get()
    }
}
