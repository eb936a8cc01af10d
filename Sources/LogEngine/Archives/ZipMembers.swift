import LogCore

/// What lies in a zip archive.
struct ZipMembers {
    private(set) var members: [ZipMember] = []
    /// What is wrong with the archive; the members found are right all the same.
    private(set) var problem: String?
    private let file: Descriptor
    private let extent: Extent

    init(_ extent: Extent, limit: Int) throws(SourceError) {
        self.extent = extent
        file = try extent.open()
        guard let place = try findDirectory() else {
            try scan(limit)
            return
        }
        try readDirectory(place, limit)
        refuseOverlaps()
    }

    private func findDirectory() throws(SourceError) -> ZipDirectory.Place? {
        let tail = try bytes(max(0, extent.size - ZipDirectory.tailBytes), ZipDirectory.tailBytes)
        switch ZipDirectory.end(in: tail.span, size: extent.size) {
        case .missing: return nil
        case .directory(let place): return place
        case .zip64(let at):
            let record = try bytes(at, 56)
            return ZipDirectory.place(zip64: record.span, at: at)
        }
    }

    private func bytes(_ offset: Int, _ count: Int) throws(SourceError) -> ContiguousArray<UInt8> {
        let count = max(0, min(count, extent.size - offset))
        var bytes = ContiguousArray<UInt8>(repeating: 0, count: count)
        bytes.removeLast(count - (try bytes.read(from: file, at: extent.offset + offset)))
        return bytes
    }

    /// A window over the directory, which may be of any size.
    private mutating func readDirectory(_ place: ZipDirectory.Place, _ limit: Int) throws(SourceError) {
        let window = 1 << 20
        var start = place.offset
        let end = place.offset + place.size
        while start < end {
            let bytes = try bytes(start, min(window, end - start))
            let span = bytes.span
            var at = 0
            while let count = ZipDirectory.entryBytes(span, at: at) {
                guard members.count < limit else {
                    problem = "has more than \(limit) members: the rest is not read"
                    return
                }
                if var member = ZipDirectory.member(span, at: at) {
                    member.offset += place.prefix
                    members.append(member)
                } else {
                    problem = "zip archive is damaged: its directory at byte \(start + at)"
                }
                at += count
            }
            if at == 0 {
                problem = "zip archive is damaged: its directory at byte \(start)"
                return
            }
            start += at
        }
    }

    /// Members that share bytes unpack to any size: such archives are made to do harm.
    private mutating func refuseOverlaps() {
        var end = 0
        for member in members.sorted(by: { $0.offset < $1.offset }) {
            if member.offset < end {
                problem = "zip archive is not read: its members overlap"
                members = []
                return
            }
            end = member.offset + ZipDirectory.headerBytes + (member.packedSize ?? 0)
        }
    }

    /// Without a directory the members' own headers tell what is there, one after another.
    private mutating func scan(_ limit: Int) throws(SourceError) {
        problem = "zip archive is cut off at byte \(extent.size): its directory is missing"
        var at = 0
        while members.count < limit {
            let bytes = try bytes(at, ZipDirectory.headerBytes + 2 * 65_535)
            guard var found = ZipDirectory.header(bytes.span, at: 0) else { return }
            found.member.offset = at
            members.append(found.member)
            // The size of a member that was written in one go stands behind it: it is the last that can be found.
            guard let size = found.member.packedSize else { return }
            at += found.dataStart + size
        }
    }
}
