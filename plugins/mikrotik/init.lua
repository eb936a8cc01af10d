--- MikroTik RouterOS: topics, then the message. On the device a date stands in front, which up to version 7.10 begins with
--- the month, and is left out on the day itself; over syslog it is the receiver's header.
---   nov/20/2026 04:00:18 system,error,critical login failure for user admin from 203.0.113.66 via ssh

local M = {
  name = "mikrotik",
  kind = "parser",
  api = 1,
  description = "MikroTik RouterOS",
  match = [=[^(?:<\d+> ?)? ?(?:(?:[A-Za-z]{3}/\d\d(?:/\d{4})? |\d{4}-\d\d-\d\d |\d\d-\d\d )?\d\d:\d\d:\d\d |]=] ..
    [=[[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d [^ ]+ |\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d) [^ ]+ )(?:echo: )?(?:[A-Z][\w\-]*: )?]=] ..
    [=[(?:system|firewall|dhcp|interface|wireless|caps|account|script|ppp|pppoe|l2tp|pptp|sstp|ovpn|ipsec|ike2|]=] ..
    [=[wireguard|route|bgp|ospf|dns|ntp|hotspot|radius|snmp|web-proxy|certificate|container|health|backup|watchdog|]=] ..
    [=[netwatch|bridge|lte|e-mail|upnp|manager|info|warning|error|critical)(?:,[a-z\d!\-]+)+ [^ ]]=],
}

local entry = ailogger.regex(
  [=[^(?:<\d++> ?+)? ?(?:(?<month>[A-Za-z]{3})/(?<day>\d\d)(?:/(?<year>\d{4}))? (?<clock>[\d:]{8})|]=] ..
  [=[(?<time>(?:\d{4}-\d\d-\d\d |\d\d-\d\d |[A-Z][a-z]{2} [ \d]\d )?[\d:]{8}|\d{4}-\d\d-\d\dT[\d:.]++(?:Z|[+-]\d\d:\d\d))) ]=] ..
  [=[(?:echo: )?(?:(?!(?:[a-z\-\d]++,)+[a-z]|system |firewall )(?<host>[^ ,]++) )?(?:(?<prefix>[A-Z][\w\-]*+): )?]=] ..
  [=[(?<topics>[a-z\d!,\-]++) (?<message>.*)]=])
local packet = ailogger.regex(
  [=[(?:^|^(?<rule>\S+(?: \S+)?) )(?<chain>input|forward|output|srcnat|dstnat|prerouting|postrouting): in:(?<in>[^ ,]++) ]=] ..
  [=[out:(?<out>\([^)]*\)|[^ ,]++),.*? proto (?<transport>[A-Za-z\d]++)(?: \((?<flags>[A-Z,]++)\))?.*?, ]=] ..
  [=[\[?(?<source>[\da-f.:]*?[\da-f])\]?(?::(?<sport>\d++))?->\[?(?<destination>[\da-f.:]*?[\da-f])\]?(?::(?<dport>\d++))?(?:,|$)]=])
local user = ailogger.regex([=[\buser (?<user>\S++) .*?\bfrom (?<client>[\da-fA-F.:]++)]=])

-- The gravest topic says how grave it is.
local grave = { { "critical", "critical" }, { "error", "error" }, { "warning", "warning" }, { "info", "info" }, { "debug", "debug" } }

function M.parse(line, event)
  local month, day, year, clock, time, host, prefix, topics, message = entry:captures(line)
  if not topics then return false end
  local fields = event.fields
  if month then time = ("%s %s %s%s"):format(month:sub(1, 1):upper() .. month:sub(2), day, year and year .. " " or "", clock) end
  -- What names no year is completed by the engine.
  event.time = (year or time:find("^%d%d%d%d%-")) and ailogger.time.parse(time) or time
  local has = "," .. topics .. ","
  for _, pair in ipairs(grave) do
    if has:find("," .. pair[1] .. ",", 1, true) then
      event.level = pair[2]
      break
    end
  end
  event.component = topics:match("^[^,]+")
  event.message = message
  fields.host = host
  fields.prefix = prefix
  fields.topics = topics
  if has:find(",firewall,", 1, true) then
    local rule, chain, inside, out, transport, flags, source, sport, destination, dport = packet:captures(message)
    if chain then
      fields.rule, fields.chain, fields.flags = rule, chain, flags
      if inside ~= "(none)" then fields.interface = inside:match("^[^(]+") or inside end
      if out:byte() ~= 0x28 then fields.interface_out = out end
      fields.transport = transport:lower()
      fields.source, fields.source_port = source, tonumber(sport)
      fields.destination, fields.destination_port = destination, tonumber(dport)
    end
  else
    fields.user, fields.client = user:captures(message)
  end
end

M.samples = {
  {
    line = "nov/20/2026 04:00:18 system,error,critical login failure for user admin from 203.0.113.66 via ssh",
    expect = {
      level = "CRITICAL", component = "system", time = "2026-11-20T04:00:18Z",
      message = "login failure for user admin from 203.0.113.66 via ssh",
      fields = { topics = "system,error,critical", user = "admin", client = "203.0.113.66" },
    },
  },
  {
    line = "<134>Nov 20 04:00:18 gw1 firewall,info drop-in input: in:ether1 out:(unknown 0), connection-state:new src-mac 02:00:5e:00:53:01, proto TCP (SYN), 203.0.113.66:41022->192.0.2.1:22, len 60",
    expect = {
      level = "INFO", component = "firewall",
      fields = {
        host = "gw1", rule = "drop-in", chain = "input", interface = "ether1", transport = "tcp", flags = "SYN",
        source = "203.0.113.66", source_port = 41022, destination = "192.0.2.1", destination_port = 22,
      },
    },
  },
  {
    line = " 2026-11-20 04:00:19 interface,info ether1 link down",
    expect = { level = "INFO", component = "interface", message = "ether1 link down", time = "2026-11-20T04:00:19Z" },
  },
  {
    line = "2026-11-20T04:00:20.734011+01:00 gw1 system,error,critical login failure for user admin from 203.0.113.66 via winbox",
    expect = { level = "CRITICAL", time = "2026-11-20T03:00:20.734011Z", fields = { host = "gw1", user = "admin" } },
  },
  { line = "04:00:19 server started", expect = false },
}

return M
