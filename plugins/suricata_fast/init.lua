--- Suricata's fast.log, Snort's alert_fast and the rows of its alert_csv, which on pfSense end with class and priority:
---   11/20/2026-04:00:16.120340  [**] [1:2010935:3] ET SCAN … [**] [Classification: …] [Priority: 2] {TCP} … -> …
---   11/20/26-04:00:16.120340 ,1,2010935,3,"ET SCAN …",TCP,203.0.113.66,41022,192.0.2.5,1433,54321,Misc Attack,2,alert,Allow
--- As others read it: https://gist.github.com/tjnel/8834536167a30047aa02d41f46d94b22
--- Snort leaves out the year. Priority 1 is the gravest.

local M = {
  name = "suricata_fast",
  kind = "parser",
  api = 1,
  description = "Suricata fast.log and Snort alert_fast",
  match = [=[^\d\d/\d\d(?:/(?:\d\d){1,2})?-\d\d:\d\d:\d\d\.\d{6} *(?: (?:\[\w+\] +)?\[\*\*\] \[\d+:\d+:\d+\] |,\d+,\d+,\d+,)]=],
}

local entry = ailogger.regex(
  [=[^(?<month>\d\d)/(?<day>\d\d)(?:/(?<year>\d{4}|\d\d))?-(?<clock>[^ ]++) ++(?:\[(?<action>\w++)\] ++)?\[\*\*\] \[]=] ..
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

local row = ailogger.regex([=[^(?<month>\d\d)/(?<day>\d\d)(?:/(?<year>\d{4}|\d\d))?-(?<clock>[\d:.]++) *+,(?<rest>.*)]=])

local function set_time(event, month, day, year, clock)
  if year and #year == 2 then year = "20" .. year end
  event.time = year and ("%s-%s-%s %s"):format(year, month, day, clock) or ("%s-%s %s"):format(month, day, clock)
end

local function given(value)
  if value ~= "" then return value end
end

local function parse_row(line, event)
  local month, day, year, clock, rest = row:captures(line)
  if not month then return false end
  local cells, fields = ailogger.csv.parse(rest), event.fields
  if not cells[9] or not cells[1]:find("^%d+$") then return false end
  set_time(event, month, day, year, clock)
  event.component = "ids"
  event.message = cells[4]
  fields.id = table.concat({ cells[1], cells[2], cells[3] }, ":")
  fields.transport = cells[5]:lower()
  fields.source, fields.source_port = cells[6], tonumber(cells[7])
  fields.destination, fields.destination_port = cells[8], tonumber(cells[9])
  -- pfSense's: number of the packet, class, priority, kind, what was done.
  local priority = #cells <= 15 and cells[12] and cells[12]:match("^%d$")
  event.level = levels[priority] or "info"
  if priority then
    fields.category, fields.priority, fields.action = given(cells[11]), tonumber(priority), given((cells[14] or ""):lower())
  end
end

function M.parse(line, event)
  local month, day, year, clock, action, group, id, revision, text, class, priority, transport, source, source_port,
    destination, destination_port = entry:captures(line)
  if not month then return parse_row(line, event) end
  local fields = event.fields
  source, source_port = endpoint(source, source_port)
  destination, destination_port = endpoint(destination, destination_port)

  set_time(event, month, day, year, clock)
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
    line = '11/03/26-04:00:16.428952 ,1,1000488,7,"SHOP known bad addresses, group 5",TCP,203.0.113.66,36847,192.0.2.5,91,54321,Misc Attack,2,alert,Allow',
    expect = {
      level = "WARNING", component = "ids", time = "2026-11-03T04:00:16.428952Z", message = "SHOP known bad addresses, group 5",
      fields = {
        id = "1:1000488:7", transport = "tcp", source = "203.0.113.66", source_port = 36847, destination = "192.0.2.5",
        destination_port = 91, category = "Misc Attack", priority = 2, action = "allow",
      },
    },
  },
  {
    line = '11/20-04:00:18.120331 ,1,1000007,2,"SHOP ping",ICMP,192.0.2.7,,192.0.2.9,,02:00:5E:00:53:07,02:00:5E:00:53:09,0x62,,,,,,64,0,37607,84,86016,8,0,83,1',
    expect = { level = "INFO", message = "SHOP ping", fields = { id = "1:1000007:2", transport = "icmp", source = "192.0.2.7" } },
  },
  { line = "11/20-04:00:18.120331 ,1,2,3,too short", expect = false },
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
