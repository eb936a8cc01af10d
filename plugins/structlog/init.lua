--- structlog's ConsoleRenderer: 2026-11-20 04:00:16 [error    ] query failed   [shop.db] took=8.2

local M = {
  name = "structlog",
  kind = "parser",
  api = 1,
  description = "structlog's console output (Python)",
  multiline = true,
  match = [=[^\d{4}-\d\d-\d\d[ T]\d\d:\d\d[.:\dZ+\-]* \[]=] ..
    [=[(?:debug {4}|info {5}|warning {2}|error {4}|critical |exception|notset {3})\] ]=],
}

local console = require "pairs"
local entry = ailogger.regex(
  [=[^(?<time>\d{4}-\d\d-\d\d[ T][\d.:]++(?:Z|[+-][\d:]++)?+) \[(?<level>[a-z]++) *+\] (?<text>.*)$]=])
local named = ailogger.regex([=[^(?<text>.*?) ++\[(?<component>[\w.\-]++)\](?<tail>(?: ++[\w.]++=.*)?+)$]=])

local traced = { error = true, critical = true, exception = true }

function M.parse(line, event)
  local time, level, text = entry:captures(line)
  if not time then return false end
  local before, component, tail = named:captures(text)
  if before then text = before .. tail end

  -- Before version 20 the time was written with a full stop before the seconds.
  event.time = time:gsub("^(%d+-%d+-%d+ %d%d:%d%d)%.(%d%d)$", "%1:%2")
  event.component = component
  event.level = level == "exception" and "error" or level
  local message = console.take(text, event)
  -- A traceback may follow an error: only a message that reaches the line's end goes on over it.
  event.message = traced[level] and text or message
end

M.samples = {
  {
    line = "2026-11-20 03:58.22 [info     ] ready                          n=3",
    expect = { level = "INFO", message = "ready", time = "2026-11-20T03:58:22Z", fields = { n = 3 } },
  },
  {
    line = "2026-11-20 03:58:22 [warning  ] slow query                     sql='SELECT 1' took=8.2",
    expect = {
      level = "WARNING", message = "slow query", time = "2026-11-20T03:58:22Z", fields = { sql = "SELECT 1", took = 8.2 },
    },
  },
  {
    line = "2026-11-20T04:00:16.120340Z [error    ] no connection                  [shop.db] host=db1 port=5432",
    expect = {
      level = "ERROR", component = "shop.db", time = "2026-11-20T04:00:16.120340Z", fields = { host = "db1", port = 5432 },
    },
  },
  {
    line = "2026-11-20 04:00:16 [info     ] cart stored n=3",
    expect = { level = "INFO", message = "cart stored", fields = { n = 3 } },
  },
  { line = "2026-11-20 04:00:16,123 [INFO] ready", expect = false },
}

return M
