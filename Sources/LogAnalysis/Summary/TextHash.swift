/// A number for a text: equal on all machines, and spread evenly over all of UInt64.
@inline(__always)
func textHash(_ text: Span<UInt8>, first limit: Int = .max) -> UInt64 {
    text.withUnsafeBytes { bytes in
        let count = min(bytes.count, limit)
        var hash: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(truncatingIfNeeded: bytes.count)
        var i = 0
        while i &+ 8 <= count {
            hash = mix(hash, bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self).littleEndian)
            i &+= 8
        }
        if i < count {
            // The last eight bytes again, or all of them where there are fewer.
            var tail: UInt64 = 0
            if count >= 8 {
                tail = bytes.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self).littleEndian
            } else {
                for k in i..<count { tail = tail &<< 8 | UInt64(bytes[k]) }
            }
            hash = mix(hash, tail)
        }
        // The finish of MurmurHash3.
        hash = (hash ^ hash &>> 33) &* 0xFF51_AFD7_ED55_8CCD
        hash = (hash ^ hash &>> 33) &* 0xC4CE_B9FE_1A85_EC53
        return hash ^ hash &>> 33
    }
}

@inline(__always)
private func mix(_ hash: UInt64, _ value: UInt64) -> UInt64 {
    let product = (hash ^ value) &* 0x9E37_79B9_7F4A_7C15
    return product &<< 31 | product &>> 33
}
