import LogCore
import LogLua
import Testing

/// Attacks with what Lua itself has.
@Suite(.timeLimit(.minutes(20)))
struct AttackTests {
    /// Lua's own patterns, whose loops run in C.
    private static let patterns: [(name: String, code: String)] = [
        ("lazy repetitions one in another", "('a'):rep(3000):find('a-a-a-a-a-b')"),
        ("three of everything", "('a'):rep(6000):find('.*.*.*b')"),
        ("gsub up to an end that isn't there", "('a'):rep(200000):gsub('.-b', '')"),
        ("the same under pcall", "while true do pcall(string.gsub, ('a'):rep(200000), '.-b', '') end"),
        ("brackets that are never closed", "('('):rep(1000000):find('%b()')"),
        ("repeated captures", "('a'):rep(3000):match('^(a*)(a*)(a*)%1%2%3b')"),
        ("a long repeated capture", "local s = ('x'):rep(1000000) while true do s:find('^(x*)%1z') end"),
        ("a set of a million members", "('a'):rep(1000000):find('[' .. ('b'):rep(1000000) .. ']*c')"),
        ("a run through a long set", "('a'):rep(1000000):find('[' .. ('b'):rep(1000000) .. 'a]*c')"),
        ("a frontier of a long set", "('a'):rep(1000000):find('%f[' .. ('b'):rep(1000000) .. 'a]c')"),
        ("items that may be left out", "('a'):rep(1000):find(('x?'):rep(500000) .. 'b')"),
        ("two ways for each byte", "('a'):rep(150):find(('a?'):rep(150) .. ('a'):rep(151))"),
        ("captures of all of it", "while true do for a, b in ('x'):rep(1000000):gmatch('()((.*))') do end end"),
        (
            "as many captures as there may be",
            "while true do ('x'):rep(1000000):match(('('):rep(32) .. '.*' .. (')'):rep(32)) end"
        ),
        ("a replacement that doubles", "local s = 'x' while true do s = s:gsub('x', 'xx') end"),
        ("a large replacement between all bytes", "('x'):rep(1000):gsub('', ('y'):rep(1000000))"),
        ("an empty pattern", "while true do ('x'):rep(1000000):gsub('', '') end"),
        (
            "a search for almost the same",
            """
            local s, p = ('a'):rep(1000000), ('a'):rep(120) .. 'b' .. ('a'):rep(120)
            while true do s:find(p, 1, true) end
            """
        ),
        (
            "a table that answers with a longer question",
            "('a'):gsub('.', setmetatable({}, { __index = function(t, k) return t[k .. k] end }))"
        ),
        (
            "a function that never returns, under pcall",
            "('a'):rep(1000):gsub('.', function() while true do pcall(error) end end)"
        ),
    ]

    /// Functions of the library with arguments and results of all sizes.
    private static let floods: [(name: String, code: String)] = [
        (
            "format of many numbers",
            """
            local t = {} for i = 1, 10000 do t[i] = i end while true do
            local s = ('%99d'):rep(10000):format(table.unpack(t)) end
            """
        ),
        (
            "format of long fractions",
            """
            local t = {} for i = 1, 200 do t[i] = 1e308 end
            while true do ('%.99f'):rep(200):format(table.unpack(t)) end
            """
        ),
        ("quoting", #"local s = ('"'):rep(1000000) while true do string.format('%q', s) end"#),
        ("padding", "local t = {} while true do t[#t + 1] = string.pack('c1000000', '') end"),
        ("packsize of a long format", "local f = ('b'):rep(1000000) while true do string.packsize(f) end"),
        ("unpack of many bytes", "string.unpack(('b'):rep(900000), ('a'):rep(900000))"),
        ("upper", "local s = ('a'):rep(1000000) s = s .. s while true do s:upper() end"),
        ("reverse", "local s = ('a'):rep(1000000) s = s .. s while true do s:reverse() end"),
        ("char", "local s = ('a'):rep(200000) while true do string.char(s:byte(1, -1)) end"),
        ("utf8.len", "local s = ('a'):rep(1000000) s = s .. s while true do utf8.len(s) end"),
        ("utf8.offset", "local s = ('a'):rep(1000000) s = s .. s while true do utf8.offset(s, 1900000) end"),
        (
            "utf8.char",
            "local t = {} for i = 1, 100000 do t[i] = 0x7fffffff end while true do utf8.char(table.unpack(t)) end"
        ),
        ("utf8.codes", "while true do for p, c in utf8.codes(('a'):rep(1000000)) do end end"),
        ("tonumber", "local s = ('1'):rep(1000000) while true do tonumber(s) end"),
        ("tonumber with a base", "local s = ('1'):rep(1000000) while true do tonumber(s, 36) end"),
        ("concatenation", "local s = ('a'):rep(1000000) s = s .. s while true do local x = s .. s end"),
        (
            "table.concat of long texts",
            "local t, s = {}, ('a'):rep(4000) for i = 1, 900 do t[i] = s end while true do table.concat(t) end"
        ),
        (
            "table.concat of what a function gives",
            """
            local t = setmetatable({}, { __index = function() return 'x' end })
            while true do table.concat(t, '', 1, 1000000) end
            """
        ),
        (
            "a sort of long texts that are the same",
            """
            local s, t = ('a'):rep(1000000), {} local a, b = s .. 'x', s .. 'x'
            for i = 1, 4000 do t[i] = i % 2 == 0 and a or b end table.sort(t)
            """
        ),
        (
            "a sort of texts of zeros",
            #"""
            local s, t = ('\0'):rep(1000000), {} local a, b = s .. 'x', s .. 'x'
            for i = 1, 100 do t[i] = i % 2 == 0 and a or b end table.sort(t)
            """#
        ),
        (
            "a sort of many numbers",
            "while true do local t = {} for i = 1, 200000 do t[i] = (i * 7919) % 200003 end table.sort(t) end"
        ),
        (
            "a sort that grows",
            """
            local t = { 3, 2, 1 } table.sort(t, function(a, b) for i = 1, 1000 do t[#t + 1] = i end return a < b end)
            while true do table.sort(t) end
            """
        ),
        ("table.move of nothing", "while true do table.move({}, 1, 1 << 20, 2) end"),
        (
            "table.move onto itself",
            "local t = {} for i = 1, 100000 do t[i] = i end while true do table.move(t, 1, #t, 2) end"
        ),
        (
            "table.insert at the front",
            "local t = {} for i = 1, 60000 do t[i] = i end while true do table.insert(t, 1, 1) table.remove(t, 1) end"
        ),
        (
            "arguments by the hundred thousand",
            """
            local t = {} for i = 1, 100000 do t[i] = i end (function(...)
            while true do select('#', ...) end end)(table.unpack(t))
            """
        ),
        (
            "integer keys that collide",
            "for i = 1, 20000 do t = t or {} t[i * 16383 + (1 << 40)] = true end while true do end"
        ),
        (
            "comparisons of texts of zeros",
            #"""
            local s = ('\0'):rep(1000000) local a, b = s .. 'x', s .. 'y'
            local f = load(('local x = a < b '):rep(150), 'f', 't', { a = a, b = b }) while true do f() end
            """#
        ),
        (
            "comparisons in a coroutine of texts of zeros",
            #"""
            local s = ('\0'):rep(1000000) local t = { a = s .. 'x', b = s .. 'y' } local f = coroutine.wrap(load(
            'coroutine.yield() ' .. ('local x = a < b '):rep(150), 'f', 't', setmetatable(t, { __index = _G })))
            f() f() while true do end
            """#
        ),
        (
            "integers that collide only in a larger table",
            "local t = {} for i = 1, 65536 do t[i * 131071] = true end t[-5] = true while true do end"
        ),
        (
            "fractions that collide only in a larger table",
            """
            local t, m = {}, 2.0 ^ -31 for i = 1, 32768 do t[(1 << 30 | i * 16383) * m * 2.0 ^ (i % 2)] = i end
            t[-5] = true while true do end
            """
        ),
        ("random numbers", "while true do math.random(1, math.maxinteger) end"),
        ("times", "while true do os.time({ year = 2026, month = 1, day = 1 }) end"),
        (
            "a walk over a table that grows",
            """
            local t = {} for i = 1, 10 do t[i] = i end for k in pairs(t) do
            for i = 1, 1000 do t[k .. i] = true end end
            """
        ),
        (
            "a __pairs without an end",
            "for k in pairs(setmetatable({}, { __pairs = function(t) return function() return 1 end, t end })) do end"
        ),
        (
            "an ipairs without an end",
            "for i in ipairs(setmetatable({}, { __index = function(t, i) return i end })) do end"
        ),
    ]

    /// Threads of a state share its budget, and what kills one kills all.
    private static let coroutines: [(name: String, code: String)] = [
        (
            "a kill in a coroutine that was closed",
            """
            while true do coroutine.close(coroutine.create(function() while true do end end))
            pcall(coroutine.wrap(function() pcall(function() while true do end end) end)) end
            """
        ),
        (
            "a close handler that never ends",
            """
            local co = coroutine.create(function() local m = {} local t = setmetatable({}, m) m.__close = function()
            while true do end end local x <close> = t coroutine.yield() end) coroutine.resume(co) coroutine.close(co)
            """
        ),
        (
            "a coroutine that yields under pcall",
            "local f = coroutine.wrap(function() while true do pcall(coroutine.yield) end end) while true do f() end"
        ),
        (
            "a loop behind a yield across pcall",
            """
            while true do local co = coroutine.create(function() pcall(function() coroutine.yield()
            while true do end end) end) coroutine.resume(co) coroutine.resume(co) end
            """
        ),
        (
            "a coroutine that outlives the call",
            "co = coroutine.wrap(function() while true do coroutine.yield() end end) while true do co() end"
        ),
        (
            "a flood of questions",
            "local co = coroutine.running() while true do coroutine.status(co) coroutine.isyieldable() end"
        ),
        (
            "many values to resume with",
            """
            local t = {} for i = 1, 200000 do t[i] = i end
            while true do coroutine.wrap(function(...) return ... end)(table.unpack(t)) end
            """
        ),
        (
            "deep stacks",
            """
            local function deep(n) if n == 0 then coroutine.yield() else deep(n - 1) deep(0) end end local t = {}
            while true do t[#t + 1] = coroutine.wrap(deep) t[#t](10000) end
            """
        ),
    ]

    /// Whatever catches errors, or runs while one is under way.
    private static let errors: [(name: String, code: String)] = [
        ("a handler that fails", "local function h(e) error(e) end while true do xpcall(error, h, 'x') end"),
        ("a handler that calls itself", "local function f() xpcall(error, f) end while true do f() end"),
        (
            "a handler for an overflow",
            "xpcall(function() local function f() return 1 + f() end f() end, function() while true do end end)"
        ),
        ("a tower of pcall", "local function f() pcall(f) end while true do f() end"),
        ("pcall of yields", "while true do pcall(pcall, coroutine.yield) end"),
        ("errors made of errors", "local t = {} while true do pcall(error, t) t = { t } end"),
        ("asserts", "while true do pcall(assert, false, {}) end"),
        (
            "close handlers that fail",
            """
            local m = {} local t = setmetatable({}, m) m.__close = function() error('again') end while true do
            pcall(function() local a <close> = t local b <close> = t error('x') end) end
            """
        ),
        (
            "a finalizer added later",
            """
            local m = {} local t = setmetatable({}, m) m.__gc = function() while true do end end t = nil while true do
            local x = {} end
            """
        ),
        (
            "gsub in a function of gsub under pcall",
            "local function f() pcall(string.gsub, 'aaaa', 'a', f) end while true do f() end"
        ),
        (
            "an end of memory in a handler",
            """
            while true do xpcall(function() local s = ('x'):rep(1000000) while true do s = s .. s end end, function()
            return ('y'):rep(1000000) end) end
            """
        ),
    ]

    /// Memory of every kind.
    private static let growth: [(name: String, code: String)] = [
        ("closures", "local t = {} while true do t[#t + 1] = function() return t end end"),
        (
            "upvalues",
            "local t = {} while true do local a, b, c = {}, {}, {} t[#t + 1] = function() return a, b, c end end"
        ),
        (
            "closures in closures",
            "local f = function() end while true do local g = f f = function() return g() end end"
        ),
        ("tables in tables", "local t = {} while true do t = { t } end"),
        ("strings as keys", "local t = {} while true do t['key' .. math.random(1 << 60)] = true end"),
        ("globals", "while true do _G['g' .. math.random(1 << 60)] = true end"),
        ("coroutines that wait", "local t = {} while true do t[#t + 1] = coroutine.create(function() end) end"),
        (
            "tables in a coroutine",
            """
            while true do coroutine.resume(coroutine.create(function() local t = {} while true do t[#t + 1] = {} end
            end)) end
            """
        ),
        ("regexes", "local t = {} while true do t[#t + 1] = ailogger.regex('(?<n>a)' .. #t) end"),
        ("matches", "local t, re = {}, ailogger.regex('.') while true do t[#t + 1] = re:match('abc') end"),
        ("caches", "local t = {} while true do t[#t + 1] = ailogger.cache { size = 1000 } end"),
        (
            "long keys in a cache",
            """
            local c = ailogger.cache { size = 1000 } while true do c:set(('x'):rep(100000) .. math.random(1 << 60), 1)
            end
            """
        ),
        (
            "sets of networks",
            """
            local t, sets = {}, {} for i = 1, 10000 do t[i] = (i % 250) .. '.' .. (i // 250) .. '.0.0/24' end
            while true do sets[#sets + 1] = ailogger.ip.set(t) end
            """
        ),
        (
            "chunks",
            """
            local t = {} while true do t[#t + 1] = load('local a = {} return function() return a, ' .. #t .. ' end')
            end
            """
        ),
        ("names of fields", "while true do pcall(function() event.fields['n' .. math.random(1 << 60)] = nil end) end"),
    ]

    /// Metamethods that call themselves.
    private static let chains: [(name: String, code: String)] = [
        ("__index tables", "local t = {} for i = 1, 3000 do t = setmetatable({}, { __index = t }) end local x = t.x"),
        ("an __index that is its own", "local t = {} setmetatable(t, { __index = t }) local x = t.x"),
        ("__index", "local t = setmetatable({}, { __index = function(t, k) return t[k .. 'x'] end }) local x = t.x"),
        ("__newindex", "local t = setmetatable({}, { __newindex = function(t, k, v) t[k] = v end }) t.x = 1"),
        ("__concat", "local m = {} m.__concat = function(a, b) return a .. b end local x = setmetatable({}, m) .. 'x'"),
        (
            "__eq",
            """
            local m = {} m.__eq = function(a, b) return a == b end
            local x = setmetatable({}, m) == setmetatable({}, m)
            """
        ),
        (
            "__lt",
            "local m = {} m.__lt = function(a, b) return a < b end local x = setmetatable({}, m) < setmetatable({}, m)"
        ),
        (
            "__le",
            """
            local m = {} m.__le = function(a, b) return b <= a end
            local x = setmetatable({}, m) <= setmetatable({}, m)
            """
        ),
        ("__len", "local m = {} m.__len = function(a) return #a end local x = #setmetatable({}, m)"),
        ("__unm", "local m = {} m.__unm = function(a) return -a end local x = -setmetatable({}, m)"),
        ("__add", "local m = {} m.__add = function(a, b) return b + a end local x = setmetatable({}, m) + 1"),
        ("__pairs", "local m = {} m.__pairs = function(t) return pairs(t) end pairs(setmetatable({}, m))"),
        (
            "__call that is its own",
            "local m = {} local t = setmetatable({}, m) m.__call = t m = setmetatable({}, { __call = t })"
        ),
        ("__call tables", "local t = {} for i = 1, 100000 do t = setmetatable({}, { __call = t }) end t()"),
    ]

    @Test(arguments: patterns) func `a pattern that takes forever is stopped`(name: String, attack: String) throws {
        let kills = try Attack.kills(by: attack)
        #expect(kills == 1, "not stopped")
    }

    @Test(arguments: floods) func `a call with too much to do is stopped`(name: String, attack: String) throws {
        let kills = try Attack.kills(by: attack)
        #expect(kills == 1, "not stopped")
    }

    @Test(arguments: coroutines) func `a coroutine hides nothing`(name: String, attack: String) throws {
        let kills = try Attack.kills(by: attack)
        #expect(kills == 1, "not stopped")
    }

    @Test(arguments: errors) func `an error handler swallows no kill`(name: String, attack: String) throws {
        let kills = try Attack.kills(by: attack)
        #expect(kills == 1, "not stopped")
    }

    @Test(arguments: growth) func `a state grows no further than its cap`(name: String, attack: String) throws {
        let kills = try Attack.kills(by: attack)
        #expect(kills == 1, "not stopped")
    }

    @Test(arguments: chains) func `a chain of metamethods ends`(name: String, attack: String) throws {
        let kills = try Attack.kills(by: attack)
        #expect(kills == 0, "stopped by a limit only")
    }
}
