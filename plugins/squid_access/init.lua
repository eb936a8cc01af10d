--- Squid's native access.log:
---   seconds.milliseconds elapsed client result/status bytes method URL user hierarchy/peer type
--- and a usual longer one, with ports, more sizes behind the bytes and the version of HTTP behind the URL.
--- Cisco's web appliance writes a decision behind the type, and `Info:` in front of what goes to syslog.
--- The printing code: https://raw.githubusercontent.com/squid-cache/squid/master/src/log/FormatSquidNative.cc
--- The result codes: http://etutorials.org/Server+Administration/Squid.+The+definitive+guide/Chapter+13.+Log+Files/13.2+access.log/

local M = {
  name = "squid_access",
  kind = "parser",
  api = 1,
  match = [[^(?:Info:)? *\d{9,10}(?:\.\d{3})? +-?\d+ [^ ]+ (?:\d+ |\([^) ]*\) )?[A-Z_]+/\d{3} ]],
}

local entry = ailogger.regex(
  [[^(?:Info:)? *+(?<seconds>\d++)(?:\.(?<millis>\d{3}))? ++(?<elapsed>-?\d++) (?<client>[^ ]++) (?:(?<port>\d++) |\([^) ]*\) )?(?<result>[A-Z_]++)/(?<status>\d{3}) ]] ..
  [[(?<bytes>\d++) (?:(?:\d++|-) ){0,5}?(?<method>[^ ]++) (?<path>[^ ]++) (?:(?<protocol>[123](?:\.\d)?) )?(?<user>[^ ]++) ]] ..
  [[(?<hierarchy>[A-Z][A-Z\d_]*+)/(?<peer>[^ ]++) (?:(?:\d++|-) (?=[^ ]++ ))?(?<type>[^ ]++)(?: (?<decision>[A-Z][A-Z_]*+\d++)-)?]])

-- What happened to the request says more than the status: a client that goes away leaves 000 behind.
local function level_of(status, result, path, decision)
  if status >= 500 then return "error" end
  if status >= 400 then return "warning" end
  if result:find("DENIED", 1, true) or result:find("ABORTED", 1, true) or result:find("FAIL", 1, true)
    or result:find("TIMEDOUT", 1, true) or path:find("^error:") then
    return "warning"
  end
  return decision and decision:find("^BLOCK") and "warning" or "info"
end

local function given(text)
  if text ~= "-" then return text end
end

function M.parse(line, event)
  local seconds, millis, elapsed, client, port, result, status, bytes, method, path, protocol, user, hierarchy, peer,
    content_type, decision = entry:captures(line)
  if not seconds then return false end
  local fields = event.fields
  status = tonumber(status)

  event.time = tonumber(seconds) * 1000000000 + tonumber(millis or 0) * 1000000
  event.component = "squid"
  event.message = method == "-" and path or method .. " " .. path
  event.level = level_of(status, result, path, decision)

  fields.client = client
  fields.port = tonumber(port)
  fields.protocol = protocol and "HTTP/" .. protocol
  fields.user = given(user)
  fields.method = given(method)
  fields.path = path
  -- 000: no status was ever sent.
  if status > 0 then fields.status = status end
  fields.bytes = tonumber(bytes)
  fields.duration = tonumber(elapsed) / 1000
  fields.result = result
  fields.hierarchy = hierarchy
  fields.peer = given(peer)
  fields.content_type = given(content_type)
  fields.action = decision
end

M.samples = {
  {
    line = "1795147216      0 192.0.2.21 TCP_DENIED/403 3920 CONNECT shop.example.com:443 - HIER_NONE/- text/html",
    expect = { level = "WARNING", time = "2026-11-20T04:00:16Z" },
  },
  {
    line = 'Info: 1795147216.873 206 192.0.2.21 TCP_DENIED/403 8207 GET http://shop.example.com/ - DIRECT/shop.example.com application/json BLOCK_AMW_REQ_12-DefaultGroup-lan-NONE-NONE-NONE-DefaultGroup-NONE <"IW_infr",-6.5,21> - -',
    expect = { level = "WARNING", time = "2026-11-20T04:00:16.873Z", fields = { action = "BLOCK_AMW_REQ_12", client = "192.0.2.21" } },
  },
  {
    line = '1795147216.873 206 192.0.2.21 (lan1.example.com) TCP_MISS/200 8207 GET http://shop.example.com/ "EXAMPLE\\anna@lan" DIRECT/shop.example.com text/html BLOCK_ADMIN_11-DefaultGroup-lan-NONE-NONE-NONE-DefaultGroup-NONE <"IW_infr",-6.5> -',
    expect = { level = "WARNING", fields = { action = "BLOCK_ADMIN_11" } },
  },
  {
    line = '1066037222.352  19475 192.0.2.11 TCP_MISS/200 12387 GET http://example.com/budismo.html - DIRECT/203.0.113.5 text/html',
    expect = {
      level = "INFO", message = "GET http://example.com/budismo.html", component = "squid", time = 1066037222352000000,
      fields = {
        client = "192.0.2.11", result = "TCP_MISS", status = 200, bytes = 12387, method = "GET",
        path = "http://example.com/budismo.html", duration = 19.475, hierarchy = "DIRECT", peer = "203.0.113.5",
        content_type = "text/html",
      },
    },
  },
  {
    line = '1795147216.391    104 192.0.2.21 58938 TCP_MISS/404 904 123 364 123 528 GET http://shop.example.com/cart 1.1 anna HIER_DIRECT/203.0.113.10 80 text/html - - "-" "curl/8.14.1" "shop.example.com" "-" 53 -',
    expect = {
      level = "WARNING", message = "GET http://shop.example.com/cart",
      fields = {
        client = "192.0.2.21", port = 58938, status = 404, bytes = 904, protocol = "HTTP/1.1", user = "anna",
        hierarchy = "HIER_DIRECT", peer = "203.0.113.10", content_type = "text/html",
      },
    },
  },
  {
    line = '1795147217.568    158 192.0.2.21 58948 TCP_TUNNEL/200 28854 2051 39 120 - CONNECT shop.example.com:443 1.1 - HIER_NONE/- - - - - "-" "curl/8.14.1"',
    expect = { level = "INFO", message = "CONNECT shop.example.com:443", fields = { bytes = 28854, hierarchy = "HIER_NONE" } },
  },
  {
    line = "1795147217.253 0 192.0.2.21 NONE_NONE/000 0 - error:transaction-end-before-headers - HIER_NONE/- -",
    expect = { level = "WARNING", message = "error:transaction-end-before-headers", fields = { result = "NONE_NONE" } },
  },
  {
    line = '1769076000.004      1 10.1.2.3 TCP_DENIED/403 734 POST http://metrics.example.net/in alice HIER_NONE/- text/html',
    expect = { level = "WARNING", fields = { status = 403, user = "alice", hierarchy = "HIER_NONE" } },
  },
  {
    line = '1769076001.250  60021 10.1.2.3 TCP_MISS/504 4012 GET http://slow.example.org/ - HIER_DIRECT/198.51.100.9 text/html',
    expect = { level = "ERROR", time = "2026-01-22T10:00:01.250Z", fields = { status = 504, duration = 60.021 } },
  },
  {
    line = '1769076002.000 120044 2001:db8::5 TCP_TUNNEL/200 88213 CONNECT mail.example.com:443 - HIER_DIRECT/2001:db8::25 -',
    expect = { level = "INFO", message = "CONNECT mail.example.com:443", fields = { client = "2001:db8::5", method = "CONNECT", peer = "2001:db8::25" } },
  },
  {
    line = '1769076003.777      0 10.1.2.4 TCP_MISS_ABORTED/000 0 GET http://example.com/big.iso - HIER_DIRECT/203.0.113.5 -',
    expect = { level = "WARNING", fields = { result = "TCP_MISS_ABORTED", bytes = 0 } },
  },
  { line = '2026/01/22 10:00:01| Accepting HTTP Socket connections at local=[::]:3128', expect = false },
  { line = '1769076003.777 12 10.1.2.4 TCP_HIT/200 512 GET http://example.com/', expect = false },
}

return M
