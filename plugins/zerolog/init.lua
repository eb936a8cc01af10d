--- zerolog's ConsoleWriter: 2026-11-20T04:00:16Z ERR pool.go:41 > query failed error="EOF" took=8.2
--- Unless told otherwise it writes times such as 4:00AM: the day is the file's.

local M = {
  name = "zerolog",
  kind = "parser",
  api = 1,
  description = "zerolog's console output (Go)",
  multiline = true,
  match = [=[^(?:\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)|\d\d?:\d\d[AP]M|<nil>|\d\d:\d\d:\d\d(?:\.\d+)?) ]=] ..
    [=[(?:TRC|DBG|INF|WRN|ERR|FTL|PNC|\?\?\?) ]=],
}

local console = require "pairs"
local entry = ailogger.regex(
  [=[^(?:(?<time>\d{4}-[\d\-T:.]++(?:Z|[+-]\d\d:\d\d)|\d\d?:\d\d[AP]M|\d\d:\d\d:\d\d(?:\.\d++)?)|[^ ]++) (?<level>[A-Z?]++) (?:(?<file>[\w.\/\-]+\.go):(?<line>\d++) > )?(?<text>.*)$]=])

function M.parse(line, event)
  local time, level, file, number, text = entry:captures(line)
  if not level then return false end

  local hour, minute, half = (time or ""):match("^(%d%d?):(%d%d)([AP])M$")
  if hour then time = ("%02d:%s:00"):format(tonumber(hour) % 12 + (half == "P" and 12 or 0), minute) end
  event.time = time
  event.level = level == "PNC" and "critical" or level ~= "???" and level or nil
  event.fields.file = file
  event.fields.line = tonumber(number)
  event.message = console.take(text, event)
end

M.samples = {
  {
    line = "2026-11-20T04:00:16Z ERR internal/pool.go:41 > query failed error=\"dial tcp 192.0.2.5:5432: connect: connection refused\" tries=3",
    expect = {
      level = "ERROR", message = "query failed: dial tcp 192.0.2.5:5432: connect: connection refused",
      time = "2026-11-20T04:00:16Z", fields = { tries = 3, file = "internal/pool.go", line = 41 },
    },
  },
  {
    line = "3:58AM WRN slow query took=8.2",
    expect = { level = "WARNING", message = "slow query", fields = { took = 8.2 } },
  },
  {
    line = "04:00:18.120 ERR internal/rtsp/rtsp.go:190 > error=\"read tcp: i/o timeout\" stream=gate",
    expect = { level = "ERROR", message = "read tcp: i/o timeout", fields = { error = "read tcp: i/o timeout", stream = "gate", line = 190 } },
  },
  { line = "[04:00:16 INF] Now listening on http://localhost:5000", expect = false },
}

return M
