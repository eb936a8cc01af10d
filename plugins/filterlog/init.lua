--- The packet filter's log of pfSense and OPNsense: filterlog's comma-separated line behind a syslog header. Which
--- columns follow depends on the IP version, and then on the protocol.
--- The columns: https://docs.netgate.com/pfsense/en/latest/monitoring/filter-log-format-for-pfsense-2-2.html

local M = {
  name = "filterlog",
  kind = "parser",
  api = 1,
  description = "pfSense and OPNsense packet filter log",
  match = [=[^[^,]{10,120}\bfilterlog(?:\[\d+\]|\s\d+ - (?:\[[^\]]*\]|-))?:? ]=] ..
    [=[\d*,\d*,[^,]*,[^,]*,[^,]+,[a-z\-]+,[a-z]+,(?:in|out),[46],]=],
}

local common = ailogger.regex(
  [=[^(?:<\d++> ?+)?(?:1 )?(?<time>[A-Z][a-z]{2} [ \d]?\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[^ ]*+) ]=] ..
  [=[(?:(?<host>(?!filterlog)[^ ,]++) )?filterlog(?:\[(?<pid>\d++)\]|\s(?<pid2>\d++) - (?:\[[^\]]*+\]|-))?:? ]=] ..
  [=[(?<number>\d*+),\d*+,(?<anchor>[^,]*+),(?<tracker>[^,]*+),(?<interface>[^,]++),(?<reason>[^,]++),]=] ..
  [=[(?<action>[^,]++),(?<direction>in|out),(?:4,[^,]*+,[^,]*+,(?<ttl>\d*+),[^,]*+,[^,]*+,[^,]*+,(?<proto4>\d++),|]=] ..
  [=[6,[^,]*+,[^,]*+,(?<hops>\d*+),)(?<name>[^,]++),(?:(?<proto6>\d++),)?(?<length>\d++),(?<source>[^,]++),]=] ..
  [=[(?<destination>[^,]++)(?:,(?<rest>.*))?]=])

local ports = ailogger.regex([=[^(?<source>\d++),(?<destination>\d++)(?:,(?<length>\d*+)(?:,(?<flags>[A-Z]++))?+)?+]=])

local function given(text)
  if text and text ~= "" and text ~= "0" then return text end
end

function M.parse(line, event)
  local time, host, pid, pid_5424, number, anchor, tracker, interface, reason, action, direction, ttl, _, hops,
    transport, _, length, source, destination, rest = common:captures(line)
  if not time then return false end
  local fields = event.fields
  transport = transport:lower()

  event.time = time
  event.component = "filterlog"
  event.level = action == "pass" and "info" or "warning"
  local from, to = source, destination
  if rest then
    if transport == "tcp" or transport == "udp" then
      local source_port, destination_port, _, flags = ports:captures(rest)
      if source_port then
        from, to = source .. ":" .. source_port, destination .. ":" .. destination_port
        fields.source_port = tonumber(source_port)
        fields.destination_port = tonumber(destination_port)
        fields.flags = flags
      end
    elseif transport:find("icmp", 1, true) then
      fields.icmp_type = rest:match("^[^,]+")
    end
  end
  event.message = ("%s %s %s %s -> %s on %s"):format(action, direction, transport, from, to, interface)

  fields.host = host
  fields.pid = tonumber(pid or pid_5424)
  fields.rule = given(tracker) or given(number)
  fields.anchor = given(anchor)
  fields.interface = interface
  fields.reason = reason
  fields.action = action
  fields.direction = direction
  fields.ttl = tonumber(ttl or hops)
  fields.transport = transport
  fields.bytes = tonumber(length)
  fields.source = source
  fields.destination = destination
end

M.samples = {
  {
    line = "Nov 20 04:00:18 gw1 filterlog[71324]: 5,,,1000000103,igb0,match,block,in,4,0x0,,49,54321,0,DF,6,tcp,60,203.0.113.66,192.0.2.5,41022,22,0,S,3104875511,,29200,,mss;sackOK;TS;nop;wscale",
    expect = {
      level = "WARNING", component = "filterlog", message = "block in tcp 203.0.113.66:41022 -> 192.0.2.5:22 on igb0",
      fields = {
        host = "gw1", pid = 71324, rule = "1000000103", interface = "igb0", reason = "match", action = "block",
        direction = "in", ttl = 49, transport = "tcp", bytes = 60, source = "203.0.113.66", source_port = 41022,
        destination = "192.0.2.5", destination_port = 22, flags = "S",
      },
    },
  },
  {
    line = "<134>Nov 20 04:00:19 filterlog[71324]: 64,,,1535324496,igb1,match,pass,out,6,0x00,0x8f0d4,64,UDP,17,72,2001:db8::21,2001:db8::53,40022,53,32",
    expect = {
      level = "INFO", message = "pass out udp 2001:db8::21:40022 -> 2001:db8::53:53 on igb1",
      fields = { transport = "udp", bytes = 72, ttl = 64, destination_port = 53 },
    },
  },
  {
    line = "<134>1 2026-11-20T04:00:20.000000+00:00 opn1.example.com filterlog 88211 - [meta sequenceId=\"77\"] 12,,,fae559338f65e11c53669fc3642c93c2,vtnet0,match,block,in,4,0x0,,55,0,0,none,1,icmp,84,198.51.100.7,192.0.2.5,request,1234,1",
    expect = {
      level = "WARNING", time = "2026-11-20T04:00:20Z", message = "block in icmp 198.51.100.7 -> 192.0.2.5 on vtnet0",
      fields = {
        host = "opn1.example.com", pid = 88211, icmp_type = "request", rule = "fae559338f65e11c53669fc3642c93c2",
      },
    },
  },
  {
    line = "Nov 20 04:00:21 gw1 filterlog: 9,16777216,,1000000105,igb0,match,block,in,4,0x0,,1,14602,0,none,2,igmp,36,192.0.2.7,224.0.0.22,datalength=12",
    expect = { level = "WARNING", message = "block in igmp 192.0.2.7 -> 224.0.0.22 on igb0" },
  },
  { line = "Nov 20 04:00:18 gw1 filterlog[71324]: 5,,,1000000103,igb0,match,block", expect = false },
  { line = "Nov 20 04:00:18 gw1 filterdns[812]: adding entry 192.0.2.5 to pf table hosts", expect = false },
}

return M
