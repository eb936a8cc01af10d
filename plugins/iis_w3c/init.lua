--- W3C extended logs of Microsoft IIS in the usual orders, told by the shape of their rows, so that a piece of a log without
--- its "#Fields:" line is read too: IIS 6, 7 to 8 (no referer), 10, Azure App Service, and all columns selected. Rows of any
--- other order are read by the line that names it (the native format w3c). Times are UTC.
--- The columns: https://learn.microsoft.com/windows/desktop/Http/w3c-logging
--- Spaces within a value are written as "+".

local M = {
  name = "iis_w3c",
  kind = "parser",
  api = 1,
  description = "Microsoft IIS W3C extended logs",
  match = [=[^(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (?:[^ ]+ ){0,3}[A-Z]{3,} [^ ]+ [^ ]+ \d+ [^ ]+ [\da-f.:%]+ |#]=] ..
    [=[(?:Software: Microsoft |Version: \d|Date: \d{4}-|]=] ..
    -- Of other orders the native format w3c reads the rows.
    [=[Fields: date time (?:s-sitename )?(?:s-computername )?(?:s-ip )?cs-method cs-uri-stem cs-uri-query s-port ]=] ..
    [=[cs-username c-ip (?:cs-version )?cs\(User-Agent\) (?:cs\(Cookie\) cs\(Referer\) cs-host |]=] ..
    [=[(?:cs\(Referer\) )?(?:cs-host )?)sc-status sc-substatus sc-win32-status(?: sc-bytes cs-bytes)?]=] ..
    [=[(?: time-taken)?\s*$))]=],
}

local entry = ailogger.regex(
  [=[^(?<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (?:(?![\da-f]++[.:])(?<site>[^ ]++) )?]=] ..
  [=[(?:(?![\da-f]++[.:])(?<host>[^ ]++) )?(?:(?<server>[\da-f.:%]++) )?]=] ..
  [=[(?<method>[A-Z]{3,}+) (?<stem>[^ ]++) (?:-|(?<query>[^ ]++)) (?<server_port>\d++) ]=] ..
  [=[(?:-|(?<user>[^ ]++)) (?<client>[\da-f.:%]++) (?:(?<protocol>HTTP/[\d.]++) )?(?:-|(?<agent>[^ ]++)) ]=] ..
  -- One column before the status is the referer, three are cookie, referer and host.
  [=[(?:(?!\d{3} \d++ \d++(?: |$))[^ ]++ (?=[^ ]++ [^ ]++ \d{3} \d))?]=] ..
  [=[(?:(?!\d{3} \d++ \d++(?: |$))(?:-|(?<referer>[^ ]++)) )?]=] ..
  [=[(?:(?!\d{3} \d++ \d++(?: |$))(?:-|(?<vhost>[^ ]++)) )?]=] ..
  [=[(?<status>\d{3}) (?<substatus>\d++) (?<win32>\d++)]=] ..
  [=[(?: (?<sent>\d++) (?<received>\d++)(?= \d))?+(?: (?<taken>\d++))?+$]=])

-- Windows' error numbers: the connection broke, whatever the status says.
local broken = { ["64"] = true, ["121"] = true, ["995"] = true, ["1236"] = true }

local function level_of(status, win32)
  if status >= 500 then return "error" end
  return (status >= 400 or broken[win32]) and "warning" or "info"
end

local function spaced(text)
  return text and text:gsub("+", " ")
end

function M.parse(line, event)
  if line:byte() == 0x23 then
    event.component = "iis"
    event.level = "debug"
    local date = line:match("^#Date: (%d%d%d%d%-%d%d%-%d%d %d%d:%d%d:%d%d)")
    if date then event.time = date .. "Z" end
    return
  end
  local time, site, host, server, method, stem, query, server_port, user, client, protocol, agent, referer, vhost,
    status, substatus, win32, sent, received, taken = entry:captures(line)
  if not time then return false end
  local fields = event.fields
  status = tonumber(status)
  local path = query and stem .. "?" .. query or stem

  event.time = time .. "Z"
  event.component = "iis"
  event.message = protocol and method .. " " .. path .. " " .. protocol or method .. " " .. path
  event.level = level_of(status, win32)

  fields.client = client
  fields.user = user
  fields.method = method
  fields.path = path
  fields.protocol = protocol
  fields.status = status
  if substatus ~= "0" then fields.substatus = tonumber(substatus) end
  if win32 ~= "0" then fields.errno = tonumber(win32) end
  fields.bytes = tonumber(sent)
  fields.bytes_received = tonumber(received)
  fields.duration = taken and tonumber(taken) / 1000
  fields.referer = referer
  fields.agent = spaced(agent)
  fields.vhost = vhost
  fields.site = site
  fields.host = host
  fields.server = server
  fields.server_port = tonumber(server_port)
end

M.samples = {
  {
    line = "2026-11-20 04:00:18 192.0.2.31 GET /api/cart id=7 443 - 198.51.100.7 Mozilla/5.0+(X11;+Linux+x86_64) https://shop.example.com/ 200 0 0 112",
    expect = {
      level = "INFO", component = "iis", time = "2026-11-20T04:00:18Z", message = "GET /api/cart?id=7",
      fields = {
        client = "198.51.100.7", method = "GET", path = "/api/cart?id=7", status = 200, duration = 0.112,
        agent = "Mozilla/5.0 (X11; Linux x86_64)", referer = "https://shop.example.com/", server = "192.0.2.31",
        server_port = 443,
      },
    },
  },
  {
    line = "2026-11-20 04:00:19 192.0.2.31 POST /login.aspx - 443 EXAMPLE\\anna 198.51.100.8 curl/8.5.0 401 2 5 15",
    expect = {
      level = "WARNING", message = "POST /login.aspx",
      fields = { user = "EXAMPLE\\anna", status = 401, substatus = 2, errno = 5, duration = 0.015 },
    },
  },
  {
    line = "2026-11-20 04:00:20 W3SVC3 WEB1 192.0.2.31 GET /index.html - 80 - 2001:db8::7 HTTP/1.1 Mozilla/5.0+(Windows+NT+10.0) sid=1 - shop.example.com 503 0 0 17691 117 15",
    expect = {
      level = "ERROR", message = "GET /index.html HTTP/1.1",
      fields = {
        site = "W3SVC3", host = "WEB1", vhost = "shop.example.com", bytes = 17691, bytes_received = 117,
        duration = 0.015, client = "2001:db8::7",
      },
    },
  },
  {
    line = "2026-11-20 04:00:21 SHOP-APP GET /health - 443 - 198.51.100.50 AlwaysOn ARRAffinity=1f - shop.azurewebsites.example 200 0 0 503 1189 4",
    expect = {
      level = "INFO",
      fields = { site = "SHOP-APP", vhost = "shop.azurewebsites.example", bytes = 503, duration = 0.004 },
    },
  },
  {
    line = "2026-11-20 04:00:22 192.0.2.31 GET /report.pdf - 80 - 198.51.100.9 Mozilla/5.0+(iPhone) - 200 0 64 60021",
    expect = { level = "WARNING", fields = { status = 200, errno = 64, duration = 60.021 } },
  },
  { line = "#Date: 2026-11-20 00:00:04", expect = { level = "DEBUG", time = "2026-11-20T00:00:04Z" } },
  { line = "2026-11-20 04:00:18 192.0.2.31 GET /api/cart id=7 443 - 198.51.100.7", expect = false },
  { line = "2026-11-20 04:00:18 INFO GET /api/cart 200 in 112 ms", expect = false },
  {
    line = "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status sc-substatus sc-win32-status time-taken",
    expect = { level = "DEBUG" },
  },
  { line = "#Fields: date time c-ip cs-method cs-uri-stem sc-status", expect = false },
  { line = "#Fields: date time x-edge-location sc-bytes c-ip", expect = false },
}

return M
