import LogCore
import LogLua
import Testing

/// Attacks on what the host adds, and on sizes and depths.
@Suite(.timeLimit(.minutes(20)))
struct LibraryAttackTests {
    /// Text that becomes code.
    private static let loads: [(name: String, code: String)] = [
        ("load that loads itself", "local s = 's = ... return load(s)(s)' load(s)(s)"),
        ("load without an end", "while true do load('return 1') end"),
        ("an endless loop without a name", "load('while true do end', 'x', 't', {})()"),
        ("goto", "load('::a:: goto a')()"),
        ("a chain of and", "load('local a return a' .. (' and a'):rep(150000))"),
        ("a chain of or", "load('local a return a' .. (' or a'):rep(170000))"),
        ("a chain of comparisons", "load('local a return a' .. ('<a and a'):rep(110000))"),
        ("a chain of elseif", "load('if x then ' .. ('elseif x then '):rep(70000) .. ' end')"),
        (
            "names that are looked for in a hundred functions",
            """
            local names = {} for i = 1, 190 do names[i] = 'a' .. i end
            local head = 'function f() local ' .. table.concat(names, ',') .. ' '
            load(head:rep(100) .. ('x=x '):rep(100000) .. (' end'):rep(100))
            """
        ),
        ("sorted_pairs without an end", "while true do ailogger.sorted_pairs({ a = 1, b = 2 }) end"),
        ("many constants", "load('return {' .. ('1.5,'):rep(200000) .. '}')()"),
        ("a long string", #"local s = 'return "' .. ('x'):rep(900000) .. '"' while true do load(s) end"#),
    ]

    /// The functions of `ailogger`.
    private static let libraries: [(name: String, code: String)] = [
        ("json numbers", "while true do ailogger.json.decode(('1'):rep(1000000)) end"),
        ("json fractions", "while true do ailogger.json.decode('0.' .. ('1'):rep(1000000)) end"),
        ("json exponents", "while true do ailogger.json.decode('1e' .. ('9'):rep(100000)) end"),
        ("json values", "while true do ailogger.json.decode('[' .. ('1,'):rep(500000) .. '1]') end"),
        ("json maps", #"while true do ailogger.json.decode('[' .. ('{"a":1},'):rep(100000) .. '1]') end"#),
        ("json escapes", #"while true do ailogger.json.decode('"' .. ('\\u0041'):rep(150000) .. '"') end"#),
        (
            "a small table that is large as json",
            "local t = { 1 } for i = 1, 60 do t = { t, t } end ailogger.json.encode(t)"
        ),
        ("kv pairs", "while true do ailogger.kv.parse(('a=1 '):rep(200000)) end"),
        ("kv quotes", #"while true do ailogger.kv.parse('a="' .. ('\\"'):rep(400000)) end"#),
        ("kv quotes that stay open", #"while true do ailogger.kv.parse(('a="'):rep(200000)) end"#),
        ("csv separators", "while true do ailogger.csv.parse((','):rep(1000000)) end"),
        ("csv quotes", #"while true do ailogger.csv.parse(('"'):rep(1000000)) end"#),
        ("url queries", "while true do ailogger.url.query(('a=1&'):rep(200000)) end"),
        ("url decoding", "while true do ailogger.url.decode(('%41'):rep(300000)) end"),
        ("url encoding", "while true do ailogger.url.encode((' '):rep(300000)) end"),
        ("addresses", "while true do ailogger.ip.parse((':'):rep(1000000)) ailogger.ip.parse(('1.'):rep(500000)) end"),
        ("hashes", "local s = ('x'):rep(1000000) while true do ailogger.hash.sha256(s) end"),
        ("checksums", "local s = ('x'):rep(1000000) while true do ailogger.hash.crc32(s) ailogger.hash.fnv1a(s) end"),
        (
            "times in long texts",
            "while true do ailogger.time.parse((' '):rep(1000000)) ailogger.time.parse(('2026-'):rep(100000)) end"
        ),
        ("durations", "while true do ailogger.time.duration(('1h'):rep(300000)) end"),
        ("zones", "while true do pcall(ailogger.time.parts, 0, 'Zone/' .. math.random(1e9)) end"),
        ("log lines", "while true do ailogger.log('info', ('x'):rep(1000)) end"),
        ("large patterns", "while true do pcall(ailogger.regex, ('(a'):rep(1000) .. (')'):rep(1000)) end"),
        (
            "patterns that backtrack",
            "while true do pcall(function() ailogger.regex('^(a+)+$'):test(('a'):rep(40) .. 'b') end) end"
        ),
        ("a regex that looks to the end from everywhere", "ailogger.regex('a(?=.*b)'):test(('a'):rep(1000000))"),
        (
            "a regex that does so on short texts",
            "local s = ('a'):rep(1024) while true do ailogger.regex('a(?=(?:.*b|))(?=.*c|.*d)'):test(s) end"
        ),
        (
            "many ways from each start",
            "while true do pcall(function() ailogger.regex('(?:a?){17}[bc]d'):test(('a'):rep(1000)) end) end"
        ),
        ("regex replacements that double", "local s = 'x' while true do s = ailogger.regex('x'):gsub(s, 'xx') end"),
        ("a regex function that never returns", "ailogger.regex('.'):gsub('abc', function() while true do end end)"),
        ("empty matches", "while true do for m in ailogger.regex(''):gmatch(('x'):rep(1000000)) do end end"),
        ("modules that aren't there", "while true do pcall(require, 'x' .. math.random(1e9)) end"),
    ]

    /// Sizes and depths.
    private static let bounds: [(name: String, code: String)] = [
        ("breaks by the ten thousand", "assert(load('while x do ' .. ('break;'):rep(32700) .. ' end'))"),
        ("gotos by the ten thousand", "assert(load('do ' .. ('goto a '):rep(32700) .. ' ::a:: end'))"),
        (
            "an error at the bottom of a deep stack",
            """
            load("local function f(n) if n == 0 then error('x') end return 1 + f(n - 1) end f(80000)", "=[x")()
            """
        ),
        ("keys that have no order", "for k in ailogger.sorted_pairs({ [{}] = 1 }) do end"),
        ("an address", "string.format('%-20p', {})"),
        ("a wide number", "string.format('%1000d', 1)"),
        ("a long fraction", "string.format('%.1000f', 1)"),
        ("a wide integer", "string.pack('i17', 1)"),
        ("a length beyond the end", #"string.unpack('s8', '\255\255\255\255\255\255\255\127')"#),
        ("all bytes of a long text", "('x'):rep(1000000):byte(1, -1)"),
        ("all characters of a long text", "utf8.codepoint(('a'):rep(900000), 1, -1)"),
        ("more values than fit on the stack", "table.unpack({}, 1, 1000000)"),
        ("concat by a made-up length", "table.concat(setmetatable({}, { __len = function() return 1 << 50 end }))"),
        ("remove by a made-up length", "table.remove(setmetatable({}, { __len = function() return 1 << 50 end }), 1)"),
        ("sort by a made-up length", "table.sort(setmetatable({}, { __len = function() return 1 << 30 end }))"),
        ("insert far away", "table.insert({ 1, 2, 3 }, 1 << 40, 1)"),
        ("a date without an end", "os.date(('%c'):rep(100000))"),
        (
            "an order that contradicts itself",
            "local t = {} for i = 1, 100000 do t[i] = i end table.sort(t, function() return true end)"
        ),
        ("a sort that yields", "coroutine.wrap(function() table.sort({ 3, 2, 1 }, coroutine.yield) end)()"),
        ("a gsub that yields", "coroutine.wrap(function() ('abc'):gsub('.', coroutine.yield) end)()"),
        (
            "a regex gsub that yields",
            "coroutine.wrap(function() ailogger.regex('.'):gsub('abc', coroutine.yield) end)()"
        ),
        ("a yield out of parse", "coroutine.yield(1)"),
        ("a coroutine that resumes itself", "local co co = coroutine.wrap(function() co() end) co()"),
        ("coroutines in coroutines", "local function f() coroutine.wrap(f)() end f()"),
        ("gsub in gsub", "local function f() return (('aaaa'):gsub('.', f)) end f()"),
        ("sort in sort", "local function f(a, b) table.sort({ 2, 1 }, f) return a < b end f(1, 2)"),
        ("tostring in tostring", "local m = {} local t = setmetatable({}, m) m.__tostring = tostring tostring(t)"),
        ("parentheses in parentheses", "error(select(2, load('return ' .. ('('):rep(100000))))"),
        ("functions in functions", "load(('(function() '):rep(10000) .. ('end)() '):rep(10000))()"),
        ("a pattern with too many repetitions", "('a'):rep(300):find(('a?'):rep(250))"),
        ("a pattern with too many captures", "('a'):rep(300):find(('(a'):rep(33))"),
        ("a large error", "error(('x'):rep(1000000))"),
        ("an error with a zero", #"error('a\0b')"#),
        ("json lists in lists", "assert(ailogger.json.decode(('['):rep(500000)))"),
        ("json maps in maps", #"assert(ailogger.json.decode(('{"a":'):rep(100000) .. '1' .. ('}'):rep(100000)))"#),
        ("tables in tables as json", "local t = {} for i = 1, 100000 do t = { t } end ailogger.json.encode(t)"),
        ("a table in itself as json", "local t = {} t[1] = t ailogger.json.encode(t)"),
        (
            "a wide table as json",
            "local t, s = {}, ('x'):rep(1000) for i = 1, 10000 do t[i] = s end ailogger.json.encode(t)"
        ),
        ("a table in itself as a field", "local t = {} t.t = t event.fields.x = t"),
        ("too many fields", "for i = 1, 1000 do event.fields['k' .. i] = i end"),
        ("too long a field's name", "event.fields[('k'):rep(100000)] = 1"),
        ("fields of too many bytes", "for i = 1, 10 do event.fields['k' .. i] = ('x'):rep(1000000) .. i end"),
        ("csv of quotes", #"local t = {} for i = 1, 60 do t[i] = ('"'):rep(10000) end ailogger.csv.format(t)"#),
        ("a set of too many networks", "local t = {} for i = 1, 200000 do t[i] = '10.0.0.0/8' end ailogger.ip.set(t)"),
        ("a mask of too many bits", "ailogger.ip.mask('10.0.0.1', 1 << 40)"),
        ("a cache of too many entries", "ailogger.cache { size = 1000000000 }"),
        ("a long layout", "ailogger.time.format(0, ('%A'):rep(1000))"),
        ("metrics by the thousand", "while true do ailogger.metric.counter('m' .. math.random(1 << 60)) end"),
        (
            "labels by the thousand",
            "local c = ailogger.metric.counter('c') while true do c:add(1, { x = tostring(math.random(1 << 60)) }) end"
        ),
        (
            "a histogram of many bounds",
            "local t = {} for i = 1, 100000 do t[i] = i end ailogger.metric.histogram('h', '', t)"
        ),
        (
            "a regex that runs to the end from each repetition",
            "ailogger.regex('^(?:(?:x*+[yw])?x)*[zw]'):test(('x'):rep(200000) .. 'v')"
        ),
        ("a long regex", "ailogger.regex(('('):rep(100000) .. (')'):rep(100000))"),
        ("a regex that is small only as text", "ailogger.regex('(?:(?:a{1,1000}){1,1000}){1,1000}')"),
        ("a regex that calls itself", "ailogger.regex('^(a|(?1)b)*$'):test(('a'):rep(10000))"),
        ("a regex on half characters", #"ailogger.regex('\\C')"#),
    ]

    @Test(arguments: loads) func `load is no way around`(name: String, attack: String) throws {
        let kills = try Attack.kills(by: attack)
        #expect(kills == 1, "not stopped")
    }

    @Test(arguments: libraries) func `what the host lends is paid for`(name: String, attack: String) throws {
        let kills = try Attack.kills(by: attack)
        #expect(kills == 1, "not stopped")
    }

    @Test(arguments: bounds) func `what is too large or too deep is an error`(name: String, attack: String) throws {
        let kills = try Attack.kills(by: attack, milliseconds: 1000)
        #expect(kills == 0, "stopped by a limit only")
    }
}
