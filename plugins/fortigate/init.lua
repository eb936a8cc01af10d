--- Logs of Fortinet's FortiGate, FortiManager, FortiProxy, FortiDDoS and FortiMail, from their disks or behind a syslog header: key=value,
--- texts in quotes, between spaces; FortiMail puts commas.
--- The keys: https://www.scribd.com/document/517827957/SIEM-Events-Fortinet (FortiOS Log Reference)
--- eventtime is in nanoseconds since FortiOS 6.2, in seconds before; where it is missing, date, time and tz are there.

local M = {
  name = "fortigate",
  kind = "parser",
  api = 1,
  description = "Fortinet FortiGate and FortiMail key=value logs",
  match = [=[^(?:<\d+> ?)?(?:(?:[A-Z][a-z][a-z] [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)) [^ ]+ )?]=] ..
    [=[(?:logver=\d+ timestamp=\d+ )?(?:tz="[^"]*" )?(?:devname=[^ ]+ )?(?:devid=[^ ]+ (?:vd=[^ ]+ )?)?]=] ..
    [=[date=\d{4}-\d\d-\d\d(?: time=\d\d:\d\d:\d\d(?:\.\d+)? |,time=\d\d:\d\d:\d\d(?:\.\d+)?,)]=],
}

local header = ailogger.regex(
  [=[^(?:<\d++> ?+)?(?:(?:[A-Z][a-z][a-z] [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[\d:.]++(?:Z|[+-]\d\d:\d\d)) ]=] ..
  [=[(?<host>[^ ]++) )?(?<pairs>.*?)[| ]*$]=])

local pair = ailogger.regex([=[\G( *+([\w\-]++)=(?:"((?:[^"\\]|\\.)*+)"?|([^ ]*+)))]=])
local comma_pair = ailogger.regex([=[\G([ ,]*+([\w\-]++)=(?:"((?:[^"\\]|\\.)*+)"?|'?([^,']*+)'?))]=])

local renamed = {
  devname = "host", srcip = "source", srcport = "source_port", dstip = "destination", dstport = "destination_port",
  srcintf = "interface", dstintf = "interface_out", policyid = "rule", sentbyte = "bytes_sent",
  rcvdbyte = "bytes_received",
  sentpkt = "packets_sent", rcvdpkt = "packets_received", app = "application", hostname = "vhost", url = "path",
  httpmethod = "method", sessionid = "session", sip = "source", dip = "destination", transip = "nat_source", transport = "nat_source_port", logid = "id",
  device_id = "devid", log_id = "id", session_id = "session", client_ip = "client", dst_ip = "destination",
  message_length = "bytes",
}

local numeric = {
  srcport = true, dstport = true, sentbyte = true, rcvdbyte = true, sentpkt = true, rcvdpkt = true,
  duration = true, sessionid = true, transport = true, cpu = true, mem = true, disk = true, totalsession = true,
  crscore = true, message_length = true,
}

-- Keys that are the event's own members.
local members = { date = true, time = true, tz = true, eventtime = true, level = true, pri = true, msg = true }

local protocols = {
  ["1"] = "icmp", ["6"] = "tcp", ["17"] = "udp", ["47"] = "gre", ["50"] = "esp", ["58"] = "ipv6-icmp",
}

local levels = {
  emergency = "critical", alert = "critical", critical = "critical", error = "error", warning = "warning",
  notice = "info",
  information = "info", debug = "debug",
}

-- A refused session is "notice" to the firewall.
local refusing = { deny = true, block = true, blocked = true, dropped = true, ["ip-conn"] = true }

local attacks = { critical = "critical", high = "error", medium = "warning" }

-- Nanoseconds for each unit that eventtime has come in, by its number of digits.
local eventtime_unit = { [10] = 1000000000, [13] = 1000000, [16] = 1000, [19] = 1 }

local function time_of(values)
  local since = values.eventtime
  local unit = since and since:find("^%d+$") and eventtime_unit[#since]
  if unit then return tonumber(since) * unit end
  if values.date and values.time then
    return values.date .. " " .. values.time .. (values.tz and #values.tz == 5 and " " .. values.tz or "")
  end
end

local function text_of(values, transport)
  local text = values.msg or values.logdesc or values.attack or values.description
  if text then return text end
  if values.disposition then
    return ("%s -> %s: %s (%s)"):format(
      values.from or "?", values.to or "?", values.disposition, values.classifier or values.type)
  end
  local source, destination = values.srcip, values.dstip
  if not source then return (values.type or "") .. " " .. (values.subtype or "") end
  if values.srcport then source = source .. ":" .. values.srcport end
  if destination and values.dstport then destination = destination .. ":" .. values.dstport end
  return ("%s %s %s -> %s"):format(
    values.action or "session", transport or values.service or "ip", source, destination or "?")
end

function M.parse(line, event)
  local host, pairs_text = header:captures(line)
  if not pairs_text then return false end
  local fields, values = event.fields, {}
  fields.host = host

  local pair = pairs_text:find("^date=[%d%-]+,") and comma_pair or pair
  local at, length = 1, #pairs_text
  while at <= length do
    local taken, key, value, bare = pair:captures(pairs_text, at)
    if not taken then return false end
    at = at + #taken
    if bare then
      value = bare
    elseif value:find("\\", 1, true) then
      value = value:gsub('\\(["\\])', "%1")
    end
    values[key] = value
    if not members[key] and value ~= "" and value ~= "N/A" then
      fields[renamed[key] or key] = numeric[key] and tonumber(value) or value
    end
  end

  local transport = protocols[values.proto]
  if transport then
    fields.proto = nil
    fields.transport = transport
  end
  event.time = time_of(values)
  event.component = values.type or "fortigate"
  event.message = text_of(values, transport)
  local level = levels[(values.level or values.pri or ""):lower()]
  -- An attack is a "notice" to FortiDDoS, which grades it apart.
  if level == "info" and values.type == "attack" then level = attacks[values.severity] or level end
  event.level = level == "info" and refusing[values.action] and "warning" or level
end

M.samples = {
  {
    line = 'date=2026-11-20 time=04:00:18 devname="fw1" devid="FGT60FTK00000000" eventtime=1795147218120000000 tz="+0000" logid="0000000013" type="traffic" subtype="forward" level="notice" vd="root" srcip=203.0.113.66 srcport=41022 srcintf="wan1" srcintfrole="wan" dstip=192.0.2.5 dstport=22 dstintf="dmz" proto=6 action="deny" policyid=0 service="SSH" sentbyte=0 rcvdbyte=0',
    expect = {
      level = "WARNING", component = "traffic", time = "2026-11-20T04:00:18.120Z",
      message = "deny tcp 203.0.113.66:41022 -> 192.0.2.5:22",
      fields = {
        host = "fw1", devid = "FGT60FTK00000000", id = "0000000013", subtype = "forward", source = "203.0.113.66",
        source_port = 41022, interface = "wan1", destination = "192.0.2.5", destination_port = 22, transport = "tcp",
        action = "deny", rule = "0", service = "SSH", bytes_sent = 0,
      },
    },
  },
  {
    line = '<188>date=2026-11-20 time=04:00:19 devname="fw1" devid="FGT60FTK00000000" logid="0419016384" type="utm" subtype="ips" eventtype="signature" level="alert" vd="root" eventtime=1795147219 severity="critical" srcip=203.0.113.66 dstip=192.0.2.21 action="dropped" proto=6 service="HTTPS" attack="Apache.Log4j.Error.Log.Remote.Code.Execution" msg="applications: Apache.Log4j, \\"jndi\\" seen"',
    expect = {
      level = "CRITICAL", time = "2026-11-20T04:00:19Z", component = "utm",
      message = 'applications: Apache.Log4j, "jndi" seen',
      fields = { attack = "Apache.Log4j.Error.Log.Remote.Code.Execution", severity = "critical", action = "dropped" },
    },
  },
  {
    line = 'date=2026-11-20 time=05:00:20 devname="fw1" devid="FGT60FTK00000000" tz="+0100" logid="0100032002" type="event" subtype="system" level="alert" vd="root" logdesc="Admin login failed" sn="0" user="root" ui="ssh(203.0.113.66)" action="login" status="failed" reason="name_invalid"',
    expect = {
      level = "CRITICAL", time = "2026-11-20T04:00:20Z", message = "Admin login failed",
      fields = { user = "root", status = "failed", reason = "name_invalid" },
    },
  },
  {
    line = 'Nov 20 04:00:21 192.0.2.1 date=2026-11-20 time=04:00:21 devname=fw1 devid=FGT60FTK00000000 logid=0000000013 type=traffic subtype=forward level=notice vd=root srcip=2001:db8::21 dstip=2001:db8::25 srcport=40110 dstport=25 proto=6 action=close duration=12 sentbyte=2048 rcvdbyte=912',
    expect = {
      level = "INFO", message = "close tcp 2001:db8::21:40110 -> 2001:db8::25:25",
      fields = { host = "fw1", duration = 12, bytes_sent = 2048 },
    },
  },
  {
    line = '2026-11-20T04:00:22.976660+00:00 192.0.2.1 date=2026-11-19 time=21:00:22 devname="fw2" devid="FGT60FTK00000001" eventtime=1795147222239669800 tz="-0700" logid="0101037121" type="event" subtype="vpn" level="error" vd="root" msg="negotiate IPsec phase 1" action="negotiate" status="failure"|',
    expect = {
      level = "ERROR", component = "event", time = "2026-11-20T04:00:22.2396698Z", message = "negotiate IPsec phase 1",
      fields = { host = "fw2", status = "failure" },
    },
  },
  {
    line = [[<186>date=2026-11-20,time=04:00:23.521,device_id=FE200F3A00000001,log_id=0000004943,type=event,subtype=webmail,pri=warning, user=webmail,ui=webmail,action=unknown,status=failure,session_id='q6K4-1',msg="WebMail: login of 'anna' failed"]],
    expect = {
      level = "WARNING", component = "event", time = "2026-11-20T04:00:23.521Z", message = "WebMail: login of 'anna' failed",
      fields = { devid = "FE200F3A00000001", id = "0000004943", session = "q6K4-1", status = "failure" },
    },
  },
  {
    line = [[<190>date=2026-11-20,time=04:00:24,device_id=FE200F3A00000001,log_id=0200007961,type=statistics,pri=information,client_ip="203.0.113.7",dst_ip="192.0.2.25",from="anna@example.org",to="shop@example.com",disposition="Quarantine;Notification",classifier="Attachment Filter",message_length="5384",subject="",virus=""]],
    expect = {
      level = "INFO", component = "statistics",
      message = "anna@example.org -> shop@example.com: Quarantine;Notification (Attachment Filter)",
      fields = { client = "203.0.113.7", destination = "192.0.2.25", bytes = 5384 },
    },
  },
  {
    line = '2026-11-20T04:00:25.998837+00:00 192.0.2.2 devid=FI400B0000000001 date=2026-11-20 time=04:00:25 tz=UTC type=attack subtype="ips" spp=4 evecode=2 description="TCP invalid flag combination " dir=1 protocol=6 sip=0.0.0.0 dip=192.0.2.79 dropcount=30 level=Notice severity="high"',
    expect = {
      level = "ERROR", component = "attack", message = "TCP invalid flag combination ",
      fields = { host = "192.0.2.2", devid = "FI400B0000000001", destination = "192.0.2.79", severity = "high" },
    },
  },
  {
    line = '2026-11-20T04:00:26.966330+00:00 192.0.2.3 date=2026-11-20 time=04:00:26.846 device_id=FE200F3A00000001 log_id=0200027993 type=statistics pri=information  session_id="168G" client_name="" from="anna@example.org" to="shop@example.com" disposition="Accept" classifier="Not Spam"',
    expect = { level = "INFO", time = "2026-11-20T04:00:26.846Z", message = "anna@example.org -> shop@example.com: Accept (Not Spam)" },
  },
  { line = "date=2026-11-20 time=04:00:18 what follows isn't a pair", expect = false },
  { line = "time=2026-11-20T04:00:18Z level=info msg=ready date=2026-11-20", expect = false },
}

return M
