--- logrus on a terminal, and apex/log's text handler: INFO[0012] query failed                        took=8.2
--- In brackets stand the seconds since the program began, or a time.

local M = {
  name = "logrus",
  kind = "parser",
  api = 1,
  description = "logrus and apex/log on a terminal (Go)",
  multiline = true,
  match = [=[^ *(?:TRAC|DEBU|DEBUG|INFO|WARN|ERRO|ERROR|FATA|FATAL|PANI)\[(?:\d{4,}|\d{4}-\d\d-\d\d[ T][^\]]+)\] ?]=],
}

local console = require "pairs"
local entry = ailogger.regex(
  [=[^ *+(?<level>[A-Z]++)\[(?:(?<uptime>\d++)|(?<time>\d{4}-[^\]]++))\](?:(?<file>[\w.\/\-]+\.go):(?<line>\d++))? ?+(?<text>.*)$]=])

function M.parse(line, event)
  local level, uptime, time, file, number, text = entry:captures(line)
  if not level then return false end

  event.time = time
  event.level = level
  event.fields.uptime = tonumber(uptime)
  event.fields.file = file
  event.fields.line = tonumber(number)
  event.message = console.take(text, event)
end

M.samples = {
  {
    line = "ERRO[0012] query failed                                  error=\"dial tcp 192.0.2.5:5432: connect: connection refused\" tries=3",
    expect = {
      level = "ERROR", message = "query failed: dial tcp 192.0.2.5:5432: connect: connection refused",
      fields = { tries = 3, uptime = 12 },
    },
  },
  {
    line = "WARN[2026-11-20T03:58:22Z] slow query                                    took=8.2s",
    expect = { level = "WARNING", message = "slow query", time = "2026-11-20T03:58:22Z", fields = { took = "8.2s" } },
  },
  { line = "INFO[0000]main.go:12 main.main() ready", expect = { level = "INFO", fields = { file = "main.go", line = 12 } } },
  { line = "INFO [0000] ready", expect = false },
}

return M
