import LogCore
import Testing

struct JSONRecordsTests {
    private let paths = ["Records", "r.s.l", "items", "items.parts", "h.h"].map {
        JSONRecordPath(Array($0.utf8), signs: [Array("\"t".utf8)])
    }

    /// The lines made of a text that comes in pieces of `size` bytes.
    private func lines(_ text: String, size: Int) -> (text: String, problem: String?) {
        var records = JSONRecords(paths)
        let bytes = Array(text.utf8)
        var result: ContiguousArray<UInt8> = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            records.take(bytes.span.extracting(start..<min(start + size, bytes.count)))
            result += records.lines
            records.lines.removeAll()
        }
        records.finish()
        result += records.lines
        return (String(decoding: result, as: UTF8.self), records.problem)
    }

    @Test(arguments: [
        (#"{"Records":[{"t":1,"a":"x, }"},{"t":2}]}"#, #"{"t":1,"a":"x, }"}\#n{"t":2}\#n"#),
        (
            "[\n  {\n    \"t\": 1,\n    \"a\": [ 1, { } ]\n  },\n  {\"t\":\"a b\"}\n]\n",
            "{\"t\":1,\"a\":[1,{}]}\n{\"t\":\"a b\"}\n"
        ),
        (
            #"{"r":[{"res":{"h":1},"n":0,"s":[{"sc":{"k":"v"},"l":[{"t":1},{}]},{"l":[{"t":2}]}]}]}"#,
            #"{"t":1,"res":{"h":1},"sc":{"k":"v"}}\#n{"res":{"h":1},"sc":{"k":"v"}}\#n{"t":2,"res":{"h":1}}\#n"#
        ),
        (
            "{\"Records\":[{\"t\":1}]}\n{\"Records\":[{\"t\":2}],\"next\":null}\n{\"other\": true}\n",
            "{\"t\":1}\n{\"t\":2}\n{\"other\":true}\n"
        ),
        ("{\"Records\":[{\"t\":1}]}\nno JSON {\n{\"items\":[]}", "{\"t\":1}\nno JSON {\n"),
        (
            #"{"n":1,"h":{"all":{"v":2},"h":[{"t":1},{"t":2}]},"after":3}"#,
            #"{"t":1,"all":{"v":2}}\#n{"t":2,"all":{"v":2}}\#n"#
        ),
        (#"{"n":1,"h":{"v":2},"z":{}}"#, #"{"n":1,"h":{"v":2},"z":{}}\#n"#),
        (#"{"h":{"h":{"t":1}}}"#, #"{"h":{"h":{"t":1}}}\#n"#),
        // Two paths that begin alike: what leads no further is an event.
        (#"{"o":{"k":1},"items":[{"t":1},{"parts":[{"t":2}]}]}"#, #"{"t":1,"o":{"k":1}}\#n{"t":2,"o":{"k":1}}\#n"#),
        (#"{"r":[{"s":[]},{"t":1},{}]}"#, #"{"t":1}\#n"#),
        (#"{"Records":[{"t":"\"\\"},7,"s",null]}"#, #"{"t":"\"\\"}\#n7\#n"s"\#nnull\#n"#),
    ])
    func `each event is a line, however the bytes come`(text: String, expected: String) {
        for size in [1, 2, 3, 7, 1000] {
            let made = lines(text, size: size)
            #expect(made.text == expected)
            #expect(made.problem == nil)
        }
    }

    @Test func `a document that is cut off gives what is whole, and says so`() {
        let made = lines(#"{"Records":[{"t":1},{"t":2,"a"#, size: 5)
        #expect(made.text == "{\"t\":1}\n{\"t\":2,\"a\n")
        #expect(made.problem == "the JSON document is cut off at byte 29")
    }

    @Test(arguments: [
        (#"{"Records":[{"t":1}]}"#, true), ("[\n {\"a\" : 1", true), ("[{error,{a,1}}]", false), ("[ {", false),
        ("{ \"items\" : [ {\"x\":0, \"time\":1}", true),
        (#"{"kind":"List","items":[{"time":1"#, true), (#"{"items":[{"sku":1}],"level":"info"}"#, false),
        (#"{"n":{"a":[1]},"h":{"all":2,"h":[{"t":1"#, true), (#"{"h":{"all":2},"t":1}"#, false),
        ("{\"items\":[{\"sku\":1}]}\n{\"time\":1}", false), (#"{"h":{"h":{"t":1}}}"#, false),
        (#"{"items":[]}"#, false), (#"{"other":[{"t":1}]}"#, false), (#"{"a":1}"#, false), ("[error] x", false),
        ("", false), ("{", false), ("[", false),
    ])
    func `a document is told by its head`(head: String, isOne: Bool) {
        let bytes = Array(head.utf8)
        #expect(JSONRecords.isHead(bytes.span, paths) == isOne)
    }

    @Test(arguments: [#"{"Records":[}"#, #"{"Records":[{}}"#, #"[}"#, #"{"Records":[]}]}"#, #"{"Records":}"#])
    func `brackets that close what isn't open end`(text: String) {
        #expect(lines(text, size: 1) == lines(text, size: 100))
    }

    @Test func `any bytes are passed through without a crash`() {
        var random = SeededGenerator(seed: 11)
        let alphabet = Array("{}[]\",:\\ \n1aRecords".utf8)
        for _ in 0..<2000 {
            let bytes = (0..<40).map { _ in alphabet[Int(random.next(upperBound: UInt(alphabet.count)))] }
            let text = #"{"Records":["# + String(decoding: bytes, as: UTF8.self)
            #expect(lines(text, size: 3) == lines(text, size: 100))
        }
    }
}
