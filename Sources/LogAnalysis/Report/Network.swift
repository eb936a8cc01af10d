/// The addresses of one network: what comes from many addresses of one provider comes from one, though no address has many.
struct Network: Hashable {
    /// The narrower first.
    static let lengths = [24, 16]
    /// What is told in place of those where it holds nearly all of them: who shuts it out shuts out fewer others.
    static let narrow = 28

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

    /// That of most of the events at this length, and which addresses lie in it.
    static func largest(
        of named: some Sequence<(address: String, count: Int64)>, bits: Int
    ) -> (network: Network, count: Int64, addresses: Int)? {
        var groups: [Network: (count: Int64, addresses: Int)] = [:]
        for (address, count) in named {
            guard let network = Network(address, bits: bits) else { continue }
            groups[network, default: (0, 0)].count += count
            groups[network, default: (0, 0)].addresses += 1
        }
        return groups.max { a, b in (a.value.count, b.key.prefix) < (b.value.count, a.key.prefix) }
            .map { ($0.key, $0.value.count, $0.value.addresses) }
    }
}
