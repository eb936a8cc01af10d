import Foundation
import Testing

/// `ailogger plugins …`: what someone who writes a plugin works with.
@Suite struct PluginCommandTests {
    private let lines = """
        2026-11-20 04:00:16.120 INFO  till-7 [pay.card] order 88112 took 31 ms
        2026-11-20 04:00:17.003 WARN  till-7 [pay.card] order 88113 took 904 ms
        2026-11-20 04:00:18.250 INFO  till-2 [pay.cash] order 88114 took 12 ms
            at some place in a trace
        2026-11-20 04:00:19.870 ERROR till-2 [pay.cash] drawer is open and nobody is there

        """

    /// A plugin that says how many words a message has; what it expects of them can be wrong.
    private func counter(words: Int) -> String {
        """
        local M = {
          name = "words", kind = "filter", api = 1, description = "counts words", config = { field = "words" },
        }
        function M.process(event)
          local _, count = event.message:gsub("%S+", "")
          event.fields[M.config.field] = count
        end
        M.samples = { { event = { message = "one two three" }, expect = { fields = { words = \(words) } } } }
        return M
        """
    }

    private func json(_ output: Output) throws -> Any { try JSONSerialization.jsonObject(with: output.out) }

    // MARK: list

    @Test func `list names every kind, what can be set and what is written`() async throws {
        let folder = try Folder()
        try folder.write(counter(words: 3), "plugins/words/init.lua")
        try folder.write(
            """
            local M = { name = "out", kind = "sink", api = 1, permissions = { "file:out.txt" } }
            local out = ailogger.output("file:out.txt")
            function M.write(event) out:write(event.message) end
            M.samples = { { event = { message = "a" }, expect = { ["file:out.txt"] = "a" } } }
            return M
            """, "plugins/out/init.lua")
        let folders = ["--plugins", folder.path + "/plugins"]
        let text = try await Command.ailogger(["plugins", "list"] + folders)
        #expect(text.status == 0 && text.errors == "", "\(text.errors)")
        #expect(text.text.contains("words  filter      counts words"), "\(text.text)")
        #expect(text.text.contains("--set  field=words"), "\(text.text)")
        #expect(text.text.contains("--allow  file:out.txt"), "\(text.text)")
        let printed = try await Command.ailogger(["plugins", "list", "--format", "json"] + folders)
        let listed = try #require(try json(printed) as? [[String: Any]])
        #expect(listed.map { $0["kind"] as? String } == ["sink", "filter"])
        #expect(listed[0]["outputs"] as? [String] == ["file:out.txt"])
        #expect(listed[1]["config"] as? [String: String] == ["field": "words"])
    }

    // MARK: Errors at work

    @Test func `a plugin's error is shown whole, with its line, how often it came and what to do`() async throws {
        let folder = try Folder()
        let long = "a-folder-with-a-long-name/and-one-more-below-it/plugins"
        try folder.write(
            """
            local M = { name = "bad", kind = "filter", api = 1, formats = { "ngnix", "generic" } }
            function M.process(event)
              if event.message ~= "sample" then print(event.message) end
            end
            M.samples = { { event = { message = "sample" }, expect = { message = "sample" } } }
            return M
            """, "\(long)/bad/init.lua")
        try folder.write(lines, "a.log")
        let options = ["--plugins", "\(folder.path)/\(long)", "--use", "bad", "\(folder.path)/a.log"]
        let report = try await Command.ailogger(["analyze"] + options)
        let words = report.text.split { " \n".contains($0) }.joined(separator: " ")
        #expect(words.contains("plugin bad: "), "\(report.text)")
        #expect(words.contains("failed, the first:"), "\(report.text)")
        #expect(words.contains("attempt to call a nil value (global 'print')"), "\(report.text)")
        #expect(words.contains("write ailogger.log(\"info\", text)"), "\(report.text)")
        #expect(report.errors.contains("warning: formats: no format or parser is called \"ngnix\""), "\(report.errors)")
        let parsed = try await Command.ailogger(["parse"] + options)
        #expect(
            parsed.errors.contains(
                """
                bad/init.lua:3:37: error: attempt to call a nil value (global 'print')
                 3 |   if event.message ~= "sample" then print(event.message) end
                   |                                     ^
                  = help: write ailogger.log("info", text)
                """), "\(parsed.errors)")
    }

    // MARK: test

    @Test func `test is 0 if all pass, 1 if a sample fails, 2 if a plugin is defective`() async throws {
        for (source, status, said) in [
            (counter(words: 3), Int32(0), "1 plugin, 1 sample, 0 files of tests, 0 failed"),
            (counter(words: 4), 1, "field words is 3, expected 4"),
            ("return {", 2, "init.lua:1: error: "),
            (counter(words: 3).replacing("\"words\", kind", with: "\"other\", kind"), 2, "give both one name"),
        ] {
            let folder = try Folder()
            try folder.write(source, "plugins/words/init.lua")
            for names in [[], ["words"]] {
                let result = try await Command.ailogger(
                    ["plugins", "test"] + names + ["--plugins", folder.path + "/plugins"])
                #expect(result.status == status, "\(result.text)")
                #expect(result.text.contains(said), "\(result.text)")
            }
        }
    }

    @Test func `test runs the files of tests beside a plugin, and says where one fails`() async throws {
        let folder = try Folder()
        try folder.write(counter(words: 3), "plugins/words/init.lua")
        try folder.write(
            """
            test("two words", function(t)
              t:equal(t:event { message = "one two" }.fields.words, 2)
            end)
              test("no words", function(t)
              t:equal(t:event { message = "" }.fields.words, 1, "their number")
            end)
            """, "plugins/words/tests/words.lua")
        let result = try await Command.ailogger(["plugins", "test", "--plugins", folder.path + "/plugins"])
        #expect(result.status == 1)
        #expect(
            result.text.contains("tests/words.lua:5:3: error: no words: their number is 0, expected 1"),
            "\(result.text)")
        #expect(result.text.contains("1 file of tests, 1 failed"), "\(result.text)")
        let check = try await Command.ailogger(["check", "--plugins", folder.path + "/plugins"])
        #expect(check.status == 2)
        #expect(check.text.contains("their number is 0"), "\(check.text)")
    }

    @Test func `a key that a sample doesn't have is told`() async throws {
        let folder = try Folder()
        try folder.write(
            counter(words: 3).replacing("event = { message", with: "event = { mesage"), "plugins/words/init.lua")
        let result = try await Command.ailogger(["plugins", "test", "--plugins", folder.path + "/plugins"])
        #expect(result.status == 1)
        #expect(result.text.contains("samples[1]: there is no \"mesage\", only component, "), "\(result.text)")
    }

    @Test func `a number beyond 64 bits keeps its text when a filter writes it back`() async throws {
        let folder = try Folder()
        try folder.write(
            """
            local M = { name = "same", kind = "filter", api = 1 }
            function M.process(event)
              for name, value in pairs(event.fields) do event.fields[name] = value end
              event.fields.y = 1
            end
            M.samples = { { line = "a", expect = { fields = { y = 1 } } } }
            return M
            """, "plugins/same/init.lua")
        try folder.write(
            #"{"time":"2026-11-20T04:00:16Z","msg":"a","id":18446744073709551615,"big":1e400,"exact":1.50}"# + "\n",
            "a.log")
        let result = try await Command.ailogger(
            ["parse", "--use", "same", "--plugins", folder.path + "/plugins", folder.path + "/a.log"])
        #expect(result.status == 0, "\(result.text)")
        #expect(result.text.contains(#""id":18446744073709551615,"big":1e400,"exact":1.50,"y":1"#), "\(result.text)")
    }

    @Test func `test leaves plugins alone that aren't named`() async throws {
        let folder = try Folder()
        try folder.write(counter(words: 3), "plugins/words/init.lua")
        try folder.write("return {", "plugins/broken/init.lua")
        let result = try await Command.ailogger(["plugins", "test", "words", "--plugins", folder.path + "/plugins"])
        #expect(result.status == 0, "\(result.text)")
    }

    // MARK: new

    @Test func `new makes a parser of lines that reads them`() async throws {
        let folder = try Folder()
        try folder.write(lines, "till.log")
        let made = try await Command.ailogger(["plugins", "new", "till", "--from", "till.log"], in: folder.path)
        #expect(made.status == 0, "\(made.errors)")
        #expect(made.text.contains("it reads 4 of 5 lines"), "\(made.text)")
        let tested = try await Command.ailogger(["plugins", "test", "till"], in: folder.path)
        #expect(tested.status == 0, "\(tested.text)\(tested.errors)")
        let parsed = try await Command.ailogger(["parse", "--plugins", "plugins", "till.log"], in: folder.path)
        let line = try #require(parsed.lines.first)
        let first = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(first["format"] as? String == "till", "\(parsed.text)")
        #expect(first["level"] as? String == "INFO")
        #expect(
            first["timestamp"] as? String == "2026-11-20T04:00:16.12Z"
                || first["timestamp"] as? String == "2026-11-20T04:00:16.120Z")
        #expect(first["component"] as? String == "pay.card")
    }

    @Test func `new names what lines of a web server and of a table hold`() async throws {
        let folder = try Folder()
        let requests = (1...9).map {
            "192.0.2.\($0):4011 [20/Nov/2026:04:00:0\($0) +0100] \"GET /a?\($0) HTTP/1.1\" 200 51\($0) \($0).5ms\n"
        }
        let table = ["ts;severity;who;amount"] + (1...9).map { "2026-11-20T04:00:0\($0)Z;ERROR;till-\($0);\($0)0" }
        try folder.write(requests.joined(), "web.log")
        try folder.write(table.joined(separator: "\n") + "\n", "table.log")
        for name in ["web", "table"] {
            let made = try await Command.ailogger(["plugins", "new", name, "--from", "\(name).log"], in: folder.path)
            #expect(made.text.contains("it reads 9 of"), "\(made.text)\(made.errors)")
        }
        let tested = try await Command.ailogger(["plugins", "test", "--plugins", "plugins"], in: folder.path)
        #expect(tested.status == 0, "\(tested.text)")
        let web = String(decoding: try folder.read("plugins/web/init.lua"), as: UTF8.self)
        for part in [
            "client = \"192.0.2.1\", port = 4011, method = \"GET\", path = \"/a?1\"", "status = 200,\n",
            "bytes = 511, duration = 0.0015",
            "time = \"2026-11-20T03:00:01.000Z\", level = \"INFO\", message = \"GET /a?1\"",
        ] {
            #expect(web.contains(part), "\(web)")
        }
        let cells = String(decoding: try folder.read("plugins/table/init.lua"), as: UTF8.self)
        #expect(cells.contains("who = \"till-1\", amount = 10"), "\(cells)")
        #expect(cells.contains("line = \"ts;severity;who;amount\", expect = false"), "\(cells)")
    }

    @Test(arguments: ["parser", "filter", "correlator", "sink"])
    func `new makes a draft of each kind that passes its samples at once`(kind: String) async throws {
        let folder = try Folder()
        let made = try await Command.ailogger(
            ["plugins", "new", "mine", "--kind", kind, "--dir", "mine"], in: folder.path)
        #expect(made.status == 0, "\(made.errors)")
        let tested = try await Command.ailogger(["plugins", "test", "mine", "--plugins", "mine"], in: folder.path)
        #expect(tested.status == 0, "\(tested.text)\(tested.errors)")
        let again = try await Command.ailogger(
            ["plugins", "new", "mine", "--kind", kind, "--dir", "mine"], in: folder.path)
        #expect(again.status == 2)
        #expect(again.errors.contains("mine/mine: is there already"), "\(again.errors)")
    }

    @Test(arguments: [
        ["Upper"], ["a/b"], ["lib"], ["json"], ["x", "--kind", "monster"], ["x", "--kind", "filter", "--from", "-"],
        ["x", "--from", "/nonexistent"], ["x", "--from", "/dev/null"],
        ["x", "--from", "in.log"],
    ])
    func `new refuses what can't be`(arguments: [String]) async throws {
        let folder = try Folder()
        // Blank lines, and lines of nothing but signs.
        try folder.write("  \n-\n=\n\"\n", "in.log")
        let result = try await Command.ailogger(["plugins", "new"] + arguments, in: folder.path)
        #expect(result.status == 2, "\(result.text)")
        #expect(result.errors.contains("rror: "))
        #expect(entries(folder.path) == ["in.log"])
    }

    // Of JSON there is a parser; lines of hpc-events have their time behind words that differ, which a draft can't find.
    // What has no line like another, as the output of a build, is no log to draft from, and is told so.
    @Test func `new makes something of nearly every sample log there is`() async throws {
        let folder = try Folder()
        let logs = entries(Command.root + "/samples")
            .filter { isFile("\(Command.root)/samples/\($0)/input.log") && $0 != "json" && $0 != "hpc-events" }
        #expect(logs.count > 10)
        var refused: [String] = []
        var json: [String] = []
        for log in logs {
            let name = "x_" + log.replacing("-", with: "_")
            let made = try await Command.ailogger(
                ["plugins", "new", name, "--from", "\(Command.root)/samples/\(log)/input.log"], in: folder.path)
            let isJSON = made.errors.contains("are JSON")
            let isRefusal = isJSON || made.errors.contains("have nothing in common")
            #expect(made.status == (isRefusal ? 2 : 0), "\(log): \(made.errors)")
            if isJSON { json.append(log) } else if isRefusal { refused.append(log) }
        }
        #expect(refused.count * 6 < logs.count - json.count, "\(refused)")
        let tested = try await Command.ailogger(["plugins", "test", "--plugins", "plugins"], in: folder.path)
        #expect(tested.status == 0, "\(tested.text)")
    }

    // MARK: bench

    @Test func `bench measures a filter and a parser`() async throws {
        let folder = try Folder()
        try folder.write(counter(words: 3), "plugins/words/init.lua")
        try folder.write(String(repeating: lines, count: 200), "till.log")
        let folders = ["--plugins", folder.path + "/plugins", "--seconds", "0"]
        let log = folder.path + "/till.log"
        let filter = try await Command.ailogger(["plugins", "bench", "words", log, "--format", "json"] + folders)
        #expect(filter.status == 0, "\(filter.errors)")
        let measured = try #require(try json(filter) as? [String: Any])
        #expect(measured["lines"] as? Int == 1_000 && measured["events"] as? Int == 800, "\(measured)")
        #expect(measured["wanted"] as? Int == 800 && measured["errors"] as? Int == 0, "\(measured)")
        let without = try #require(measured["nanoseconds_without"] as? Int)
        let with = try #require(measured["nanoseconds_with"] as? Int)
        #expect(with > without && without > 0, "\(measured)")
        let blocks = try #require(measured["allocations"] as? Int)
        let allocated = try #require(measured["allocated_bytes"] as? Int)
        #expect(blocks > 0 && allocated > 16 * blocks, "\(measured)")
        _ = try await Command.ailogger(["plugins", "new", "till", "--from", log, "--dir", folder.path + "/plugins"])
        let parser = try await Command.ailogger(["plugins", "bench", "till", log] + folders)
        #expect(parser.status == 0, "\(parser.errors)")
        #expect(parser.text.contains("accepted: 800 events") && parser.text.contains("errors: none"), "\(parser.text)")
        #expect(parser.text.contains(" of Lua for each event"), "\(parser.text)")
    }

    @Test func `bench says what goes wrong`() async throws {
        let folder = try Folder()
        try folder.write(
            counter(words: 3).replacing("local _", with: "if event.line > 1 then error('too far') end local _"),
            "plugins/words/init.lua")
        try folder.write(lines, "till.log")
        let result = try await Command.ailogger(
            ["plugins", "bench", "words", "till.log", "/nonexistent.log", "--seconds", "0", "--plugins", "plugins"],
            in: folder.path)
        #expect(result.text.contains("errors: 3, the first: plugins/words/init.lua:5: too far"), "\(result.text)")
        #expect(result.errors.contains("/nonexistent.log: error: "))
        #expect(result.status == 2)
    }

    // MARK: repl

    @Test func `repl works in a pipe, in the plugin's own state`() async throws {
        let folder = try Folder()
        try folder.write(counter(words: 3), "plugins/words/init.lua")
        let typed = """
            1 + 1, "a"
            x = #line
            x
            M.process(event)
            event.fields.words
            function twice(n)
              return 2 * n
            end
            twice(21)
            .line one more line
            M.process(event) .. ""
            while true do end
            .event
            .quit
            unreached
            """
        let result = try await Command.ailogger(
            ["plugins", "repl", "words", "--line", "two words", "--plugins", "plugins"], in: folder.path,
            input: Data(typed.utf8))
        #expect(result.status == 0)
        #expect(
            result.lines == ["2\ta", "9", "2", "42", #"{"fields":{},"message":"one more line"}"#], "\(result.text)")
        let errors = result.errors.split(separator: "\n")
        #expect(errors.count == 2, "\(result.errors)")
        #expect(errors[0].contains("attempt to concatenate a nil value"), "\(result.errors)")
        #expect(errors[1].contains("the plugin begins anew"), "\(result.errors)")
    }

    @Test func `repl takes commands in the middle of a statement too`() async throws {
        let typed = "function twice(n)\n.event\n.line other\n  return 2 * n\nend\ntwice(21)\nline\n"
        let folder = try Folder()
        let result = try await Command.ailogger(
            ["plugins", "repl", "--line", "first"], in: folder.path, input: Data(typed.utf8))
        #expect(result.lines == [#"{"fields":{},"message":"first"}"#, "42", "other"], "\(result.text)")
    }

    @Test func `repl shows where in the plugin an error is, and reads it again`() async throws {
        let folder = try Folder()
        try folder.write(
            counter(words: 3).replacing("local _,", with: "local none = nil + 1\n local _,"), "plugins/words/init.lua")
        let result = try await Command.ailogger(
            ["plugins", "repl", "words", "--plugins", "plugins"], in: folder.path,
            input: Data("M.process(event)\n.reload\nM.name\n.help\n.nonsense\n".utf8))
        #expect(result.errors.contains("plugins/words/init.lua:5: attempt to perform arithmetic"), "\(result.errors)")
        #expect(result.errors.contains("no command .nonsense"), "\(result.errors)")
        #expect(result.text.hasPrefix("words\n") && result.text.contains(".line TEXT"), "\(result.text)")
    }
}
