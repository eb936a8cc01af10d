--- uWSGI's log of requests in its default format:
---   [pid: 1711|app: 0|req: 3/7] 198.51.100.7 () {40 vars in 741 bytes} [Fri Nov 20 04:00:16 2026] GET /cart => …
--- The parts: https://uwsgi-docs.readthedocs.io/en/latest/LogFormat.html

local M = {
  name = "uwsgi",
  kind = "parser",
  api = 1,
  description = "uWSGI request log",
  match = [=[^\[pid: \d+\|app: [-\d]+\|req: [-\d]+/\d+\] [^ ]* \([^)]*\) \{\d+ vars in \d+ bytes\} \[]=],
}

local entry = ailogger.regex(
  [=[^\[pid: (?<pid>\d++)\|app: (?<app>[-\d]++)\|req: [^\]]++\] (?<client>[^ ]*+) \((?<user>[^)]*+)\) \{\d++ vars ]=] ..
  [=[in (?<received>\d++) bytes\} \[(?<time>[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4})\] ]=] ..
  [=[(?<method>[A-Z]++) (?<path>[^ ]*+) => generated (?<bytes>\d++) bytes in (?<taken>\d++) (?<unit>msecs|micros)]=] ..
  [=[(?: via [^ ]++)? \((?<protocol>[^ ]++) (?<status>\d{3})\) (?<headers>\d++) headers in (?<header_bytes>\d++) ]=] ..
  [=[bytes]=])

local level_of = require("http").level_of

local function given(text)
  if text ~= "" then return text end
end

function M.parse(line, event)
  local pid, app, client, user, received, time, method, path, bytes, taken, unit, protocol, status, _, header_bytes =
    entry:captures(line)
  if not pid then return false end
  local fields = event.fields
  status = tonumber(status)

  event.time = time
  event.component = "uwsgi"
  event.message = method .. " " .. path .. " " .. protocol
  event.level = level_of(status)
  fields.client = given(client)
  fields.user = given(user)
  fields.method = method
  fields.path = path
  fields.protocol = protocol
  fields.status = status
  fields.bytes = tonumber(bytes) + tonumber(header_bytes)
  fields.bytes_received = tonumber(received)
  fields.duration = tonumber(taken) / (unit == "micros" and 1000000 or 1000)
  fields.pid = tonumber(pid)
  if app ~= "0" then fields.application = app end
end

M.samples = {
  {
    line = "[pid: 1711|app: 0|req: 3/7] 198.51.100.7 () {40 vars in 741 bytes} [Fri Nov 20 04:00:16 2026] GET /api/cart?id=7 => generated 2566 bytes in 45 msecs (HTTP/1.1 200) 7 headers in 241 bytes (2 switches on core 0)",
    expect = {
      level = "INFO", component = "uwsgi", time = "2026-11-20T04:00:16Z", message = "GET /api/cart?id=7 HTTP/1.1",
      fields = {
        client = "198.51.100.7", method = "GET", path = "/api/cart?id=7", protocol = "HTTP/1.1", status = 200,
        bytes = 2807,
        bytes_received = 741, duration = 0.045, pid = 1711,
      },
    },
  },
  {
    line = "[pid: 1712|app: 0|req: 1/8] 2001:db8::7 (anna) {42 vars in 812 bytes} [Fri Nov 20 04:00:17 2026] POST /api/orders => generated 0 bytes in 10021 msecs (HTTP/1.1 500) 0 headers in 0 bytes (0 switches on core 0)",
    expect = {
      level = "ERROR", fields = { user = "anna", status = 500, duration = 10.021, bytes = 0, client = "2001:db8::7" },
    },
  },
  {
    line = "[pid: 1712|app: 0|req: 2/9]  () {30 vars in 400 bytes} [Fri Nov 20 04:00:18 2026] GET /.env => generated 9 bytes in 812 micros via sendfile() (HTTP/1.0 404) 2 headers in 71 bytes (1 switches on core 1)",
    expect = { level = "WARNING", fields = { status = 404, duration = 0.000812 } },
  },
  { line = "[pid: 1711|app: 0|req: 3/7] 198.51.100.7 () {40 vars in 741 bytes} [Fri Nov 20 04:00:16 2026] GET /api", expect = false },
  { line = "*** Starting uWSGI 2.0.28 (64bit) on [Fri Nov 20 04:00:16 2026] ***", expect = false },
}

return M
