#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What a sink writes to, opened: a file, which is written anew, or a peer on the network.
struct OutputTarget {
    /// The caller closes it.
    let descriptor: Int32
    let isDatagram: Bool

    /// Which file it is; nil for a device or a peer.
    var file: FileIdentity? {
        var info = stat()
        guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return nil }
        return FileIdentity(info)
    }

    /// Seconds to wait for a peer, to connect and for each write.
    private static let patience = 10

    /// "file:PATH", "tcp:HOST:PORT" or "udp:HOST:PORT".
    static func open(_ name: String) throws(SourceError) -> OutputTarget {
        let parts = name.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { throw SourceError("\(name): no output") }
        if parts[0] == "file" {
            let descriptor = Glibc.open(parts[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else { throw .system("\(parts[1]): cannot be written") }
            return OutputTarget(descriptor: descriptor, isDatagram: false)
        }
        guard let colon = parts[1].lastIndex(of: ":") else { throw SourceError("\(name): no port") }
        let host = parts[1][..<colon].drop { $0 == "[" }.prefix { $0 != "]" }
        let isStream = parts[0] == "tcp"
        let descriptor = try connect(
            String(host), String(parts[1][parts[1].index(after: colon)...]), isStream: isStream, name)
        return OutputTarget(descriptor: descriptor, isDatagram: !isStream)
    }

    private static func connect(
        _ host: String, _ port: String, isStream: Bool, _ name: String
    ) throws(SourceError) -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = isStream ? Int32(SOCK_STREAM.rawValue) : Int32(SOCK_DGRAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, port, &hints, &list)
        guard status == 0 else { throw SourceError("\(name): \(String(cString: gai_strerror(status)))") }
        defer { freeaddrinfo(list) }
        var failure = SourceError("\(name): no address")
        var next = list
        while let address = next?.pointee {
            next = address.ai_next
            let descriptor = socket(
                address.ai_family, address.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), address.ai_protocol)
            guard descriptor >= 0 else { continue }
            // Also bounds connect on Linux.
            var limit = timeval(tv_sec: patience, tv_usec: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
            if Glibc.connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 { return descriptor }
            failure = .system("\(name): cannot connect")
            close(descriptor)
        }
        throw failure
    }
}
