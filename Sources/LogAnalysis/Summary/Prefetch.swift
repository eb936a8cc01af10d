import CBytes

extension Span {
    /// Has the memory of an element fetched that will be read some hundred nanoseconds later.
    @inline(__always)
    func prefetch(at index: Int) {
        guard index >= 0, index < count else { return }
        withUnsafeBufferPointer { ailogger_prefetch($0.baseAddress?.advanced(by: index)) }
    }
}
