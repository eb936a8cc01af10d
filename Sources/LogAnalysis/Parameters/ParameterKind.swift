/// What the values in one place of a template are.
package enum ParameterKind: String, Sendable, Codable, CodingKeyRepresentable, CaseIterable {
    /// A number without a unit.
    case number
    /// In seconds.
    case duration
    /// In bytes.
    case bytes
    /// Of a machine: IPv4, IPv6, host and port.
    case address
    case path, id, user, url
    case word

    /// Whether values have a size, so that one can be larger than another and mean it.
    package var isMeasure: Bool { self == .duration || self == .bytes }
}

extension ParameterKind {
    /// What a value looks like that is no quantity. Asked for a place's few kept values, never per event.
    static func of(_ text: some Collection<UInt8>) -> ParameterKind {
        let bytes = Array(text)
        guard let first = bytes.first else { return .word }
        let colons = bytes.count { $0 == UInt8(ascii: ":") }
        let slashes = bytes.count { $0 == UInt8(ascii: "/") }
        if slashes > 1, colons > 0, holdsScheme(bytes) { return .url }
        if isAddress(bytes, colons: colons) { return .address }
        let isDrive = bytes.count > 2 && bytes[1] == UInt8(ascii: ":") && bytes[2] == UInt8(ascii: "\\")
        if !bytes.contains(UInt8(ascii: " ")), first == UInt8(ascii: "/") || slashes > 1 || isDrive { return .path }
        if bytes.contains(where: isDigit), !bytes.contains(UInt8(ascii: " ")) { return .id }
        return .word
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    private static func isHexadecimal(_ byte: UInt8) -> Bool { isDigit(byte) || (byte | 0x20) &- 0x61 < 6 }

    private static func holdsScheme(_ bytes: [UInt8]) -> Bool {
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > 1 else { return false }
        return bytes[(colon + 1)...].starts(with: "//".utf8)
    }

    private static func isAddress(_ bytes: [UInt8], colons: Int) -> Bool {
        // Without brackets, port and mask.
        var host = bytes[...]
        if let slash = host.firstIndex(of: UInt8(ascii: "/")) {
            guard host[(slash + 1)...].allSatisfy(isDigit) else { return false }
            host = host[..<slash]
        }
        if colons == 1, let colon = host.firstIndex(of: UInt8(ascii: ":")) {
            let port = host[(colon + 1)...]
            guard (1...5).contains(port.count), port.allSatisfy(isDigit), colon > 0 else { return false }
            host = host[..<colon]
            // A name and a port; a time of day has digits only.
            if host.contains(where: { ($0 | 0x20) &- 0x61 < 26 }) { return true }
        }
        if colons > 1 {
            return host.count >= 3 && host.allSatisfy { isHexadecimal($0) || $0 == UInt8(ascii: ":") || $0 == 0x2E }
                && (colons == 7 || host.indices.dropLast().contains { host[$0] == 0x3A && host[$0 + 1] == 0x3A })
        }
        let parts = host.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { (1...3).contains($0.count) && $0.allSatisfy(isDigit) && number($0) < 256 }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int { digits.reduce(0) { $0 * 10 + Int($1 - 0x30) } }
}
