extension Span<UInt8> {
    /// Whether a value may name a program, a logger or a module, where only its place or its key says that it does: not a number,
    /// a duration (`service=12ms`), a size, a version, an address, a path, an HTTP method, the id of a request.
    var mayNameComponent: Bool {
        guard !isEmpty, !isUnlabelledID else { return false }
        let first = self[unchecked: 0]
        if first &- 0x30 < 10 || first == Ascii.dash || first == Ascii.plus || first == Ascii.dot {
            return hasWord(from: 0) && !isAddress
        }
        if first == Ascii.slash || first == Ascii.backslash { return false }
        if first | 0x20 == 0x76, count > 1, self[unchecked: 1] &- 0x30 < 10, !hasWord(from: 1) { return false }
        return !isMethod && !isAddress && !isPlace
    }

    /// A UUID, or a trace's or span's id as OpenTelemetry writes it: nothing else looks like that.
    package var isUnlabelledID: Bool {
        guard count == 16 || count == 32 || count == 36 else { return false }
        var digits = 0
        for i in 0..<count {
            let byte = self[unchecked: i]
            if byte.isDigit {
                digits &+= 1
            } else if byte == Ascii.dash {
                guard count == 36, i == 8 || i == 13 || i == 18 || i == 23 else { return false }
            } else if (byte | 0x20) &- 0x61 >= 6 {
                return false
            }
        }
        // An address in memory begins with zeros.
        return digits > 0 && digits < count && !matches("000", at: 0)
    }

    /// `routes.go:1158`: a file and its line.
    var isPlaceInFile: Bool {
        var digits = count
        while digits > 0, self[unchecked: digits &- 1].isDigit { digits &-= 1 }
        guard digits < count, digits > 3, self[unchecked: digits &- 1] == Ascii.colon else { return false }
        for i in 0..<digits where self[unchecked: i] == Ascii.dot { return true }
        return false
    }

    /// Whether letters stand together that are no unit: four of them, or any in front of which no number stands.
    private func hasWord(from start: Int) -> Bool {
        var letters = 0
        var previous: UInt8 = 0x30
        for i in start..<count {
            let byte = self[unchecked: i]
            if TimestampScanner.isLetter(byte) {
                if letters == 0, previous == Ascii.dash || previous == Ascii.underscore || previous == Ascii.slash {
                    return true
                }
                letters &+= 1
                if letters > 3 { return true }
            } else {
                letters = 0
                // A version, whatever is added to it: `1.2.3-beta1`.
                if byte == Ascii.dot { return false }
            }
            previous = byte
        }
        return false
    }

    /// Two colons or more among nothing but hexadecimal digits and dots.
    private var isAddress: Bool {
        var colons = 0
        for i in 0..<count {
            let byte = self[unchecked: i]
            if byte == Ascii.colon {
                colons &+= 1
            } else if byte &- 0x30 > 9, byte | 0x20 < 0x61 || byte | 0x20 > 0x66, byte != Ascii.dot {
                return false
            }
        }
        return colons > 1
    }

    /// `C:\…`, `https://…`.
    private var isPlace: Bool {
        guard count > 3, let colon = firstIndex(of: Ascii.colon, from: 0), colon &+ 2 < count else { return false }
        let next = self[unchecked: colon &+ 1]
        return colon == 1 && next == Ascii.backslash
            || next == Ascii.slash && self[unchecked: colon &+ 2] == Ascii.slash
    }

    private var isMethod: Bool {
        switch (count, self[unchecked: 0]) {
        case (3, 0x47): matches("GET", at: 0)
        case (3, 0x50): matches("PUT", at: 0)
        case (4, 0x50): matches("POST", at: 0)
        case (4, 0x48): matches("HEAD", at: 0)
        case (5, 0x50): matches("PATCH", at: 0)
        case (6, 0x44): matches("DELETE", at: 0)
        case (7, 0x4F): matches("OPTIONS", at: 0)
        case (7, 0x43): matches("CONNECT", at: 0)
        default: false
        }
    }
}
