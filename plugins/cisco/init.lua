--- Cisco's firewalls (ASA, FTD, PIX, FWSM), routers and switches (IOS, NX-OS) behind whatever time, host and counters
--- they or a syslog server put in front:
---   Nov 20 2026 04:00:18 fw1 : %ASA-4-106023: Deny tcp src outside:203.0.113.66/41022 dst inside:192.0.2.5/22 by …
---   000123: *Nov 20 04:00:18.120 UTC: %LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to down
--- An ASA may name the class of the message (%ASA-auth-4-113004); small switches have letters (%SNMP-W-SNMPAUTHFAIL).
--- The firewall's messages by severity: https://www.oreilly.com/library/view/cisco-asa-and/1587051583/1587051583_app02lev1sec4.html
--- and with samples: https://ossec.net/docs/log_samples/cisco/index.html

local M = {
  name = "cisco",
  kind = "parser",
  api = 1,
  description = "Cisco ASA, FTD, IOS and NX-OS system messages",
  match = [=[^[^%]{0,160}(?:%\$ VDC-\d+ %\$ )?%(?:(?:ASA|FTD|PIX|FWSM|[A-Z][A-Z\d_]*)(?:-[A-Z][A-Z\d_]*|-[a-z]+(?=-\d))?-[0-7]-[A-Z\d_][\w\-]*]=] ..
    [=[|[A-Z\d][A-Za-z\d_]*-[ACDEFINW]-[A-Z][A-Za-z\d_]{2,}): ]=],
}

local header = ailogger.regex(
  [=[^(?<front>[^%]*+)(?:%\$ VDC-\d++ %\$ )?%(?:(?<facility>[A-Z\d_]++(?:-[A-Z][A-Z\d_]*+)?)(?:-(?<class>[a-z]++))?]=] ..
  [=[-(?<severity>[0-7])-(?<id>[A-Z\d_][\w\-]*+)|(?<module>[A-Z\d][A-Za-z\d_]*+)-(?<letter>[ACDEFINW])-(?<name>[A-Z][A-Za-z\d_]++)): ]=] ..
  [=[(?<message>.*)]=])

-- What stands in front: a time, perhaps two, a host, sequence numbers. The device's own time is the last one.
local moment =
  [=[(?:[A-Z][a-z]{2} [ \d]?\d (?:\d{4} )?\d\d:\d\d:\d\d(?: [AP]M)?(?:\.\d++)?(?: [A-Z]{3,4}(?= ?:| ))?(?: \d{4}(?=:| ))?|]=] ..
  [=[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.\d+\-Z]|:(?=\d))*+|\d{4} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d++)?(?: [A-Z]{3,4}(?= ?:))?)]=]
local front = ailogger.regex(
  [=[^(?:<\d{1,3}> ?)?(?:: )?(?:\d++: )?[*.]?(?<time>]=] .. moment .. [=[)?:? ?]=] ..
  [=[(?:(?<host>[\da-f]{1,4}(?::[\da-f]{0,4}){2,8}?(?=: )|(?![*.]|\d++: )[^ :]++(?::[^ :]++)*+):? ?)?(?:: )?]=] ..
  [=[(?:(?<device>[A-Za-z][\w.\-]*+): (?=\d++: [*.]?(?:[A-Z]|\d{4} )))?(?:\d++: )*+(?:\*[A-Za-z][\w.\-]*+: )?(?:[*.]?(?<own>]=] .. moment .. [=[))?]=])

local numbered = ailogger.regex([=[^(?:<\d{1,3}> ?)?\d++: [*.]?[A-Z][a-z]{2} [ \d]?\d (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d++)? [A-Z]++: $]=])

-- RFC 5424, as a relay writes it before the device's own line.
local relayed = ailogger.regex(
  [=[^<\d{1,3}>(?:Original Address=[^ ]++ )?1 (?<time>\d{4}-\d\d-\d\dT[\d:.]++(?:Z|[+-]\d\d:\d\d)) (?<host>[^ ]++) ]=] ..
  [=[[^ ]++ [^ ]++ [^ ]++ (?:- )?(?<rest>.*)]=])

-- src zone:address/port … dst zone:address/port, in the words of the various messages.
local flow = ailogger.regex(
  [=[(?:^|[ (])(?:(?<transport>[A-Za-z]{2,6}) )?(?:(?:connection )?\d*+ ?)?(?:\([^)]*+\) )?]=] ..
  [=[(?:src|from|for|permitted \w++|denied \w++)[: ](?:(?![\da-f]{1,4}:[\da-f]{0,4}:)(?<zone>[A-Za-z][\w.\-]*+)]=] ..
  [=[[:/])?(?<source>[\da-f.]++|[\da-f]*+:[\da-f:.]++)(?:[/(](?<source_port>\d++)\)?)?+(?: ?\([^)]*+\))*+ (?:dst|]=] ..
  [=[to|->)[: ]?(?: ?(?![\da-f]{1,4}:[\da-f]{0,4}:)(?<zone_out>[A-Za-z][\w.\-]*+)[:/])? ?(?<destination>]=] ..
  [=[[\da-f.]++|[\da-f]*+:[\da-f:.]++)(?:[/(](?<destination_port>\w++)\)?)?+]=])

local access_list = ailogger.regex([=[(?:access-group "|access-list )(?<rule>[^ "]++)]=])
local teardown = ailogger.regex(
  [=[ duration (?<hours>\d++):(?<minutes>\d\d):(?<seconds>\d\d)(?: bytes (?<bytes>\d++))?]=])
local user = ailogger.regex([=[(?:(?:^|[^r])[Uu]ser ?= ?|[Uu]sername ?= ?|\b[Uu]ser )(?:"|')?(?<user>(?!has\b|authentication\b)[\w.\\@\-]++)]=])
local interface = ailogger.regex(
  [=[^(?:Interface|Line protocol on Interface) (?<name>[^ ,]++), changed state to (?:administratively )?]=] ..
  [=[(?<state>\w++)]=])

-- Names of FTD's events of connections, intrusions, files and malware (430001 to 430005) that this project has names for.
local event_names = {
  SrcIP = "source", SrcPort = "source_port", DstIP = "destination", DstPort = "destination_port", Protocol = "transport",
  IngressInterface = "interface", EgressInterface = "interface_out", IngressZone = "zone", EgressZone = "zone_out",
  AccessControlRuleName = "rule", AccessControlRuleAction = "action", AccessControlRuleReason = "reason",
  FileAction = "action", InlineResult = "action", InitiatorBytes = "bytes_sent", ResponderBytes = "bytes_received",
  InitiatorPackets = "packets_sent", ResponderPackets = "packets_received", ConnectionDuration = "duration",
  ApplicationProtocol = "application", URL = "path", URI = "path", UserAgent = "agent", DNSQuery = "query",
  ThreatName = "threat", Message = "signature", Classification = "category",
}

local event_numbers = {
  SrcPort = true, DstPort = true, InitiatorBytes = true, ResponderBytes = true, InitiatorPackets = true,
  ResponderPackets = true, ConnectionDuration = true,
}

-- A value may hold commas; the next name is a word in capitals and small letters before a colon.
local event_pair = ailogger.regex([=[\G(?:, *+)?(?<name>[A-Z][\w ]{1,40}?): (?<value>(?:[^,]|,(?! *+[A-Z][\w ]{1,40}?: ))*+)]=])

-- They are all of severity 1, or what the administrator chose, even for what was let through.
local function read_event(id, message, fields)
  local worst, at = id == "430001" and "error" or "info", 1
  while true do
    local name, value = event_pair:captures(message, at)
    if not name then break end
    at = at + #message:match("^,? *", at) + #name + 2 + #value
    local shown = event_names[name]
    if shown and value ~= "" then
      if name == "Protocol" then value = value:lower() end
      fields[shown] = event_numbers[name] and tonumber(value) or value
    end
    if (name == "AccessControlRuleAction" or name == "FileAction") and value:find("Block", 1, true) or
      name == "AccessControlRuleAction" and value:find("Reset", 1, true) or name == "FileAction" and value:find("Malware", 1, true) or
      name == "IPReputationSICategory" or name == "AccessControlRuleReason" and value:find("Block", 1, true) then
      if worst == "info" then worst = "warning" end
    end
  end
  return worst
end

local levels = {
  ["0"] = "critical", ["1"] = "critical", ["2"] = "critical", ["3"] = "error", ["4"] = "warning", ["5"] = "info",
  ["6"] = "info", ["7"] = "debug",
  A = "critical", C = "critical", F = "critical", E = "error", W = "warning", N = "info", I = "info", D = "debug",
}

local actions = {
  { "^Deny", "deny" }, { "^Built", "built" }, { "^Teardown", "teardown" }, { " denied ", "deny" },
  { " permitted ", "permit" },
  { "^Denied", "deny" }, { "^Dropp", "drop" },
}

local function read_firewall(message, fields)
  local transport, zone, source, source_port, zone_out, destination, destination_port = flow:captures(message)
  if source then
    fields.transport = transport and transport:lower()
    fields.zone = zone
    fields.source = source
    fields.source_port = tonumber(source_port)
    fields.zone_out = zone_out
    fields.destination = destination
    fields.destination_port = tonumber(destination_port) or destination_port
  end
  for _, action in ipairs(actions) do
    if message:find(action[1]) then
      fields.action = action[2]
      break
    end
  end
  fields.rule = access_list:captures(message)
  local hours, minutes, seconds, bytes = teardown:captures(message)
  if hours then
    fields.duration = tonumber(hours) * 3600 + tonumber(minutes) * 60 + tonumber(seconds)
    fields.bytes = tonumber(bytes)
  end
end

function M.parse(line, event)
  local before, facility, class, severity, id, module, letter, name, message = header:captures(line)
  if not before then return false end
  facility, severity, id = facility or module, severity or letter, id or name
  local received, relay, rest = relayed:captures(before)
  local time, host, device, own = front:captures(rest or before)
  -- Behind a sequence number and a time stands the name of the zone, also one that nobody knows.
  if host and not own and numbered:test(rest or before) then host = nil end
  local fields = event.fields
  if host then
    fields.relay = relay
  else
    host = relay
  end
  -- The device's clock counts, but a year is worth more than a clock.
  received = received or time
  if not own or received and received:find("%d%d%d%d") and not own:find("%d%d%d%d") then
    time = received
  else
    time = own
  end

  -- NX-OS puts the year first: 2026 Nov 20 04:00:18. Unified Communications Manager writes 04:00:18 PM.120.
  event.time = time and time:gsub("^(%d%d%d%d) (%a%a%a %s?%d+) ", "%2 %1 "):gsub("( [AP]M)(%.%d+)", "%2%1")
  event.component = facility
  event.message = message
  event.level = levels[severity]
  fields.host = device or host
  fields.id = id
  fields.category = class
  fields.severity = tonumber(severity) or severity
  if id:find("^43000[1-5]$") then
    event.level = read_event(id, message, fields)
  elseif id:find("^%d+$") then
    read_firewall(message, fields)
  end
  fields.user = user:captures(message)
  local port, state = interface:captures(message)
  if port then
    fields.interface = port
    fields.state = state
  end
end

M.samples = {
  {
    line = "<189>4711: Nov 20 2026 04:00:18.120 ESTIMATE: %SESSION_MGR-5-FAIL: Authorization failed for client (0050.5600.0001)",
    expect = {
      level = "INFO", component = "SESSION_MGR", time = "2026-11-20T04:00:18.120Z",
    },
  },
  {
    line = '<164>Nov 20 2026 04:00:18 fw1 : %ASA-4-106023: Deny tcp src outside:203.0.113.66/41022 dst inside:192.0.2.5/22 by access-group "outside_in" [0x0, 0x0]',
    expect = {
      level = "WARNING", component = "ASA", time = "2026-11-20T04:00:18Z",
      message = 'Deny tcp src outside:203.0.113.66/41022 dst inside:192.0.2.5/22 by access-group "outside_in" [0x0, 0x0]',
      fields = {
        host = "fw1", id = "106023", severity = 4, action = "deny", transport = "tcp", zone = "outside",
        source = "203.0.113.66", source_port = 41022, zone_out = "inside", destination = "192.0.2.5",
        destination_port = 22, rule = "outside_in",
      },
    },
  },
  {
    line = "Nov 20 04:00:48 192.0.2.1 %ASA-6-302014: Teardown TCP connection 4711 for outside:198.51.100.7/51512 to inside:192.0.2.21/443 duration 0:00:30 bytes 5421 TCP FINs",
    expect = {
      level = "INFO",
      fields = {
        action = "teardown", transport = "tcp", source = "198.51.100.7", destination_port = 443, duration = 30,
        bytes = 5421, host = "192.0.2.1",
      },
    },
  },
  {
    line = "2026-11-20T04:00:19Z fw1 : %FTD-6-106100: access-list outside_in denied udp outside/203.0.113.66(5353) -> inside/192.0.2.5(53) hit-cnt 1 first hit [0x1, 0x0]",
    expect = {
      level = "INFO", time = "2026-11-20T04:00:19Z",
      fields = {
        action = "deny", rule = "outside_in", source = "203.0.113.66", source_port = 5353, destination_port = 53,
        zone = "outside",
      },
    },
  },
  {
    line = '%ASA-6-605005: Login permitted from 192.0.2.9/51000 to inside:192.0.2.1/ssh for user "anna"',
    expect = {
      level = "INFO",
      fields = { user = "anna", source = "192.0.2.9", destination_port = "ssh", destination = "192.0.2.1" },
    },
  },
  {
    line = "Nov 20 04:00:20 sw1 000123: *Nov 20 04:00:19.120 UTC: %LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet0/1, changed state to down",
    expect = {
      level = "INFO", component = "LINEPROTO",
      fields = { host = "sw1", id = "UPDOWN", interface = "GigabitEthernet0/1", state = "down" },
    },
  },
  {
    line = "2026 Nov 20 04:00:21.500 core2: %ETHPORT-5-IF_DOWN_LINK_FAILURE: Interface Ethernet1/7 is down (Link failure)",
    expect = {
      level = "INFO", time = "2026-11-20T04:00:21.500Z", component = "ETHPORT",
      fields = { host = "core2", id = "IF_DOWN_LINK_FAILURE" },
    },
  },
  {
    line = "*Mar  1 00:00:42.123: %SYS-2-MALLOCFAIL: Memory allocation of 65536 bytes failed from 0x60A1B2C4",
    expect = { level = "CRITICAL", component = "SYS", fields = { id = "MALLOCFAIL", severity = 2 } },
  },
  {
    line = ": 2026 Nov 20 04:00:22 UTC: %$ VDC-1 %$ %PLATFORM-2-PS_FAIL: Power supply 1 failed or shut down",
    expect = {
      level = "CRITICAL", component = "PLATFORM", time = "2026-11-20T04:00:22Z", message = "Power supply 1 failed or shut down",
      fields = { id = "PS_FAIL" },
    },
  },
  {
    line = "<190>Nov 20 04:00:23 192.0.2.3 sw3: 3132779: Nov 20 2026 04:00:22.398 UTC: %SYS-5-CONFIG_I: Configured from console by anna",
    expect = { level = "INFO", time = "2026-11-20T04:00:22.398Z", fields = { host = "sw3" } },
  },
  {
    line = "<190>3132783: 2001:db8::: 3132779: Nov 20 2026 04:00:22.398 UTC: %SYS-5-CONFIG_I: Configured from console by anna",
    expect = { time = "2026-11-20T04:00:22.398Z", fields = { host = "2001:db8::" } },
  },
  {
    line = "<179>wlc1: *Dot1x_NW_MsgTask_0: Nov 20 2026 04:00:24.123: %DOT1X-3-INVALID_REPLAY_CTR: 1x_eapkey.c:458 Invalid replay counter",
    expect = { level = "ERROR", component = "DOT1X", time = "2026-11-20T04:00:24.123Z", fields = { host = "wlc1" } },
  },
  {
    line = "<187>: 2026 Nov 20 04:00:25 UTC : %LOG_LOCAL7-3-SYSTEM_MSG: 6% of packets were received in excess",
    expect = { level = "ERROR", time = "2026-11-20T04:00:25Z", message = "6% of packets were received in excess" },
  },
  {
    line = "Nov 20 04:00:26 fw1.example.com : Nov 20 04:00:26 EST: %ASA-auth-4-113004: AAA user authentication Successful : server = aaa1 : user = anna",
    expect = {
      level = "WARNING", component = "ASA",
      message = "AAA user authentication Successful : server = aaa1 : user = anna",
      fields = { host = "fw1.example.com", id = "113004", category = "auth", user = "anna" },
    },
  },
  {
    line = "<188>%SNMP-W-SNMPAUTHFAIL: Access attempted by unauthorized NMS 192.0.2.9",
    expect = { level = "WARNING", component = "SNMP", fields = { id = "SNMPAUTHFAIL", severity = "W" } },
  },
  {
    line = "<190>Original Address=192.0.2.4 1 2026-11-20T04:00:27.168Z relay1 Kiwi_SyslogNet_Server 3356 MSGOUT sw4: *Nov 20 03:39:38.534: %SYS-6-LOGOUT: User anna has exited tty session 1(192.0.2.9)",
    expect = { level = "INFO", time = "2026-11-20T04:00:27.168Z", fields = { host = "sw4", relay = "relay1", user = "anna" } },
  },
  {
    line = "2026-11-20T04:00:28Z ftd1  %FTD-1-430003: AccessControlRuleAction: Allow, SrcIP: 192.0.2.21, DstIP: 192.0.2.53, SrcPort: 57379, DstPort: 53, Protocol: udp, IngressInterface: inside, AccessControlRuleName: names, User: No Authentication Required, UserAgent: Mozilla/5.0 (KHTML, like Gecko), ConnectionDuration: 3, InitiatorBytes: 93, DNSResponseType: Server Failure",
    expect = {
      level = "INFO", component = "FTD", time = "2026-11-20T04:00:28Z",
      fields = {
        host = "ftd1", severity = 1, source = "192.0.2.21", source_port = 57379, destination_port = 53, transport = "udp",
        action = "Allow", rule = "names", interface = "inside", agent = "Mozilla/5.0 (KHTML, like Gecko)", duration = 3, bytes_sent = 93,
      },
    },
  },
  {
    line = "<113>2026-11-20T04:00:29Z   %FTD-1-430005: SrcIP: 192.0.2.21, DstIP: 203.0.113.9, SrcPort: 46004, DstPort: 80, Protocol: tcp, FileDirection: Download, FileAction: Malware Block, ThreatName: Win.Test::95, URI: http://203.0.113.9/a,b.zip",
    expect = { level = "WARNING", fields = { action = "Malware Block", threat = "Win.Test::95", path = "http://203.0.113.9/a,b.zip" } },
  },
  {
    line = "<189>8103: cucm1: Nov 20 2026 04:00:30 PM.484 UTC :  %UC_AUDITLOG-5-AdministrativeEvent: %[ UserID =anna][ClientAddress =192.0.2.9]: Audit Event is generated by this application",
    expect = {
      level = "INFO", component = "UC_AUDITLOG", time = "2026-11-20T16:00:30.484Z", fields = { host = "cucm1", id = "AdministrativeEvent" },
    },
  },
  {
    line = "<111> Nov 20 04:00:31 core1 %MODULE-5-MOD_OK: Module 1 is online",
    expect = { level = "INFO", component = "MODULE", fields = { host = "core1" } },
  },
  {
    line = "<166>2026-11-20T04:00:32Z leaf1.example.com Acl: 100: %ACL-6-IPACCESS: list internet Ethernet1 denied tcp 203.0.113.66(63751) -> 192.0.2.5(445)",
    expect = { component = "ACL", time = "2026-11-20T04:00:32Z", fields = { host = "leaf1.example.com", id = "IPACCESS" } },
  },
  { line = "Nov 20 04:00:18 db1 kept 20%A-I-Bx: of all", expect = false },
  { line = "Nov 20 04:00:18 fw1 ASA-4-106023: Deny tcp src outside", expect = false },
  { line = "Nov 20 04:00:18 db1 disk 97%-4-full: /var", expect = false },
}

return M
