import Glibc

/// A rule is about one of these going wrong in one of those ways: 2,000 pairs, each in the log of one product.
let subjects = phrases(
    """
    replica set, lease renewal, shard rebalance, write-ahead log, segment merge, leader election, token refresh,
    quota check, snapshot upload, index rebuild, page cache, heartbeat, schema migration, tenant import,
    mesh sidecar, block device, license check, route update, session store, worker slot, export task, volume attach,
    peer handshake, config reload, key rotation, image pull, backup chain, metric flush, dead letter queue,
    consumer group, name lookup, proxy upstream, cursor cleanup, bloom filter, tile render, search shard,
    thumbnail job, gossip ring, table compaction, link aggregation, garbage sweep, audit trail, fence agent,
    time source, queue mirror, ledger entry, feature store, array rebuild, tape drive, payment gateway
    """)
let failures = phrases(
    """
    timed out, failed, aborted, lost quorum, rejected, is corrupt, stalled, ran out of memory, exceeded its limit,
    has no owner, diverged, is unreachable, was refused, went backwards, is read-only, dropped writes,
    missed its deadline, returned garbage, cannot be opened, overflowed, is locked, expired, has a bad checksum,
    crashed, was fenced off, is degraded, lost its lock, is out of sync, could not start, was truncated,
    has been revoked, did not answer, leaked handles, is misconfigured, went silent, panicked, flapped,
    found no route, blocked the loop, hit a bad sector
    """)
let products = phrases(
    """
    storaged, meshproxy, ledgerd, indexer, tilesrv, gossipd, vaultsync, queuemgr, imagepull, tapectl, quotad,
    routed, sessiond, exportd, backupd, metricsd, searchd, fenced, timesyncx, importer, cursord, keyring, payd,
    featured, arrayd
    """)
/// What follows (or comes before) a rule's literal, as text and as pattern: `{name}` stands for a capture.
let details = lines(
    """
    LITERAL for {object} after {millis} ms
    LITERAL on {host}:{port}
    LITERAL: {reason}: errno {errno}
    LITERAL (code {code}, attempt {attempt})
    LITERAL, {used} of {total} (?:slots|entries|pages) in use
    {object}: LITERAL at offset {offset}
    LITERAL while (?:reading|writing|flushing) {path}
    LITERAL by peer {peer}
    """)
let captureKinds: [String: (pattern: String, slot: String)] = [
    "object": (#"[\w.-]+"#, "<object>"), "millis": (#"\d+"#, "<1-60000>"), "host": ("[a-z0-9-]+", "<host>"),
    "port": (#"\d+"#, "<1024-65535>"),
    "reason": ("[^:]+", "<reason>"), "errno": (#"\d+"#, "<1-133>"), "code": (#"\d+"#, "<100-999>"),
    "attempt": (#"\d+"#, "<1-9>"),
    "used": (#"\d+"#, "<100-999>"), "total": (#"\d+"#, "<1000-9999>"), "offset": (#"\d+"#, "<100-9999999>"),
    "path": ("/[^ ]+", "<path>"),
    "peer": (#"\d+\.\d+\.\d+\.\d+"#, "<ip>"),
]

/// One rule of the catalogue, which is the same for every seed: ten rules are the first ten of a thousand.
struct SyntheticRule {
    let product: String, subject: String, failure: String, detail: String
    /// One rule in twenty ignores case; one has an alternative inside, so that only its first words are certain.
    let ignoresCase: Bool, hasAlternative: Bool

    init(_ index: Int) {
        let pair = index * 1237 % (subjects.count * failures.count)
        subject = subjects[pair % subjects.count]
        failure = failures[pair / subjects.count]
        product = products[index % products.count]
        detail = details[index % details.count]
        (ignoresCase, hasAlternative) = (index % 20 == 11, index % 20 == 7)
    }

    var literal: String { "\(subject) \(failure)" }

    var name: String { literal.replacing(" ") }

    /// The message in pieces: plain text, or the name of a capture.
    private func pieces() -> [(text: String, isCapture: Bool)] {
        var pieces: [(String, Bool)] = []
        var current = ""
        for character in detail {
            if character == "{" || character == "}" {
                pieces.append((current, character == "}"))
                current = ""
            } else {
                current.append(character)
            }
        }
        return (pieces + [(current, false)]).map { ($0.0.replacing("LITERAL", literal), $0.1) }
    }

    var pattern: String {
        (ignoresCase ? "(?i)" : "")
            + pieces().map { text, isCapture in
                if isCapture { return "(?<\(text)>\(captureKinds[text]?.pattern ?? ".+"))" }
                let certain = text.contains("(?:") ? text : text.replacing("(", #"\("#).replacing(")", #"\)"#)
                return hasAlternative ? certain.replacing(literal, "\(subject) (?:\(failure)|gave up)") : certain
            }.joined()
    }

    /// The same as a shape, for `hits`.
    var shape: String {
        pieces().map { $0.isCapture ? captureKinds[$0.text]?.slot ?? "x" : $0.text }.joined()
            .replacing("(?:slots|entries|pages)", "<kind>").replacing("(?:reading|writing|flushing)", "<doing>")
    }

    func file(_ random: inout Random) -> String {
        let seen = Int(random.below(900)) + 100
        var line = ""
        var captures: [String] = []
        for piece in pieces() {
            guard piece.isCapture else {
                line += piece.text
                continue
            }
            let value: String
            switch captureKinds[piece.text]?.slot.first {
            case _ where piece.text == "host": value = "web-3"
            case _ where piece.text == "object": value = "shard.0\(seen)"
            case _ where piece.text == "reason": value = "Input/output error"
            case _ where piece.text == "path": value = "/var/lib/\(product)/\(seen).db"
            case _ where piece.text == "peer": value = "10.0.0.\(seen % 250)"
            default: value = "\(seen)"
            }
            line += value
            captures.append("\(piece.text): \"\(value)\"")
        }
        line = line.replacing("(?:slots|entries|pages)", "entries").replacing("(?:reading|writing|flushing)", "writing")
        return """
            id: \(product).\(name)
            title: \(product): \(literal)
            status: stable
            level: \(seen % 3 == 0 ? "warning" : "error")
            match: '\(pattern)'
            cause: The \(literal) in \(product); what it needed was busy, missing or broken.
            fix:
              - Look at what \(product) reported just before, then at the machine that it names.
            docs:
              - { title: "\(product): \(literal)", url: "https://docs.example.com/\(product)/\(name)" }
            tests:
              - line: '\(product)[4242]: \(line)'
                captures: { \(captures.joined(separator: ", ")) }
              - { line: '\(product)[4242]: \(subject) finished', matches: false }

            """.replacing("title: \(product): ", "title: \(product), ")
    }
}

/// Lines that share words with the rules and hit none: a prefilter must not live from the absence of words alone.
func nearMisses() -> [String] {
    (0..<12).map {
        "\(products[$0 * 2])[<400-900>]: \(subjects[$0 * 4]) finished for <object> after <1-60000> ms, <0-9> retries"
    }
        + (0..<6).map {
            "\(products[$0 * 3])[<400-900>]: no peer \(failures[$0 * 5]) since <1-90> days, next look in <1-900> s"
        }
}

func ruleShapes(_ range: Range<Int>) -> Shapes {
    Shapes(
        range.map { index in
            let rule = SyntheticRule(index)
            return "\(rule.product)[<400-900>]: \(rule.shape)"
        }, lists)
}

func writeRules(_ count: Int, _ seed: UInt64, _ folder: String) {
    guard count <= subjects.count * failures.count else { fail("at most \(subjects.count * failures.count) rules") }
    var random = Random(seed: seed)
    mkdir(folder, 0o755)
    for index in 0..<count {
        let rule = SyntheticRule(index)
        mkdir("\(folder)/\(rule.product)", 0o755)
        let path = "\(folder)/\(rule.product)/\(rule.name).yml"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        guard descriptor >= 0 else { fail("\(path): \(String(cString: strerror(errno)))") }
        let out = Output(descriptor: descriptor)
        out.text(rule.file(&random))
        out.flush()
        close(descriptor)
    }
}
