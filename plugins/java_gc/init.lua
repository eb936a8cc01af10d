--- The Java machine's unified log since version 9, above all that of the garbage collectors (-Xlog:gc*): decorations in
--- brackets, of which the tags must be there, and the level unless they are those of a collection: Elasticsearch 7 and OpenSearch leave it out.
---   [2026-11-20T03:52:10.004+0000][info][gc] GC(12) Pause Young (Normal) (G1 Evacuation Pause) 24M->4M(256M) 3.012ms
--- Described in: https://openjdk.org/jeps/271
--- Without -Xlog:…:time there are only seconds since the start, which put an event nowhere on the timeline.

local M = {
  name = "java_gc",
  kind = "parser",
  api = 1,
  description = "Java unified logging (-Xlog), garbage collection above all",
  match = [=[^(?:\[(?:\d{4}-\d\d-\d\dT[^\]]+|\d+[.,]\d+s|\d+ms)\])(?:\[[^\]]*\]){0,6}?(?:\[(?:trace|debug|info]=] ..
    [=[|warning|error) *\]\[[a-z\d, ]+|\[(?:gc|safepoint)\b[a-z\d,]*+ *)\] ?]=],
}

local entry = ailogger.regex(
  [=[^(?:\[(?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.,]\d++(?:Z|[+-]\d{4}))\])?]=] ..
  [=[(?:\[(?<uptime>[\d.,]++)(?<unit>m?s)\])?(?:\[[^\]]*\]){0,6}?(?:\[(?<level>trace|debug|info|warning|error) *\]\[|\[(?=(?:gc|safepoint)\b))]=] ..
  [=[(?<tags>[a-z\d,]++) *+\] ?(?<message>(?:GC\((?<number>\d++)\) )?]=] ..
  [=[(?<what>(?:[^ ]++| (?!(?:\d++[KMG]->|\d++[.,]\d++ms$)))*+)(?: (?<before>\d++[KMG])->(?<after>\d++[KMG])\(]=] ..
  [=[(?<size>\d++[KMG])\))?(?: (?<taken>\d++[.,]\d++)ms)?.*)]=])

local units = { K = 1024, M = 1024 * 1024, G = 1024 * 1024 * 1024 }

local function bytes(text)
  return text and tonumber(text:sub(1, -2)) * units[text:sub(-1)]
end

local function number(text)
  return text and tonumber((text:gsub(",", ".")))
end

-- A collection that stops everything for long, or because there is nowhere left to go, is worth a look.
local function level_of(level, what, seconds)
  if level ~= "info" and level ~= "debug" then return level end
  if what:find("Pause Full", 1, true) or what:find("To-space exhausted", 1, true)
    or what:find("Allocation Stall", 1, true) or what:find("Allocation Failure", 1, true) and what:find("Full", 1, true)
    or what:find("Pause", 1, true) and seconds and seconds >= 1 then
    return "warning"
  end
  return level
end

function M.parse(line, event)
  local time, uptime, unit, level, tags, message, gc, what, before, after, size, taken = entry:captures(line)
  if not tags then return false end
  local fields = event.fields
  local milliseconds = number(taken)
  local seconds = milliseconds and (milliseconds * 1000 + 0.5) // 1 / 1000000

  event.time = time
  event.component = tags
  event.message = message
  event.level = level_of(level or "info", what, seconds)
  if uptime then fields.uptime = unit == "ms" and number(uptime) / 1000 or number(uptime) end
  fields.gc = number(gc)
  if gc then
    fields.heap_before = bytes(before)
    fields.heap_after = bytes(after)
    fields.heap_size = bytes(size)
    fields.duration = seconds
  end
end

M.samples = {
  {
    line = "[2026-11-20T03:52:10.004+0000][31245][gc,start    ] GC(0) Pause Full (System.gc())",
    expect = { level = "WARNING", component = "gc,start", time = "2026-11-20T03:52:10.004Z", fields = { gc = 0 } },
  },
  {
    line = "[2026-11-20T03:52:10.004+0000][info][gc          ] GC(12) Pause Young (Normal) (G1 Evacuation Pause) 24M->4M(256M) 3.012ms",
    expect = {
      level = "INFO", component = "gc", time = "2026-11-20T03:52:10.004Z",
      message = "GC(12) Pause Young (Normal) (G1 Evacuation Pause) 24M->4M(256M) 3.012ms",
      fields = { gc = 12, heap_before = 25165824, heap_after = 4194304, heap_size = 268435456, duration = 0.003012 },
    },
  },
  {
    line = "[2026-11-20T03:58:30.100+0000][1710.100s][info][gc] GC(812) Pause Full (G1 Compaction Pause) 7100M->7091M(7168M) 4210.113ms",
    expect = { level = "WARNING", fields = { duration = 4.210113, uptime = 1710.1 } },
  },
  {
    line = "[0.028s][info][gc,heap,exit] Heap",
    expect = { level = "INFO", component = "gc,heap,exit", message = "Heap", fields = { uptime = 0.028 } },
  },
  {
    line = "[2026-11-20T03:59:12.000+0000][4242][warning][gc,alloc] GC locker retry: stalled",
    expect = { level = "WARNING", component = "gc,alloc" },
  },
  {
    line = "[2026-11-20T03:59:00.000+0000][info][safepoint] Safepoint \"G1CollectForAllocation\", Total: 3012 ns",
    expect = { level = "INFO", component = "safepoint" },
  },
  { line = "[2026-11-20T03:52:10,004][WARN ][o.e.m.j.JvmGcMonitorService] [node-1] [gc][5811] overhead, spent [612ms]", expect = false },
  { line = "[2026-11-20T03:52:10.004Z] ERROR: GC overhead limit exceeded", expect = false },
}

return M
