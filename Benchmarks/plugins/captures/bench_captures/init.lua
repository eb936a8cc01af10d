--- A parser with one regex of six captures.
local M = { name = "bench_captures", kind = "parser", api = 1, match = [[^\S+ \S+ \S+ \[]] }
local re = ailogger.regex([=[^(\S+) (\S+) (\S+) \[([^\]]+)\] "([^"]*)" (\d{3})]=])
function M.parse(line, event)
  local client, ident, user, time, request, status = re:captures(line)
  if not client then return false end
  event.message = request
  local f = event.fields
  f.client, f.ident, f.user, f.status = client, ident, user, status
end
M.samples = { { line = '1.2.3.4 - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 23 "-" "-"', expect = { fields = { client = "1.2.3.4" } } } }
return M
