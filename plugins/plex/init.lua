--- Plex Media Server: Nov 20, 2026 04:00:16.120 [140121204118] ERROR - no answer

local M = {
  name = "plex",
  kind = "parser",
  api = 1,
  description = "Plex Media Server",
  multiline = true,
  match = [=[^[A-Z][a-z][a-z] \d\d, \d{4} \d\d:\d\d:\d\d(?:\.\d{3})? \[(?:0x[\da-f]+|\d+)\] [A-Z]+ - ]=],
}

local entry = ailogger.regex(
  [=[^(?<day>[A-Z][a-z]{2} \d\d), (?<rest>\d{4} [\d:.]++) \[(?<thread>[^\]]++)\] (?<level>[A-Z]++) - ]=] ..
  [=[(?<message>(?:\[(?:Req#)?(?<request>[\da-f]++)(?:\/[^\]]*)?\] )?(?:(?:Completed: |Request: )?\[(?<client>[^\]]+?):\d+(?: \([^)]*\))?\] (?:(?<status>\d{3}) )?]=] ..
  [=[(?<method>GET|POST|PUT|DELETE|HEAD|OPTIONS) (?<path>\/[^ ]*+))?.*)$]=])

function M.parse(line, event)
  local day, rest, thread, level, message, request, client, status, method, path = entry:captures(line)
  if not day then return false end
  local fields = event.fields

  event.time = day .. " " .. rest
  event.level = level
  event.message = message
  fields.thread = thread
  fields.request = request
  fields.client = client
  fields.status = tonumber(status)
  fields.method = method
  fields.path = path
end

M.samples = {
  {
    line = "Nov 20, 2026 04:00:16.120 [140121204118] ERROR - [Req#4f1c] SQLITE3:0x10, 14, cannot open file",
    expect = {
      level = "ERROR", time = "2026-11-20T04:00:16.120Z", message = "[Req#4f1c] SQLITE3:0x10, 14, cannot open file",
      fields = { thread = "140121204118", request = "4f1c" },
    },
  },
  {
    line = "Nov 20, 2026 04:00:17.300 [0x7f2b5c0029e0] DEBUG - [Req#4f1d] Completed: [198.51.100.7:51044] 503 GET /library/sections (4 live) 12ms 310 bytes",
    expect = { level = "DEBUG", fields = { client = "198.51.100.7", status = 503, method = "GET", path = "/library/sections" } },
  },
  { line = "Nov 20, 2026 4:00:16 AM org.apache.catalina.startup.Catalina start", expect = false },
}

return M
