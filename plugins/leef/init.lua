--- IBM QRadar's Log Event Extended Format, bare or behind a syslog header:
---   LEEF:1.0|vendor|product|version|event|key=value<TAB>key=value
---   LEEF:2.0|vendor|product|version|event|^|key=value^key=value
--- The format: https://juniper.net/documentation/us/en/software/jsa7.5.0/jsa-leef/topics/concept/jsa-leef-leef-event-components.html
--- 2.0 may name what stands between the attributes, as itself or in hexadecimal; the tab is what it is otherwise.

local M = {
  name = "leef",
  kind = "parser",
  api = 1,
  description = "IBM QRadar Log Event Extended Format",
  match = [[^(?:<\d{1,3}> ?)?(?:[^|]{0,160} )?LEEF:[12]\.0\|[^|]*\|[^|]*\|]],
}

local entry = ailogger.regex(
  [=[^(?:<\d{1,3}> ?)?(?:1 )?(?:(?<time>(?:[A-Z][a-z]{2} [ \d]?\d (?:\d{4} )?|\d{4}-\d\d-\d\d[T ])]=] ..
  [=[\d\d:\d\d:\d\d(?:\.\d++)?(?:Z|[+-]\d\d:?\d\d)?)(?: UTC| GMT)? )?]=] ..
  [=[(?:(?<host>[^ |]++) (?:[^|]*? )?)?LEEF:[12]\.0\|(?<vendor>]=] ..
  [=[[^|]*+)\|(?<product>[^|]*+)\|(?<version>[^|]*+)\|(?<id>[^|]*+)\|(?:(?<between>[^|=]|0?x[\da-fA-F]{1,4}|)\|)?]=] ..
  [=[(?<attributes>.*)]=])

local renamed = {
  src = "source", srcPort = "source_port", dst = "destination", dstPort = "destination_port", proto = "transport",
  usrName = "user", srcBytes = "bytes_sent", dstBytes = "bytes_received", srcPackets = "packets_sent",
  dstPackets = "packets_received", totalPackets = "packets", cat = "category", sev = "severity", policy = "rule",
  url = "path", action = "action", identHostName = "host",
}

local numeric = {
  srcPort = true, dstPort = true, srcPreNATPort = true, dstPreNATPort = true, srcPostNATPort = true,
  dstPostNATPort = true,
  srcBytes = true, dstBytes = true, srcPackets = true, dstPackets = true, totalPackets = true, sev = true,
}

-- 1 to 10.
local function level_of(severity)
  if not severity then return end
  if severity >= 9 then return "critical" end
  if severity >= 7 then return "error" end
  return severity >= 4 and "warning" or "info"
end

local function delimiter(written)
  if not written or written == "" then return "\t" end
  local digits = written:match("^0?x(%x+)$")
  return digits and utf8.char(tonumber(digits, 16)) or written
end

-- What an event calls itself, the most telling first; its id is all that is certain.
local function text_of(values, id)
  local text = values.msg or values.message or values.reason or values.cat
  return text and id .. ": " .. text or id
end

-- A time in a layout that nobody knows (devTimeFormat names any) is an error.
local function set_time(event, time)
  event.time = time
end

function M.parse(line, event)
  local time, host, vendor, product, version, id, between, attributes = entry:captures(line)
  if not vendor then return false end
  local fields, values = event.fields, {}
  between = delimiter(between)

  fields.host = host
  fields.vendor = vendor
  fields.version = version
  fields.event = id
  local start = 1
  while start <= #attributes do
    local stop, resume = attributes:find(between, start, true)
    local equals = attributes:find("=", start, true)
    if equals and equals < (stop or #attributes + 1) then
      local key, value = attributes:sub(start, equals - 1), attributes:sub(equals + 1, stop and stop - 1 or -1)
      values[key] = value
      if key == "proto" then value = value:lower() end
      if value ~= "" then fields[renamed[key] or key] = numeric[key] and tonumber(value) or value end
    end
    start = resume and resume + 1 or #attributes + 1
  end

  local written = values.devTime
  if written and #written == 13 and written:find("^%d+$") then written = tonumber(written) * 1000000 end
  if not pcall(set_time, event, written or time) then event.time = time end
  fields.devTime = nil
  fields.devTimeFormat = nil
  event.component = product
  event.level = level_of(tonumber(values.sev))
  event.message = text_of(values, id)
end

M.samples = {
  {
    line = "Nov 20 04:00:18 gate7 LEEF:1.0|Example|MailGate|2016|15345|src=198.51.100.66\tdst=192.0.2.25\tsrcPort=1200\tdstPort=25\tproto=TCP\tsev=7\tcat=Relay denied\tusrName=anna\tdevTime=1795147218500",
    expect = {
      level = "ERROR", component = "MailGate", message = "15345: Relay denied", time = "2026-11-20T04:00:18.500Z",
      fields = {
        vendor = "Example", event = "15345", host = "gate7", source = "198.51.100.66", source_port = 1200,
        destination = "192.0.2.25", destination_port = 25, transport = "tcp", severity = 7, category = "Relay denied",
        user = "anna",
      },
    },
  },
  {
    line = "LEEF:2.0|Example|FlowWatch|1.0|41|^|src=2001:db8::66^dst=2001:db8::5^sev=5^srcPort=81^dstPort=21^msg=port scan seen",
    expect = {
      level = "WARNING", message = "41: port scan seen", fields = { source = "2001:db8::66", destination_port = 21 },
    },
  },
  {
    line = "<13>1 2026-11-20T04:00:19.520Z 192.0.2.9 LEEF:2.0|Example|Proxy|9|blocked|x5E|url=https://example.com/a|b^policy=no games^sev=2",
    expect = {
      level = "INFO", time = "2026-11-20T04:00:19.520Z", message = "blocked",
      fields = { host = "192.0.2.9", path = "https://example.com/a|b", rule = "no games" },
    },
  },
  {
    line = "LEEF:1.0|Example|Audit|1|ConfigChange|devTime=Nov 20 2026 04:00:20\tusrName=root",
    expect = { message = "ConfigChange", time = "2026-11-20T04:00:20Z", fields = { user = "root" } },
  },
  { line = "LEEF:1.0|Example|Audit", expect = false },
  { line = "CEF:0|Example|Audit|1|c|Configuration changed|2|suser=root", expect = false },
}

return M
