import LogCore

/// What a value names that events of different places may share.
package enum JoinKind: String, Sendable, Codable, CaseIterable {
    case component, file, host, process, thread, user, address, resource
    case request, trace, transaction, session, id
    /// What runs on a host and has a name like one.
    case pod, container
    /// Any field by its name: `version=2.31.0`. It joins nothing, but tells what failures have in common.
    case field

    /// What kinds are compared with one another: a request's id in one log stands somewhere in the text of another.
    package enum Group: UInt8, Sendable, CaseIterable {
        case identity, component, file, host, process, thread, user, address, resource, trait

        /// Values kept of each. Of names there are few; of ids many, and the more are kept the smaller an overlap is seen. Hosts are
        /// counted: of a cluster it is told how many of them fail alike. So are logs, which may be one a host.
        var limit: Int {
            switch self {
            case .identity: 32
            case .host, .file: 64
            case .trait: JoinSample.fields * JoinSample.valuesOfField
            default: 16
            }
        }
    }

    package var group: Group {
        switch self {
        case .component: .component
        case .file: .file
        case .host, .pod, .container: .host
        case .process: .process
        case .thread: .thread
        case .user: .user
        case .address: .address
        case .resource: .resource
        case .request, .trace, .transaction, .session, .id: .identity
        case .field: .trait
        }
    }

    var number: UInt8 {
        switch self {
        case .component: 0
        case .file: 1
        case .host: 2
        case .process: 3
        case .thread: 4
        case .user: 5
        case .address: 6
        case .resource: 7
        case .request: 8
        case .trace: 9
        case .transaction: 10
        case .session: 11
        case .id: 12
        case .pod: 13
        case .container: 14
        case .field: 15
        }
    }

    /// As a sentence calls it.
    package var noun: String {
        switch self {
        case .file: "log file"
        case .resource: "resource"
        default: rawValue
        }
    }
}

/// The names that fields, captures and `name=value` in messages have for what can be joined. Compared without regard
/// to case, `_`, `-` and `.`, so `X-Request-ID` and `xRequestId` are one.
struct JoinNames: Sendable {
    static let shared = JoinNames()

    private static let names: [(JoinKind, String)] = [
        (
            .host,
            "host hostname node nodename server servername machine computer computername instance"
        ),
        (.pod, "pod podname"),
        (.container, "container containername"),
        (.process, "pid processid procid"),
        (.thread, "thread threadname threadid tid"),
        (.user, "user username userid account accountid login customer customerid tenant tenantid"),
        (
            .address,
            "client clientip clientaddr clientaddress remoteaddr remoteip remotehost rhost peer peeraddr ip address "
                + "source sourceip src srcip destination dst dstip"
        ),
        (
            .resource,
            "device dev disk mount volume database db dbname table topic queue partition bucket service unit process "
                + "program"
        ),
        (
            .request,
            "request requestid req reqid xrequestid correlation correlationid corrid xcorrelationid operationid "
                + "activityid rid"
        ),
        (.trace, "trace traceid xtraceid ddtraceid xb3traceid amzntraceid xamzntraceid spanid parentspanid"),
        (.transaction, "transaction transactionid txn txnid tx txid xid"),
        (.session, "session sessionid sess sid connection connectionid conn connid"),
        (
            .id,
            "job jobid task taskid order orderid orderno payment paymentid messageid block blockid blk "
                + "queueid uuid guid batchid executionid runid"
        ),
    ]

    /// Open addressing, a quarter full: a lookup is one step where the name isn't known.
    private var hashes = ContiguousArray<UInt64>(repeating: 0, count: 1_024)
    private var kinds = ContiguousArray<JoinKind>(repeating: .id, count: 1_024)

    init() {
        for (kind, names) in Self.names {
            for name in names.split(separator: " ") {
                var hash = Self.start
                for byte in name.utf8 { hash = Self.step(hash, byte) }
                var slot = Int(truncatingIfNeeded: hash >> 32) & 1_023
                while hashes[slot] != 0 { slot = (slot + 1) & 1_023 }
                hashes[slot] = hash
                kinds[slot] = kind
            }
        }
    }

    /// Fields that say what happened, or when and where in the code, not to whom: they are the same in all events of one
    /// message anyway.
    private static let descriptive: Set<UInt64> = {
        let names =
            "level severity lvl loglevel levelname priority message msg event log text body ts time timestamp datetime "
            + "date logger loggername category caller file filename line lineno func function method module package error err "
            + "errormessage errortype exception exceptionclass stack stacktrace status statuscode httpstatus responsecode "
            + "exitcode exitstatus grpcstatus rcode code errorcode reason outcome result state type kind facility stream service servicename "
            + "app appname application program process unit path url uri requesturi route endpoint target method verb httpmethod "
            + "useragent referer referrer"
        return Set(names.split(separator: " ").map { $0.utf8.reduce(start, step) })
    }()

    /// Whether a field may tell what failures have in common.
    func isTrait(_ name: Span<UInt8>) -> Bool {
        guard (2...JoinSample.longestFieldName).contains(name.count) else { return false }
        var hash = Self.start
        for index in name.indices {
            if name[unchecked: index] == 0x3D { return false }
            hash = Self.step(hash, name[unchecked: index])
        }
        return !Self.descriptive.contains(hash)
    }

    static let start: UInt64 = 0xcbf2_9ce4_8422_2325

    /// One more byte of a name.
    @inline(__always)
    static func step(_ hash: UInt64, _ byte: UInt8) -> UInt64 {
        let folded = byte | 0x20
        let isCounted = folded &- 0x61 < 26 || byte &- 0x30 < 10
        return isCounted ? (hash ^ UInt64(folded)) &* 0x100_0000_01b3 : hash
    }

    @inline(__always)
    private func kind(hash: UInt64) -> JoinKind? {
        var slot = Int(truncatingIfNeeded: hash >> 32) & 1_023
        while hashes[slot] != 0 {
            if hashes[slot] == hash { return kinds[slot] }
            slot = (slot &+ 1) & 1_023
        }
        return nil
    }

    func kind(of name: Span<UInt8>) -> JoinKind? {
        var hash = Self.start
        for index in name.indices { hash = Self.step(hash, name[unchecked: index]) }
        return kind(hash: hash)
    }

    func kind(of name: some Sequence<UInt8>) -> JoinKind? {
        var hash = Self.start
        for byte in name { hash = Self.step(hash, byte) }
        return kind(hash: hash)
    }
}
