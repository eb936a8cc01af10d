import LogAnalysis
import LogCore
import LogEngine
import LogTerminal
import Testing

/// The state machine alone: keys in, lines and effects out.
@Suite struct BrowserTests {
    private func summary(findings: Int) -> Summary {
        var summary = Summary()
        for number in 1...findings {
            let isError = number % 2 == 0
            let rule = RuleInfo(
                id: "test.rule-\(number)", title: "Trouble \(number)", level: isError ? .error : .critical,
                cause: "A cause", fix: ["A fix"], docs: [])
            let sample = Sample(
                source: "app.log", offset: Int64(number * 100), line: Int64(number),
                time: 1_700_000_000_000_000_000 + Int64(number), text: "line \(number)")
            var tally = Tally()
            tally.add(time: sample.time ?? 0)
            summary.findings[rule.id] = FindingSummary(rule: rule, tally: tally, sample: sample, captures: [:])
            summary.tally.add(time: sample.time ?? 0)
            summary.byRank[(isError ? Severity.error : .critical).rank] += 1
        }
        summary.sources["app.log"] = SourceSummary(path: "app.log")
        return summary
    }

    private func browser(findings: Int = 40, width: Int = 80, height: Int = 24) -> Browser {
        let summary = summary(findings: findings)
        let model = BrowserModel(
            summary, inputs: ["app.log"], rules: (1...findings).map { "test.rule-\($0)" }, index: BatchIndex())
        var browser = Browser(model, size: ScreenSize(width: width, height: height), unicode: true)
        // It opens with incidents where there are some.
        _ = browser.update(.key(.tab))
        return browser
    }

    private func text(_ browser: Browser) -> [String] { browser.render().map(\.text) }

    @discardableResult
    private func press(_ keys: String, _ browser: inout Browser) -> [BrowserEffect] {
        keys.flatMap { browser.update(.key(.character($0))) }
    }

    private func page(_ lines: ClosedRange<Int64>, atStart: Bool = true, atEnd: Bool = true) -> LogPage {
        var page = LogPage()
        page.lines = lines.map { LogLine(offset: $0 * 10, number: $0, bytes: 9, text: "text \($0)") }
        page.isAtStart = atStart
        page.isAtEnd = atEnd
        return page
    }

    @Test(arguments: [(80, 24), (160, 50), (20, 5), (1, 1), (300, 100), (40, 2)])
    func `a screen has as many lines as the terminal, none too wide`(_ width: Int, _ height: Int) {
        var browser = browser(width: width, height: height)
        for keys in ["", "jjj", "l", "q", "/x"] {
            press(keys, &browser)
            let lines = browser.render()
            #expect(lines.count == height)
            #expect(lines.allSatisfy { $0.width <= width })
        }
    }

    @Test(arguments: [60, 80, 120, 200])
    func `all tabs are seen, that in view by its name, and so are the way out and the keys`(width: Int) {
        var browser = browser(width: width)
        for _ in 0..<8 {
            let lines = text(browser)
            let tabs = lines[0].split(separator: " ").filter { $0.contains(where: \.isLetter) }
            let beginnings = Set(tabs.map { $0.prefix(4) })
            #expect(beginnings.isSuperset(of: ["find", "temp", "comp", "file"]), "\(lines[0])")
            #expect(tabs.contains { $0.count > 4 } && !lines[0].contains("…"), "\(lines[0])")
            #expect(lines.last?.contains("q quit  ? keys") == true, "\(lines.last ?? "")")
            _ = browser.update(.key(.tab))
        }
    }

    @Test(arguments: [60, 80])
    func `a title that a row cuts stands whole on its page`(width: Int) {
        var summary = summary(findings: 1)
        let long = "Trouble " + (1...20).map { "number-\($0)" }.joined(separator: " ")
        summary.findings["test.rule-1"]?.rule.title = long
        let model = BrowserModel(summary, inputs: ["app.log"], rules: ["test.rule-1"], index: BatchIndex())
        var browser = Browser(model, size: ScreenSize(width: width, height: 40), unicode: true)
        press("l", &browser)
        // Folded at the edge, wherever a word is then.
        let page = text(browser).joined().filter { $0 != " " }
        let whole = long.filter { $0 != " " }
        #expect(page.contains(whole), "\(page)")
    }

    @Test func `keys move, and the cursor stays in sight`() {
        var browser = browser()
        press("G", &browser)
        #expect(text(browser).last?.hasSuffix("40/40") == true)
        #expect(text(browser).contains { $0.contains("Trouble") })
        press("g", &browser)
        press("jjk", &browser)
        #expect(text(browser).last?.hasSuffix("2/40") == true)
        _ = browser.update(.key(.pageDown))
        _ = browser.update(.key(.pageUp))
        #expect(text(browser).last?.hasSuffix("2/40") == true)
    }

    @Test func `a filter by level leaves out what is less grave`() {
        var browser = browser()
        press("6", &browser)
        #expect(text(browser)[0].contains("findings 20"))
        #expect(text(browser).allSatisfy { !$0.contains("ERROR  ") })
        _ = browser.update(.key(.escape))
        #expect(text(browser)[0].contains("findings 40"))
    }

    @Test func `a search that isn't a pattern is said, and one as text is found`() {
        var browser = browser()
        press("/trouble 1(", &browser)
        _ = browser.update(.key(.enter))
        #expect(text(browser).last?.contains("Ctrl-R") == true)
        press("/trouble 15", &browser)
        _ = browser.update(.key(.enter))
        let row = browser.render().first { $0.stretches.contains { $0.style == .match } }
        #expect(row?.text.contains("Trouble 15") == true)
    }

    @Test func `a finding leads to a job, its page to lines, and back`() {
        var browser = browser()
        press("l", &browser)
        #expect(text(browser).contains { $0.contains("A cause") })
        let effects = press("l", &browser)
        guard case .run(let number, let job)? = effects.first, case .place(let place) = job.target else {
            Issue.record("\(effects)")
            return
        }
        #expect(place.source == 0)
        _ = browser.update(.done(number, .page(place, page(1...30))))
        #expect(text(browser).contains { $0.contains("text \(place.number)") })
        press("qq", &browser)
        #expect(text(browser)[0].contains("findings 40"))
        let quit = press("q", &browser)
        guard case .quit? = quit.first else {
            Issue.record("\(quit)")
            return
        }
    }

    @Test func `the answer to a job that was given up is dropped`() {
        var browser = browser()
        press("l", &browser)
        guard case .run(let number, _)? = press("l", &browser).first else {
            Issue.record("no job")
            return
        }
        guard case .cancel? = browser.update(.key(.escape)).first else {
            Issue.record("not cancelled")
            return
        }
        let before = text(browser)
        _ = browser.update(.done(number, .nothing))
        #expect(text(browser) == before)
    }

    @Test func `near the edge of what was read more is asked for, and the cursor keeps its line`() {
        var browser = browser()
        press("l", &browser)
        guard case .run(let number, _)? = press("l", &browser).first else {
            Issue.record("no job")
            return
        }
        let place = LinePlace(source: 0, offset: 1_000, number: 100)
        var effects = browser.update(.done(number, .page(place, page(1...200, atEnd: false))))
        for _ in 0..<90 where effects.isEmpty { effects = browser.update(.key(.down)) }
        guard case .run(let next, let job)? = effects.first, case .place(let cursor) = job.target else {
            Issue.record("\(effects)")
            return
        }
        let shown = text(browser)
        _ = browser.update(.done(next, .page(cursor, page(cursor.number - 90...cursor.number + 200, atStart: false))))
        #expect(text(browser).dropLast() == shown.dropLast())
    }

    @Test func `any keys in any order leave a screen that fits`() {
        var generator = SystemRandomNumberGenerator()
        let keys: [KeyPress] =
            "jkgGlhq/nNfte01356wW[].,:?rvyoQb<> x(".map { .character($0) }
            + [
                .enter, .escape, .tab, .backTab, .pageUp, .pageDown, .home, .end, .backspace, .control("d"),
                .control("r"),
            ]
        for _ in 0..<20 {
            var browser = browser(
                width: Int.random(in: 1...100, using: &generator), height: Int.random(in: 1...40, using: &generator))
            for _ in 0..<200 {
                let effects = browser.update(.key(keys.randomElement(using: &generator) ?? .enter))
                for case .run(let number, let job) in effects {
                    let place = LinePlace(source: 0, offset: 50, number: 5)
                    if case .event = job.target { continue }
                    _ = browser.update(
                        .done(number, Bool.random(using: &generator) ? .nothing : .page(place, page(1...60))))
                }
                let lines = browser.render()
                #expect(lines.count > 0 && lines.allSatisfy { $0.width <= 100 })
            }
        }
    }
}

@Suite struct ScreenPainterTests {
    @Test func `only lines that changed are written`() {
        var painter = ScreenPainter(color: false)
        let size = ScreenSize(width: 20, height: 3)
        let lines = ["one", "two", "three"].map { TextLine($0) }
        #expect(painter.paint(lines, size).contains("one"))
        #expect(painter.paint(lines, size) == "")
        let changed = painter.paint([lines[0], TextLine("2"), lines[2]], size)
        #expect(changed.contains("\u{1B}[2;1H2") && !changed.contains("one") && !changed.contains("three"))
        painter.forget()
        #expect(painter.paint(lines, size).contains("three"))
    }

    @Test func `a line is cut at the edge, wide characters whole`() {
        var painter = ScreenPainter(color: false)
        let output = painter.paint([TextLine("ab世界世界")], ScreenSize(width: 7, height: 1))
        #expect(output.contains("ab世界") && !output.contains("ab世界世"))
    }
}

@Suite struct ProgressLineTests {
    @Test func `share, rate and time left follow from bytes on disk`() {
        let text = ProgressLine.text(read: 500_000_000, done: (25_000_000, 100_000_000), seconds: 2, width: 80)
        #expect(text == "[#######.......................] 25 %, 250 MB/s, 6 s left")
        #expect(ProgressLine.text(read: 0, done: (0, 100), seconds: 0, width: 80).contains("0 %"))
    }

    @Test func `what has no size shows bytes and rate`() {
        #expect(ProgressLine.text(read: 3_000_000, done: nil, seconds: 2, width: 80) == "3.00 MB, 1.50 MB/s")
    }
}
