--- Ruby's Logger, and with it Rails: I, [2026-11-20T04:00:16.120340 #4123]  INFO -- program: message
--- The format: https://rubydoc.info/stdlib/logger/3.0.0/Logger/Formatter
--- Rails' lines about requests give fields; its request id in brackets is one too.

local M = {
  name = "ruby_logger",
  kind = "parser",
  api = 1,
  description = "Ruby Logger and Rails",
  multiline = true,
  match = [=[^[DIWEFA], \[\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)? ?#\d+\] +(?:DEBUG|INFO|WARN|ERROR|FATAL|ANY]=] ..
    [=[|UNKNOWN) -- ]=],
}

local entry = ailogger.regex(
  [=[^., \[(?<time>\d{4}-\d\d-\d\d[T ][\d:.]++) ?#(?<pid>\d++)\] ++(?<level>[A-Z]++) -- (?<component>[^:]*+): ?]=] ..
  [=[(?<message>(?:\[(?<request>[\da-f]{8}-[\da-f\-]{27})\] )?]=] ..
  [=[(?:Started (?<method>[A-Z]++) "(?<path>[^"]++)" for (?<client>[^ ]++)|Completed (?<status>\d{3}) [^0-9]*?in ]=] ..
  [=[(?<taken>\d++)ms)?.*)]=])

local status_level = require("http").level_of

local function level_of(level, status)
  if level == "ANY" or level == "UNKNOWN" then level = "info" end
  if level ~= "INFO" or not status then return level end
  return status_level(status)
end

function M.parse(line, event)
  local time, pid, level, component, message, request, method, path, client, status, taken = entry:captures(line)
  if not time then return false end
  local fields = event.fields
  status = tonumber(status)

  event.time = time
  if component ~= "" then event.component = component end
  event.level = level_of(level, status)
  event.message = message
  fields.pid = tonumber(pid)
  fields.request = request
  fields.method = method
  fields.path = path
  fields.client = client
  fields.status = status
  if taken then fields.duration = tonumber(taken) / 1000 end
end

M.samples = {
  {
    line = 'I, [2026-11-20T04:00:16.120340 #4123]  INFO -- : [0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0] Started GET "/cart?id=7" for 198.51.100.7 at 2026-11-20 04:00:16 +0000',
    expect = {
      level = "INFO", time = "2026-11-20T04:00:16.120340Z",
      message = '[0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0] Started GET "/cart?id=7" for 198.51.100.7 at 2026-11-20 04:00:16 +0000',
      fields = {
        pid = 4123, request = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0", method = "GET", path = "/cart?id=7",
        client = "198.51.100.7",
      },
    },
  },
  {
    line = "I, [2026-11-20T04:00:16.190000 #4123]  INFO -- : [0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0] Completed 500 Internal Server Error in 69ms (ActiveRecord: 12.3ms)",
    expect = { level = "ERROR", fields = { status = 500, duration = 0.069 } },
  },
  {
    line = "E, [2026-11-20T04:00:17.000001 #4123] ERROR -- sidekiq: job 77 failed",
    expect = { level = "ERROR", component = "sidekiq", message = "job 77 failed" },
  },
  {
    line = "W, [2026-11-20 04:00:18#19074]  WARN -- Main: slow",
    expect = { level = "WARNING", component = "Main", message = "slow" },
  },
  {
    line = "F, [2026-11-20T04:00:19.500000 #4123] FATAL -- : ",
    expect = { level = "CRITICAL", fields = { pid = 4123 } },
  },
  { line = "A, [2026-11-20T04:00:20.500000 #4123]   ANY -- : restarted", expect = { level = "INFO" } },
  { line = "I, [04:00:16] ready", expect = false },
  { line = "INFO -- : ready", expect = false },
}

return M
