/// A grok pattern as scripts write it: with definitions of their own, types, and names of fields that PCRE2's names can't
/// hold. Each `%{NAME:field}` becomes a numbered group, `_1`, `_2` and so on.
package struct GrokExpansion: Sendable {
    package enum Kind: Character, Sendable {
        case text = "s"
        case integer = "i"
        case float = "f"
    }

    /// The fields in the order of their groups.
    package private(set) var fields: [(kind: Kind, name: String)] = []
    /// The PCRE2 pattern.
    package private(set) var pattern: [UInt8] = []

    private let definitions: [String: String]
    private static let deepest = 12
    private static let longest = 65_536
    private static let mostFields = 200

    /// `library`: lines of "NAME pattern", as in Logstash's files of patterns; blank lines and those that begin with #
    /// are left aside. Of two lines for one name the last counts, and any before what is built in.
    package init(_ source: String, library: String) throws(GrokError) {
        definitions = Self.definitions(library)
        try expand(Array(source.utf8), depth: 0, offset: nil)
    }

    private static func definitions(_ library: String) -> [String: String] {
        var definitions: [String: String] = [:]
        for line in library.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
            guard let blank = line.firstIndex(where: { $0 == " " || $0 == "\t" }) else { continue }
            definitions[String(line[..<blank])] = line[blank...].trimmingBlanks
        }
        return definitions
    }

    /// `offset`: where in the source the name stands that `text` is the pattern of; nil for the source itself.
    private mutating func expand(_ text: [UInt8], depth: Int, offset: Int?) throws(GrokError) {
        var at = 0
        while at < text.count {
            if text[at] == UInt8(ascii: "\\"), at + 1 < text.count {
                pattern += text[at...at + 1]
                at += 2
            } else if text[at] == UInt8(ascii: "%"), at + 1 < text.count, text[at + 1] == UInt8(ascii: "{") {
                guard let close = text[at...].firstIndex(of: UInt8(ascii: "}")) else {
                    throw GrokError(
                        message: "'%{' has no '}'", offset: offset ?? at,
                        help: #"close it with '}', or write '\%{' where the line holds one"#)
                }
                try reference(String(decoding: text[at + 2..<close], as: UTF8.self), depth, offset ?? at)
                at = close + 1
            } else {
                pattern.append(text[at])
                at += 1
            }
        }
    }

    /// What stands between the braces: NAME, NAME:field or NAME:field:type.
    private mutating func reference(_ text: String, _ depth: Int, _ offset: Int) throws(GrokError) {
        let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard let definition = definitions[parts[0]] ?? GrokLibrary.patterns[parts[0]] else {
            let names = Array(definitions.keys) + GrokPattern.names
            throw GrokError(
                message: "there is no grok pattern named '\(parts[0])'", offset: offset,
                help: Nearest.name(to: parts[0], in: names)
                    .map { "did you mean '\($0)'?" } ?? "define it in the option patterns or library")
        }
        guard depth < Self.deepest, pattern.count < Self.longest else {
            throw GrokError(
                message: "'%{\(parts[0])}' expands too far", offset: offset,
                help: "write a shorter pattern, or split it in two")
        }
        if parts.count > 1 {
            let name = Self.fieldName(parts[1])
            guard !name.isEmpty, fields.count < Self.mostFields else {
                throw GrokError(
                    message: "'\(parts[1])' can't be the name of a field", offset: offset,
                    help: "write a name of letters, digits and _, at most \(Self.mostFields) in all")
            }
            let kind: Kind
            switch parts.count > 2 ? parts[2] : "" {
            case "", "string": kind = .text
            case "int", "long": kind = .integer
            case "float", "double": kind = .float
            default:
                throw GrokError(
                    message: "there is no type '\(parts[2])'", offset: offset, help: "write int or float, or no type")
            }
            fields.append((kind, name))
            pattern += Array("(?<_\(fields.count)>".utf8)
        } else {
            pattern += Array("(?:".utf8)
        }
        try expand(Array(definition.utf8), depth: depth + 1, offset: offset)
        pattern.append(UInt8(ascii: ")"))
    }

    /// `[http][response][status]` and `http.response.status` as `http_response_status`: fields are flat here.
    private static func fieldName(_ text: String) -> String {
        var name = ""
        for character in text {
            if character.isASCII, character.isLetter || character.isNumber {
                name.append(character)
            } else if !name.isEmpty, name.last != "_" {
                name.append("_")
            }
        }
        while name.last == "_", text.last != "_" { name.removeLast() }
        return name
    }
}

extension Substring {
    fileprivate var trimmingBlanks: String {
        let head = drop { $0 == " " || $0 == "\t" }
        let end = head.lastIndex { $0 != " " && $0 != "\t" && $0 != "\r" }
        return end.map { String(head[...$0]) } ?? ""
    }
}
