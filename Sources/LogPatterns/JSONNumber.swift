/// Numbers as JSON writes them: no plus sign, no leading zero, a digit on both sides of the point. But `12E5` is an id: an
/// exponent belongs to a number with a point, or has a sign.
/// https://www.rfc-editor.org/rfc/rfc8259#section-6
enum JSONNumber {
    /// Whether all of `text` is one number.
    static func matches(_ text: Span<UInt8>) -> Bool {
        let count = text.count
        var at = 0
        if count > 0, text[unchecked: 0] == UInt8(ascii: "-") { at = 1 }
        guard at < count, isDigit(text[unchecked: at]) else { return false }
        if text[unchecked: at] == UInt8(ascii: "0") {
            at &+= 1
        } else {
            at = digits(text, at)
        }
        var mayHaveExponent = false
        if at < count, text[unchecked: at] == UInt8(ascii: ".") {
            mayHaveExponent = true
            let start = at &+ 1
            at = digits(text, start)
            if at == start { return false }
        }
        if at < count, text[unchecked: at] | 0x20 == UInt8(ascii: "e") {
            at &+= 1
            if at < count, text[unchecked: at] == UInt8(ascii: "+") || text[unchecked: at] == UInt8(ascii: "-") {
                at &+= 1
                mayHaveExponent = true
            }
            let start = at
            at = digits(text, start)
            if at == start || !mayHaveExponent { return false }
        }
        return at == count
    }

    private static func digits(_ text: Span<UInt8>, _ start: Int) -> Int {
        var at = start
        while at < text.count, isDigit(text[unchecked: at]) { at &+= 1 }
        return at
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
}
