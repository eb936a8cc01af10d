--- Sophos UTM (once Astaro): colons in the date, host and process as in syslog, then pairs or a daemon's own words.
---   2026:11:20-04:00:18 utm1 ulogd[4711]: id="2001" severity="info" sys="SecureNet" sub="packetfilter" name="Packet dropped" …

local M = {
  name = "sophos_utm",
  kind = "parser",
  api = 1,
  description = "Sophos UTM (Astaro)",
  match = [=[^(?:<\d{1,3}> ?)?20\d\d:\d\d:\d\d-\d\d:\d\d:\d\d \S+ [\w\-/.() ]+(?:\[\d+\])?: ]=],
  multiline = true,
}

local entry = ailogger.regex(
  [=[^(?:<\d++> ?+)?(?<year>\d{4}):(?<month>\d\d):(?<day>\d\d)-(?<clock>\d\d:\d\d:\d\d) (?<host>\S++) ]=] ..
  [=[(?<component>[\w\-/.() ]++)(?:\[(?<pid>\d++)\])?: (?<message>.*)]=])

local levels = { debug = "debug", info = "info", notice = "info", warn = "warning", error = "error", crit = "critical" }
local renamed = {
  srcip = "source", dstip = "destination", srcport = "source_port", dstport = "destination_port", srcmac = "source_mac",
  dstmac = "destination_mac", initf = "interface", outitf = "interface_out", fwrule = "rule", user = "user",
  statuscode = "status", url = "path", size = "bytes", sys = "system", sub = "subsystem", proto = "transport",
}
local numeric = { srcport = true, dstport = true, statuscode = true, size = true, line = true }
local members = { severity = true, name = true, message = true, time = true }
-- What the packet filter drops and the proxy blocks is "info" to the firewall.
local refused = { drop = true, reject = true, block = true, blocked = true }

function M.parse(line, event)
  local year, month, day, clock, host, component, pid, message = entry:captures(line)
  if not year then return false end
  event.time = ailogger.time.parse(("%s-%s-%s %s"):format(year, month, day, clock))
  if not event.time then return false end
  event.component = component
  event.message = message
  local fields = event.fields
  fields.host = host
  fields.pid = tonumber(pid)
  -- Perl's daemons put a letter and the place in front: `W main::_log:435() =>  severity="warn" …`
  if not message:find('^id="') then
    message = message:match('^%u [%w_:]+%(%) =>%s+(%l+=".*)$')
    if not message then return end
  end
  local values = ailogger.kv.parse(message)
  local level = levels[values.severity]
  if level == "info" and refused[values.action] then level = "warning" end
  event.level = level
  event.message = values.message or values.name or message
  for key, value in ailogger.kv.each(message) do
    if not members[key] and value ~= "" then
      fields[renamed[key] or key] = numeric[key] and tonumber(value) or value
    end
  end
end

M.samples = {
  {
    line = '<28>2026:11:20-04:00:17 utm1 epsecd[10158]: W main::_log:435() =>  severity="warn" sys="System" sub="eplog" name="Listing failed with return code 58"',
    expect = { level = "WARNING", component = "epsecd", message = "Listing failed with return code 58", fields = { subsystem = "eplog", pid = 10158 } },
  },
  {
    line = '2026:11:20-04:00:18 utm1 ulogd[4711]: id="2001" severity="info" sys="SecureNet" sub="packetfilter" name="Packet dropped" action="drop" fwrule="60001" initf="eth1" srcip="203.0.113.66" dstip="192.0.2.5" proto="6" length="44" tos="0x00" srcport="41022" dstport="22" tcpflags="SYN"',
    expect = {
      level = "WARNING", time = "2026-11-20T04:00:18Z", component = "ulogd", message = "Packet dropped",
      fields = { host = "utm1", pid = 4711, action = "drop", rule = "60001", source = "203.0.113.66", destination_port = 22 },
    },
  },
  {
    line = "2026:11:20-04:00:19 utm1 sshd[4712]: Accepted password for loginuser from 198.51.100.9 port 40022 ssh2",
    expect = { component = "sshd", message = "Accepted password for loginuser from 198.51.100.9 port 40022 ssh2" },
  },
  { line = "2026-11-20-04:00:18 utm1 sshd: dashes", expect = false },
}

return M
