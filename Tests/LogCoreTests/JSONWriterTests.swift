import LogCore
import Testing

struct JSONWriterTests {
    private func write(pretty: Bool = false, _ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter(pretty: pretty, capacity: 0)
        body(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private func string(_ bytes: [UInt8]) -> String {
        write { writer in bytes.withUnsafeBufferPointer { writer.string(Span(_unsafeElements: $0)) } }
    }

    @Test func `commas stand between members and elements only`() {
        let text = write {
            $0.beginObject()
            $0.key("a")
            $0.beginArray()
            $0.number(1)
            $0.beginObject()
            $0.endObject()
            $0.beginArray()
            $0.endArray()
            $0.null()
            $0.endArray()
            $0.key("b")
            $0.bool(false)
            $0.key("c")
            $0.string("x")
            $0.endObject()
        }
        #expect(text == #"{"a":[1,{},[],null],"b":false,"c":"x"}"#)
    }

    @Test func `each line is a document of its own`() {
        let text = write {
            for value in 1...3 {
                $0.beginObject()
                $0.key("n")
                $0.number(value)
                $0.endObject()
                $0.newline()
            }
        }
        #expect(text == "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n")
    }

    @Test func `pretty output is indented by two`() {
        let text = write(pretty: true) {
            $0.beginObject()
            $0.key("a")
            $0.beginArray()
            $0.number(1)
            $0.number(2)
            $0.endArray()
            $0.key("o")
            $0.beginObject()
            $0.endObject()
            $0.key("z")
            $0.beginObject()
            $0.key("k")
            $0.null()
            $0.endObject()
            $0.endObject()
            $0.newline()
        }
        #expect(text == "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"o\": {},\n  \"z\": {\n    \"k\": null\n  }\n}\n")
    }

    @Test func `quotes, backslashes and control bytes are escaped`() {
        #expect(
            string(Array("a\"b\\c\nd\re\tf\u{0}g\u{1f}h\u{7f}".utf8)) == #""a\"b\\c\nd\re\tf\u0000g\u001fh"#
                + "\u{7f}\"")
    }

    @Test func `JSON goes out as it is, with U+FFFD for what isn't UTF-8`() {
        let bytes =
            Array(#"{"a": "ä"#.utf8) + [0xff] + Array(#"b", "c": [""#.utf8) + [0xed, 0xa0, 0x80, 0xe2, 0x82]
            + Array(#""], "d": 1.0}"#.utf8)
        var writer = JSONWriter(capacity: 0)
        bytes.withUnsafeBufferPointer { writer.json(Span(_unsafeElements: $0)) }
        #expect(String(validating: writer.bytes, as: UTF8.self) == String(decoding: bytes, as: UTF8.self))
    }

    @Test func `a stop is found in every place of a long text`() {
        for length in 0...40 {
            for place in 0..<length {
                for (byte, escaped) in [(UInt8(0x22), #"\""#), (0x5C, #"\\"#), (0x00, #"\u0000"#), (0xFF, "\u{FFFD}")] {
                    var bytes = [UInt8](repeating: UInt8(ascii: "x"), count: length)
                    bytes[place] = byte
                    let before = String(repeating: "x", count: place)
                    let after = String(repeating: "x", count: length - place - 1)
                    #expect(string(bytes) == "\"\(before)\(escaped)\(after)\"")
                }
            }
        }
    }

    @Test(
        arguments: [
            [0xC3, 0xA9], [0xE2, 0x82, 0xAC], [0xF0, 0x9F, 0x98, 0x80], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98],
            [0x80],
            [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88],
            [0xE2, 0x28, 0xA1], [0x61, 0xE2, 0x82, 0x61], [0xFF, 0xFE], [0xF0, 0x9F, 0x98, 0xC3, 0xA9],
            [0xED, 0x9F, 0xBF], [0xEE, 0x80, 0x80], [0xF4, 0x8F, 0xBF, 0xBF], [0xEF, 0xBF, 0xBD],
        ] as [[UInt8]])
    func `what is not UTF-8 becomes U+FFFD as the standard library does it`(bytes: [UInt8]) {
        #expect(string(bytes) == "\"" + String(decoding: bytes, as: UTF8.self) + "\"")
    }

    @Test(arguments: [0, 1, -1, 9, 10, 99, 100, -100, .max, .min] as [Int64])
    func `integers are written in full`(value: Int64) {
        #expect(write { $0.number(value) } == "\(value)")
    }

    @Test func `numbers with a fraction read back as the same value`() {
        for value in [0.0, 1.5, -2.25, 1e300, .leastNonzeroMagnitude, 0.1, 123456789.125, .greatestFiniteMagnitude] {
            #expect(Double(write { $0.number(value) }) == value)
        }
        #expect(write { $0.number(Double.infinity) } == "null")
        #expect(write { $0.number(Double.nan) } == "null")
    }

    @Test(
        arguments: [
            (1_795_341_600_000_000_000, "2026-11-22T10:00:00.000Z"),
            (1_795_341_600_123_000_000, "2026-11-22T10:00:00.123Z"),
            (1_795_341_600_123_456_000, "2026-11-22T10:00:00.123456Z"),
            (1_795_341_600_123_456_789, "2026-11-22T10:00:00.123456789Z"), (0, "1970-01-01T00:00:00.000Z"),
            (1_795_341_600_000_000_001, "2026-11-22T10:00:00.000000001Z"), (-1, "1969-12-31T23:59:59.999999999Z"),
            (.max, "2262-04-11T23:47:16.854775807Z"), (.min + 1, "1677-09-21T00:12:43.145224193Z"),
        ] as [(Int64, String)])
    func `a time has as many digits as it takes`(time: Int64, text: String) {
        #expect(write { $0.timestamp(time) } == "\"\(text)\"")
    }

    @Test func `no time is null`() {
        #expect(write { $0.timestamp(Timestamp.none) } == "null")
    }

    @Test func `a written time is read back`() {
        for time in [1_795_341_600_123_456_789, 1_795_341_600_123_000_000, 951_782_399_999_000_000] as [Int64] {
            let text = write {
                $0.beginObject()
                $0.key("time")
                $0.timestamp(time)
                $0.endObject()
            }
            #expect(LineReading(text, JSONLineParser()).time == time)
        }
    }

    @Test func `JSON is passed through verbatim, names from data are escaped`() {
        let text = write { writer in
            writer.beginObject()
            Array("a\"b".utf8).withUnsafeBufferPointer { writer.key(Span(_unsafeElements: $0)) }
            Array("[1.0, {}]".utf8).withUnsafeBufferPointer { writer.raw(Span(_unsafeElements: $0)) }
            writer.key("n")
            Array("1E400".utf8).withUnsafeBufferPointer { writer.raw(Span(_unsafeElements: $0)) }
            writer.endObject()
        }
        #expect(text == #"{"a\"b":[1.0, {}],"n":1E400}"#)
    }
}
