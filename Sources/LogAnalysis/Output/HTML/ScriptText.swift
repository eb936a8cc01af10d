/// Text that can't leave the element it stands in.
enum ScriptText {
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// JSON as it may stand in a `script` element: nothing in it ends the element or begins a comment, and nothing
    /// turns the direction of the page's source around or hides in it. It reads back as the same JSON, for what is
    /// escaped stands in strings only.
    static func escaped(json: ContiguousArray<UInt8>) -> ContiguousArray<UInt8> {
        var result: ContiguousArray<UInt8> = []
        result.reserveCapacity(json.count + json.count / 16)
        var i = 0
        while i < json.count {
            let byte = json[i]
            if byte < 0x80 {
                if byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "&") || byte == 0x7F {
                    append(UInt32(byte), to: &result)
                } else {
                    result.append(byte)
                }
                i += 1
                continue
            }
            // The writer makes nothing but UTF-8.
            let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
            let end = min(i + length, json.count)
            let scalar = json[i..<end].dropFirst().reduce(UInt32(byte) & (0x7F >> UInt32(length))) {
                $0 << 6 | UInt32($1 & 0x3F)
            }
            if isHidden(scalar) { append(scalar, to: &result) } else { result.append(contentsOf: json[i..<end]) }
            i = end
        }
        return result
    }

    /// Text as it may stand between tags.
    static func escaped(markup: String) -> ContiguousArray<UInt8> {
        var result: ContiguousArray<UInt8> = []
        for scalar in markup.unicodeScalars {
            switch scalar {
            case "<": result.append(contentsOf: "&lt;".utf8)
            case ">": result.append(contentsOf: "&gt;".utf8)
            case "&": result.append(contentsOf: "&amp;".utf8)
            case "\"": result.append(contentsOf: "&quot;".utf8)
            case "\n": result.append(0x0A)
            case _ where scalar.value < 0x20 || scalar.value == 0x7F || isHidden(scalar.value):
                result.append(contentsOf: "\u{FFFD}".utf8)
            default: result.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
        return result
    }

    /// Controls beyond ASCII, line separators, and marks that turn or hide text.
    private static func isHidden(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x80...0x9F, 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x2069, 0xFEFF: true
        default: false
        }
    }

    private static func append(_ scalar: UInt32, to result: inout ContiguousArray<UInt8>) {
        result.append(contentsOf: "\\u".utf8)
        for shift in [12, 8, 4, 0] as [UInt32] { result.append(digits[Int(scalar >> shift & 0xF)]) }
    }
}
