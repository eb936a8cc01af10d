/// The addresses of one network: what comes from many addresses of one provider comes from one, though no address has many.
struct Network: Hashable {
    /// The narrower first.
    static let lengths = [24, 16]

    /// The address without the bits of the host.
    let prefix: UInt32
    let bits: Int

    /// Nil for what is no IPv4 address.
    init?(_ address: String, bits: Int) {
        let parts = address.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var number: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.count) else { return nil }
            var byte: UInt32 = 0
            for digit in part {
                guard digit &- 0x30 < 10 else { return nil }
                byte = byte * 10 + UInt32(digit - 0x30)
            }
            guard byte < 256 else { return nil }
            number = number << 8 | byte
        }
        prefix = number & ~(UInt32.max >> UInt32(bits))
        self.bits = bits
    }

    /// `203.0.113.0/24`
    var text: String {
        let bytes = [24, 16, 8, 0].map { String(prefix >> UInt32($0) & 255) }
        return bytes.joined(separator: ".") + "/\(bits)"
    }

    /// That of most of the addresses, or events, at this length; and which addresses lie in it.
    static func largest(
        of named: some Sequence<JoinSample.Entry>, bits: Int, by weight: (JoinSample.Entry) -> Int64
    ) -> (network: Network, entries: [JoinSample.Entry])? {
        var groups: [Network: [JoinSample.Entry]] = [:]
        for entry in named {
            if let network = Network(entry.value, bits: bits) { groups[network, default: []].append(entry) }
        }
        func sum(_ entries: [JoinSample.Entry]) -> Int64 { entries.reduce(0) { $0 + weight($1) } }
        return groups.max { a, b in
            (sum(a.value), b.key.prefix) < (sum(b.value), a.key.prefix)
        }.map { ($0.key, $0.value) }
    }
}
