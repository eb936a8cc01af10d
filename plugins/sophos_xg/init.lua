--- Sophos Firewall (XG, XGS), as its syslog writes since SFOS 15:
---   device="SFW" date=2026-11-20 time=04:00:18 timezone="UTC" device_name="XG210" … log_type="Firewall" …

local M = {
  name = "sophos_xg",
  kind = "parser",
  api = 1,
  description = "Sophos Firewall (XG, XGS)",
  match = [=[^(?:<\d+> ?)?(?:[^=]{0,80} )?device(?:_name)?="[^"]*" (?:date=\d{4}-\d\d-\d\d time=|timestamp=")]=],
}

local levels = {
  Emergency = "critical", Alert = "critical", Critical = "critical", Error = "error", Warning = "warning",
  Notification = "info", Notice = "info", Information = "info", Debug = "debug",
}
-- A refused session is "Information" to the firewall.
local refused = { Denied = true, Drop = true, Dropped = true, Deny = true }
local renamed = {
  device_name = "host", log_id = "id", log_subtype = "action", fw_rule_id = "rule", user_name = "user",
  in_interface = "interface", out_interface = "interface_out", src_ip = "source", src_port = "source_port",
  dst_ip = "destination", dst_port = "destination_port", sent_pkts = "packets_sent", recv_pkts = "packets_received",
  sent_bytes = "bytes_sent", recv_bytes = "bytes_received", tran_src_ip = "nat_source",
  tran_src_port = "nat_source_port", tran_dst_ip = "nat_destination", tran_dst_port = "nat_destination_port",
  srczone = "zone", dstzone = "zone_out", device_id = "serial", url = "path", domain = "vhost", status_code = "status",
  bytes_sent = "bytes_sent", bytes_received = "bytes_received", src_zone = "zone", dst_zone = "zone_out",
  device_serial_id = "serial", name = "user",
}
local numeric = {
  src_port = true, dst_port = true, sent_pkts = true, recv_pkts = true, sent_bytes = true, recv_bytes = true,
  tran_src_port = true, tran_dst_port = true, duration = true, status_code = true, bytes_sent = true,
  bytes_received = true,
}
local members = {
  device = true, date = true, time = true, timezone = true, timestamp = true, priority = true, severity = true,
  message = true, log_component = true, protocol = true,
}

function M.parse(line, event)
  local from = line:find("device", 1, true)
  if not from then return false end
  local values, fields = ailogger.kv.parse(line:sub(from)), event.fields
  if not values.log_type and not values.log_component then return false end

  event.time = ailogger.time.parse(
    values.timestamp or ("%s %s %s"):format(values.date or "", values.time or "", values.timezone or ""))
  local level = levels[values.priority or values.severity]
  if level == "info" and (refused[values.log_subtype] or refused[values.status]) then level = "warning" end
  event.level = level
  event.component = values.log_component
  local transport = (values.protocol or ""):lower()
  if values.message and values.message ~= "" then
    event.message = values.message
  elseif values.src_ip then
    event.message = ("%s %s %s -> %s"):format(
      values.log_subtype or values.log_type, transport, values.src_ip, values.dst_ip or "?")
  else
    event.message = ((values.log_type or "") .. " " .. (values.log_subtype or "")):gsub(" $", "")
  end
  for key, value in ailogger.kv.each(line:sub(from)) do
    if not members[key] and value ~= "" then
      fields[renamed[key] or key] = numeric[key] and tonumber(value) or value
    end
  end
  if transport ~= "" then fields.transport = transport end
end

M.samples = {
  {
    line = 'device="SFW" date=2026-11-20 time=04:00:18 timezone="UTC" device_name="XG210" device_id=A1 log_id=010101600001 log_type="Firewall" log_component="Firewall Rule" log_subtype="Denied" status="Deny" priority=Information duration=0 fw_rule_id=14 user_name="" in_interface="Port2" out_interface="Port1" src_ip=203.0.113.66 dst_ip=192.0.2.5 protocol="TCP" src_port=41022 dst_port=22 sent_pkts=0 recv_pkts=0 sent_bytes=0 recv_bytes=0 message=""',
    expect = {
      level = "WARNING", time = "2026-11-20T04:00:18Z", component = "Firewall Rule",
      message = "Denied tcp 203.0.113.66 -> 192.0.2.5",
      fields = {
        host = "XG210", action = "Denied", rule = "14", source = "203.0.113.66", source_port = 41022,
        destination = "192.0.2.5", destination_port = 22, transport = "tcp", interface = "Port2",
      },
    },
  },
  {
    line = '<30>device="SFW" date=2026-11-20 time=04:00:19 timezone="UTC" device_name="XG210" log_id=063411660022 log_type="Event" log_component="Admin" log_subtype="Authentication" priority=Notice user_name="ops" src_ip=198.51.100.9 message="User ops logged in successfully"',
    expect = { level = "INFO", message = "User ops logged in successfully", fields = { user = "ops" } },
  },
  {
    line = '<30>device="SFW" date=2026-11-20 time=05:00:20 timezone="CET" device_name="XG210" log_id=030906208001 log_type="Anti-Virus" log_component="HTTP" log_subtype="Virus" priority=Critical src_ip=198.51.100.9',
    expect = { level = "CRITICAL", time = "2026-11-20T04:00:20Z" },
  },
  { line = 'device="SFW" date=2026-11-20', expect = false },
}

return M
