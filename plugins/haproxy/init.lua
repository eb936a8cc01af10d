--- HAProxy: requests ("option httplog"), connections ("option tcplog" and the default), errors before there is a
--- request, and the state of servers; bare, behind a syslog header, or as the process prints it when it starts.
--- The lines and their fields: https://haproxy.org/download/1.7/doc/configuration.txt, sections 8.2, 8.4 and 8.5.
--- Since 1.7 the first timer counts from the first byte of the request and the last one up to the end of the
--- response (TR/Tw/Tc/Tr/Ta); before, they were Tq/Tw/Tc/Tr/Tt. Either way they are milliseconds, -1 for "never".

local M = {
  name = "haproxy",
  kind = "parser",
  api = 1,
  description = "HAProxy requests, connections, errors and states of servers",
  match = [=[^(?:[^\[]*\[\d+\]: )?(?:[^ ]+:\d+ \[\d\d/[A-Z][a-z][a-z]/\d{4}:\d\d:\d\d:\d\d\.\d{3}\] ]=] ..
    [=[|Connect from [^ ]+:\d+ to [^ ]+:\d+ \([^/ ]+/)]=] ..
    [=[|^[^\[]*haproxy[^\[ ]*\[\d+\]: (?:(?:Backup )?[Ss]erver |Health check |[Bb]ackend |Proxy |\[)]=] ..
    [=[|^\[(?:NOTICE|WARNING|ALERT|DIAG)\] +(?:\d+/\d+ )?\(\d+\) : ]=],
}

local header = [=[^(?:(?:(?:[^ ]++ ++)*?(?:(?<host>(?!\d\d:)[^ ]++)|[^ ]++) )?[^ \[]++\[(?<pid>\d++)\]: )?]=]
local peer = [=[(?<client>[^ ]+):(?<port>\d++) \[(?<time>[^\]]++)\] (?<frontend>[^ ]++) (?<backend>[^ /]++)/(?<server>[^ ]++) ]=]

local http = ailogger.regex(header .. peer ..
  -- Formats of one's own often put the host there.
  [=[(?:(?!-?\d++/)[^ ]++ )?]=] ..
  [=[(?<TR>-?\d++)/(?<Tw>-?\d++)/(?<Tc>-?\d++)/(?<Tr>-?\d++)/\+?(?<Ta>-?\d++) ]=] ..
  [=[(?<status>-?\d++) \+?(?<bytes>\d++) [^ ]++ [^ ]++ (?<termination>[^ ]{4}) ]=] ..
  [=[\d++/\d++/\d++/\d++/\+?(?<retries>\d++) \d++/\d++ ]=] ..
  [=[(?:\{(?<captured>[^}]*+)\} (?:\{[^}]*+\} )?)?]=] ..
  [=["(?<request>(?:(?<method>[A-Z]++) (?<path>[^ "]++)(?: (?<protocol>HTTP/[\d.]++))?+(?="|$))?[^"]*+)"?]=])

local tcp = ailogger.regex(header .. peer ..
  [=[(?<Tw>-?\d++)/(?<Tc>-?\d++)/\+?(?<Tt>-?\d++) \+?(?<bytes>\d++) (?<termination>[^ ]{2}) ]=] ..
  [=[\d++/\d++/\d++/\d++/\+?(?<retries>\d++) \d++/\d++]=])

-- <client>:<port> [<date>] <frontend>/<bind>: <error>
local refused = ailogger.regex(header ..
  [=[(?<client>[^ ]+):(?<port>\d++) \[(?<time>[^\]]++)\] (?<frontend>[^ /]++)/[^ ]+: (?<message>.*)]=])

local connect = ailogger.regex(header ..
  [=[(?<message>Connect from (?<client>[^ ]+):(?<port>\d++) to (?<server>[^ ]++) \((?<frontend>[^/)]++)/.*)]=])

-- Behind a syslog header, whose time has no year, and as the process prints it, without a time.
local state = ailogger.regex(
  [=[^(?:<\d++> ?+)?(?<time>[A-Z][a-z]{2} [ \d]\d [\d:]{8}|\d{4}-\d\d-\d\dT[^ ]++) (?:(?<host>[^ \[]++) )?[^ \[]++\[(?<pid>\d++)\]: ]=] ..
  [=[(?<message>(?:(?:(?:Backup )?[Ss]erver|Health check for (?:backup )?server) (?<backend>[^ /]++)/(?<server>[^ ]++))?.*)]=])
local printed = ailogger.regex(
  [=[^\[(?<word>[A-Z]++)\] ++(?:\d++/\d++ )?\((?<pid>\d++)\) : ]=] ..
  [=[(?<message>(?:(?:Backup )?[Ss]erver (?<backend>[^ /]++)/(?<server>[^ ]++))?.*)]=])

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

local status_level = require("http").level_of

local function level_of(status, termination)
  local level = status_level(status)
  local other = by_termination[termination:sub(1, 1)]
  if other and rank[other] > rank[level] then level = other end
  return level
end

local function sender(fields, host, pid)
  fields.host = host
  fields.pid = tonumber(pid)
end

local function parse_http(line, event)
  local host, pid, client, port, time, frontend, backend, server, TR, Tw, Tc, Tr, Ta, status, bytes, termination,
    retries, captured, request, method, path, protocol = http:captures(line)
  if not client then return false end
  local fields = event.fields
  status = tonumber(status)
  event.time = time
  event.message = request
  event.level = level_of(status, termination)
  fields.client = client ~= "-" and client or nil
  fields.port = tonumber(port)
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
  sender(fields, host, pid)
  return true
end

local function parse_tcp(line, event)
  local host, pid, client, port, time, frontend, backend, server, Tw, Tc, Tt, bytes, termination, retries =
    tcp:captures(line)
  if not client then return false end
  local fields = event.fields
  event.time = time
  event.message = "connection to " .. backend .. "/" .. server .. " ended, state " .. termination
  event.level = level_of(0, termination)
  fields.client = client ~= "-" and client or nil
  fields.port = tonumber(port)
  fields.frontend = frontend
  fields.backend = backend
  fields.server = server
  fields.bytes = tonumber(bytes)
  fields.duration = tonumber(Tt) / 1000
  fields.time_queue = tonumber(Tw)
  fields.time_connect = tonumber(Tc)
  fields.termination = termination
  if retries ~= "0" then fields.retries = tonumber(retries) end
  sender(fields, host, pid)
  return true
end

-- What a word at the beginning of the process's own messages, or a state of a server, means.
local printed_levels = { NOTICE = "info", WARNING = "warning", ALERT = "critical", DIAG = "debug" }

local function state_level(message)
  if message:find("no server available", 1, true) then return "critical" end
  if message:find(" is DOWN", 1, true) or message:find(" failed, reason", 1, true) then return "error" end
  if message:find(" is going DOWN", 1, true) then return "warning" end
  return "info"
end

function M.parse(line, event)
  event.component = "haproxy"
  if parse_http(line, event) or parse_tcp(line, event) then return end

  local fields = event.fields
  local host, pid, client, port, time, frontend, message = refused:captures(line)
  if client then
    event.time = time
    event.level = "warning"
    event.message = message
    fields.client, fields.port, fields.frontend = client, tonumber(port), frontend
    sender(fields, host, pid)
    return
  end
  local server
  host, pid, message, client, port, server, frontend = connect:captures(line)
  if message then
    -- Only the syslog header has a time.
    time = line:match("^<?%d*>?(%u%l%l [ %d]%d %d%d:%d%d:%d%d) ") or line:match("^(%d%d%d%d%-%d%d%-%d%dT[^ ]+) ")
    if time then event.time = time end
    event.level = "info"
    event.message = message
    fields.client, fields.port, fields.server, fields.frontend = client, tonumber(port), server, frontend
    sender(fields, host, pid)
    return
  end
  local word, backend
  word, pid, message, backend, server = printed:captures(line)
  if word then
    event.level = printed_levels[word]
    -- A server that is up again is told as a warning too.
    if server and message:find(" is UP", 1, true) then event.level = "info" end
  else
    time, host, pid, message, backend, server = state:captures(line)
    if not time then return false end
    event.time = time
    event.level = state_level(message)
    fields.host = host
  end
  event.message = message
  fields.backend, fields.server, fields.pid = backend, server, tonumber(pid)
end

M.samples = {
  {
    line = "haproxy[14387]: 192.0.2.9:33313 [20/Nov/2026:04:00:16.443] fnt bck/srv1 0/0/5007 212 -- 0/0/0/0/3 0/0",
    expect = {
      level = "INFO", component = "haproxy", time = "2026-11-20T04:00:16.443Z", message = "connection to bck/srv1 ended, state --",
    },
  },
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
  {
    line = 'May 22 02:22:22 lb2 haproxy[5089]: -:22222 [22/May/2021:02:22:22.222] www~ app/web2 shop.example.com 0/0/0/18/18 200 200 - - ---- 222/222/2/0/0 0/0 "OPTIONS /api HTTP/1.1"',
    expect = { level = "INFO", message = "OPTIONS /api HTTP/1.1", fields = { port = 22222, server = "web2", duration = 0.018 } },
  },
  {
    line = '192.0.2.9:33010 [22/Nov/2026:10:00:02.500] tcp-in db/pg1 1/-1/3003 0 SC 0/0/0/0/3 0/0',
    expect = {
      level = "ERROR", message = "connection to db/pg1 ended, state SC", time = "2026-11-22T10:00:02.500Z",
      fields = { client = "192.0.2.9", frontend = "tcp-in", backend = "db", server = "pg1", bytes = 0, duration = 3.003, retries = 3 },
    },
  },
  {
    line = '<134>Nov 26 11:31:36 haproxy[24351]: 192.0.2.9:36694 [26/Nov/2026:11:31:36.617] https/1: SSL handshake failure',
    expect = { level = "WARNING", message = "SSL handshake failure", time = "2026-11-26T11:31:36.617Z", fields = { client = "192.0.2.9", frontend = "https" } },
  },
  {
    line = 'Feb  6 12:12:09 localhost haproxy[14385]: Connect from 10.0.1.2:33312 to 10.0.3.31:8012 (www/HTTP)',
    expect = { level = "INFO", message = "Connect from 10.0.1.2:33312 to 10.0.3.31:8012 (www/HTTP)", fields = { client = "10.0.1.2", port = 33312, server = "10.0.3.31:8012", frontend = "www", pid = 14385 } },
  },
  {
    line = 'Feb  6 12:14:14 localhost haproxy[14389]: Server app/web1 is DOWN, reason: Layer4 timeout.',
    expect = { level = "ERROR", message = "Server app/web1 is DOWN, reason: Layer4 timeout.", fields = { host = "localhost", pid = 14389, backend = "app", server = "web1" } },
  },
  {
    line = "[ALERT]    (24351) : backend 'app' has no server available!",
    expect = { level = "CRITICAL", message = "backend 'app' has no server available!", fields = { pid = 24351 } },
  },
  {
    line = '[WARNING] 329/113135 (24351) : Server app/web1 is UP, reason: Layer7 check passed, code: 200',
    expect = { level = "INFO", fields = { server = "web1" } },
  },
  { line = '192.0.2.9:33010 [22/Nov/2026:10:00:02.500] something else', expect = false },
  { line = 'Feb  6 12:14:14 localhost haproxyctl[14389]: reload', expect = false },
}

return M
