/// Messages with variable parts, written as `Failed password for <user> from <ip> port <1024-65535> ssh2`:
/// `<2-9>` a number, `<x8>` hexadecimal digits, `<ip>` an address, `<uuid>` one, `<name>` a word of that list; `<day>`,
/// `<clock>` and `<epoch>` say the line's own time, as a program does that writes it too; `<<` is a plain `<`.
struct Shapes {
    private enum Piece {
        case text(Int, Int)
        case word(Int)
        case number(Int, Int)
        case hex(Int)
        case ip, uuid, day, clock, epoch
    }
    private var pieces: [Piece] = []
    private var shapes: [Range<Int>] = []
    private var arena: [UInt8] = []
    private let lists: WordLists

    init(_ texts: [String], _ lists: WordLists) {
        self.lists = lists
        for text in texts { add(text) }
    }

    var count: Int { shapes.count }

    private mutating func add(_ text: String) {
        let first = pieces.count
        let bytes = Array(text.utf8)
        var (position, start) = (0, arena.count)
        while position < bytes.count {
            defer { position += 1 }
            guard bytes[position] == UInt8(ascii: "<"), bytes.indices.contains(position + 1),
                bytes[position + 1] != UInt8(ascii: "<")
            else {
                arena.append(bytes[position])
                if bytes[position] == UInt8(ascii: "<") { position += 1 }
                continue
            }
            if arena.count > start { pieces.append(.text(start, arena.count - start)) }
            start = arena.count
            let end = bytes[position...].firstIndex(of: UInt8(ascii: ">")) ?? bytes.count
            pieces.append(slot(String(decoding: bytes[position + 1..<end], as: UTF8.self)))
            position = end
        }
        if arena.count > start { pieces.append(.text(start, arena.count - start)) }
        shapes.append(first..<pieces.count)
    }

    private func slot(_ name: String) -> Piece {
        if name == "ip" { return .ip }
        if name == "uuid" { return .uuid }
        if name == "day" { return .day }
        if name == "clock" { return .clock }
        if name == "epoch" { return .epoch }
        if let index = lists.index[name] { return .word(index) }
        if name.first == "x", let digits = Int(name.dropFirst()) { return .hex(digits) }
        let bounds = name.split(separator: "-").compactMap { Int($0) }
        guard bounds.count == 2 else { fail("unknown slot <\(name)>") }
        return .number(bounds[0], bounds[1] - bounds[0] + 1)
    }

    func put(_ index: Int, _ out: Output, _ random: inout Random, _ clock: Clock? = nil) {
        arena.withUnsafeBufferPointer { arena in
            // Every shape has text, so that the arena has a base address.
            guard let base = arena.baseAddress else { return }
            for position in shapes[index] {
                switch pieces[position] {
                case .text(let start, let length): out.bytes(base + start, length)
                case .word(let list): lists.put(list, random.skewed(lists.count(list)), out)
                case .number(let low, let range): out.number(low &+ random.below(range))
                case .hex(let digits): out.hex(digits, &random)
                case .ip: putAddress(out, &random)
                case .uuid: putUUID(out, &random)
                case .day: clock?.day(out)
                case .clock: clock?.time(out)
                case .epoch: out.number(clock?.second ?? 0)
                }
            }
        }
    }

    /// One of the shapes, the first ones more often.
    func putAny(_ out: Output, _ random: inout Random, _ clock: Clock? = nil) {
        put(random.skewed(count), out, &random, clock)
    }
}

/// An address out of some 65,000: a busy server's clients, half of them within its own networks.
func putAddress(_ out: Output, _ random: inout Random) {
    let bits = random.next()
    out.number(bits & 1 == 0 ? 10 : 80 &+ Int(bits >> 8 & 63))
    for shift: UInt64 in [16, 20, 24] {
        out.byte(46)
        out.number(Int(bits >> shift & (shift == 24 ? 255 : 15)))
    }
}

func putUUID(_ out: Output, _ random: inout Random) {
    for (position, digits) in [8, 4, 4, 4, 12].enumerated() {
        if position > 0 { out.byte(45) }
        out.hex(digits, &random)
    }
}
