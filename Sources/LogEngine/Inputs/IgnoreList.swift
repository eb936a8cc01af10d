#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Patterns of an `.ailoggerignore`: one a line, `*` and `?`, `#` for comments; they hold for the folder and all below,
/// against the name, or against the path below the folder if they hold a slash. A slash at the end means folders only.
struct IgnoreList {
    private let folder: String
    private let patterns: [String]

    init?(folder: String) {
        guard let text = try? readRegularFile("\(folder)/.ailoggerignore") else { return nil }
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
