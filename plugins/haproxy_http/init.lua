--- HAProxy's HTTP log ("option httplog"), bare or behind a syslog header.
--- The line and its fields: https://haproxy.org/download/1.7/doc/configuration.txt, sections 8.2.3, 8.4 and 8.5.
--- Since 1.7 the first timer counts from the first byte of the request and the last one up to the end of the
--- response (TR/Tw/Tc/Tr/Ta); before, they were Tq/Tw/Tc/Tr/Tt. Either way they are milliseconds, -1 for "never".

local M = {
  name = "haproxy_http",
  kind = "parser",
  api = 1,
  match = [[^(?:[^\[]*\[\d+\]: )?[^ ]+:\d+ \[\d\d/[A-Z][a-z][a-z]/\d{4}:\d\d:\d\d:\d\d\.\d{3}\] ]],
}

local entry = ailogger.regex(
  [=[^(?:(?:[^ ]++ ++)*?(?<host>[^ ]++) [^ \[]++\[(?<pid>\d++)\]: )?]=] ..
  [=[(?<client>[^ ]+):\d++ \[(?<time>[^\]]++)\] (?<frontend>[^ ]++) (?<backend>[^ /]++)/(?<server>[^ ]++) ]=] ..
  [=[(?<TR>-?\d++)/(?<Tw>-?\d++)/(?<Tc>-?\d++)/(?<Tr>-?\d++)/\+?(?<Ta>-?\d++) ]=] ..
  [=[(?<status>-?\d++) \+?(?<bytes>\d++) [^ ]++ [^ ]++ (?<termination>[^ ]{4}) ]=] ..
  [=[\d++/\d++/\d++/\d++/\+?(?<retries>\d++) \d++/\d++ ]=] ..
  [=[(?:\{(?<captured>[^}]*+)\} (?:\{[^}]*+\} )?)?]=] ..
  [=["(?<request>(?:(?<method>[A-Z]++) (?<path>[^ "]++)(?: (?<protocol>HTTP/[\d.]++))?+(?="|$))?[^"]*+)"?]=])

-- The first letter of the termination state: who ended the session, and how grave that is.
local by_termination = {
  C = "warning",   -- the client went away
  c = "warning",   -- the client took too long
  S = "error",     -- the server broke off or refused
  s = "error",     -- the server took too long
  P = "warning",   -- the proxy itself denied it
  D = "error",     -- the server was found down
  K = "warning",   -- an administrator ended it
  R = "critical",  -- out of memory, sockets or ports
  I = "critical",  -- a self-check failed
}

local rank = { info = 1, warning = 2, error = 3, critical = 4 }

local function level_of(status, termination)
  local level = "info"
  if status >= 500 then level = "error" elseif status >= 400 then level = "warning" end
  local other = by_termination[termination:sub(1, 1)]
  if other and rank[other] > rank[level] then level = other end
  return level
end

function M.parse(line, event)
  local host, pid, client, time, frontend, backend, server, TR, Tw, Tc, Tr, Ta, status, bytes, termination, retries,
    captured, request, method, path, protocol = entry:captures(line)
  if not client then return false end
  local fields = event.fields
  status = tonumber(status)

  event.time = time
  event.component = "haproxy"
  event.message = request
  event.level = level_of(status, termination)

  fields.client = client
  fields.frontend = frontend
  fields.backend = backend
  fields.server = server
  fields.method = method
  fields.path = path
  fields.protocol = protocol
  -- -1 where no response came.
  if status > 0 then fields.status = status end
  fields.bytes = tonumber(bytes)
  fields.duration = tonumber(Ta) / 1000
  fields.time_request = tonumber(TR)
  fields.time_queue = tonumber(Tw)
  fields.time_connect = tonumber(Tc)
  fields.time_response = tonumber(Tr)
  fields.termination = termination
  if retries ~= "0" then fields.retries = tonumber(retries) end
  if captured ~= "" then fields.captured = captured end
  if host then
    fields.host = host
    fields.pid = tonumber(pid)
  end
end

M.samples = {
  {
    line = 'Feb  6 12:14:14 localhost haproxy[14389]: 10.0.1.2:33317 [06/Feb/2009:12:14:14.655] http-in static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {1wt.eu} {} "GET /index.html HTTP/1.1"',
    expect = {
      level = "INFO", message = "GET /index.html HTTP/1.1", component = "haproxy", time = "2009-02-06T12:14:14.655Z",
      fields = {
        client = "10.0.1.2", frontend = "http-in", backend = "static", server = "srv1", method = "GET",
        path = "/index.html", protocol = "HTTP/1.1", status = 200, bytes = 2750, duration = 0.109,
        time_connect = 30, termination = "----", captured = "1wt.eu", host = "localhost", pid = 14389,
      },
    },
  },
  {
    line = '192.0.2.7:51412 [22/Nov/2026:10:00:00.120] https~ app/web2 0/0/-1/-1/3004 503 213 - - SC-- 12/10/4/2/3 0/0 "POST /api/orders HTTP/1.1"',
    expect = {
      level = "ERROR", message = "POST /api/orders HTTP/1.1", time = "2026-11-22T10:00:00.120Z",
      fields = { client = "192.0.2.7", frontend = "https~", server = "web2", status = 503, time_response = -1, termination = "SC--", retries = 3 },
    },
  },
  {
    line = '2001:db8::17:40022 [22/Nov/2026:10:00:01.000] public public/<NOSRV> -1/-1/-1/-1/0 400 187 - - PR-- 3/3/0/0/0 0/0 "<BADREQ>"',
    expect = {
      level = "WARNING", message = "<BADREQ>",
      fields = { client = "2001:db8::17", backend = "public", server = "<NOSRV>", status = 400, termination = "PR--" },
    },
  },
  {
    line = '192.0.2.9:33010 [22/Nov/2026:10:00:02.500] http-in app/web1 0/0/1/-1/60001 504 194 - - sH-- 8/8/3/1/0 0/2 "GET /report?y=2026 HTTP/1.1"',
    expect = { level = "ERROR", fields = { status = 504, duration = 60.001, path = "/report?y=2026", termination = "sH--" } },
  },
  {
    line = '192.0.2.9:33010 [22/Nov/2026:10:00:02.500] http-in app/web1 0/0/1/-1/812 -1 0 - - CH-- 8/8/3/1/0 0/0 "GET /slow HTTP/1.1"',
    expect = { level = "WARNING", fields = { bytes = 0, termination = "CH--" } },
  },
  { line = 'Feb  6 12:14:14 localhost haproxy[14389]: Server app/web1 is DOWN, reason: Layer4 timeout.', expect = false },
  { line = '192.0.2.9:33010 [22/Nov/2026:10:00:02.500] tcp-in db/pg1 0/0/5007 212 -- 0/0/0/0/3 0/0', expect = false },
}

return M
