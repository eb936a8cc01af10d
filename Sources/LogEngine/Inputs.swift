#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One thing to read: a file's path, or `-` for standard input.
package struct Input: Hashable, Sendable {
    package var path: String
    /// Named by the user, not found in a folder: then it is read even if it looks like no log.
    package var isExplicit: Bool
    /// What the user says of its times.
    package var times = TimeSettings()

    package init(path: String, isExplicit: Bool) {
        self.path = path
        self.isExplicit = isExplicit
    }

    package static let stdin = Input(path: "-", isExplicit: true)
}

/// Turns what stands on the command line into files: folders are walked, globs expanded, `-` is standard input.
package struct InputFinder {
    package private(set) var inputs: [Input] = []
    /// A line for each path that cannot be read.
    package private(set) var problems: [SourceProblem] = []
    /// Files in folders that an `.ailoggerignore` names.
    package private(set) var ignored = 0
    private var seen: Set<FileIdentity> = []

    package init() {}

    /// Rotated files come out oldest first: `app.log.10` before `app.log.2` before `app.log`.
    package static func find(_ paths: [String]) -> InputFinder {
        var finder = InputFinder()
        for path in paths { finder.add(path) }
        return finder
    }

    /// Gives every input the settings for its path.
    package mutating func setTimes(_ settings: (String) -> TimeSettings) {
        for index in inputs.indices { inputs[index].times = settings(inputs[index].path) }
    }

    private mutating func add(_ path: String) {
        if path == "-" {
            inputs.append(.stdin)
            return
        }
        var info = stat()
        guard stat(path, &info) == 0 else {
            let code = errno
            let matches = isPattern(path) ? expand(path) : []
            if matches.isEmpty {
                problems.append(SourceProblem(path: path, message: String(cString: strerror(code))))
            }
            for match in matches { add(match) }
            return
        }
        if info.st_mode & S_IFMT == S_IFDIR {
            walk(path, IgnoreList.above(path), depth: 0)
        } else {
            append(path, info, isExplicit: true)
        }
    }

    private mutating func append(_ path: String, _ info: stat, isExplicit: Bool) {
        // The same file by two names (a link, an overlapping glob) is read once.
        if info.st_mode & S_IFMT == S_IFREG, !seen.insert(FileIdentity(info)).inserted { return }
        inputs.append(Input(path: path, isExplicit: isExplicit))
    }

    private mutating func walk(_ folder: String, _ inherited: [IgnoreList], depth: Int) {
        guard depth < 64 else {
            problems.append(SourceProblem(path: folder, message: "folders nested too deep"))
            return
        }
        guard let handle = opendir(folder) else {
            problems.append(SourceProblem(path: folder, message: String(cString: strerror(errno))))
            return
        }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        closedir(handle)
        let base = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        let ignores = inherited + [IgnoreList(folder: base)].compactMap(\.self)
        for name in names.sorted(by: RotationOrder.isBefore) {
            let path = "\(base)/\(name)"
            var info = stat()
            guard stat(path, &info) == 0 else {
                problems.append(SourceProblem(path: path, message: String(cString: strerror(errno))))
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
                append(path, info, isExplicit: false)
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
        let paths = (0..<Int(result.gl_pathc)).compactMap { result.gl_pathv[$0].map { String(cString: $0) } }
        return paths.sorted(by: RotationOrder.isBefore)
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

/// Patterns of an `.ailoggerignore`: one a line, `*` and `?`, `#` for comments; they hold for the folder and all below,
/// against the name, or against the path below the folder if they hold a slash. A slash at the end means folders only.
struct IgnoreList {
    private let folder: String
    private let patterns: [String]

    init?(folder: String) {
        guard let text = try? readFile("\(folder)/.ailoggerignore") else { return nil }
        self.folder = folder
        patterns = String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
            .filter { !$0.hasPrefix("#") && !$0.allSatisfy(\.isWhitespace) }
    }

    /// The lists of the folders above one, from the root down: they hold for it however it is named.
    static func above(_ folder: String) -> [IgnoreList] {
        var lists: [IgnoreList] = []
        var path = realPath(folder)
        while let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            path = String(path[..<slash])
            if let list = IgnoreList(folder: path) { lists.append(list) }
        }
        return lists.reversed()
    }

    func ignores(_ path: String, isFolder: Bool) -> Bool {
        let below = (path.hasPrefix(folder + "/") ? path : realPath(path)).dropFirst(folder.count + 1)
        let name = below.split(separator: "/").last.map(String.init) ?? ""
        return patterns.contains { pattern in
            var pattern = pattern
            if pattern.hasSuffix("/") {
                guard isFolder else { return false }
                pattern.removeLast()
            }
            return fnmatch(pattern, pattern.contains("/") ? String(below) : name, 0) == 0
        }
    }
}

/// The order of rotated sets: names alike but for a number in the end (`.1`, `.10.gz`) go from the highest number down,
/// then the bare name; digits compare as numbers.
package enum RotationOrder {
    package static func isBefore(_ a: String, _ b: String) -> Bool {
        let left = split(a)
        let right = split(b)
        if left.stem != right.stem { return natural(left.stem, right.stem) }
        switch (left.number, right.number) {
        case (let x?, let y?) where x != y:
            // Dates (20261119) grow towards now, small numbers into the past.
            return x > 9_999 || y > 9_999 ? x < y : x > y
        case (.some, nil): return true
        case (nil, .some): return false
        default: return natural(a, b)
        }
    }

    private static func split(_ name: String) -> (stem: String, number: Int?) {
        var stem = Substring(name)
        for suffix in [".gz", ".zst", ".bz2", ".xz"] where stem.hasSuffix(suffix) { stem = stem.dropLast(suffix.count) }
        guard let dot = stem.lastIndex(where: { $0 == "." || $0 == "-" }) else { return (String(stem), nil) }
        guard let number = Int(stem[stem.index(after: dot)...]) else { return (String(stem), nil) }
        return (String(stem[..<dot]), number)
    }

    /// By bytes, but runs of digits by their value: `app-9` before `app-10`.
    private static func natural(_ a: String, _ b: String) -> Bool {
        var left = Array(a.utf8)[...]
        var right = Array(b.utf8)[...]
        while let x = left.first, let y = right.first {
            if isDigit(x), isDigit(y) {
                let m = left.prefix(while: isDigit).drop { $0 == 0x30 }
                let n = right.prefix(while: isDigit).drop { $0 == 0x30 }
                if m.count != n.count { return m.count < n.count }
                if !m.elementsEqual(n) { return m.lexicographicallyPrecedes(n) }
                left = left.drop(while: isDigit)
                right = right.drop(while: isDigit)
            } else if x != y {
                return x < y
            } else {
                left.removeFirst()
                right.removeFirst()
            }
        }
        return left.isEmpty && !right.isEmpty || left.isEmpty == right.isEmpty && a < b
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
}
