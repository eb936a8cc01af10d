--- Juniper SRX's structured syslog: RFC 5424 whose whole record is one element of structured data.
---   <14>1 2026-11-20T04:00:18.120Z srx1 RT_FLOW - RT_FLOW_SESSION_DENY [junos@2636.1.1.1.2.39 source-address="203.0.113.66" …]
--- The names: https://apps.juniper.net/syslog-explorer/
--- syslog-5424 reads such a line as well, but there is no text in it.

local M = {
  name = "junos_structured",
  kind = "parser",
  api = 1,
  description = "Juniper Junos, structured syslog (sd-syslog)",
  match = [=[^<\d{1,3}>1 [^ ]+ [^ ]+ [^ ]+ [^ ]+ [A-Z][A-Z\d_]+ \[junos@2636\.]=],
}

local header = ailogger.regex(
  [=[^<(?<priority>\d{1,3})>1 (?<time>[^ ]++) (?<host>[^ ]++) (?<component>[^ ]++) (?<pid>[^ ]++) (?<id>[^ ]++) ]=] ..
  [=[\[junos@[\d.]++(?<pairs>(?: [\w\-]++="(?:[^"\\]|\\.)*+")*+) ?\] ?(?<text>.*)]=])

local pair = ailogger.regex([=[\G( ([\w\-]++)="((?:[^"\\]|\\.)*+)")]=])

local renamed = {
  ["source-address"] = "source", ["source-port"] = "source_port", ["destination-address"] = "destination",
  ["destination-port"] = "destination_port", ["nat-source-address"] = "nat_source",
  ["nat-source-port"] = "nat_source_port", ["nat-destination-address"] = "nat_destination",
  ["nat-destination-port"] = "nat_destination_port", ["policy-name"] = "rule", ["source-zone-name"] = "zone",
  ["source-zone"] = "zone", ["destination-zone-name"] = "zone_out", ["destination-zone"] = "zone_out",
  ["session-id-32"] = "session", ["session-id"] = "session", username = "user",
  ["bytes-from-client"] = "bytes_sent", ["bytes-from-server"] = "bytes_received",
  ["packets-from-client"] = "packets_sent", ["packets-from-server"] = "packets_received",
  ["elapsed-time"] = "duration", ["packet-incoming-interface"] = "interface", ["source-interface-name"] = "interface",
  ["interface-name"] = "interface", ["destination-interface-name"] = "interface_out", ["service-name"] = "service",
  ["protocol-name"] = "transport", ["threat-severity"] = "severity", url = "path",
}

local numeric = {
  source_port = true, destination_port = true, nat_source_port = true, nat_destination_port = true, bytes_sent = true,
  bytes_received = true, packets_sent = true, packets_received = true, duration = true,
}

-- What stands where nothing is known.
local nothing = { [""] = true, ["-"] = true, ["N/A"] = true, ["None"] = true, ["UNKNOWN"] = true }

local protocols = { ["1"] = "icmp", ["6"] = "tcp", ["17"] = "udp", ["47"] = "gre", ["50"] = "esp", ["58"] = "ipv6-icmp" }

local severities = {
  [0] = "critical", [1] = "critical", [2] = "critical", [3] = "error", [4] = "warning", [5] = "info", [6] = "info",
  [7] = "debug",
}

local threats = { CRITICAL = "error", HIGH = "error", MEDIUM = "warning", LOW = "info", INFO = "info" }

-- A refused session and a dropped packet are no more than information to the firewall.
local function level_of(priority, id, values)
  local level = severities[priority % 8]
  if level ~= "info" then return level end
  local threat = threats[values["threat-severity"] or ""]
  if threat then return threat end
  local action = values.action
  if id:find("_DENY", 1, true) or action and (action:find("^[Dd][Rr][Oo][Pp]") or action:find("^[Bb][Ll][Oo][Cc][Kk]")) then
    return "warning"
  end
  return level
end

local function address(host, port)
  if not host then return end
  return port and port ~= "0" and host .. ":" .. port or host
end

local function text_of(id, values, transport)
  local said = values.message
  if said and not nothing[said] then return id .. ": " .. said end
  local words = { id .. ":" }
  local source = address(values["source-address"], values["source-port"])
  local destination = address(values["destination-address"], values["destination-port"])
  for _, word in ipairs { values.action or false, values["attack-name"] or false, transport or false } do
    if word and not nothing[word] then words[#words + 1] = word end
  end
  if source and destination then
    words[#words + 1] = source .. " -> " .. destination
  elseif source or destination then
    words[#words + 1] = source or destination
  end
  if values.reason and not nothing[values.reason] then words[#words + 1] = "(" .. values.reason .. ")" end
  if #words == 1 then return id end
  return table.concat(words, " ")
end

function M.parse(line, event)
  local priority, time, host, component, pid, id, pairs_text, text = header:captures(line)
  if not priority then return false end
  local fields, values, at = event.fields, {}, 1
  fields.host = host ~= "-" and host or nil
  fields.pid = tonumber(pid)
  fields.id = id
  while true do
    local taken, key, value = pair:captures(pairs_text, at)
    if not taken then break end
    at = at + #taken
    if value:find("\\", 1, true) then value = value:gsub('\\(["\\%]])', "%1") end
    values[key] = value
    local name = renamed[key] or key
    if not nothing[value] and key ~= "message" and key ~= "protocol-id" then
      fields[name] = numeric[name] and tonumber(value) or value
    end
  end
  local number = values["protocol-id"]
  local transport = protocols[number] or number or values["protocol-name"]
  transport = transport and transport:lower()
  fields.transport = transport
  event.time = time
  event.component = component
  event.level = level_of(tonumber(priority), id, values)
  event.message = text ~= "" and id .. ": " .. text or text_of(id, values, transport)
end

M.samples = {
  {
    line = '<14>1 2026-11-20T04:00:18.120+01:00 srx1 RT_FLOW - RT_FLOW_SESSION_DENY [junos@2636.1.1.1.2.39 source-address="203.0.113.66" source-port="41022" destination-address="192.0.2.5" destination-port="22" service-name="junos-ssh" protocol-id="6" icmp-type="0" policy-name="deny-all" source-zone-name="untrust" destination-zone-name="trust" username="N/A" packet-incoming-interface="ge-0/0/0.0" reason="Denied by policy"]',
    expect = {
      level = "WARNING", component = "RT_FLOW", time = "2026-11-20T03:00:18.120Z",
      message = "RT_FLOW_SESSION_DENY: tcp 203.0.113.66:41022 -> 192.0.2.5:22 (Denied by policy)",
      fields = {
        host = "srx1", id = "RT_FLOW_SESSION_DENY", source = "203.0.113.66", source_port = 41022, destination_port = 22,
        transport = "tcp", rule = "deny-all", zone = "untrust", zone_out = "trust", interface = "ge-0/0/0.0",
      },
    },
  },
  {
    line = '<165>1 2026-11-20T04:00:19.193Z srx1 RT_IDP - IDP_ATTACK_LOG_EVENT [junos@2636.1.1.1.2.28 epoch-time="1795147219" message-type="SIG" source-address="203.0.113.66" source-port="12345" destination-address="192.0.2.80" destination-port="443" protocol-name="TCP" action="DROP" threat-severity="HIGH" attack-name="HTTP:MISC:DIR-TRAVERSAL" username="unknown-user" message="-"]',
    expect = {
      level = "ERROR", component = "RT_IDP",
      message = "IDP_ATTACK_LOG_EVENT: DROP HTTP:MISC:DIR-TRAVERSAL tcp 203.0.113.66:12345 -> 192.0.2.80:443",
      fields = { severity = "HIGH", action = "DROP", ["attack-name"] = "HTTP:MISC:DIR-TRAVERSAL" },
    },
  },
  {
    line = [[<28>1 2026-11-20T04:00:20.544 srx1 rpd 1422 BGP_PREFIX_LIMIT [junos@2636.1.1.1.2.35 peer-name="198.51.100.2" message="limit of \"inet\" \] exceeded"] ]],
    expect = {
      level = "WARNING", component = "rpd", message = 'BGP_PREFIX_LIMIT: limit of "inet" ] exceeded',
      fields = { pid = 1422, ["peer-name"] = "198.51.100.2" },
    },
  },
  {
    line = '<30>1 2026-11-20T04:00:21.461Z srx1 kmd 13862 KMD_PM_SA_ESTABLISHED [junos@2636.1.1.1.2.35 local-address="192.0.2.1" index1="37"] Local gateway: 192.0.2.1, Remote gateway: 198.51.100.2',
    expect = {
      level = "INFO", message = "KMD_PM_SA_ESTABLISHED: Local gateway: 192.0.2.1, Remote gateway: 198.51.100.2",
      fields = { pid = 13862 },
    },
  },
  { line = '<30>1 2026-11-20T04:00:21.461Z srx1 kmd 13862 - [other@1 a="b"] text', expect = false },
}

return M
