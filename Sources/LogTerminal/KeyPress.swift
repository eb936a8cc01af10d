/// A key, as it was pressed.
package enum KeyPress: Equatable, Sendable {
    case character(Character)
    /// A letter with the control key held, in lower case.
    case control(Character)
    case up, down, left, right, pageUp, pageDown, home, end
    case enter, escape, tab, backTab, backspace, delete
}

/// Turns the bytes of a terminal into keys.
///
/// Escape is a key of its own and begins the sequences of others (ECMA-48, xterm's "PC-style function keys"): where
/// nothing follows it for a moment, `flush` says that it was the key.
package struct KeyDecoder {
    private enum State: Equatable {
        case plain
        case escape
        /// `ESC [`, with the parameters so far.
        case sequence([UInt8])
        /// `ESC O`
        case shifted
        /// Text for a program (OSC, DCS and others), which nobody asked for: dropped up to its end.
        case string(isEnding: Bool)
        /// A character of several bytes: those that came, and how many there will be.
        case utf8([UInt8], Int)
    }

    private var state = State.plain
    /// No sequence that a key sends is as long.
    private static let longest = 32

    package init() {}

    /// Whether more bytes may follow soon, so that it is worth waiting for them before `flush`.
    package var isWaiting: Bool { state != .plain }

    package mutating func feed(_ bytes: some Sequence<UInt8>) -> [KeyPress] {
        var keys: [KeyPress] = []
        for byte in bytes { feed(byte, &keys) }
        return keys
    }

    /// Nothing came for a while: what is open is over.
    package mutating func flush() -> [KeyPress] {
        defer { state = .plain }
        return state == .escape ? [.escape] : []
    }

    private mutating func feed(_ byte: UInt8, _ keys: inout [KeyPress]) {
        switch state {
        case .plain:
            begin(byte, &keys)
        case .escape:
            state = .plain
            switch byte {
            case UInt8(ascii: "["): state = .sequence([])
            case UInt8(ascii: "O"): state = .shifted
            case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"):
                state = .string(isEnding: false)
            case 0x1B:
                // Escape twice, or before a key's own sequence.
                keys.append(.escape)
                state = .escape
            default:
                // A key with Alt held, as most terminals send it, means what it means without.
                begin(byte, &keys)
            }
        case .sequence(let parameters):
            switch byte {
            case 0x20...0x3F where parameters.count < Self.longest: state = .sequence(parameters + [byte])
            case 0x40...0x7E:
                state = .plain
                if let key = Self.key(byte, parameters) { keys.append(key) }
            case 0x1B: state = .escape
            default: state = .plain
            }
        case .shifted:
            state = .plain
            if let key = Self.key(byte, []) { keys.append(key) }
        case .string(let isEnding):
            let isOver = byte == 0x07 || byte == 0x9C || (isEnding && byte == UInt8(ascii: "\\"))
            state = isOver ? .plain : .string(isEnding: byte == 0x1B)
        case .utf8(let bytes, let count):
            guard byte & 0xC0 == 0x80 else {
                state = .plain
                return begin(byte, &keys)
            }
            let bytes = bytes + [byte]
            state = bytes.count < count ? .utf8(bytes, count) : .plain
            if state == .plain, let text = String(validating: bytes, as: UTF8.self), let character = text.first {
                keys.append(.character(character))
            }
        }
    }

    private mutating func begin(_ byte: UInt8, _ keys: inout [KeyPress]) {
        switch byte {
        case 0x1B: state = .escape
        case 0x0D, 0x0A: keys.append(.enter)
        case 0x09: keys.append(.tab)
        case 0x7F, 0x08: keys.append(.backspace)
        case 0x01...0x1A: keys.append(.control(Character(Unicode.Scalar(byte + 0x60))))
        case 0x20..<0x7F: keys.append(.character(Character(Unicode.Scalar(byte))))
        case 0xC2...0xDF: state = .utf8([byte], 2)
        case 0xE0...0xEF: state = .utf8([byte], 3)
        case 0xF0...0xF4: state = .utf8([byte], 4)
        default: break
        }
    }

    /// What a sequence stands for; its modifiers make no difference.
    private static func key(_ final: UInt8, _ parameters: [UInt8]) -> KeyPress? {
        switch final {
        case UInt8(ascii: "A"): return .up
        case UInt8(ascii: "B"): return .down
        case UInt8(ascii: "C"): return .right
        case UInt8(ascii: "D"): return .left
        case UInt8(ascii: "H"): return .home
        case UInt8(ascii: "F"): return .end
        case UInt8(ascii: "M"): return .enter
        case UInt8(ascii: "Z"): return .backTab
        case UInt8(ascii: "~"):
            let first = parameters.prefix { $0 != UInt8(ascii: ";") }
            return switch String(decoding: first, as: UTF8.self) {
            case "1", "7": .home
            case "4", "8": .end
            case "3": .delete
            case "5": .pageUp
            case "6": .pageDown
            default: nil
            }
        default: return nil
        }
    }
}
