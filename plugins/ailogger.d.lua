---@meta ailogger
-- What Lua plugins of ailogger have, for LuaLS (the Lua language server) and editors that use it. Never run.
-- docs/plugins.md is the reference, docs/plugin-guide.md says how to point an editor here.

-- MARK: Values

---Nanoseconds since 1970-01-01T00:00:00Z: seconds, as of `os.time()`, times 1000000000.
---@alias ailogger.Time integer

---"90s", "5m", "1h30m", "1.5s" (ns us ms s m h d w), or nanoseconds: 60 is not a minute.
---@alias ailogger.Duration string|integer

---@alias ailogger.Level "trace"|"debug"|"info"|"warning"|"error"|"critical"

---JSON's null. Light userdata; compare it with `ailogger.null`.
---@class ailogger.Null: lightuserdata

---What a field can hold. Tables are JSON lists and maps.
---@alias ailogger.Value string|integer|number|boolean|table|ailogger.Null

---A key of what a correlator keeps.
---@alias ailogger.Key string|number

-- MARK: Plugins

---Common to all kinds. `init.lua` returns one.
---@class ailogger.Plugin
---@field name string a-z, 0-9, `_` and `-`; the folder's name
---@field kind "parser"|"filter"|"correlator"|"sink"|"fluentbit"
---@field api 1
---@field description? string one line, for `ailogger plugins list`
---@field config? table<string, any> defaults, which the user overrides with `--set NAME.KEY=VALUE`

---Makes events of lines. Several workers, one state each: nothing may be kept between lines.
---@class ailogger.Parser: ailogger.Plugin
---@field kind "parser"
---@field match string PCRE2 pattern that every line of the format matches; runs before Lua
---@field multiline? boolean lines that are refused belong to the event before them; `parse` gets its first line only
---@field parse? fun(line: string, event: ailogger.Event): boolean? false: not its line
---@field samples? ailogger.ParserSample[]

---@class ailogger.ParserSample
---@field line string
---@field expect ailogger.Expected|false false: the line must be refused

---Guards: events that don't pass never reach Lua.
---@class ailogger.Guards
---@field match? string PCRE2 pattern, searched in the event's message
---@field level? ailogger.Level at least so grave
---@field formats? string[] names of formats, `"generic"` for none

---Changes or drops events.
---@class ailogger.Filter: ailogger.Plugin, ailogger.Guards
---@field kind "filter"
---@field on_failure? "keep"|"drop" what becomes of an event for which the plugin fails
---@field process? fun(event: ailogger.Event): boolean? false drops the event
---@field samples? ailogger.FilterSample[]

---@class ailogger.FilterSample
---@field event? ailogger.MadeUpEvent
---@field line? string instead of `event`: the event is this line, unparsed
---@field expect ailogger.Expected|ailogger.Expected[]|false false: dropped; a list: the events that it became

---Finds what lies between events. Runs in one place, events in the order of their times.
---@class ailogger.Correlator: ailogger.Plugin, ailogger.Guards
---@field kind "correlator"
---@field rules? string[] only events that one of these rules found; `*` for any part of an id
---@field process? fun(event: ailogger.Event, ctx: ailogger.Context)
---@field timer? fun(ctx: ailogger.Context, now: ailogger.Time, key: ailogger.Key, data: any) of `ctx:after`
---@field session? fun(ctx: ailogger.Context, key: ailogger.Key, session: ailogger.Session) one is over
---@field unpaired? fun(ctx: ailogger.Context, key: ailogger.Key, data: any) of `ctx:open`: not closed in time
---@field absent? fun(ctx: ailogger.Context, key: ailogger.Key, data: any) of `ctx:heartbeat`: did not come in time
---@field cleared? fun(ctx: ailogger.Context, key: ailogger.Key) of `ctx:threshold`: the count fell by itself
---@field finish? fun(ctx: ailogger.Context) the input is over, and no next run goes on
---@field samples? ailogger.CorrelatorSample[]

---@class ailogger.CorrelatorSample
---@field events ailogger.MadeUpEvent[]
---@field until? string|ailogger.Time time goes on to then
---@field expect ailogger.ExpectedFinding[] in order; `{}` for none

---Writes events somewhere.
---@class ailogger.Sink: ailogger.Plugin, ailogger.Guards
---@field kind "sink"
---@field rules? string[] only events that one of these rules found
---@field permissions string[] every output: `file:PATH`, `tcp:HOST:PORT`, `udp:HOST:PORT`
---@field write? fun(event: ailogger.Event)
---@field start? fun() before all events, once, in a state of its own
---@field flush? fun() after each batch of events
---@field samples? ailogger.SinkSample[]

---@class ailogger.SinkSample
---@field event? ailogger.MadeUpEvent
---@field line? string
---@field expect table<string, string> what each output must have got

---A filter whose script was written for Fluent Bit.
---@class ailogger.FluentBit: ailogger.Plugin, ailogger.Guards
---@field kind "fluentbit"
---@field script string a file of the plugin's folder
---@field call string the function in it: `cb(tag, timestamp, record)`
---@field on_failure? "keep"|"drop"
---@field time_as_table? boolean timestamps are `{ sec, nsec }` instead of a float
---@field samples ailogger.FilterSample[]

---An event of samples and tests.
---@class ailogger.MadeUpEvent
---@field message? string
---@field line? string the line as read; also the message if there is none
---@field level? ailogger.Level
---@field component? string
---@field time? string|ailogger.Time
---@field fields? table<string, ailogger.Value>
---@field format? string `"generic"` unless given
---@field source? string
---@field findings? string[] ids of rules

---What isn't named isn't compared. `ailogger.null` for a field that must be absent.
---@class ailogger.Expected
---@field level? string
---@field message? string
---@field component? string
---@field time? string|ailogger.Time
---@field fields? table<string, ailogger.Value>

---@class ailogger.ExpectedFinding
---@field id? string
---@field title? string
---@field level? ailogger.Level
---@field message? string
---@field key? ailogger.Key
---@field status? "raised"|"cleared"
---@field since? string|ailogger.Time
---@field fields? table<string, ailogger.Value>

-- MARK: The event

---The event at hand: a view that exists while the function runs. Reading one that was kept is an error: keep its sample.
---@class ailogger.Event
---@field message string
---@field level string? read: what was written last, else trace, debug, info, warning, error, critical; nil if none
---@field component string?
---@field time ailogger.Time|string|nil read as nanoseconds; text that begins with a timestamp can be written
---@field fields table<string, ailogger.Value?> `pairs` goes over them; nil takes one away
---@field raw string the line or lines as read
---@field severity integer OpenTelemetry's: trace 1, debug 5, info 9, warning 13, error 17, critical 21; 0 for none
---@field format string? name of the format; nil in a parser
---@field source string? path of the input; nil in a parser
---@field line integer? from 1; nil in a parser
---@field offset integer? of its first byte in the source; nil in a parser
---@field findings string[] ids of the rules that found it; for correlators and sinks
---@field template string? the shape of its message; for sinks
local Event = {}

---A plain table that stands for the event, to keep as evidence.
---@return ailogger.EventSample
function Event:sample() end

---@class ailogger.EventSample
---@field source? string
---@field line? integer
---@field offset? integer
---@field time? ailogger.Time
---@field text string at most 2,000 bytes

-- MARK: Correlators

---What a correlator works with. All of it is kept by `--state`, so it holds plain data: strings, numbers, booleans,
---`ailogger.null` and tables of these.
---@class ailogger.Context
---@field now ailogger.Time event time; never goes back
---@field state table the plugin's own
---@field evicted integer records that had to go for others
---@field dropped integer entries of windows that had to go for others
local Context = {}

---A sliding window that ends at `ctx.now`. The same key and length give the same window.
---`max` entries (10,000): what pushes out older ones is counted as lost. `newest`: so many are kept, nothing is lost.
---@param key ailogger.Key
---@param length ailogger.Duration
---@param options? { max?: integer, newest?: integer }
---@return ailogger.Window
function Context:window(key, length, options) end

---Values by key. `expire` counts from the last get or set; at most `max` keys (10,000).
---@param name string
---@param options? { expire?: ailogger.Duration, max?: integer }
---@return ailogger.Keyed
function Context:keyed(name, options) end

---Calls `M.timer(ctx, now, key, data)` when `delay` is over. Again for the same key: puts it off.
---@param key ailogger.Key
---@param delay ailogger.Duration
---@param data? any
function Context:after(key, delay, data) end

---@param key ailogger.Key
---@return boolean was_armed
function Context:cancel(key) end

---Begins or extends a session; once idle for `gap`, `M.session(ctx, key, session)` is called.
---@param key ailogger.Key
---@param gap ailogger.Duration
---@param options? { max_length?: ailogger.Duration }
---@return ailogger.Session
function Context:session(key, gap, options) end

---Begins a pair. Not closed within `time`: `M.unpaired(ctx, key, data)`. Again for the same key: begins anew.
---@param key ailogger.Key
---@param time ailogger.Duration
---@param data? any
function Context:open(key, time, data) end

---Ends a pair.
---@param key ailogger.Key
---@return any data what `open` was given, `true` for nothing; nil if none is open
---@return integer? duration in nanoseconds
function Context:close(key) end

---Counts one event.
---@param key ailogger.Key
---@param options { count: integer, within: ailogger.Duration, clear?: integer } `clear`: half of `count` unless given
---@return "raised"|"cleared"|nil change
---@return integer count
---@return ailogger.Time first of the events counted
function Context:threshold(key, options) end

---Not called again for the key within `time`: `M.absent(ctx, key, data)`, once.
---@param key ailogger.Key
---@param time ailogger.Duration
---@param data? any
function Context:heartbeat(key, time, data) end

---A finding in the report.
---@param finding ailogger.Finding
function Context:emit(finding) end

---A finding with a status. The report counts what was raised.
---@param alert ailogger.Alert
function Context:alert(alert) end

---@class ailogger.Finding
---@field title string
---@field id? string letters, digits, `_`, `-` and `.`; the finding is called `PLUGIN.id`, or `PLUGIN`
---@field level? ailogger.Level error unless given
---@field message? string
---@field cause? string
---@field fix? string|string[]
---@field docs? { title: string, url: string }[]
---@field fields? table<string, string|number|boolean>
---@field sample? ailogger.EventSample|false the event at hand unless given
---@field since? ailogger.Time `ctx.now` unless given
---@field until_? ailogger.Time `ctx.now` unless given

---@class ailogger.Alert: ailogger.Finding
---@field key ailogger.Key
---@field status "raised"|"cleared"

---A plain table; entries of your own stay in it.
---@class ailogger.Session
---@field first ailogger.Time
---@field last ailogger.Time
---@field count integer
---@field [string] any

---An entry leaves exactly when it is as old as the window is long.
---@class ailogger.Window
local Window = {}

---@param value? string|number
---@return integer count
function Window:add(value) end
---@return integer
function Window:count() end
---@return number sum of the numbers in it
function Window:sum() end
---@return number?
function Window:min() end
---@return number?
function Window:max() end
---@return number?
function Window:mean() end
---@return integer number of different values
function Window:distinct() end
---@return (string|number)[] oldest first
function Window:values() end
---@return ailogger.Time? time of the oldest entry
function Window:first() end
function Window:clear() end

---@class ailogger.Keyed
local Keyed = {}

---@param key ailogger.Key
---@return any
function Keyed:get(key) end
---@param key ailogger.Key
---@param value any plain data; nil deletes
function Keyed:set(key, value) end
---@param key ailogger.Key
function Keyed:delete(key) end
---@return integer
function Keyed:count() end
---@return fun(): ailogger.Key?, any iterator in the order of last use, oldest first
function Keyed:each() end

-- MARK: ailogger

---@class ailogger
---@field null ailogger.Null
---@field severity table<ailogger.Level, integer>
ailogger = {}

---Like `pairs`, by the keys: numbers by value, then strings by their bytes. Keys of other types but booleans are an error.
---@generic V
---@param t table<any, V>
---@return fun(): any, V
function ailogger.sorted_pairs(t) end

---Appends a line to the plugin's log, which the report shows as a warning.
---@param level ailogger.Level
---@param text string
function ailogger.log(level, text) end

---An output of a sink; outside of functions, as the file is read.
---@param name string one of `permissions`
---@return ailogger.Output
function ailogger.output(name) end

---@class ailogger.Output
local Output = {}

---Writes strings and numbers, one behind the other.
---@param ... string|number
---@return ailogger.Output itself
function Output:write(...) end

-- MARK: ailogger.regex

---Called with a PCRE2 pattern, it compiles that; outside of functions, once.
---@class ailogger.RegexLibrary
---@overload fun(pattern: string): ailogger.Regex
ailogger.regex = {}

---The text as a pattern that matches nothing but it.
---@param text string
---@return string
function ailogger.regex.escape(text) end

---@class ailogger.Regex
local Regex = {}

---@param text string
---@param init? integer
---@return ailogger.Match? match
function Regex:match(text, init) end
---Every group as a result, nil for one that took no part; no results without a match.
---@param text string
---@param init? integer
---@return string? ...
function Regex:captures(text, init) end
---@param text string
---@param init? integer
---@return integer? first
---@return integer? last
function Regex:find(text, init) end
---@param text string
---@param init? integer
---@return boolean
function Regex:test(text, init) end
---The named groups.
---@param text string
---@param init? integer
---@return table<string, string>?
function Regex:named(text, init) end
---@param text string
---@return fun(): ailogger.Match?
function Regex:gmatch(text) end
---What takes a match's place: text in which `$1`, `${name}` and `$$` count; an entry of a table, by the first group or
---by the match if there is none; or what a function gives. False and nil leave the match as it is.
---@param text string
---@param replacement string|table<string, string|number|false>|fun(match: ailogger.Match): string|number|false|nil
---@param max? integer
---@return string text
---@return integer count
function Regex:gsub(text, replacement, max) end

---`m.name`, `m[1]`, `m[0]` for the whole; nil for a group that took no part.
---@class ailogger.Match
---@field [string|integer] string?

-- MARK: ailogger.grok

---Compiles a pattern of Logstash's, `%{NAME:field:type}`.
---@param pattern string
---@param options? { patterns?: table<string, string>, library?: string } `library`: text of a pattern file
---@return ailogger.Grok
function ailogger.grok(pattern, options) end

---@class ailogger.Grok
local Grok = {}

---@param text string
---@param init? integer
---@return table<string, string|number>? fields
function Grok:match(text, init) end
---Writes the fields to the event; message, component, level (loglevel) and time (timestamp) to its members.
---@param event ailogger.Event
---@param text string
---@param init? integer
---@return boolean
function Grok:apply(event, text, init) end
---@param text string
---@param init? integer
---@return boolean
function Grok:test(text, init) end

-- MARK: ailogger.json, kv, csv

ailogger.json = { null = ailogger.null }

---@param text string
---@return ailogger.Value? value
---@return string? problem
function ailogger.json.decode(text) end
---@param value ailogger.Value?
---@param options? { pretty?: boolean }
---@return string
function ailogger.json.encode(value, options) end
---Marks the table as a list, so that an empty one is `[]`.
---@generic T: table
---@param list? T
---@return T
function ailogger.json.array(list) end

ailogger.kv = {}

---@param text string
---@param options? { pair?: string, value?: string, quote?: string } a byte each; `" "`, `"="` and `'"'`
---@return table<string, string> the last of several values of one key counts
function ailogger.kv.parse(text, options) end
---In the text's order.
---@param text string
---@param options? { pair?: string, value?: string, quote?: string }
---@return fun(): string?, string?
function ailogger.kv.each(text, options) end

ailogger.csv = {}

---@param line string
---@param options? { separator?: string, quote?: string } a byte each; `","` and `'"'`
---@return string[]? list
---@return string? problem
function ailogger.csv.parse(line, options) end
---@param list (string|number|boolean|ailogger.Null)[]
---@param options? { separator?: string, quote?: string }
---@return string line without its end
function ailogger.csv.format(list, options) end

-- MARK: ailogger.url, ip

ailogger.url = {}

---@class ailogger.URL
---@field scheme? string in small letters
---@field user? string
---@field password? string
---@field host? string in small letters
---@field port? integer
---@field path? string
---@field query? string
---@field fragment? string

---@param text any
---@return ailogger.URL? parts nil for what is no URL and no path from the root
function ailogger.url.parse(text) end
---@param text any
---@return string? path "" if there is none
function ailogger.url.path(text) end
---Names and values of a query, or of a URL's; the last of one name counts.
---@param text string
---@return table<string, string>
function ailogger.url.query(text) end
---@param text string
---@return string
function ailogger.url.decode(text) end
---@param text string
---@return string
function ailogger.url.encode(text) end

ailogger.ip = {}

---@class ailogger.Address
---@field version 4|6
---@field text string canonical
---@field ["private"] boolean
---@field loopback boolean
---@field link_local boolean
---@field multicast boolean
---@field documentation boolean

---@param text any
---@return ailogger.Address?
function ailogger.ip.parse(text) end
---@param network string
---@param address any
---@return boolean
function ailogger.ip.contains(network, address) end
---@param address any
---@param bits integer
---@return string? network "10.1.0.0/16"
function ailogger.ip.network(address, bits) end
---The address without its last bits.
---@param address any
---@param v4bits? integer 24
---@param v6bits? integer 48
---@return string?
function ailogger.ip.mask(address, v4bits, v6bits) end
---@param networks string[]
---@return ailogger.AddressSet
function ailogger.ip.set(networks) end

---@class ailogger.AddressSet
local AddressSet = {}

---@param address any
---@return string? network the narrowest around the address, as written
function AddressSet:contains(address) end

-- MARK: ailogger.hash

ailogger.hash = {}

---@param text string
---@return string hex
function ailogger.hash.sha256(text) end
---@param text string
---@return string hex
function ailogger.hash.sha512(text) end
---@param text string
---@return string hex
function ailogger.hash.sha1(text) end
---@param text string
---@return string hex
function ailogger.hash.md5(text) end
---@param key string
---@param text string
---@return string hex
function ailogger.hash.hmac_sha256(key, text) end
---@param text string
---@return integer
function ailogger.hash.crc32(text) end
---64 bits, as ailogger makes its own ids.
---@param text string
---@return integer
function ailogger.hash.fnv1a(text) end

-- MARK: ailogger.time

ailogger.time = {}

---`zone`: of a time that names none, "Europe/Berlin" or "+02:00". `layout`: `%d/%m/%Y %H:%M:%S`, for all of the text;
---without one the text begins with a timestamp as logs have them.
---@param text string
---@param options? { zone?: string, layout?: string }
---@return ailogger.Time?
---@return string? problem
function ailogger.time.parse(text, options) end
---RFC 3339 in UTC unless given.
---@param time ailogger.Time
---@param layout? string
---@param zone? string
---@return string
function ailogger.time.format(time, layout, zone) end
---@param text ailogger.Duration
---@return integer? nanoseconds
---@return string? problem
function ailogger.time.duration(text) end

---@class ailogger.TimeParts
---@field year integer
---@field month integer
---@field day integer
---@field hour integer
---@field minute integer
---@field second integer
---@field nanosecond integer
---@field weekday integer 1 is Monday
---@field yearday integer
---@field offset integer seconds from UTC
---@field zone string

---@param time ailogger.Time
---@param zone? string
---@return ailogger.TimeParts
function ailogger.time.parts(time, zone) end

-- MARK: ailogger.metric, cache

---Made outside of functions, used within. Not in parsers.
ailogger.metric = {}

---@alias ailogger.Labels table<string, string|number|boolean>

---@param name string
---@param help? string
---@return ailogger.Counter
function ailogger.metric.counter(name, help) end
---@param name string
---@param help? string
---@return ailogger.Gauge
function ailogger.metric.gauge(name, help) end
---@param name string
---@param help? string
---@param bounds? number[] rising; 0.005 to 10 unless given
---@return ailogger.Histogram
function ailogger.metric.histogram(name, help, bounds) end

---@class ailogger.Counter
local Counter = {}

---@param number? number 1 unless given; not below 0
---@param labels? ailogger.Labels
function Counter:add(number, labels) end

---The latest by event time counts.
---@class ailogger.Gauge
local Gauge = {}

---@param value number
---@param labels? ailogger.Labels
function Gauge:set(value, labels) end

---@class ailogger.Histogram
local Histogram = {}

---@param value number
---@param labels? ailogger.Labels
function Histogram:observe(value, labels) end

---Values by key; the least recently used goes first. One a worker. `size`: 1,000 unless given, at most 100,000.
---`expire`: by event time, from the last set.
---@param options? { size?: integer, expire?: ailogger.Duration }
---@return ailogger.Cache
function ailogger.cache(options) end

---@class ailogger.Cache
local Cache = {}

---@param key string|number|boolean
---@return any
function Cache:get(key) end
---@param key string|number|boolean
---@param value any nil deletes
function Cache:set(key, value) end
---@param key string|number|boolean
---@return boolean was_there
function Cache:delete(key) end
---@return integer
function Cache:count() end

-- MARK: Tests, plugins/NAME/tests/*.lua

---Adds a test. A correlator's memory is empty when it begins; nothing waits, time is what the test says that it is.
---@param name string
---@param body fun(t: ailogger.Test)
function test(name, body) end

---@class ailogger.Test
local Test = {}

---Sets the time of the events that name none.
---@param time string|ailogger.Time
function Test:at(time) end
---@return ailogger.Time
function Test:now() end
---Hands over an event. For a filter: what became of it, nil if it was dropped, and all events that it became.
---@param event ailogger.MadeUpEvent
---@return ailogger.TakenEvent?
---@return ailogger.TakenEvent[]?
function Test:event(event) end
---Hands a line to a parser; nil if it was refused.
---@param line string
---@return ailogger.TakenEvent?
function Test:parse(line) end
---Lets time go on.
---@param duration ailogger.Duration
function Test:advance(duration) end
---What a correlator found since the last call.
---@return ailogger.ExpectedFinding[]
function Test:findings() end
---Compares what was found since the last call.
---@param findings ailogger.ExpectedFinding[]
function Test:expect(findings) end
---What a sink wrote since the last call, by output.
---@return table<string, string>
function Test:outputs() end
---Types count: 1 isn't 1.0. Tables are compared as JSON.
---@param got any
---@param expected any
---@param what? string named in the message
function Test:equal(got, expected, what) end
---@param text string
function Test:fail(text) end

---@class ailogger.TakenEvent
---@field message string
---@field level string?
---@field component string?
---@field time ailogger.Time?
---@field fields table<string, ailogger.Value>
