import LogCore

/// What tells findings apart and what they have in common, put so that thousands can be compared.
struct Traits {
    /// What kind of trouble the words speak of. A weak sign of what comes first, and said to be one: what is used up or
    /// broken below is more often a cause than a peer that doesn't answer.
    enum Layer: Int {
        case resource, program, peer

        /// Phrases of the C library's error texts and the like, of no product.
        private static let resources = [
            "out of memory", "cannot allocate memory", "no space left", "disk full", "disk quota", "i/o error",
            "input/output error", "read-only file system", "too many open files", "filesystem", "segfault",
            "segmentation fault", "kernel panic", "hardware error", "oom", "storage",
        ].map { Array($0.utf8) }
        private static let peers = [
            "connection refused", "refused the connection", "connection reset", "timed out", "timeout", "unreachable",
            "unavailable", "no route to host", "broken pipe", "upstream", "not responding", "lost connection",
            "connection lost", "connection to", "could not connect", "failed to connect", "no live",
            "deadline exceeded",
            // A request's answer is written when it ends: it tells of what failed behind it.
            ": status 5",
        ].map { Array($0.utf8) }

        init(_ title: String, _ text: String) {
            let title = Array(title.lowercased().utf8)
            let text = Array(text.lowercased().utf8)
            // Of bytes: a search in Strings takes ten times as long, and there are thousands of findings.
            func has(_ words: [[UInt8]], _ text: [UInt8]) -> Bool {
                text.indices.contains { start in
                    words.contains { $0[0] == text[start] && text[start...].starts(with: $0) }
                }
            }
            // The title says what it is; the line may speak of more.
            if has(Self.resources, title) {
                self = .resource
            } else if has(Self.peers, title) {
                self = .peer
            } else {
                self = has(Self.resources, text) ? .resource : has(Self.peers, text) ? .peer : .program
            }
        }
    }

    var ids: [UInt64] = []
    var hosts: [UInt64] = []
    /// Those that few findings have.
    var rareHosts: [UInt64] = []
    /// Users, addresses and resources that few findings have. Numbers of processes are used again and again.
    var others: [UInt64] = []
    /// How many events name a disk, or a partition of it.
    var disks: [String: Int64] = [:]
    var files: [UInt64] = []
    var components: [UInt64] = []
    /// All its hosts are known.
    var hostsAreAll = false
    var layer = Layer.program
    /// Numbers of the names that are its own, and of those of others that its line speaks of; ascending.
    var names: [Int] = []
    var mentions: [Int] = []
    /// Those of the names that are no plain words: what has a digit, a joint or a capital inside.
    var ownNames: [Int] = []

    /// Words that are names of components somewhere and stand in any message.
    private static let common: Set<String> = [
        "server", "client", "error", "connection", "http", "https", "main", "root", "system", "service", "user",
        "session", "request", "database", "network", "default", "worker", "thread", "process", "info", "warn",
        "warning", "java", "python", "node", "host", "localhost", "core", "manager", "module", "file", "memory",
        "kernel",
    ]
    /// Characters of a sample in which names are looked for.
    private static let textLength = 400

    /// The traits of all findings.
    static func all(_ findings: [Finding]) -> [Traits] {
        var all = findings.map { Traits(of: $0) }
        let root = Self.root(findings.count)
        dropCommon(&all, \.ids, limit: max(6, min(findings.count / 4, 2 * root)))
        dropCommon(&all, \.others, limit: max(4, min(findings.count / 5, root)))
        let hosted = all.count { !$0.hosts.isEmpty }
        dropCommon(&all, \.rareHosts, limit: min(max(2, min(hosted / 4, root)), hosted - 1))
        nameEachOther(&all, findings)
        dropCommon(&all, \.names, limit: max(2, findings.count / 2))
        dropCommon(&all, \.ownNames, limit: max(6, root))
        return all
    }

    /// What "few" are among many: a share of thousands is no longer few.
    private static func root(_ count: Int) -> Int {
        var root = 0
        while (root + 1) * (root + 1) <= count { root += 1 }
        return root
    }

    private init(of finding: Finding) {
        let joins = finding.joins
        ids = Array(joins.keys(.identity))
        hosts = Array(joins.keys(.host))
        rareHosts = hosts
        // A machine that a rule captured is the one spoken of: it doesn't tell where the finding came.
        hostsAreAll = !hosts.isEmpty && !joins.isFull(.host) && !finding.capturesHost
        files = Array(joins.keys(.file))
        for entry in joins.entries(.resource) {
            if let disk = Self.disk(entry.value) { disks[disk, default: 0] += entry.count }
        }
        components = Array(joins.keys(.component))
        others = [.user, .address, .resource].flatMap { Array(joins.keys($0)) }.sorted()
        layer = Layer(finding.title, String(finding.sample.text.prefix(Self.textLength)))
    }

    /// `sdc` of `sdc1` and of `/dev/sdc`, `nvme0n1` of `nvme0n1p2`; nil for what is no disk.
    static func disk(_ name: String) -> String? {
        let name = name.hasPrefix("/dev/") ? name.dropFirst(5) : name[...]
        func parts(_ text: Substring, _ prefix: String) -> Substring? {
            text.hasPrefix(prefix) ? text.dropFirst(prefix.count) : nil
        }
        func isNumber(_ text: some StringProtocol) -> Bool { text.utf8.allSatisfy { $0 &- 0x30 < 10 } }
        if let rest = ["sd", "vd", "xvd"].lazy.compactMap({ parts(name, $0) }).first {
            let letters = rest.prefix { $0.isASCII && $0.isLowercase }
            guard (1...2).contains(letters.count), isNumber(rest[letters.endIndex...]) else { return nil }
            return String(name[..<letters.endIndex])
        }
        for prefix in ["nvme", "mmcblk"] {
            guard let rest = parts(name, prefix), let first = rest.utf8.first, first &- 0x30 < 10 else { continue }
            let disk = rest.prefix { $0 != "p" }
            guard disk.utf8.allSatisfy({ $0 &- 0x30 < 10 || $0 == UInt8(ascii: "n") }),
                isNumber(rest[disk.endIndex...].dropFirst())
            else { return nil }
            return String(name[..<disk.endIndex])
        }
        return nil
    }

    /// What many share joins none of them.
    private static func dropCommon<Key: Hashable>(
        _ all: inout [Traits], _ path: WritableKeyPath<Traits, [Key]>, limit: Int
    ) {
        var owners: [Key: Int] = [:]
        for traits in all { for key in traits[keyPath: path] { owners[key, default: 0] += 1 } }
        for index in all.indices { all[index][keyPath: path].removeAll { owners[$0, default: 0] > limit } }
    }

    private static func nameEachOther(_ all: inout [Traits], _ findings: [Finding]) {
        var numbers: [String: Int] = [:]
        for (index, finding) in findings.enumerated() {
            for (name, isPlain) in Self.ownNames(finding) {
                let number = numbers[name, default: numbers.count]
                numbers[name] = number
                all[index].names.append(number)
                if !isPlain { all[index].ownNames.append(number) }
            }
            all[index].names.sort()
            all[index].ownNames.sort()
        }
        for (index, finding) in findings.enumerated() {
            let own = Set(all[index].names)
            let mentions = Set(words(of: finding).compactMap { numbers[$0] })
            all[index].mentions = mentions.subtracting(own).sorted()
        }
    }

    /// What a finding's line speaks of: its words, and the first labels of names.
    static func words(of finding: Finding) -> Set<String> {
        var result: Set<String> = []
        for word in finding.sample.text.prefix(textLength).split(whereSeparator: { !isNamePart($0) })
        where word.utf8.count >= 3 {
            let word = word.lowercased()
            result.insert(word)
            if let dot = word.firstIndex(of: ".") { result.insert(String(word[..<dot])) }
        }
        return result
    }

    /// Whether a line of the other speaks of it. In another log a plain word that is a component's name proves nothing.
    func isNamed(by other: Traits) -> Bool {
        firstCommon(isOtherLog(than: other) ? ownNames : names, other.mentions) != nil
    }

    /// Logs of both are known, and none is of both. Of what stands in very many the same part is known of each.
    func isOtherLog(than other: Traits) -> Bool {
        !files.isEmpty && !other.files.isEmpty && firstCommon(files, other.files) == nil
    }

    private static func isPlain(_ name: String) -> Bool {
        name.dropFirst().allSatisfy(\.isLowercase) || name.allSatisfy(\.isUppercase)
    }

    private static func isNamePart(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || "-_.".contains(character)
    }

    /// Hosts and components that the finding's events are of, and whether the name is but a plain word.
    private static func ownNames(_ finding: Finding) -> [(name: String, isPlain: Bool)] {
        var names: [String: Bool] = [:]
        func add(_ name: String, isPlain: Bool) {
            let folded = name.lowercased()
            names[folded] = names[folded, default: true] && isPlain
        }
        // What a rule captured is whom it speaks of, not who speaks.
        let captured = Set(finding.captures.map(\.value))
        for entry in finding.joins.entries(.host) where !captured.contains(entry.value) {
            add(entry.value, isPlain: isPlain(entry.value))
        }
        for entry in finding.joins.entries(.component) {
            add(entry.value, isPlain: isPlain(entry.value))
            // The class behind its packages; a plain word there stands in any message.
            if let dot = entry.value.lastIndex(of: "."), entry.value[dot...].contains(where: \.isUppercase) {
                add(String(entry.value[entry.value.index(after: dot)...]), isPlain: false)
            }
        }
        return names.filter { $0.key.utf8.count >= 3 && !common.contains($0.key) && $0.key.contains(where: \.isLetter) }
            .map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
    }
}

/// The smallest common element of two ascending lists.
func firstCommon<T: Comparable>(_ a: [T], _ b: [T]) -> T? {
    var i = 0
    var j = 0
    while i < a.count, j < b.count {
        if a[i] == b[j] { return a[i] }
        if a[i] < b[j] { i += 1 } else { j += 1 }
    }
    return nil
}
