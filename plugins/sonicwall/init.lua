--- SonicWall firewalls' syslog: key=value with id=firewall in front, addresses as address:port:interface.
---   id=firewall sn=0017C5000001 time="2026-11-20 04:00:18 UTC" fw=192.0.2.1 pri=1 c=32 m=82 msg="…" src=… dst=…

local M = {
  name = "sonicwall",
  kind = "parser",
  api = 1,
  description = "SonicWall firewalls",
  match = [=[^(?:<\d+> *)?(?:[A-Z][a-z]{2} [ \d]\d [\d:]{8} [^ ]+ +|[^ ]+ +)?id=[^ ]+ +sn=\w+ time="[^"]+" fw=]=],
}

local levels = {
  ["0"] = "critical", ["1"] = "critical", ["2"] = "critical", ["3"] = "error", ["4"] = "warning", ["5"] = "info",
  ["6"] = "info", ["7"] = "debug",
}
local renamed = {
  id = "device", sn = "serial", fw = "host", c = "category", m = "id", usr = "user", user = "user", op = "operation",
  sent = "bytes_sent", rcvd = "bytes_received", spkt = "packets_sent", rpkt = "packets_received", rule = "rule",
  fw_action = "action", dstname = "vhost", arg = "path", result = "status", note = "note", n = "number",
}
local numeric = {
  c = true, m = true, n = true, sent = true, rcvd = true, spkt = true, rpkt = true, result = true,
}
local members = { time = true, pri = true, msg = true, src = true, dst = true, proto = true, cdur = true }
local endpoint = ailogger.regex([=[^(?<address>\[?[\da-fA-F.:]*?[\da-fA-F]\]?)(?::(?<port>\d++))?(?::(?<interface>[A-Za-z][^:]*+))?(?::.*)?$]=])

function M.parse(line, event)
  local from = line:find("id=", 1, true)
  if not from then return false end
  local values, fields = ailogger.kv.parse(line:sub(from)), event.fields
  if not values.time or not values.sn then return false end

  event.time = ailogger.time.parse(values.time)
  event.level = levels[values.pri]
  event.component = "sonicwall"
  event.message = values.msg or ("%s %s%s"):format(values.op or "session", values.dstname or values.dst or "", values.arg or "")
  for key, value in ailogger.kv.each(line:sub(from)) do
    if not members[key] and value ~= "" then
      fields[renamed[key] or key] = numeric[key] and tonumber(value) or value
    end
  end
  local address, port, interface = endpoint:captures(values.src or "")
  fields.source, fields.source_port, fields.interface = address, tonumber(port), interface
  address, port, interface = endpoint:captures(values.dst or "")
  fields.destination, fields.destination_port, fields.interface_out = address, tonumber(port), interface
  -- proto=tcp/https: what carries it and what is spoken.
  local transport, application = (values.proto or ""):match("^(%w+)/?(.*)$")
  fields.transport = transport
  if application ~= "" then fields.application = application end
  local milliseconds = tonumber(values.cdur)
  fields.duration = milliseconds and milliseconds / 1000
end

M.samples = {
  {
    line = '<129>Nov 20 04:00:18 192.0.2.1 id=firewall sn=0017C5000001 time="2026-11-20 04:00:18 UTC" fw=192.0.2.1 pri=1 c=32 m=82 msg="Possible port scan detected" n=12 src=203.0.113.66:41022:X1 dst=192.0.2.5:22:X0 proto=tcp/ssh note="TCP scanned port list, 21, 22, 23"',
    expect = {
      level = "CRITICAL", time = "2026-11-20T04:00:18Z", component = "sonicwall", message = "Possible port scan detected",
      fields = {
        host = "192.0.2.1", serial = "0017C5000001", id = 82, source = "203.0.113.66", source_port = 41022,
        interface = "X1", destination = "192.0.2.5", destination_port = 22, interface_out = "X0", transport = "tcp",
        application = "ssh",
      },
    },
  },
  {
    line = 'id=firewall sn=0017C5000001 time="2026-11-20 04:00:19 UTC" fw=192.0.2.1 pri=6 c=1024 m=537 msg="Connection Closed" n=0 src=192.0.2.21:40112:X0 dst=198.51.100.25:25:X1 proto=tcp/smtp sent=2144 rcvd=611 cdur=1200',
    expect = { level = "INFO", fields = { bytes_sent = 2144, duration = 1.2 } },
  },
  {
    line = '<132>  id=firewall sn=xxxxxxxxxxxx time="2026-11-20 04:00:20 UTC" fw=192.0.2.1 pri=4 c=16 m=483 msg="Received notify: INVALID_ID_INFO" n=171 src=203.0.113.66:500 dst=192.0.2.1:500',
    expect = { level = "WARNING", message = "Received notify: INVALID_ID_INFO", fields = { source_port = 500 } },
  },
  { line = 'id=7 sn=12 time="2026-11-20 04:00:19"', expect = false },
}

return M
