import CLua
import LogLua
import Testing

/// string.find, match, gmatch and gsub of the sandbox against those of the Lua library itself.
@Suite(.timeLimit(.minutes(20)))
struct PatternDifferenceTests {
    /// `transcript(seed, count)` makes random calls and tells what came of each, one a line. The patterns are often
    /// malformed and the arguments often of the wrong type: errors have to be the same too.
    private static let calls = #"""
        local state = 0
        local function random(n)
          state = state * 6364136223846793005 + 1442695040888963407
          return (state >> 33) % n + 1
        end
        local function chance(percent) return random(100) <= percent end
        local function pick(list) return list[random(#list)] end
        local function many(least, most, make, argument)
          local parts = {}
          for i = 1, least + random(most - least + 1) - 1 do parts[i] = make(argument) end
          return table.concat(parts)
        end

        -- Patterns
        local few = { "a", "a", "b", "1", " " }
        local bytes = { "a", "a", "a", "b", "b", "c", "B", "1", "2", " ", ".", "-", "(", ")", "[", "]", "%", "^", "_",
          "\t", "\0", "\xe4" }
        local classes = { "%a", "%c", "%d", "%g", "%l", "%p", "%s", "%u", "%w", "%x", "%z", "%A", "%C", "%D", "%G",
          "%L", "%P", "%S", "%U", "%W", "%X", "%Z", "%%", "%.", "%]", "%-", "%(", "%e", "%\0" }
        local function member()
          local kind = random(10)
          if kind <= 5 then return pick(bytes) end
          if kind <= 7 then return pick(bytes) .. "-" .. pick(bytes) end
          return kind == 8 and pick(classes) or pick { "-", "-", "^", "]", "%]", "a-", "-z", "%" }
        end
        local function set()
          return (chance(30) and "[^" or "[") .. (chance(10) and "]" or "") .. many(1, 3, member)
            .. (chance(97) and "]" or "")
        end
        local function item()
          local kind = random(10)
          if kind <= 5 then return pick { "a", "a", "b", "b", "1", " ", "c", "_" } end
          return kind == 6 and "." or kind <= 8 and pick(classes) or set()
        end
        local function piece()
          local kind = random(40)
          if kind <= 24 then return item() .. pick { "", "", "", "*", "+", "-", "?" } end
          if kind <= 28 then return "(" .. many(1, 3, piece) .. ")" end
          if kind <= 30 then return "%b" .. pick { "()", "[]", "ab", "aa", "a", "" } end
          if kind <= 32 then return "%f" .. (chance(95) and set() or "") end
          if kind <= 36 then
            return "(" .. item() .. pick { "", "*", "+", "-" } .. ")" .. many(0, 1, piece)
              .. pick { "%1", "%1", "%2", "%1*" }
          end
          return pick { "()", "()", "%0", "%1", "%3", "$", "^", "(", ")", "[", "%", "*", "-", "+", "]" }
        end

        -- Arguments
        local function joined(...) return select("#", ...) > 1 and "<" .. table.concat({ ... }, ",") .. ">" or ... end
        local replacements = {
          "", "x", "%0", "%1", "<%1>", "%2%1", "%%", "%0%0", "a%", "%x", "%9", 7, 1.5, true, joined,
          { a = "A", b = 1, ab = false, [1] = "one" }, { a = {} },
          setmetatable({}, { __index = function(_, key) return key .. "!" end }),
          function() end, function(a) return a end, function(...) return #{ ... } end,
          function(a) return a == "a" and {} or nil end, function(a) if a == "b" then error("no b", 0) end end,
        }
        local places = { 0, 2.0, 1.5, "2", "x", {}, math.mininteger, math.maxinteger, -1 }
        local function place()
          if chance(60) then return nil end
          return chance(80) and random(24) - 12 or pick(places)
        end

        -- Calls: straight from pcall, and as methods from a line of Lua, whose errors name the line.
        local all = load([[
          local found = {}
          for a, b, c in string.gmatch(...) do
            found[#found + 1] = tostring(a) .. "," .. tostring(b) .. "," .. tostring(c)
            if #found == 40 then break end
          end
          return table.concat(found, ";")
        ]], "=all")
        local names = { "find", "match", "gmatch", "gsub" }
        local direct = { find = string.find, match = string.match, gsub = string.gsub, gmatch = all }
        local methods = { gmatch = all }
        for _, name in ipairs { "find", "match", "gsub" } do
          methods[name] = load("local text, a, b, c = ... return text:" .. name .. "(a, b, c)", "=case")
        end

        local function shown(value)
          local kind = type(value)
          return (kind == "table" or kind == "function") and kind or tostring(value)
        end
        local function results(...)
          local parts = {}
          for i = 1, select("#", ...) do
            local value = select(i, ...)
            parts[i] = (math.type(value) or type(value)) .. ":" .. shown(value)
          end
          return table.concat(parts, " ")
        end
        local function call()
          local name, pattern = pick(names), many(1, 3, piece)
          local subject = chance(60) and many(0, 14, pick, few) or many(0, 14, pick, bytes)
          if chance(15) then pattern = "^" .. pattern end
          if chance(15) then pattern = pattern .. "$" end
          local third, fourth
          if name == "gsub" then
            third = pick(replacements)
            if chance(30) then fourth = pick { 0, 1, 2, -1, 3.5, "1", {} } end
          else
            third, fourth = place(), name == "find" and chance(20)
            if name == "find" and chance(15) then
              subject, pattern = many(0, 300, pick, { "a", "b" }), many(0, 9, pick, { "a", "b" })
            end
          end
          return string.format("%s(%q, %q, %s, %s) -> ", name, subject, pattern, shown(third), shown(fourth))
            .. results(pcall(pick { direct, methods }[name], subject, pattern, third, fourth))
        end
        local function transcript(seed, count)
          state = seed
          local lines = {}
          for i = 1, count do lines[i] = call() end
          return table.concat(lines, "\n")
        end

        """#

    /// What chance won't come upon.
    private static let particular = [
        "('a'):rep(300):find(('a?'):rep(199))",
        "('a'):rep(300):find(('a?'):rep(200))",
        "('a'):rep(300):find(('x?'):rep(300))",
        "('a'):rep(300):find(('a*'):rep(200))",
        "('a'):rep(300):find(('a-'):rep(200))",
        "('a'):rep(300):find(('a'):rep(300))",
        "('a'):rep(40):match(('(a)'):rep(32))",
        "('a'):rep(40):match(('(a)'):rep(33))",
        "('a'):rep(40):match(('('):rep(33))",
        "('a'):rep(40):match(('()'):rep(32))",
        "('a'):rep(40):gsub(('(a)'):rep(32), '%9%1')",
        "('abc'):find('', 4)",
        "('abc'):find('', 5)",
        "('abc'):find('', 10, true)",
        "(''):find('')",
        "(''):match('.*')",
        "('a\\0b\\0c'):find('b\\0c', 1, true)",
        "('a\\0b'):find('\\0')",
        "('a\\0b'):match('[\\0b]+')",
        "('a.b'):find('.', 2, true)",
        "('a+b'):gsub('+', '-')",
        "('abc'):gsub('', '-')",
        "('abc'):gsub('b*', '-')",
        "('hello world'):gsub('o', '%%%0')",
        "('hello'):gsub('l', { l = 1 << 40 })",
        "('hello'):gsub('l', 1.5)",
        "('hello'):gsub('(h)(e)', '%2%1%0', 1)",
        "('hello'):gsub('l', 'L', math.maxinteger)",
        "('hello'):gsub('l', 'L', math.mininteger)",
        "('THE (quick) fox'):find('%((%a+)%)')",
        "('x = (a(b)c) y'):match('%b()')",
        "('THE (quick) fox'):gsub('%f[%a]%a+', string.lower)",
        "string.gmatch('a', '[')()",
        "string.gmatch('a')",
        "string.gmatch('^a^a', '^a')()",
        "string.gsub('a', 'a')",
        "string.gsub('a', 'a', tostring)",
        "string.gsub()",
        "string.find(nil, 'a')",
        "string.find('a')",
        "string.match({}, 'a')",
        "string.rep('a', 3):gsub('a', error)",
        "('x'):gsub('x', function() error({}) end)",
        "(123):rep(1):find(2)",
        "string.find(12345, 34)",
    ]

    @Test func `a hundred thousand random calls do what they do in Lua`() throws {
        var limits = LuaLimits()
        limits.instructions = 1_000_000_000
        limits.millisecondsPerCall = 60_000
        let ours = try Fixture(Self.calls + "event.fields.all = transcript(tonumber(line), 500)", limits: limits)
        let lua = try PlainLua(Self.calls + "return transcript(tonumber((...)), 500)")
        for seed in 1...200 {
            let found = try #require(ours.parse("\(seed)")?.text("all"), "\(ours.parser.errors)")
            let expected = lua.call(with: "\(seed)")
            if found == expected { continue }
            let lines = zip(found.split(separator: "\n"), expected.split(separator: "\n"))
            let difference = lines.first { $0 != $1 } ?? ("a transcript of \(found.utf8.count) bytes", "")
            Issue.record("seed \(seed): \(difference.0), in Lua \(difference.1)")
        }
    }

    @Test(arguments: particular) func `what chance doesn't come upon is as in Lua as well`(call: String) throws {
        let ours = try Fixture(Self.calls + "event.fields.all = results(pcall(load('return ' .. line, '=call')))")
        let lua = try PlainLua(Self.calls + "return results(pcall(load('return ' .. ..., '=call')))")
        #expect(ours.parse(call)?.text("all") == lua.call(with: call), "\(ours.parser.errors)")
    }
}

/// A state with the whole of Lua's own library, and a chunk in it.
private final class PlainLua {
    private let state: OpaquePointer

    init(_ chunk: String) throws {
        state = try #require(luaL_newstate())
        luaL_openlibs(state)
        try #require(luaL_loadstring(state, chunk) == LUA_OK)
    }

    deinit { lua_close(state) }

    /// The chunk's result, or its error.
    func call(with argument: String) -> String {
        lua_settop(state, 1)
        lua_pushvalue(state, 1)
        lua_pushstring(state, argument)
        _ = lua_pcallk(state, 1, 1, 0, 0, nil)
        var length = 0
        guard let text = lua_tolstring(state, -1, &length) else { return "" }
        return String(decoding: UnsafeRawBufferPointer(start: text, count: length), as: UTF8.self)
    }
}
