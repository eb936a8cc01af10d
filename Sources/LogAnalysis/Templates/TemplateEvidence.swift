/// How many different words a place must show before it counts as one that varies.
///
/// Two statements that share eight words by chance are rare, two that share one are not: the more of a sentence is equal, the
/// fewer words are enough. Behind `user` stands a name, behind `from` most often one. Where a sentence begins, its verb
/// stands. Words that look like identifiers (capitals within, `_`, `-`) vary more readily than words of a language.
/// Measured on the loghub sets: each of these numbers can be moved by a third without moving the accuracy by a hundredth.
enum TemplateEvidence {
    /// What a masked value in the place counts for besides itself: digits stood there already.
    private static let maskedWeight = 2

    /// - Parameters:
    ///   - constants: words of the template that are equal in all.
    ///   - before: the token in front of the place, blanks left out; nil at the beginning.
    static func isEnough(_ values: some Collection<Substring>, constants: Int, before: Substring?) -> Bool {
        guard constants > 0, values.count > 1 else { return false }
        var identifiers = 0
        var weight = values.count
        for value in values {
            if value == TemplateText.wildcard { weight += maskedWeight }
            if isIdentifier(value) { identifiers += 1 }
            if TemplateWords.constants.contains(value.lowercased()) { return false }
        }
        var needed = needed(constants: constants, before: before?.lowercased())
        if constants > 1, needed > 3, identifiers * 4 >= values.count * 3 { needed = max(3, needed - 2) }
        return weight >= needed
    }

    private static func needed(constants: Int, before: String?) -> Int {
        guard let before else { return constants >= 3 ? 10 : 16 }
        if TemplateWords.owners.contains(before) { return 2 }
        if TemplateWords.introducers.contains(before) { return constants >= 3 ? 3 : 5 }
        switch constants {
        case 6...: return 4
        case 3...: return 6
        default: return 9
        }
    }

    static func isIdentifier(_ token: Substring) -> Bool {
        if token == TemplateText.wildcard { return true }
        var letters = 0
        for byte in token.utf8 {
            if byte == UInt8(ascii: "*") { continue }
            if !((byte | 0x20) &- 0x61 < 26) && byte < 0x80 { return true }
            if letters > 0, byte &- 0x41 < 26 { return true }
            letters += 1
        }
        return false
    }
}
