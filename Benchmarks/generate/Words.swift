/// Lists of words for the slots of shapes, by name.
final class WordLists {
    private(set) var index: [String: Int] = [:]
    private var words: [[[UInt8]]] = []

    init(_ lists: KeyValuePairs<String, [String]>) {
        for (name, list) in lists {
            index[name] = words.count
            words.append(list.map { Array($0.utf8) })
        }
    }

    func count(_ list: Int) -> Int { words[list].count }

    func names(_ name: String) -> [String] {
        index[name].map { words[$0].map { String(decoding: $0, as: UTF8.self) } } ?? []
    }

    @inline(__always) func put(_ list: Int, _ word: Int, _ out: Output) {
        words[list][word].withUnsafeBufferPointer { bytes in
            if let base = bytes.baseAddress { out.bytes(base, bytes.count) }
        }
    }
}

let lists = WordLists([
    "host": (1...16).map { "web-\($0)" } + (1...8).map { "db\($0)" } + (1...8).map { "cache\($0)" }
        + (1...8).map { "node-\($0)" },
    "user": [
        "root", "admin", "deploy", "alice", "bob", "carol", "postgres", "www-data", "backup", "ubuntu", "test",
        "oracle", "git",
    ],
    "disk": ["sda1", "sdb1", "nvme0n1p2", "dm-0", "dm-3", "md127", "vda2"],
    "nic": ["eth0", "eth1", "ens3", "bond0", "veth12ab9f", "docker0"],
    "unit": [
        "nginx", "postgresql", "redis-server", "cron", "ssh", "logrotate", "apt-daily", "fstrim", "docker",
        "svs-worker",
    ],
    "process": ["java", "python3", "postgres", "node", "mysqld", "prometheus", "chrome", "redis-server"],
    "domain": [
        "example.com", "mail.example.org", "shop.example.net", "cdn.example.com", "api.example.io", "internal.lan",
    ],
    "path": [
        "/var/lib/data/segment.db", "/var/log/app/current", "/srv/www/index.html", "/etc/ssl/certs/site.pem",
        "/tmp/upload.part",
    ],
    "image": [
        "registry.lan/shop/api", "registry.lan/shop/web", "library/redis", "library/postgres",
        "registry.lan/svs/worker",
    ],
    "table": ["orders", "customers", "payments", "sessions", "inventory", "audit_log", "frames", "embeddings"],
    "queue": ["orders", "mail", "thumbnails", "exports", "billing.retry", "frames"],
    "method": ["GET", "GET", "GET", "GET", "GET", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS"],
    "word": [
        "boots", "jacket", "red", "lamp", "usb+cable", "garden", "coffee", "winter", "sale", "gift+card", "table",
        "bike",
    ],
    "lang": ["en", "de", "fr", "es", "it", "pl"],
    "object": ["vol-17", "shard.0042", "orders.eu", "cluster-a", "tenant_88", "idx-frames", "pool7", "east.primary"],
    "reason": [
        "Connection reset by peer", "No space left on device", "Permission denied", "Input/output error", "Broken pipe",
    ],
    "doing": ["reading", "writing", "flushing"],
    "kind": ["slots", "entries", "pages"],
])

/// A table of messages, one on each line.
func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }

/// A list of phrases with commas between them, over any number of lines.
func phrases(_ text: String) -> [String] {
    text.split { $0 == "," || $0 == "\n" }.map { String($0.first == " " ? $0.dropFirst() : $0) }.filter { !$0.isEmpty }
}

extension String {
    /// Every `part` replaced; by default a space by a dash, as file names have it.
    func replacing(_ part: String, _ other: String = "-") -> String {
        var result = ""
        var rest = self[...]
        while !rest.isEmpty {
            if rest.hasPrefix(part) {
                result += other
                rest = rest.dropFirst(part.count)
            } else {
                result.append(rest.removeFirst())
            }
        }
        return result
    }
}
