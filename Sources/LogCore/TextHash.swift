/// A number for a text: equal on all machines, and spread evenly over all of UInt64.
@inlinable
@inline(__always)
package func textHash(_ text: Span<UInt8>, first limit: Int = .max) -> UInt64 {
    text.withUnsafeBytes { bytes in
        let count = min(bytes.count, limit)
        var hash: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(truncatingIfNeeded: bytes.count)
        var i = 0
        while i &+ 8 <= count {
            hash = mixed(hash, bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self).littleEndian)
            i &+= 8
        }
        if i < count {
            // The last eight bytes again, or all of them where there are fewer.
            let tail =
                count >= 8
                ? bytes.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self).littleEndian
                : shortNumber(bytes, count)
            hash = mixed(hash, tail)
        }
        // The finish of MurmurHash3.
        hash = (hash ^ hash &>> 33) &* 0xFF51_AFD7_ED55_8CCD
        hash = (hash ^ hash &>> 33) &* 0xC4CE_B9FE_1A85_EC53
        return hash ^ hash &>> 33
    }
}

@inlinable
@inline(__always)
package func mixed(_ hash: UInt64, _ value: UInt64) -> UInt64 {
    let product = (hash ^ value) &* 0x9E37_79B9_7F4A_7C15
    return product &<< 31 | product &>> 33
}

/// Less than eight bytes as one number, the first one on top: from two loads that may overlap, as a loop over so few guesses
/// wrong where it ends, and names of hosts and programs are mostly that short.
@inlinable
@inline(__always)
package func shortNumber(_ bytes: UnsafeRawBufferPointer, _ count: Int) -> UInt64 {
    if count >= 4 {
        let first = bytes.loadUnaligned(fromByteOffset: 0, as: UInt32.self).bigEndian
        let last = bytes.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self).bigEndian
        return UInt64(first) &<< UInt64(8 &* (count &- 4)) | UInt64(last)
    }
    if count >= 2 {
        let first = bytes.loadUnaligned(fromByteOffset: 0, as: UInt16.self).bigEndian
        let last = bytes.loadUnaligned(fromByteOffset: count &- 2, as: UInt16.self).bigEndian
        return UInt64(first) &<< UInt64(8 &* (count &- 2)) | UInt64(last)
    }
    return UInt64(bytes[0])
}
