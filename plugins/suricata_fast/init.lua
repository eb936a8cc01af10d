--- Suricata's fast.log and Snort's alert_fast:
---   11/20/2026-04:00:16.120340  [**] [1:2010935:3] ET SCAN … [**] [Classification: …] [Priority: 2] {TCP} … -> …
--- As others read it: https://gist.github.com/tjnel/8834536167a30047aa02d41f46d94b22
--- Snort leaves out the year. Priority 1 is the gravest.

local M = {
  name = "suricata_fast",
  kind = "parser",
  api = 1,
  description = "Suricata fast.log and Snort alert_fast",
  match = [=[^\d\d/\d\d(?:/\d{4})?-\d\d:\d\d:\d\d\.\d{6} +(?:\[\w+\] +)?\[\*\*\] \[\d+:\d+:\d+\] ]=],
}

local entry = ailogger.regex(
  [=[^(?<month>\d\d)/(?<day>\d\d)(?:/(?<year>\d{4}))?-(?<clock>[^ ]++) ++(?:\[(?<action>\w++)\] ++)?\[\*\*\] \[]=] ..
  [=[(?<group>\d++):(?<id>\d++):(?<revision>\d++)\] "?]=] ..
  [=[(?<text>(?:[^\[" ]++|\[(?!\*\*\])|"(?! ?\[\*\*\])| (?!\[\*\*\]))*+)"? ?\[\*\*\]]=] ..
  [=[(?: \[Classification: (?:\(null\)|(?<class>[^\]]++))\])?(?: \[Priority: (?<priority>\d++)\])?]=] ..
  [=[(?: \[AppID: [^\]]++\])? \{(?<transport>[^}]++)\} (?<source>[\da-fA-F.]++|[\da-fA-F:.]*?)]=] ..
  [=[(?::(?<source_port>\d++))? -> (?<destination>[\da-fA-F.]++|[\da-fA-F:.]*?)(?::(?<destination_port>\d++))?$]=])

local levels = { ["1"] = "error", ["2"] = "warning" }

-- Eight groups are the whole of an IPv6 address; a ninth is the port, which the pattern can't tell from it.
local function endpoint(address, port)
  if port and address:find(":", 1, true) then
    local _, colons = address:gsub(":", "")
    if colons < 7 and not address:find("::", 1, true) then return address .. ":" .. port end
  end
  return address, port
end

function M.parse(line, event)
  local month, day, year, clock, action, group, id, revision, text, class, priority, transport, source, source_port,
    destination, destination_port = entry:captures(line)
  if not month then return false end
  local fields = event.fields
  source, source_port = endpoint(source, source_port)
  destination, destination_port = endpoint(destination, destination_port)

  event.time = year and ("%s-%s-%s %s"):format(year, month, day, clock) or ("%s-%s %s"):format(month, day, clock)
  event.component = "ids"
  event.message = text
  event.level = levels[priority] or "info"
  fields.action = action and action:lower()
  fields.id = ("%s:%s:%s"):format(group, id, revision)
  fields.category = class
  fields.priority = tonumber(priority)
  fields.transport = transport:lower()
  fields.source = source
  fields.source_port = tonumber(source_port)
  fields.destination = destination
  fields.destination_port = tonumber(destination_port)
end

M.samples = {
  {
    line = "11/20/2026-04:00:16.120340  [**] [1:2010935:3] ET SCAN Suspicious inbound to MSSQL port 1433 [**] [Classification: Potentially Bad Traffic] [Priority: 2] {TCP} 203.0.113.66:41022 -> 192.0.2.5:1433",
    expect = {
      level = "WARNING", component = "ids", time = "2026-11-20T04:00:16.120340Z",
      message = "ET SCAN Suspicious inbound to MSSQL port 1433",
      fields = {
        id = "1:2010935:3", category = "Potentially Bad Traffic", priority = 2, transport = "tcp",
        source = "203.0.113.66", source_port = 41022, destination = "192.0.2.5", destination_port = 1433,
      },
    },
  },
  {
    line = "11/20/2026-04:00:17.000001  [Drop] [**] [1:2034647:1] ET EXPLOIT Apache log4j RCE Attempt [**] [Classification: Attempted Administrator Privilege Gain] [Priority: 1] {TCP} 2001:0db8:0000:0000:0000:0000:0000:0066:41022 -> 2001:0db8:0000:0000:0000:0000:0000:0021:443",
    expect = {
      level = "ERROR",
      fields = {
        action = "drop", source = "2001:0db8:0000:0000:0000:0000:0000:0066", source_port = 41022,
        destination_port = 443,
      },
    },
  },
  {
    line = "11/20-04:00:18.500000  [**] [1:408:5] \"ICMP Echo Reply\" [**] [Classification: Misc activity] [Priority: 3] {ICMP} 198.51.100.7 -> 192.0.2.5",
    expect = { level = "INFO", message = "ICMP Echo Reply", fields = { source = "198.51.100.7", transport = "icmp" } },
  },
  {
    line = "11/20/2026-04:00:19.000000  [**] [1:0:0] test [x] rule [**] [Classification: (null)] [Priority: 3] {IPv6-ICMP} fe80:0000:0000:0000:0000:0000:0000:0001 -> ff02:0000:0000:0000:0000:0000:0000:0001",
    expect = {
      message = "test [x] rule",
      fields = { source = "fe80:0000:0000:0000:0000:0000:0000:0001", transport = "ipv6-icmp" },
    },
  },
  { line = "11/20/2026-04:00:16.120340  [**] [1:2010935:3] cut o", expect = false },
  { line = "11/20/2026 04:00:16 AM [**] restarted", expect = false },
}

return M
