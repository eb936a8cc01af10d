import Testing

@testable import LogCore

/// Summaries keep these hashes, so that they may never be others.
@Suite struct TextHashTests {
    @Test func `a short text counts as the number that its bytes make`() {
        let bytes = Array("sshd-7z".utf8)
        for count in 1...7 {
            var number: UInt64 = 0
            for byte in bytes[..<count] { number = number << 8 | UInt64(byte) }
            let read = bytes.withUnsafeBytes { shortNumber($0, count) }
            #expect(read == number, "\(count)")
        }
    }

    @Test func `texts of any length up to forty have hashes of their own`() {
        let bytes = Array("0123456789 0123456789 0123456789 01234567".utf8)
        var hashes: Set<UInt64> = []
        for count in 0...40 { hashes.insert(textHash(Array(bytes[..<count]).span)) }
        for limit in 0..<40 { hashes.insert(textHash(bytes.span, first: limit)) }
        #expect(hashes.count == 81)
    }
}
