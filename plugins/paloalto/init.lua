--- Logs of Palo Alto Networks' firewalls as PAN-OS sends them: comma-separated, behind a syslog header or bare. Which
--- column is what depends on the fourth: TRAFFIC, THREAT, SYSTEM, CONFIG; of other types the head alone is read.
--- The columns: https://www.paloaltonetworks.com/documentation/80/pan-os/pan-os/monitoring/syslog-field-descriptions

local M = {
  name = "paloalto",
  kind = "parser",
  api = 1,
  description = "Palo Alto Networks PAN-OS logs",
  match = [=[^(?:[^,]{0,120} )?\d,\d{4}/\d\d/\d\d \d\d:\d\d:\d\d,[\dA-Z]*,(?:TRAFFIC|THREAT|SYSTEM|CONFIG]=] ..
    [=[|HIPMATCH|HIP-MATCH|GLOBALPROTECT|USERID|AUTHENTICATION|DECRYPTION|CORRELATION|GTP|SCTP|IPTAG|TUNNEL),]=],
}

local header = ailogger.regex(
  [=[^(?:<\d++> ?+)?(?:1 )?(?:(?:[A-Z][a-z]{2} [ \d]?\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[^ ]++) )?(?:(?<host>[^ ,]++) ]=] ..
  [=[(?:[^,]*? )?)?\d,(?<csv>\d{4}/.*)]=])

-- Column numbers, counted from the time of receipt.
local session = {
  [7] = "source", [8] = "destination", [9] = "nat_source", [10] = "nat_destination", [11] = "rule", [12] = "user",
  [13] = "destination_user", [14] = "application", [15] = "vsys", [16] = "zone", [17] = "zone_out", [18] = "interface",
  [19] = "interface_out", [22] = "session", [24] = "source_port", [25] = "destination_port", [26] = "nat_source_port",
  [27] = "nat_destination_port", [29] = "transport", [30] = "action",
}

local columns = {
  TRAFFIC = {
    [31] = "bytes", [32] = "bytes_sent", [33] = "bytes_received", [34] = "packets", [36] = "duration",
    [37] = "category",
    [44] = "packets_sent", [45] = "packets_received", [46] = "reason",
  },
  THREAT = { [31] = "path", [32] = "threat", [33] = "category", [34] = "severity", [35] = "direction" },
  SYSTEM = { [7] = "vsys", [8] = "event", [9] = "object", [12] = "module", [13] = "severity" },
  CONFIG = {
    [7] = "client", [8] = "vsys", [9] = "method", [10] = "user", [11] = "application", [12] = "result", [13] = "path",
  },
}
for _, kind in ipairs { "TRAFFIC", "THREAT" } do
  for number, name in pairs(session) do columns[kind][number] = name end
end
local last = 46

local numeric = {
  source_port = true, destination_port = true, nat_source_port = true, nat_destination_port = true, session = true,
  bytes = true, bytes_sent = true, bytes_received = true, packets = true, packets_sent = true, packets_received = true,
  duration = true,
}

local by_severity = { informational = "info", low = "info", medium = "warning", high = "error", critical = "critical" }

-- All columns that have names, in one go; a quote within quotes is doubled.
local column = [=[("(?:[^"]|"")*+"|[^,"]*+)]=]
local csv_line = ailogger.regex("^" .. column .. ("(?:," .. column):rep(last - 1) .. (")?+"):rep(last - 1))

local function split(text)
  local list = { csv_line:captures(text) }
  if text:find('"', 1, true) then
    for number = 1, last do
      local value = list[number]
      if value and value:byte() == 0x22 then list[number] = value:sub(2, -2):gsub('""', '"') end
    end
  end
  return list
end

local function endpoint(address, port)
  return port and port ~= "0" and address .. ":" .. port or address
end

local texts = {
  TRAFFIC = function(list)
    return ("%s %s %s -> %s (%s)"):format(
      list[30], list[29], endpoint(list[7], list[24]), endpoint(list[8], list[25]), list[14])
  end,
  THREAT = function(list)
    return ("%s %s %s -> %s: %s"):format(
      list[30], list[4], endpoint(list[7], list[24]), endpoint(list[8], list[25]), list[32])
  end,
  SYSTEM = function(list) return list[14] end,
  CONFIG = function(list) return ("%s by %s: %s %s"):format(list[9], list[10], list[12], list[13]) end,
}

local function level_of(kind, list)
  local level = columns[kind] and columns[kind][34] == "severity" and by_severity[list[34]]
    or kind == "SYSTEM" and by_severity[list[13]]
  if level then return level end
  if kind == "TRAFFIC" and list[30] ~= "allow" then return "warning" end
  if kind == "CONFIG" and list[12] ~= "Succeeded" and list[12] ~= "Submitted" then return "warning" end
  return "info"
end

function M.parse(line, event)
  local host, csv = header:captures(line)
  if not csv then return false end
  local list = split(csv)
  local kind = list[3]
  local names = columns[kind]
  -- A line that ends before what its type needs was cut off.
  if names and not list[names[30] and 30 or 13] then return false end
  local fields = event.fields

  event.time = list[6] and list[6]:find("^%d%d%d%d/%d%d/%d%d %d%d:%d%d:%d%d$") and list[6] or list[1]
  event.component = "pan-os"
  event.level = level_of(kind, list)
  fields.host = host
  fields.serial = list[2]
  fields.type = kind
  fields.subtype = list[4]
  if not names then
    event.message = kind .. " " .. list[4]
    return
  end
  event.message = texts[kind](list)
  for number = 7, last do
    local name, value = names[number], list[number]
    if name and value and value ~= "" and value ~= "0.0.0.0" then
      value = numeric[name] and tonumber(value) or value
      if value ~= 0 or not name:find("^nat_") then fields[name] = value end
    end
  end
end

M.samples = {
  {
    line = "Nov 20 04:00:18 fw1 1,2026/11/20 04:00:18,001801010877,TRAFFIC,end,2561,2026/11/20 04:00:17,198.51.100.7,192.0.2.21,0.0.0.0,0.0.0.0,web-in,,,ssl,vsys1,untrust,dmz,ethernet1/1,ethernet1/2,to-siem,2026/11/20 04:00:17,33960,1,51512,443,0,0,0x400064,tcp,allow,9144,2048,7096,31,2026/11/20 03:59:47,30,any,0,5971,0x0,US,DE,0,15,16,tcp-fin,0,0,0,0,,fw1,from-policy",
    expect = {
      level = "INFO", component = "pan-os", time = "2026-11-20T04:00:17Z",
      message = "allow tcp 198.51.100.7:51512 -> 192.0.2.21:443 (ssl)",
      fields = {
        host = "fw1", serial = "001801010877", type = "TRAFFIC", subtype = "end", source = "198.51.100.7",
        source_port = 51512, destination = "192.0.2.21", destination_port = 443, rule = "web-in", application = "ssl",
        zone = "untrust", zone_out = "dmz", interface = "ethernet1/1", session = 33960, transport = "tcp",
        action = "allow", bytes = 9144, bytes_sent = 2048, packets = 31, duration = 30, reason = "tcp-fin",
      },
    },
  },
  {
    line = "1,2026/11/20 04:00:19,001801010877,TRAFFIC,deny,2561,2026/11/20 04:00:19,203.0.113.66,192.0.2.5,0.0.0.0,0.0.0.0,default-deny,,,not-applicable,vsys1,untrust,trust,ethernet1/1,,to-siem,2026/11/20 04:00:19,0,1,41022,22,0,0,0x0,tcp,deny,60,60,0,1,2026/11/20 04:00:19,0,any,0,5972,0x0,US,DE,0,1,0,policy-deny",
    expect = {
      level = "WARNING", message = "deny tcp 203.0.113.66:41022 -> 192.0.2.5:22 (not-applicable)",
      fields = { reason = "policy-deny" },
    },
  },
  {
    line = '<12>Nov 20 04:00:20 fw1 1,2026/11/20 04:00:20,001801010877,THREAT,vulnerability,2561,2026/11/20 04:00:20,203.0.113.66,192.0.2.21,0.0.0.0,0.0.0.0,web-in,,,web-browsing,vsys1,untrust,dmz,ethernet1/1,ethernet1/2,to-siem,2026/11/20 04:00:20,33961,1,41030,80,0,0,0x0,tcp,reset-both,"shop.example.com/?q=a,b ""c""",Apache Log4j Remote Code Execution(91991),any,critical,client-to-server,5973,0x0,US,DE,0,,0',
    expect = {
      level = "CRITICAL",
      message = "reset-both vulnerability 203.0.113.66:41030 -> 192.0.2.21:80: Apache Log4j Remote Code Execution(91991)",
      fields = { path = 'shop.example.com/?q=a,b "c"', severity = "critical", direction = "client-to-server" },
    },
  },
  {
    line = '1,2026/11/20 04:00:21,001801010877,SYSTEM,general,0,2026/11/20 04:00:21,,general,,0,0,general,high,"Disk usage for / exceeds limit, 96 percent in use",5974,0x0',
    expect = {
      level = "ERROR", message = "Disk usage for / exceeds limit, 96 percent in use",
      fields = { module = "general", event = "general" },
    },
  },
  {
    line = "1,2026/11/20 04:00:22,001801010877,CONFIG,0,0,2026/11/20 04:00:22,192.0.2.9,,set,admin,Web,Failed, vsys vsys1 rulebase security rules web-in,5975,0x0",
    expect = { level = "WARNING", fields = { user = "admin", client = "192.0.2.9", result = "Failed" } },
  },
  { line = "1,2026/11/20 04:00:18,001801010877,TRAFFIC,end,2561,2026/11/20 04:00:17,198.51.100.7", expect = false },
  { line = "1,2026/11/20 04:00:18,001801010877,ORDER,end,2561", expect = false },
}

return M
