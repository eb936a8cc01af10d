#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Turns what stands on the command line into files: folders are walked, globs expanded, `-` is standard input.
package struct InputFinder {
    package private(set) var inputs: [Input] = []
    /// A line for each path that cannot be read.
    package private(set) var problems: [SourceProblem] = []
    /// The same of what has no bytes whatever is done: nothing of the folder is lost without it.
    private var passedOver: [SourceProblem] = []
    /// Archives whose members are among the inputs.
    package private(set) var archives: [String] = []
    /// Files in folders that an `.ailoggerignore` names.
    package private(set) var ignored = 0
    private var seen: Set<FileIdentity> = []
    private var unpacker = Unpacker()
    private let unpacks: Bool
    /// Folders in folders. Paths end at 4,096 bytes.
    private static let deepest = 1000

    init(unpacks: Bool) { self.unpacks = unpacks }

    /// Rotated files come out oldest first: `app.log.10` before `app.log.2` before `app.log`. Archives are unpacked, unless
    /// what grows is looked for.
    package static func find(_ paths: [String], unpacks: Bool = true) -> InputFinder {
        var finder = InputFinder(unpacks: unpacks)
        for path in paths { finder.add(path) }
        return finder
    }

    /// Gives every input the settings for its path.
    package mutating func setTimes(_ settings: (String) -> TimeSettings) {
        for index in inputs.indices { inputs[index].times = settings(inputs[index].path) }
    }

    /// Takes out the inputs for which there is a reason; it is a problem where the user named the file.
    package mutating func leaveOut(_ reason: (Input) -> String?) -> [SourceProblem] {
        var leftOut = passedOver
        passedOver = []
        inputs.removeAll { input in
            guard let reason = reason(input) else { return false }
            let problem = SourceProblem(path: input.path, message: reason)
            if input.isExplicit { problems.append(problem) } else { leftOut.append(problem) }
            return true
        }
        return leftOut
    }

    private mutating func add(_ path: String) {
        if path == "-" {
            addStandardInput()
            return
        }
        var info = stat()
        guard nativeStat(path, &info) == 0 else {
            let code = errno
            if addMembers(path) { return }
            let matches = isPattern(path) ? expand(path) : []
            if matches.isEmpty, code == ENOENT, !unpacks, !isPattern(path) {
                // What is followed may come later.
                if !inputs.contains(where: { $0.path == path }) { inputs.append(Input(path: path, isExplicit: true)) }
            } else if matches.isEmpty {
                problems.append(SourceProblem(path: path, message: String(cString: strerror(code))))
            }
            for match in matches { add(match) }
            return
        }
        if info.st_mode & S_IFMT == S_IFDIR {
            // A link back to it would be followed once.
            seen.insert(FileIdentity(info))
            walk(path, IgnoreList.above(path), depth: 0)
        } else {
            append(path, info, isExplicit: true)
        }
    }

    private mutating func append(_ path: String, _ info: stat, isExplicit: Bool, _ ignores: [IgnoreList] = []) {
        // The same file by two names (a link, an overlapping glob) is read once.
        if info.st_mode & S_IFMT == S_IFREG, !seen.insert(FileIdentity(info)).inserted { return }
        // What it is told by its bytes; whoever reads it says why it can't be opened.
        let file = info.st_mode & S_IFMT == S_IFREG && info.st_size > 0 ? try? OpenedFile.open(path) : nil
        if let file, unpacks, unpacker.unpack(file, path) {
            archives.append(path)
            addUnpacked { member in !ignores.contains { $0.ignores(member, isFolder: false) } }
        } else if let file, !unpacks, let coding = Self.obstacle(to: file) {
            if isExplicit { problems.append(SourceProblem(path: path, message: "\(coding) cannot be followed")) }
            ignored += isExplicit ? 0 : 1
        } else {
            inputs.append(Input(path: path, isExplicit: isExplicit))
        }
    }

    /// What of a file's bytes can't be followed.
    private static func obstacle(to file: OpenedFile) -> String? {
        if file.encoding == BinaryLog.octetCounted.rawValue { return nil }
        return file.encoding ?? file.archive?.rawValue
    }

    // MARK: Archives

    private mutating func addUnpacked(_ isWanted: (String) -> Bool) {
        let found = unpacker.members.filter { isWanted($0.path) }
        ignored += unpacker.members.count - found.count
        inputs += RotationOrder.sorted(found, by: \.path).map { Input($0) }
        problems += unpacker.problems
    }

    /// `logs.tar.gz!var/log/app.log`, or with stars: false if there is no such archive.
    private mutating func addMembers(_ path: String) -> Bool {
        guard unpacks else { return false }
        for end in path.indices where path[end] == "!" {
            let archive = String(path[..<end])
            guard isFile(archive), let file = try? OpenedFile.open(archive), unpacker.unpack(file, archive) else {
                continue
            }
            archives.append(archive)
            let count = inputs.count
            addUnpacked { $0 == path || fnmatch(path, $0, 0) == 0 }
            if inputs.count == count {
                problems.append(SourceProblem(path: path, message: "the archive has no such member"))
            }
            return true
        }
        return false
    }

    /// What comes through a pipe may be an archive: its first bytes are read here, and kept.
    private mutating func addStandardInput() {
        guard unpacks, isatty(0) == 0, let file = try? OpenedFile.open("-") else {
            inputs.append(.stdin)
            return
        }
        if unpacker.unpack(file, "-") {
            addUnpacked { _ in true }
        } else {
            inputs.append(Input(held: file))
        }
    }

    // MARK: Folders

    private mutating func walk(_ folder: String, _ inherited: [IgnoreList], depth: Int) {
        guard depth < Self.deepest else {
            problems.append(SourceProblem(path: folder, message: "folders nested too deep"))
            return
        }
        guard let handle = NativePath.with(folder, { opendir($0) }) else {
            problems.append(SourceProblem(path: folder, message: String(cString: strerror(errno))))
            return
        }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { NativePath.text($0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        closedir(handle)
        let base = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        let ignores = inherited + [IgnoreList(folder: base)].compactMap(\.self)
        for name in RotationOrder.sorted(names) {
            let path = "\(base)/\(name)"
            var info = stat()
            guard nativeStat(path, &info) == 0 else {
                let code = errno
                let problem = SourceProblem(path: path, message: String(cString: strerror(code)))
                // A link that leads to itself.
                if code == ELOOP { passedOver.append(problem) } else { problems.append(problem) }
                continue
            }
            let isFolder = info.st_mode & S_IFMT == S_IFDIR
            if ignores.contains(where: { $0.ignores(path, isFolder: isFolder) }) {
                ignored += isFolder ? 0 : 1
                continue
            }
            switch info.st_mode & S_IFMT {
            case S_IFDIR:
                // A link to a folder above would go round for ever.
                if seen.insert(FileIdentity(info)).inserted { walk(path, ignores, depth: depth + 1) }
            case S_IFREG:
                append(path, info, isExplicit: false, ignores)
            default:
                // A FIFO or a socket in a folder would wait for a writer.
                problems.append(SourceProblem(path: path, message: "not a regular file; name it to read it"))
            }
        }
    }

    private func isPattern(_ path: String) -> Bool { path.contains { "*?[".contains($0) } }

    private func expand(_ pattern: String) -> [String] {
        var result = glob_t()
        defer { globfree(&result) }
        guard glob(pattern, GLOB_BRACE | GLOB_TILDE, nil, &result) == 0 else { return [] }
        let paths = (0..<Int(result.gl_pathc)).compactMap { result.gl_pathv[$0].map { NativePath.text($0) } }
        return RotationOrder.sorted(paths)
    }
}

/// A path that could not be read, and why.
package struct SourceProblem: Equatable, Sendable {
    package var path: String
    package var message: String

    package init(path: String, message: String) {
        self.path = path
        self.message = message
    }
}

/// Device and inode.
struct FileIdentity: Hashable {
    let device: UInt64
    let inode: UInt64

    init(_ info: stat) {
        device = UInt64(info.st_dev)
        inode = UInt64(info.st_ino)
    }
}
