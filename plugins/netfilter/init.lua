--- Packets that Linux' packet filter logs (the LOG target of iptables and nftables, ufw, firewalld, Shorewall), in the
--- kernel's lines behind syslog, or as dmesg prints them:
---   [UFW BLOCK] IN=eth0 OUT= MAC=… SRC=203.0.113.66 DST=192.0.2.5 LEN=60 … PROTO=TCP SPT=51000 DPT=22 …
--- The fields: https://linuxtopia.org/Linux_Firewall_iptables/x4238.html

local M = {
  name = "netfilter",
  kind = "parser",
  api = 1,
  description = "packets logged by iptables, nftables, ufw, firewalld",
  match = [[^[^=]*+(?:(?<=DESCR)="[^"]*+" IN=|(?<=IN)=)[^ =]*+ OUT=[^ =]*+ (?:[A-Z]+=[^ ]*+ )*?SRC=]],
}

local entry = ailogger.regex(
  [=[^(?:<\d{1,3}> ?)?(?<time>[A-Z][a-z]{2} [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[^ ]*+|]=] ..
  [=[(?=\[))(?: (?<host>[^ ]++(?<!:)) (?:\k<host> )?(?:[^ \[:]++(?:\[\d++\])?: )?)?(?<uptime>\[ *+\d++\.\d++\])?(?:\[[TC]\d++\])? *+]=] ..
  [=[(?<prefix>[^=]*?):? ?(?:DESCR="[^"]*+" )?IN=(?<interface>[^ ]*+) OUT=(?<interface_out>[^ ]*+) (?:[A-Z]++=[^ ]*+ )*?]=] ..
  [=[(?:MAC=(?<mac>[^ ]*+) )?(?:[A-Z]++=[^ ]*+ )*?SRC=(?<source>[^ ]++) DST=(?<destination>[^ ]++) LEN=]=] ..
  [=[(?<length>\d++) (?:.*? )?PROTO=(?<protocol>[^ ]++)]=] ..
  [=[(?: (?:SPT=(?<source_port>\d++) DPT=(?<destination_port>\d++)|TYPE=(?<type>\d++) CODE=(?<code>\d++)))?+]=] ..
  [=[(?:.*? RES=0x[\da-f]++ (?<flags>[A-Z][A-Z ]*?) URGP=)?(?:.*? UID=(?<uid>\d++))?]=])

-- The prefix is the rule's own text; these words in it are those that everybody takes.
local decisions = {
  { "block", "block", "warning" }, { "drop", "drop", "warning" }, { "reject", "reject", "warning" },
  { "den[iy]", "deny", "warning" }, { "invalid", "invalid", "warning" }, { "limit", "limit", "warning" },
  { "allow", "allow", "info" }, { "accept", "accept", "info" }, { "audit", "audit", "info" },
}

-- Vyatta and its kin (VyOS, EdgeOS, UniFi) end the name of a rule set and the rule's number with what was done.
local letters = { A = { "accept", "info" }, D = { "drop", "warning" }, R = { "reject", "warning" } }
local vyatta = ailogger.regex([=[^\[.+-(?|(?:\d++|default)-(?<letter>[ADR])|(?<letter>[ADR])-\d++)\]$]=])

local function decision(prefix)
  local letter = letters[vyatta:captures(prefix) or ""]
  if letter then return letter[1], letter[2] end
  prefix = prefix:lower()
  for _, entry_ in ipairs(decisions) do
    if prefix:find(entry_[1]) then return entry_[2], entry_[3] end
  end
  return nil, "info"
end

local function given(text)
  if text ~= "" then return text end
end

function M.parse(line, event)
  local time, host, uptime, prefix, interface, interface_out, mac, source, destination, length, protocol, source_port,
    destination_port, icmp_type, icmp_code, flags, uid = entry:captures(line)
  if not time then return false end
  local fields = event.fields
  local action, level = decision(prefix)
  local transport = protocol:lower()

  event.time = time ~= "" and time or uptime
  event.component = "kernel"
  event.level = level
  local from, to = source, destination
  if source_port then from, to = source .. ":" .. source_port, destination .. ":" .. destination_port end
  local text = ("%s %s -> %s"):format(transport, from, to)
  event.message = prefix ~= "" and prefix .. " " .. text or text

  fields.host = host
  fields.action = action
  fields.rule = given(prefix)
  fields.interface = given(interface)
  fields.interface_out = given(interface_out)
  fields.mac = given(mac)
  fields.transport = transport
  fields.source = source
  fields.source_port = tonumber(source_port)
  fields.destination = destination
  fields.destination_port = tonumber(destination_port)
  fields.bytes = tonumber(length)
  fields.icmp_type = tonumber(icmp_type)
  fields.icmp_code = tonumber(icmp_code)
  fields.flags = flags
  fields.uid = tonumber(uid)
end

M.samples = {
  {
    line = "Nov 20 04:00:18 db1 kernel: [99817.000417] [UFW BLOCK] IN=eth0 OUT= MAC=52:54:00:12:34:56:52:54:00:ab:cd:ef:08:00 SRC=203.0.113.66 DST=192.0.2.5 LEN=60 TOS=0x00 PREC=0x00 TTL=49 ID=54321 DF PROTO=TCP SPT=51000 DPT=22 WINDOW=29200 RES=0x00 SYN URGP=0 ",
    expect = {
      level = "WARNING", component = "kernel", message = "[UFW BLOCK] tcp 203.0.113.66:51000 -> 192.0.2.5:22",
      fields = {
        host = "db1", action = "block", rule = "[UFW BLOCK]", interface = "eth0", transport = "tcp",
        source = "203.0.113.66", source_port = 51000, destination = "192.0.2.5", destination_port = 22, bytes = 60,
        mac = "52:54:00:12:34:56:52:54:00:ab:cd:ef:08:00", flags = "SYN",
      },
    },
  },
  {
    line = "2026-11-20T04:00:19.120500+00:00 fw1 kernel: FINAL_REJECT: IN=eth0 OUT=eth1 SRC=2001:0db8:0000:0000:0000:0000:0000:0066 DST=2001:0db8:0000:0000:0000:0000:0000:0005 LEN=80 TC=0 HOPLIMIT=57 FLOWLBL=0 PROTO=UDP SPT=5353 DPT=53 LEN=40",
    expect = {
      level = "WARNING", time = "2026-11-20T04:00:19.120500Z",
      message = "FINAL_REJECT udp 2001:0db8:0000:0000:0000:0000:0000:0066:5353 -> 2001:0db8:0000:0000:0000:0000:0000:0005:53",
      fields = { action = "reject", rule = "FINAL_REJECT", interface_out = "eth1", transport = "udp", bytes = 80 },
    },
  },
  {
    line = "[99818.300417] Shorewall:net-fw:ACCEPT:IN=eth0 OUT= MAC=00:16:3e:00:00:01 SRC=198.51.100.7 DST=192.0.2.5 LEN=84 TOS=0x00 PREC=0x00 TTL=55 ID=0 DF PROTO=ICMP TYPE=8 CODE=0 ID=1234 SEQ=1",
    expect = {
      level = "INFO", message = "Shorewall:net-fw:ACCEPT icmp 198.51.100.7 -> 192.0.2.5",
      fields = { action = "accept", icmp_type = 8, icmp_code = 0, transport = "icmp" },
    },
  },
  {
    line = "Nov 20 04:00:20 gw kernel: IN= OUT=eth0 SRC=192.0.2.5 DST=198.51.100.25 LEN=60 TOS=0x00 PREC=0x00 TTL=64 ID=4711 DF PROTO=TCP SPT=40110 DPT=25 WINDOW=64240 RES=0x00 ACK SYN URGP=0 UID=110 GID=115",
    expect = {
      level = "INFO", message = "tcp 192.0.2.5:40110 -> 198.51.100.25:25",
      fields = { interface_out = "eth0", flags = "ACK SYN", uid = 110, host = "gw" },
    },
  },
  {
    line = 'Nov 20 04:00:22 gw1 gw1 kernel: [WAN_IN-D-2147483647]DESCR="drop all" IN=eth8 OUT=br0 MAC= SRC=203.0.113.66 DST=192.0.2.5 LEN=60 PROTO=TCP SPT=1234 DPT=22',
    expect = {
      level = "WARNING", message = "[WAN_IN-D-2147483647] tcp 203.0.113.66:1234 -> 192.0.2.5:22",
      fields = { action = "drop", rule = "[WAN_IN-D-2147483647]", host = "gw1" },
    },
  },
  {
    line = "Nov 20 04:00:21 edge1 kernel: [WAN_LOCAL-default-D]IN=eth0 OUT= MAC=52:54:00:12:34:56:52:54:00:ab:cd:ef:08:00 SRC=203.0.113.66 DST=192.0.2.5 LEN=52 TOS=0x00 PREC=0x00 TTL=63 ID=0 DF PROTO=TCP SPT=50093 DPT=1443 WINDOW=2857 RES=0x00 SYN URGP=0",
    expect = {
      level = "WARNING", message = "[WAN_LOCAL-default-D] tcp 203.0.113.66:50093 -> 192.0.2.5:1443",
      fields = { action = "drop", rule = "[WAN_LOCAL-default-D]", host = "edge1" },
    },
  },
  {
    line = "Nov 20 04:00:21 edge1 kernel: [BLOCKLIST_OUT-20-A]IN=eth1 OUT=eth0 SRC=192.0.2.5 DST=203.0.113.66 LEN=540 TOS=0x1C PREC=0xE0 TTL=64 ID=27223 PROTO=UDP SPT=48689 DPT=48689 LEN=520",
    expect = { level = "INFO", fields = { action = "accept", transport = "udp" } },
  },
  {
    line = "Nov 20 04:00:22 DENY: IN=eth0 OUT= MAC=52:54:00:12:34:56:52:54:00:ab:cd:ef:08:00 SRC=203.0.113.66 DST=192.0.2.5 LEN=88 TOS=0x00 PREC=0x00 TTL=118 ID=21684 PROTO=ICMP TYPE=3 CODE=3",
    expect = { level = "WARNING", message = "DENY icmp 203.0.113.66 -> 192.0.2.5", fields = { action = "deny", rule = "DENY" } },
  },
  { line = "Nov 20 04:00:18 db1 kernel: [99817.000417] eth0: link is up, IN=1 OUT=2", expect = false },
  { line = "Nov 20 04:00:18 db1 app[1]: IN=eth0 SRC=203.0.113.66 DST=192.0.2.5", expect = false },
}

return M
