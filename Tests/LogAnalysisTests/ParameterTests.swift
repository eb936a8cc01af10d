import LogCore
import Testing

@testable import LogAnalysis

@Suite struct ParameterTests {
    // MARK: Quantities

    private func quantity(_ text: String, _ unit: Unit = .none) -> (value: Double, kind: ParameterKind)? {
        QuantityReader().read(Array(text.utf8).span, unit)
    }

    @Test(
        arguments: [
            ("12", 12, .number), ("-3.5", -3.5, .number), ("0", 0, .number), ("37%", 37, .number),
            ("12ms", 0.012, .duration), ("1.5s", 1.5, .duration), ("250us", 0.00025, .duration),
            ("250µs", 0.00025, .duration),
            ("7ns", 7e-9, .duration), ("2min", 120, .duration), ("1m2.5s", 62.5, .duration),
            ("1h2m3s", 3_723, .duration), ("1h3m", 3_780, .duration), ("1d2h", 93_600, .duration),
            ("2m 3s", 123, .duration), ("1h 5min", 3_900, .duration),
            ("512B", 512, .bytes), ("1kB", 1_000, .bytes), ("1KiB", 1_024, .bytes), ("4.5MiB", 4_718_592, .bytes),
            ("1,5s", 1.5, .duration), ("0,125s", 0.125, .duration), ("1,2345s", 1.2345, .duration),
            ("12,75%", 12.75, .number),
            ("1,234ms", 1.234, .duration), ("12,345,678B", 12_345_678, .bytes), ("1,234.5ms", 1.2345, .duration),
            ("2GB", 2e9, .bytes), ("8123456kB", 8_123_456_000, .bytes), ("512M", 536_870_912, .bytes),
        ] as [(String, Double, ParameterKind)])
    func `a number is read with its unit`(text: String, value: Double, kind: ParameterKind) throws {
        let read = try #require(quantity(text))
        #expect(abs(read.value - value) <= value.magnitude * 1e-12)
        #expect(read.kind == kind)
    }

    @Test(arguments: [
        "", "-", ".", "1.", "a1", "1a", "1.2.3", "10.0.0.1", "12:30:00", "12 ms", "--5", "1e", "5mm", "1h", "3m", "1m2",
        "12345678901234567", "0x1f", "227adff6", "1m2m", "9m9h9x", "5\u{0}", "ms", "1.5.", "8d",
        "1,5", "1,2,3", "1,2,3s", "12,3456,7s", "1,s", ",5s", "1,5.5s", "1,5,", "1,5x",
    ])
    func `what is no number with a known unit is none`(text: String) { #expect(quantity(text) == nil) }

    @Test func `any bytes can be read`() {
        var random = SeededGenerator(state: 3)
        let pieces = Array("0123456789.-+hmsuµkKMGiB% e".utf8) + [0, 0xFF]
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...24, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? 0
            }
            if let value = QuantityReader().read(bytes.span, .none) {
                #expect(Distribution.range.contains(value.value))
            }
        }
    }

    @Test(
        arguments: [
            ("took # ms to finish", .duration, 0.001), ("sent # bytes.", .bytes, 1),
            ("elapsed_ms=# ok", .duration, 0.001),
            ("durationMs: 5, tookMillis=#", .duration, 0.001), ("in # seconds", .duration, 1), ("bytes=#", .bytes, 1),
            ("read # KiB", .bytes, 1_024), ("items #", .number, 1), ("port # failed", .number, 1), ("#", .number, 1),
            ("errors=# s", .duration, 1), ("systems=#", .number, 1), ("# msgs", .number, 1),
        ] as [(String, ParameterKind, Double)])
    func `the words around a place tell the unit`(shape: String, kind: ParameterKind, scale: Double) throws {
        let bytes = Array(shape.utf8)
        let place = try #require(bytes.firstIndex(of: UInt8(ascii: "#")))
        let hint = PlaceHint(bytes.span, place..<place + 1, words: bytes.indices)
        #expect(hint.unit.kind == kind)
        #expect(hint.unit.scale == scale)
    }

    @Test func `the words around a place tell that it is a user`() {
        for shape in ["for user # from", "user=#", "user: #"] {
            let bytes = Array(shape.utf8)
            let place = bytes.firstIndex(of: UInt8(ascii: "#")) ?? 0
            #expect(PlaceHint(bytes.span, place..<place + 1, words: bytes.indices).isUser, "\(shape)")
        }
    }

    @Test func `a number with commas that needs a unit has it from the words around it`() throws {
        #expect(quantity("1,5", .second)?.value == 1.5)
        #expect(quantity("1,234", .byte)?.value == 1_234)
        #expect(quantity("1,5,2", .byte) == nil)
    }

    @Test func `the value in front of a place is none of its words`() {
        let bytes = Array("POST /login HTTP/1.1 ms".utf8)
        #expect(!PlaceHint(bytes.span, 12..<20, words: 11..<20).isUser)
        #expect(PlaceHint(bytes.span, 12..<20, words: 11..<20).unit == .none)
        #expect(PlaceHint(bytes.span, 12..<20, words: 11..<23).unit.kind == .duration)
    }

    // MARK: Kinds

    @Test(
        arguments: [
            ("10.0.0.5", .address), ("10.0.0.5:443", .address), ("fe80::1", .address), ("10.0.0.0/8", .address),
            ("cache6:8080", .address), ("/var/log/syslog", .path), ("src/main/App.java", .path),
            (#"C:\logs\a.txt"#, .path),
            ("https://example.org/x", .url), ("9f2c11ab", .id), ("550e8400-e29b-41d4-a716-446655440000", .id),
            ("10:30:00", .id), ("256.1.1.1", .id), ("anna", .word), ("not found", .word), ("", .word),
            ("1.2.3.4.5", .id),
        ] as [(String, ParameterKind)])
    func `a value is told by its looks`(text: String, kind: ParameterKind) {
        #expect(ParameterKind.of(text.utf8) == kind)
    }

    // MARK: Sketches

    private func sketch(_ values: some Sequence<Double>) -> QuantileSketch {
        values.reduce(into: QuantileSketch()) { _ = $0.add($1) }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `quantiles are right to two percent`(seed: UInt64) throws {
        var random = SeededGenerator(state: seed)
        let values = (0..<5_000).map { _ in 0.01 * (1 + 150 * Double.random(in: 0...1, using: &random)) }
        let sketch = sketch(values)
        #expect(sketch.step == 0)
        for share in [0, 0.01, 0.5, 0.9, 0.95, 0.99, 1] {
            let exact = values.sorted()[Int((share * 4_999).rounded())]
            let estimate = try #require(sketch.quantile(share))
            #expect(abs(estimate - exact) <= exact * 0.016, "\(share): \(estimate), \(exact)")
        }
    }

    @Test(arguments: 1...30 as ClosedRange<UInt64>)
    func `any order of adding and merging gives the same sketch, of bounded size`(seed: UInt64) {
        var random = SeededGenerator(state: seed)
        let spread = Double.random(in: 0.1...60, using: &random)
        let values = (0..<2_000).map { _ in
            Bool.random(using: &random) && seed % 3 == 0
                ? -1 : exp2(Double.random(in: -spread / 2...spread / 2, using: &random))
        }
        let whole = sketch(values)
        #expect(whole == sketch(values.shuffled(using: &random)))
        var merged = sketch(values[..<700])
        merged.merge(sketch(values[700...]))
        #expect(merged == whole)
        var reversed = sketch(values[700...])
        reversed.merge(sketch(values[..<700]))
        #expect(reversed == whole)
        #expect(whole.bucketCount <= QuantileSketch.limit)
        #expect(whole.count == 2_000)
        #expect(whole.isSound)
    }

    private func exp2(_ x: Double) -> Double {
        let whole = x.rounded(.down)
        return Double(sign: .plus, exponent: Int(whole), significand: 1) * (1 + (x - whole))
    }

    @Test func `a sketch that may not grow counts all the same`() {
        var sketch = sketch([1, 100])
        let grew = [50, 5_000].map { sketch.add($0, mayGrow: false) }
        #expect(grew == [false, false])
        #expect(sketch.count == 4)
        #expect(sketch.bucketCount == 2)
    }

    @Test(arguments: [3_000, 40_000_000])
    func `a table in front of a sketch changes nothing`(largest: Int) throws {
        var random = SeededGenerator(state: 11)
        var (sketch, plain) = (QuantileSketch(), QuantileSketch())
        var recent = RecentBuckets()
        _ = recent.addTable()
        let second = recent.addTable()
        let table = try #require(second)
        var evicted = 0
        for _ in 0..<20_000 {
            let value = Double(Int.random(in: 1..<largest, using: &random))
            _ = plain.add(value)
            if let old = recent.add(QuantileSketch.bucket(value), to: table) {
                _ = sketch.add(old.count, of: old.bucket, mayGrow: true)
                evicted += 1
            }
        }
        for (bucket, count) in recent.entries(of: table) { _ = sketch.add(count, of: bucket, mayGrow: true) }
        #expect(sketch == plain)
        #expect(evicted > 0)
    }

    @Test(arguments: [40, 90, 5_000])
    func `a table in front of a sample changes nothing`(values: Int) throws {
        var random = SeededGenerator(state: 12)
        var (sample, plain) = (ValueSample(), ValueSample())
        var recent = RecentValues()
        _ = recent.addTable()
        let second = recent.addTable()
        let table = try #require(second)
        for _ in 0..<20_000 {
            let text = Array("host-\(Int.random(in: 0..<values, using: &random))".utf8)
            let hash = ValueSample.hash(text.span)
            _ = plain.add(text.span)
            guard sample.counts(hash), !recent.counts(hash, in: table) else { continue }
            let old = recent.put(hash, in: table)
            if old.count > 0 { sample.add(old.count, of: old.hash) }
            _ = sample.keep(text.span, hash, mayGrow: true)
        }
        for entry in recent.entries(of: table) where entry.count > 0 { sample.add(entry.count, of: entry.hash) }
        #expect(sample == plain)
    }

    // MARK: Values

    private func sample(_ values: some Sequence<String>) -> ValueSample {
        values.reduce(into: ValueSample()) { _ = $0.add(Array($1.utf8).span) }
    }

    @Test func `few values are all kept with their counts`() {
        let sample = sample((0..<600).map { "host-\($0 % 40)" })
        #expect(sample.distinct == 40)
        #expect(sample.values.allSatisfy { $0.count == 15 })
        #expect(!sample.isPartial)
    }

    @Test(arguments: [100, 1_000, 30_000])
    func `of many values some are kept, each with its exact count, and their number is estimated`(different: Int) {
        var random = SeededGenerator(state: UInt64(different))
        let values = (0..<60_000).map { _ in "id-\(Int.random(in: 0..<different, using: &random))" }
        let sample = sample(values)
        let exact = Dictionary(values.map { ($0, 1 as Int64) }, uniquingKeysWith: +)
        #expect(sample.values.count == ValueSample.limit)
        #expect(sample.values.allSatisfy { exact[$0.text] == $0.count })
        #expect(abs(sample.distinct / Double(exact.count) - 1) < 0.4, "\(sample.distinct) for \(exact.count)")
        #expect(sample.count == 60_000)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `any order of adding and merging gives the same values`(seed: UInt64) {
        var random = SeededGenerator(state: seed)
        let different = Int.random(in: 1...300, using: &random)
        let values = (0..<2_000).map { _ in "v\(Int.random(in: 0..<different, using: &random))" }
        let whole = sample(values)
        #expect(whole == sample(values.shuffled(using: &random)))
        var merged = sample(values[..<1_200])
        merged.merge(sample(values[1_200...]))
        #expect(merged == whole)
        var reversed = sample(values[1_200...])
        reversed.merge(sample(values[..<1_200]))
        #expect(reversed == whole)
        #expect(whole.isSound)
    }

    @Test func `a long value is told from others and shown cut`() {
        let long = String(repeating: "x", count: 39) + "ü"
        let sample = sample([long + "1", long + "2", long + "2"])
        #expect(sample.values.map(\.count) == [2, 1])
        #expect(sample.values.allSatisfy { $0.text == String(repeating: "x", count: 39) + "…" })
    }
}
