import LogCore
import Testing

struct JSONRecordsTests {
    private let paths: [JSONRecordPath] = {
        var paths = ["Records", "r.s.l", "items", "items.parts", "h.h", "d.v", "u.rows"].map {
            // Another text each, for paths that have the same signs are one format's.
            JSONRecordPath(Array($0.utf8), signs: [[Array("\"t".utf8), Array("\u{1}\($0)".utf8)]])
        }
        paths[0].given = ["owner", "t"].map { Array($0.utf8) }
        paths[5].places = ["time", "line"].map { Array($0.utf8) }
        paths[6].columns = Array("columns".utf8)
        return paths
    }()

    /// The lines made of a text that comes in pieces of `size` bytes.
    private func lines(_ text: String, size: Int, _ layout: JSONRecords.Layout? = nil) -> (
        text: String, problem: String?
    ) {
        var records = JSONRecords(layout ?? .documents(paths))
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
        // What the format has a use for goes on to the events, and what they say themselves counts.
        (
            #"{"kind":"x","owner":"o1","t":0,"Records":[{"t":1},{"a":{"owner":2}},{"owner":3,"t":2}]}"#,
            #"{"t":1,"owner":"o1"}\#n{"a":{"owner":2},"owner":"o1","t":0}\#n{"owner":3,"t":2}\#n"#
        ),
        (
            #"{"m":{"v":1},"Records":[{"t":{ "m": 2},"m" : null},{}]}"#,
            #"{"t":{"m":2},"m":null}\#n{"m":{"v":1}}\#n"#
        ),
        // Events that are lists: of values whose names the format has, and of names and values.
        (
            #"{"s":"ok","d":{"q":"x","v":[["1","a, ] \"b\""], ["2","c",{"m":3}], [ ], "x"]}}"#,
            #"{"time":"1","line":"a, ] \"b\""}\#n{"time":"2","line":"c"}\#n{}\#n"x"\#n"#
        ),
        (
            #"{"d":[{"st":{"app":"a"},"v":[["1","x"],["2","y"]]},{"st":{"app":"b"},"v":[["3","z"]]}]}"#,
            #"{"time":"1","line":"x","st":{"app":"a"}}\#n{"time":"2","line":"y","st":{"app":"a"}}\#n"#
                + #"{"time":"3","line":"z","st":{"app":"b"}}\#n"#
        ),
        (
            #"{"u":[{"name":"P","columns":[{"name":"t","type":"x"},"m"],"rows":[["1",null],[ "2" , {"a":[]} ],["3"]]}]}"#,
            #"{"t":"1","m":null}\#n{"t":"2","m":{"a":[]}}\#n{"t":"3"}\#n"#
        ),
        (
            #"{"o":{"k":1},"Records":[[{"field":"t","value":"1"},{"value":[2],"field":"m \""}],[{"a":1}],[1,2]]}"#,
            #"{"t":"1","m \"":[2],"o":{"k":1}}\#n[{"a":1}]\#n[1,2]\#n"#
        ),
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
        ("", false), ("{", false), ("[", false), (#"{"Records":[[{"field":"t","value":1}]]}"#, true),
        (#"{"Records":[[1,2]],"t":1}"#, false), (#"{"r":[["t"]]}"#, false), (#"[{"Records":[{"t":1}]}]"#, true),
        (#"{"u":[{"columns":["time"],"rows":[[1]]}]}"#, true), (#"{"u":[{"columns":["x"],"rows":[[1]]}]}"#, false),
    ])
    func `a document is told by its head`(head: String, isOne: Bool) {
        let bytes = Array(head.utf8)
        #expect((JSONRecords.layout(of: bytes.span, paths) != nil) == isOne)
    }

    @Test(arguments: [
        (#"[{"n":1,"Records":[{"a":1},{"b":2}]}]"#, []), (#"{"Records":[{"t":1}]}"#, ["Records"]),
        (#"[{"h":{"h":[{"t":1}]}}]"#, ["h.h"]),
    ])
    func `an event of an array may have lists of its own`(head: String, expected: [String]) {
        let bytes = Array(head.utf8)
        guard case .documents(let found) = JSONRecords.layout(of: bytes.span, paths) else {
            Issue.record("no document")
            return
        }
        let names = found.map { path in
            path.names.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ".")
        }
        #expect(names == expected)
    }

    @Test func `of a bulk only the documents are events`() {
        let text = """
            {"index": {"_index": "logs", "_id": "1"}}
            {"level": "info", "index": {"_id": 7}}
            { "create" : { } }
            {"create":{}}
            {"delete":{"_index":"logs","_id":"2"}}
            {"update":{"_id":"1","retry_on_conflict":3}}
            {"doc_as_upsert":true, "doc":{"level":"error"}}
            {"index":{}}

            """
        for size in [1, 3, 1000] {
            let made = lines(text, size: size, .bulk)
            #expect(
                made.text == """
                    {"level":"info","index":{"_id":7}}
                    {"create":{}}
                    {"level":"error"}

                    """)
            #expect(made.problem == nil)
        }
    }

    @Test(arguments: [
        ("{\"index\":{}}\n{\"a\":1}\n", true), ("{ \"create\" : { \"_index\" : \"x\" } }\n{\"a\":1", true),
        ("{\"delete\":{\"_id\":\"1\"}}\n{\"index\":{}}\n", true), ("{\"delete\":{}}\n{\"a\":1}\n", false),
        ("{\"index\":{\"_id\":\"1\"}}\n{\"index\":{}}\n", false), ("{\"index\":7}\n{\"a\":1}\n", false),
        ("{\"index\":{},\"a\":1}\n{\"a\":1}\n", false), ("{\"index\":{\"name\":\"x\"}}\n{\"a\":1}\n", false),
        ("{\"index\":{}}\nno JSON\n", false), ("{\"index\":{}}", false), ("{\"a\":{}}\n{\"a\":1}\n", false),
        ("{}\n{}\n", false),
    ])
    func `a bulk is told by its first action`(head: String, isOne: Bool) {
        let bytes = Array(head.utf8)
        #expect((JSONRecords.layout(of: bytes.span, paths) != nil) == isOne)
    }

    @Test func `an element that is whole has all that the format's signature asks for`() {
        let path = JSONRecordPath(Array("data".utf8), signs: [[Array("\"time".utf8)], [Array("\"id\"".utf8)]])
        func isOne(_ head: String) -> Bool {
            let bytes = Array(head.utf8)
            return JSONRecords.layout(of: bytes.span, [path]) != nil
        }
        #expect(isOne(#"{"data":[{"time":1,"id":2},"#))
        #expect(!isOne(#"{"data":[{"time":1},{"id":2},"#))
        #expect(isOne(#"{"data":[{"time":1,"#))
        #expect(!isOne(#"{"data":[{"id":1,"#))
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

    @Test(
        arguments: [
            (#"{"total":2,"logs":[{"ts":"2026-11-20T04:00:16Z","msg":"a"},{"x":1}]}"#, ["logs"]),
            (
                #"{"ok":true,"answer":{"n":1,"rows":[{"level":"warn","time":"2026-11-20T04:00:16Z"}]}}"#,
                ["answer", "rows"]
            ),
            (#"{"time":"2026-11-20T04:00:16Z","msg":"order","goods":[{"ts":"2026-11-20T04:00:16Z","msg":"a"}]}"#, nil),
            (#"{"goods":[{"ts":"2026-11-20T04:00:16Z","msg":"a"}],"time":"2026-11-20T04:00:16Z"}"#, nil),
            (#"{"goods":[{"name":"tea","created":"2026-11-20T04:00:16Z"}]}"#, nil),
            (#"{"goods":[7,{"ts":"2026-11-20T04:00:16Z","msg":"a"}]}"#, nil),
            (#"{"goods":[{"msg":"a","level":"warn"}]}"#, nil),
        ] as [(String, [String]?)])
    func `an array of what looks like events is found whatever it is called`(text: String, path: [String]?) {
        let bytes = Array(text.utf8)
        let layout = JSONRecords.layout(of: bytes.span, paths)
        guard case .documents(let found)? = layout else {
            #expect(path == nil)
            return
        }
        #expect(found.map { $0.names.map { String(decoding: $0, as: UTF8.self) } } == path.map { [$0] })
    }
}
