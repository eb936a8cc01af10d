/// A table that grows, changed in place. An array asks at every change whether somebody else holds it too; the fold
/// changes some twenty numbers an event, and that question was a tenth of its time.
///
/// An element's type can't be private: Swift 6.3 fails to link the type's metadata to where the table is destroyed.
struct Table<Element>: ~Copyable {
    private var base: UnsafeMutablePointer<Element>
    private var capacity: Int
    private(set) var count = 0

    init() {
        capacity = 16
        base = Self.allocate(capacity)
    }

    init(repeating element: Element, count: Int) {
        capacity = max(count, 16)
        base = Self.allocate(capacity)
        base.initialize(repeating: element, count: count)
        self.count = count
    }

    deinit {
        base.deinitialize(count: count)
        Self.deallocate(base)
    }

    // Safe: `base` holds `count` initialized elements, nobody else has it, and each index is compared with `count`.
    subscript(index: Int) -> Element {
        @inline(__always) _read {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
            yield base[index]
        }
        @inline(__always) _modify {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
            yield &base[index]
        }
    }

    mutating func append(_ element: Element) {
        if count == capacity { grow() }
        (base + count).initialize(to: element)
        count += 1
    }

    private mutating func grow() {
        let larger = Self.allocate(capacity * 2)
        larger.moveInitialize(from: base, count: count)
        Self.deallocate(base)
        base = larger
        capacity *= 2
    }

    /// Elements as long as lines of the cache begin with one.
    private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<Element> {
        UnsafeMutableRawPointer.allocate(byteCount: capacity * MemoryLayout<Element>.stride, alignment: alignment)
            .bindMemory(to: Element.self, capacity: capacity)
    }

    private static func deallocate(_ base: UnsafeMutablePointer<Element>) {
        UnsafeMutableRawPointer(base).deallocate()
    }

    private static var alignment: Int {
        MemoryLayout<Element>.stride % 64 == 0 ? 64 : MemoryLayout<Element>.alignment
    }
}

// Safe: a table is the only owner of its elements and goes where they may go.
extension Table: @unchecked Sendable where Element: Sendable {}

/// Events by `Severity.rank`, in place: as long as there are ranks.
typealias RankCounts = InlineArray<7, Int64>

extension RankCounts {
    init() { self.init(repeating: 0) }

    var array: [Int64] { indices.map { self[$0] } }
    var total: Int64 { indices.reduce(0) { $0 + self[$1] } }
}

extension ContiguousArray {
    /// Inserts, and where there is no room makes four times as much, up to `limit` and one: what is kept a template grows in
    /// thousands of arrays, and doubling would allocate twice as often.
    mutating func insert(_ element: Element, at place: Int, growingTo limit: Int) {
        if count == capacity { reserveCapacity(Swift.min(Swift.max(4 * count, 1), Swift.max(limit + 1, count + 1))) }
        // What comes in order goes to the end, where nothing has to make way.
        if place == count { append(element) } else { insert(element, at: place) }
    }

    /// How many elements at the beginning are `below` what is looked for. Halves without a branch on what it compares, which
    /// is guessed wrong every other time.
    @inline(__always)
    func place(_ below: (Element) -> Bool) -> Int {
        var start = 0
        var length = count
        while length > 1 {
            let half = length &>> 1
            start = below(self[start &+ half &- 1]) ? start &+ half : start
            length &-= half
        }
        return length == 1 && below(self[start]) ? start &+ 1 : start
    }
}
