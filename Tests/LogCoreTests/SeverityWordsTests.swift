import LogCore
import Testing

struct SeverityWordsTests {
    private func severity(_ word: String) -> Severity? {
        Array(word.utf8).withUnsafeBufferPointer { Severity(word: Span(_unsafeElements: $0)) }
    }

    private static let words: [(Severity, [String])] = [
        (.critical, ["fatal", "critical", "crit", "emerg", "emergency", "alert", "panic", "dpanic", "ftl", "F", "C"]),
        (.error, ["error", "err", "severe", "E", "erro", "eror", "fail"]),
        (.warning, ["warn", "warning", "W", "wrn"]),
        (.info, ["notice", "info", "information", "informational", "I", "inf", "success"]),
        (.debug, ["debug", "verbose", "fine", "D", "dbg", "vrb", "dbug"]),
        (.trace, ["trace", "finest", "T", "finer", "trc"]),
    ]

    @Test(arguments: words)
    func `a word means its severity in any letter case`(severity: Severity, words: [String]) {
        for word in words {
            #expect(self.severity(word) == severity, "\(word)")
            #expect(self.severity(word.uppercased()) == severity, "\(word)")
            #expect(self.severity(word.lowercased()) == severity, "\(word)")
            #expect(self.severity(word.capitalized) == severity, "\(word)")
        }
    }

    @Test func `the words of other languages are known`() {
        let words: [(Severity, [String])] = [
            (
                .error,
                [
                    "GRAVE", "Schwerwiegend", "FEHLER", "ERREUR", "ERRORE", "严重", "重大", "심각", "Allvarlig", "エラー", "오류",
                    "ОШИБКА", "BŁĄD", "HATA",
                ]
            ),
            (
                .warning,
                [
                    "WARNUNG", "AVERTISSEMENT", "ADVERTENCIA", "ADVERTÊNCIA", "AVVERTENZA", "警告", "경고",
                    "ПРЕДУПРЕЖДЕНИЕ", "OSTRZEŻENIE",
                ]
            ),
            (.info, ["INFOS", "INFORMACIÓN", "Información", "INFORMAZIONI", "INFORMAÇÕES", "信息", "情報", "정보"]),
        ]
        for (severity, words) in words {
            for word in words { #expect(self.severity(word) == severity, "\(word)") }
        }
    }

    @Test func `a step behind a word is understood`() {
        #expect(severity("ERROR2") == .error)
        #expect(severity("trace8") == .trace)
        #expect(severity("D1") == .debug)
        #expect(severity("INFO4") == .info)
    }

    @Test(arguments: [
        "", " ", "x", "1", "12", "F1", "notice3", "error0", "error10", "errors", "inform", "warned", "debugging",
        "informationally", "critically", "information1", "\u{05}rror", "[info]", "info ", "ERR\u{0}", "é",
        String(repeating: "e", count: 5000),
    ])
    func `what is no severity word is refused`(word: String) {
        #expect(severity(word) == nil)
    }

    @Test func `setting bit 5 does not let other bytes pass for letters`() {
        // Every byte in every place of "error": only the two cases of the letter are accepted.
        for place in 0..<5 {
            for byte in UInt8.min...UInt8.max {
                var word = Array("error".utf8)
                let letter = word[place]
                word[place] = byte
                let found = word.withUnsafeBufferPointer { Severity(word: Span(_unsafeElements: $0)) }
                let isLetter = byte == letter || byte == letter - 0x20
                // `erro` with a step is a word of its own.
                let isStep = place == 4 && (0x31...0x39).contains(byte)
                #expect((found == .error) == (isLetter || isStep), "\(place) \(byte)")
            }
        }
    }
}

extension String {
    fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst().lowercased() }
}
