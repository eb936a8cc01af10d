extension Severity {
    /// The severity that a word names in any letter case, or nil: `WARN`, `Information`, `E`, `debug2`.
    ///
    /// The words are those of syslog, of the logging libraries in common use, and of their short forms
    /// (`WRN`, `ERRO`, `fail`), and in other languages those that Java's own logging and PostgreSQL write. Nothing is trimmed: what surrounds the word, a bracket or a colon, is the caller's.
    /// One or two comparisons whatever the word, and no allocation: parsers ask for every line.
    package init?(word: Span<UInt8>) {
        var count = word.count
        if count > 0, word[unchecked: 0] >= 0x80 {
            self.init(foreign: word)
            return
        }
        guard count > 0, count <= 13 else { return nil }
        // OpenTelemetry's ERROR2, Apache's trace8 and MongoDB's D1 number the steps within a severity.
        let step = word[unchecked: count &- 1] &- 0x31
        let isStepped = step < 9
        if isStepped { count &-= 1 }
        guard count > 0, let severity = Self(word: word, count: count) else { return nil }
        if isStepped, !severity.takesStep(letters: count) { return nil }
        self = severity
    }

    /// Whether `D1`, `trace8` and the like are words; `notice3` and `F1` are not.
    private func takesStep(letters: Int) -> Bool {
        letters == 1 ? self == .debug : letters == 4 || letters == 5
    }

    private init?(word: Span<UInt8>, count: Int) {
        let first = word[unchecked: 0] | 0x20
        switch count {
        case 1: self.init(letter: first)
        case 3: self.init(three: word, first)
        case 4: self.init(four: word, first)
        case 5: self.init(five: word, first)
        case 6: self.init(six: word, first)
        default: self.init(long: word, first, count)
        }
    }

    /// klog, Android and MongoDB write one letter.
    private init?(letter: UInt8) {
        switch letter {
        case UInt8(ascii: "f"), UInt8(ascii: "c"): self = .critical
        case UInt8(ascii: "e"): self = .error
        case UInt8(ascii: "w"): self = .warning
        case UInt8(ascii: "i"), UInt8(ascii: "n"): self = .info
        case UInt8(ascii: "d"), UInt8(ascii: "v"): self = .debug
        case UInt8(ascii: "t"): self = .trace
        default: return nil
        }
    }

    private init?(three word: Span<UInt8>, _ first: UInt8) {
        switch first {
        case UInt8(ascii: "e") where word.isWord("err"): self = .error
        case UInt8(ascii: "w") where word.isWord("wrn"): self = .warning
        case UInt8(ascii: "i") where word.isWord("inf"): self = .info
        case UInt8(ascii: "d") where word.isWord("dbg"): self = .debug
        case UInt8(ascii: "v") where word.isWord("vrb"): self = .debug
        case UInt8(ascii: "t") where word.isWord("trc"): self = .trace
        case UInt8(ascii: "f") where word.isWord("ftl"): self = .critical
        default: return nil
        }
    }

    private init?(four word: Span<UInt8>, _ first: UInt8) {
        switch first {
        case UInt8(ascii: "i") where word.isWord("info"): self = .info
        case UInt8(ascii: "w") where word.isWord("warn"): self = .warning
        case UInt8(ascii: "e") where word.isWord("erro") || word.isWord("eror"): self = .error
        case UInt8(ascii: "c") where word.isWord("crit"): self = .critical
        case UInt8(ascii: "d") where word.isWord("debu") || word.isWord("dbug"): self = .debug
        case UInt8(ascii: "f") where word.isWord("fine"): self = .debug
        case UInt8(ascii: "f") where word.isWord("fata"): self = .critical
        case UInt8(ascii: "f") where word.isWord("fail"): self = .error
        case UInt8(ascii: "t") where word.isWord("trac") || word.isWord("trce"): self = .trace
        case UInt8(ascii: "p") where word.isWord("pani"): self = .critical
        case UInt8(ascii: "h") where word.isWord("hata"): self = .error
        case UInt8(ascii: "f") where word.isWord("fout"): self = .error
        default: return nil
        }
    }

    private init?(five word: Span<UInt8>, _ first: UInt8) {
        switch first {
        case UInt8(ascii: "e") where word.isWord("error"): self = .error
        case UInt8(ascii: "e") where word.isWord("emerg"): self = .critical
        case UInt8(ascii: "d") where word.isWord("debug"): self = .debug
        case UInt8(ascii: "t") where word.isWord("trace"): self = .trace
        case UInt8(ascii: "f") where word.isWord("fatal") || word.isWord("fault"): self = .critical
        case UInt8(ascii: "f") where word.isWord("finer"): self = .trace
        case UInt8(ascii: "a") where word.isWord("alert"): self = .critical
        case UInt8(ascii: "p") where word.isWord("panic"): self = .critical
        case UInt8(ascii: "g") where word.isWord("grave"): self = .error
        case UInt8(ascii: "a") where word.isWord("aviso"): self = .warning
        case UInt8(ascii: "i") where word.isWord("infos"): self = .info
        case UInt8(ascii: "c") where word.isWord("chyba"): self = .error
        case UInt8(ascii: "u") where word.isWord("uyari"): self = .warning
        default: return nil
        }
    }

    private init?(six word: Span<UInt8>, _ first: UInt8) {
        switch first {
        case UInt8(ascii: "n") where word.isWord("notice"): self = .info
        case UInt8(ascii: "s") where word.isWord("severe"): self = .error
        case UInt8(ascii: "f") where word.isWord("finest"): self = .trace
        case UInt8(ascii: "d") where word.isWord("dpanic"): self = .critical
        case UInt8(ascii: "f") where word.isWord("fehler"): self = .error
        case UInt8(ascii: "e") where word.isWord("erreur") || word.isWord("errore"): self = .error
        case UInt8(ascii: "b") where word.matches("BŁĄD", at: 0): self = .error
        default: return nil
        }
    }

    private init?(long word: Span<UInt8>, _ first: UInt8, _ count: Int) {
        switch (count, first) {
        case (7, UInt8(ascii: "w")) where word.isWord("warning"): self = .warning
        case (7, UInt8(ascii: "v")) where word.isWord("verbose"): self = .debug
        case (7, UInt8(ascii: "s")) where word.isWord("success"): self = .info
        case (7, UInt8(ascii: "w")) where word.isWord("warnung"): self = .warning
        case (7, UInt8(ascii: "v")) where word.isWord("varning"): self = .warning
        case (8, UInt8(ascii: "c")) where word.isWord("critical"): self = .critical
        case (7, UInt8(ascii: "h")) where word.isWord("hinweis"): self = .info
        case (7, UInt8(ascii: "m")) where word.isWord("meldung"): self = .info
        case (8, UInt8(ascii: "s")) where word.matchesAnyCase("störung", at: 0): self = .error
        case (10, UInt8(ascii: "v")) where word.matches("VAROVÁNÍ", at: 0): self = .warning
        case (12, UInt8(ascii: "w")) where word.isWord("waarschuwing"): self = .warning
        case (12, UInt8(ascii: "o")) where word.matches("OSTRZEŻENIE", at: 0): self = .warning
        case (9, UInt8(ascii: "a")) where word.isWord("allvarlig"): self = .error
        case (10, UInt8(ascii: "a")) where word.isWord("avvertenza"): self = .warning
        case (11, UInt8(ascii: "a")) where word.isWord("advertencia"): self = .warning
        case (12, UInt8(ascii: "a")) where word.matchesAnyCase("advertência", at: 0): self = .warning
        case (12, UInt8(ascii: "i")) where word.matchesAnyCase("información", at: 0) || word.isWord("informazioni"):
            self = .info
        case (13, UInt8(ascii: "i")) where word.matchesAnyCase("informações", at: 0): self = .info
        case (13, UInt8(ascii: "a")) where word.isWord("avertissement"): self = .warning
        case (13, UInt8(ascii: "s")) where word.isWord("schwerwiegend"): self = .error
        case (9, UInt8(ascii: "e")) where word.isWord("emergency"): self = .critical
        case (11, UInt8(ascii: "i")) where word.isWord("information"): self = .info
        case (13, UInt8(ascii: "i")) where word.isWord("informational"): self = .info
        default: return nil
        }
    }

    private init?(foreign word: Span<UInt8>) {
        guard word.count >= 6, word.count <= 28, word.count % 2 == 0 || word.count == 9 else { return nil }
        let names: [(StaticString, Severity)] = [
            ("警告", .warning), ("信息", .info), ("严重", .error), ("情報", .info), ("致命的", .error), ("重大", .error),
            ("資訊", .info), ("嚴重", .error), ("경고", .warning), ("정보", .info), ("심각", .error), ("错误", .error),
            ("エラー", .error), ("デバッグ", .debug), ("異常", .error), ("致命", .critical), ("调试", .debug),
            ("오류", .error), ("ОШИБКА", .error), ("Ошибка", .error), ("ПРЕДУПРЕЖДЕНИЕ", .warning),
            ("Предупреждение", .warning), ("ИНФО", .info), ("ОТЛАДКА", .debug), ("КРИТИЧЕСКАЯ", .critical),
        ]
        for (name, severity) in names where name.utf8CodeUnitCount == word.count && word.matches(name, at: 0) {
            self = severity
            return
        }
        return nil
    }
}

extension Span<UInt8> {
    /// Whether the bytes begin with the letters of `lower` in any case. The caller has checked the length,
    /// and all of `lower` are letters: so setting bit 5 maps nothing else onto them.
    @inline(__always)
    fileprivate func isWord(_ lower: StaticString) -> Bool {
        let letters = lower.utf8Start
        for i in 0..<lower.utf8CodeUnitCount where self[unchecked: i] | 0x20 != letters[i] { return false }
        return true
    }
}
