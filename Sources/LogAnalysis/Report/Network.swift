/// The addresses of one network: what comes from many addresses of one provider comes from one, though no address has many.
struct Network: Hashable {
    /// The narrower first.
    static let lengths = [24, 16]

    /// The address without the bits of the host.
    let prefix: UInt32
    let bits: Int

    /// Nil for what is no IPv4 address.
    init?(_ address: String, bits: Int) {
        guard let number = Self.number(address) else { return nil }
        self.init(number, bits: bits)
    }

    init(_ number: UInt32, bits: Int) {
        prefix = number & ~(UInt32.max >> UInt32(bits))
        self.bits = bits
    }

    /// An IPv4 address as one number. There are thousands of them to be read, so nothing is allocated for it.
    static func number(_ address: String) -> UInt32? {
        var number: UInt32 = 0
        var byte: UInt32 = 0
        var (digits, dots) = (0, 0)
        for character in address.utf8 {
            if character == UInt8(ascii: ".") {
                guard digits > 0, dots < 3 else { return nil }
                number = number << 8 | byte
                (byte, digits, dots) = (0, 0, dots + 1)
            } else {
                guard character &- 0x30 < 10, digits < 3 else { return nil }
                byte = byte * 10 + UInt32(character - 0x30)
                digits += 1
                guard byte < 256 else { return nil }
            }
        }
        return dots == 3 && digits > 0 ? number << 8 | byte : nil
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
