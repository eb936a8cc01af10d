import LogCore

/// What the words around a place of a template say of its values. The same for all events of the template.
struct PlaceHint: Equatable {
    /// The unit of a number that bears none.
    var unit = Unit.none
    /// Whether it is somebody's name.
    var isUser = false
    /// Whether it is an id that other logs may name too.
    var isIdentity = false

    /// What the key of a field says.
    init(field name: [UInt8]) {
        let text = String(decoding: name, as: UTF8.self)
        isUser = Self.users.contains(text)
        isIdentity = Self.isIdentity(name)
        if let unit = Unit.named(name) {
            self.unit = unit
        } else if text == "duration" || text.hasSuffix("_duration") || text == "first_byte" {
            // The vocabulary of fields has them in seconds.
            unit = .second
        }
    }

    /// What stands around `range` in a message: the unit behind it, or the key in front of it. Only what lies within `words`,
    /// between the values before it and behind it, is the template's, and the same in all its events.
    init(_ message: Span<UInt8>, _ range: Range<Int>, words: Range<Int>) {
        var end = range.upperBound
        if end < words.upperBound, message[end] == UInt8(ascii: " ") {
            let start = end + 1
            end = start
            while end < words.upperBound, end - start < 16, Self.isWord(message[end]) { end += 1 }
            if let unit = Unit.word((start..<end).map { message[$0] }) { self.unit = unit }
        }
        var before = range.lowerBound
        while before > words.lowerBound, range.lowerBound - before < 3, !Self.isWord(message[before - 1]) {
            before -= 1
        }
        var start = before
        while start > words.lowerBound, before - start < 32,
            Self.isWord(message[start - 1]) || message[start - 1] == 0x2E
        {
            start -= 1
        }
        guard start < before else { return }
        let name = (start..<before).map { message[$0] }
        isUser = Self.users.contains(String(decoding: name, as: UTF8.self))
        isIdentity = Self.isIdentity(name)
        // Only what stands right at the value is its name: `bytes=5`, `bytes: 5`.
        let isKey = before < range.lowerBound && message[before] != UInt8(ascii: " ")
        if unit == .none, isKey, let unit = Unit.named(name) { self.unit = unit }
    }

    private static let users: Set<String> = ["user", "User", "username", "login", "account", "uid", "acct", "owner"]

    private static func isIdentity(_ name: [UInt8]) -> Bool { JoinNames.shared.kind(of: name)?.group == .identity }

    private static func isWord(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "_") || byte >= 0x80
    }
}
