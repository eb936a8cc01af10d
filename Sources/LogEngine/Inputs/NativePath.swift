#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Paths are text here, and names of files are bytes: a byte that is no UTF-8 is written `\xE9`, as in messages and reports, and
/// is that byte again where the system is asked for the file.
package enum NativePath {
    /// The bytes of a name as text.
    package static func text(_ bytes: some Collection<UInt8>) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        var text = ""
        var rest = Array(bytes)[...]
        while let first = rest.first {
            let character = (1...4).lazy.compactMap { count in
                count <= rest.count ? String(validating: rest.prefix(count), as: UTF8.self).map { (count, $0) } : nil
            }.first
            if let (count, valid) = character {
                text += valid
                rest = rest.dropFirst(count)
            } else {
                text += "\\x" + String(first, radix: 16, uppercase: true)
                rest = rest.dropFirst()
            }
        }
        return text
    }

    static func text(_ name: UnsafePointer<CChar>) -> String {
        text(UnsafeBufferPointer(start: name, count: strlen(name)).map { UInt8(bitPattern: $0) })
    }

    /// Lends the path as the system knows it. A file whose name does hold a backslash and an x is that file.
    static func with<R>(_ path: String, _ body: (UnsafePointer<CChar>) -> R) -> R {
        guard let bytes = decoded(path) else { return path.withCString(body) }
        var info = stat()
        if lstat(path, &info) == 0 { return path.withCString(body) }
        return bytes.withUnsafeBufferPointer { bytes in
            bytes.baseAddress.map(body) ?? path.withCString(body)
        }
    }

    /// The path with its escaped bytes, closed by a NUL; nil where it has none.
    private static func decoded(_ path: String) -> [CChar]? {
        let text = Array(path.utf8)
        guard text.contains(UInt8(ascii: "\\")) else { return nil }
        var bytes: [CChar] = []
        var isEscaped = false
        var i = 0
        while i < text.count {
            if i + 3 < text.count, text[i] == UInt8(ascii: "\\"), text[i + 1] == UInt8(ascii: "x"),
                let byte = UInt8(String(decoding: text[i + 2...i + 3], as: UTF8.self), radix: 16), byte >= 0x80
            {
                bytes.append(CChar(bitPattern: byte))
                isEscaped = true
                i += 4
            } else {
                bytes.append(CChar(bitPattern: text[i]))
                i += 1
            }
        }
        bytes.append(0)
        return isEscaped ? bytes : nil
    }
}

/// `stat` of a path as text.
func nativeStat(_ path: String, _ info: inout stat) -> Int32 {
    NativePath.with(path) { stat($0, &info) }
}
