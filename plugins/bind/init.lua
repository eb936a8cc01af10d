--- Log files of BIND 9's named with print-time, print-category and print-severity: queries, refusals, transfers.
--- With examples: https://manpages.ubuntu.com/manpages/trusty/man1/bind9_query2dlf.1.html
--- The flags of a query: + recursion wanted, S signed, E EDNS, T TCP, D DNSSEC wanted, C checking disabled, V valid
--- cookie, K cookie.

local M = {
  name = "bind",
  kind = "parser",
  api = 1,
  description = "BIND 9 named log files, queries among them",
  match = [=[^(?:\d\d-[A-Z][a-z][a-z]-\d{4} \d\d:\d\d:\d\d\.\d{3}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z?) ]=] ..
    [=[[a-z][a-z\-]+: (?:critical|error|warning|notice|info|debug \d+|dynamic): ]=],
}

local entry = ailogger.regex(
  [=[^(?<time>\d\d-[^ ]++ [^ ]++|[^ ]++) (?<category>[^:]++): (?<level>[a-z]++)(?: \d++)?: ]=] ..
  [=[(?<message>(?:client (?:@0x[\da-f]++ )?(?<client>[\da-fA-F.:%]++)#(?<port>\d++)(?:/key [^ ]++)?(?: \(]=] ..
  [=[[^)]*+\))?: (?:view (?<view>[^:]++): )?)?(?:(?:query|\w[\w ]*?): (?<name>[^ ]++) (?<class>IN|CH|HS|CLASS\d++|]=] ..
  [=[NONE|ANY) (?<type>[A-Z\d]++) (?<flags>[+-][^ ]*+) \((?<server>[^)]++)\)|query failed \((?<code>[A-Z\d]++)\) ]=] ..
  [=[for (?<failed>[^ /]++)/(?<failed_class>\w++)/(?<failed_type>\w++) .*|.*))]=])

-- named files these under info, but they are what one looks for.
local function level_of(level, category, message, code)
  if level == "dynamic" then return "debug" end
  if level == "info" or level == "notice" then
    if code == "SERVFAIL" or message:find("denied", 1, true) then return "warning" end
    if category == "rate-limit" and message:find("limit", 1, true) then return "warning" end
  end
  return level
end

function M.parse(line, event)
  local time, category, level, message, client, port, view, name, class, kind, flags, server, code, failed,
    failed_class, failed_type = entry:captures(line)
  if not time then return false end
  local fields = event.fields

  event.time = time
  event.component = "named"
  event.message = message
  event.level = level_of(level, category, message, code)
  fields.category = category
  fields.client = client
  fields.port = tonumber(port)
  fields.view = view
  fields.query = name or failed
  fields.query_class = class or failed_class
  fields.query_type = kind or failed_type
  fields.flags = flags
  fields.server = server
  fields.code = code
end

M.samples = {
  {
    line = "20-Nov-2026 04:00:18.120 queries: info: client @0x7f2c1c0a5b68 192.0.2.21#51234 (db1.example.com): view internal: query: db1.example.com IN A +E(0)K (192.0.2.53)",
    expect = {
      level = "INFO", component = "named", time = "2026-11-20T04:00:18.120Z",
      message = "client @0x7f2c1c0a5b68 192.0.2.21#51234 (db1.example.com): view internal: query: db1.example.com IN A +E(0)K (192.0.2.53)",
      fields = {
        category = "queries", client = "192.0.2.21", port = 51234, view = "internal", query = "db1.example.com",
        query_class = "IN", query_type = "A", flags = "+E(0)K", server = "192.0.2.53",
      },
    },
  },
  {
    line = "20-Nov-2026 04:00:19.500 query-errors: info: client @0x7f2c1c0a5b68 2001:db8::7#40022 (example.net): query failed (SERVFAIL) for example.net/IN/AAAA at query.c:7836",
    expect = {
      level = "WARNING",
      fields = { code = "SERVFAIL", query = "example.net", query_type = "AAAA", client = "2001:db8::7" },
    },
  },
  {
    line = "20-Nov-2026 04:00:20.000 security: info: client @0x7f2c1c0a5b68 203.0.113.66#4444 (isc.org): query (cache) 'isc.org/ANY/IN' denied",
    expect = { level = "WARNING", fields = { category = "security", client = "203.0.113.66" } },
  },
  {
    line = "2026-11-20T04:00:21.250Z xfer-in: error: transfer of 'example.com/IN' from 192.0.2.54#53: failed while receiving responses: REFUSED",
    expect = {
      level = "ERROR", time = "2026-11-20T04:00:21.250Z",
      message = "transfer of 'example.com/IN' from 192.0.2.54#53: failed while receiving responses: REFUSED",
      fields = { category = "xfer-in" },
    },
  },
  { line = "20-Nov-2026 04:00:22.000 resolver: debug 3: fctx 0x7f2c: created", expect = { level = "DEBUG" } },
  { line = "20-Nov-2026 04:00:22.000 SEVERE [main] org.apache.catalina.startup.Catalina.start failed", expect = false },
  { line = "2026-11-20T04:00:22.000Z error: connect ECONNREFUSED 192.0.2.5:5432", expect = false },
}

return M
