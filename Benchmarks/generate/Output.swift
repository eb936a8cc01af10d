import Glibc

/// A buffer in front of standard output (or a file), written in pieces of 1 MiB.
final class Output {
    private let base = UnsafeMutablePointer<UInt8>.allocate(capacity: 2 << 20)
    private var count = 0
    private var flushed = 0
    private let descriptor: Int32

    init(descriptor: Int32) { self.descriptor = descriptor }
    deinit { base.deallocate() }

    /// Bytes so far, written or not.
    var total: Int { flushed &+ count }

    /// To be called between events: one event must fit in the second MiB of the buffer.
    @inline(__always) func endEvent() {
        if count >= 1 << 20 { flush() }
    }

    func flush() {
        var done = 0
        while done < count {
            let written = write(descriptor, base + done, count - done)
            if written < 0 && errno == EINTR { continue }
            if written <= 0 { exit(2) }
            done += written
        }
        flushed += count
        count = 0
    }

    @inline(__always) func byte(_ value: UInt8) {
        base[count] = value
        count &+= 1
    }

    @inline(__always) func bytes(_ source: UnsafePointer<UInt8>, _ length: Int) {
        memcpy(base + count, source, length)
        count &+= length
    }

    @inline(__always) func text(_ string: StaticString) { bytes(string.utf8Start, string.utf8CodeUnitCount) }

    func text(_ string: String) { for unit in string.utf8 { byte(unit) } }

    @inline(__always) func number(_ value: Int) {
        var digits = 1
        var rest = value
        while rest >= 10 {
            rest /= 10
            digits &+= 1
        }
        padded(value, digits)
    }

    /// `value` in exactly `digits` digits.
    @inline(__always) func padded(_ value: Int, _ digits: Int) {
        var rest = UInt32(truncatingIfNeeded: value)
        var position = count &+ digits
        while position > count {
            position &-= 1
            base[position] = 48 &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        count &+= digits
    }

    @inline(__always) func hex(_ digits: Int, _ random: inout Random) {
        var (bits, left) = (UInt64(0), 0)
        for _ in 0..<digits {
            if left == 0 { (bits, left) = (random.next(), 16) }
            let nibble = UInt8(truncatingIfNeeded: bits & 15)
            byte(nibble < 10 ? 48 &+ nibble : 87 &+ nibble)
            bits >>= 4
            left &-= 1
        }
    }
}
