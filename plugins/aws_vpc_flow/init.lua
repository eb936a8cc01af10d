--- Flow logs of an AWS VPC in the default format, version 2, also as exported from CloudWatch with a time in front.
--- The fields: https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
--- A record is a window of up to ten minutes; its start is taken for its time.

local M = {
  name = "aws_vpc_flow",
  kind = "parser",
  api = 1,
  description = "AWS VPC flow logs, version 2",
  match = [=[^(?:\d{4}-\d\d-\d\dT[\d:.]+Z )?(?:2 (?:\d{12}|unknown|-) eni-[0-9a-f]+ |version account-id ]=] ..
    [=[interface-id srcaddr )]=],
}

local entry = ailogger.regex(
  [=[^(?:\d{4}-[^ ]++ )?2 (?<account>[^ ]++) (?<interface>[^ ]++) (?:-|(?<source>[\da-f.:]++)) ]=] ..
  [=[(?:-|(?<destination>[\da-f.:]++)) (?:-|(?<source_port>\d++)) (?:-|(?<destination_port>\d++)) ]=] ..
  [=[(?:-|(?<protocol>\d++)) (?:-|(?<packets>\d++)) (?:-|(?<bytes>\d++)) (?<start>\d{9,10}) (?<finish>\d{9,10}) ]=] ..
  [=[(?:-|(?<action>[A-Z]++)) (?<status>OK|NODATA|SKIPDATA)$]=])

-- IANA's numbers of the protocols that are met.
local protocols = {
  ["1"] = "icmp", ["2"] = "igmp", ["4"] = "ipip", ["6"] = "tcp", ["17"] = "udp", ["41"] = "ipv6", ["47"] = "gre",
  ["50"] = "esp", ["51"] = "ah", ["58"] = "ipv6-icmp", ["132"] = "sctp",
}

-- Records that say that there is no record.
local without_flow = {
  NODATA = { level = "debug", text = "no traffic" },
  SKIPDATA = { level = "warning", text = "records skipped" },
}

function M.parse(line, event)
  if line:find("version account-id", 1, true) then
    event.component = "vpc-flow"
    event.level = "debug"
    return
  end
  local account, interface, source, destination, source_port, destination_port, protocol, packets, bytes, start,
    finish, action, status = entry:captures(line)
  if not account then return false end
  local fields = event.fields
  local missing = without_flow[status]

  event.time = tonumber(start) * 1000000000
  event.component = "vpc-flow"
  fields.account = account
  fields.interface = interface
  fields.window = tonumber(finish) - tonumber(start)
  if missing then
    event.level = missing.level
    event.message = missing.text .. " on " .. interface
    return
  end
  if not (source and destination and protocol and action) then return false end

  local transport = protocols[protocol] or protocol
  action = action:lower()
  event.level = action == "reject" and "warning" or "info"
  if source_port and source_port ~= "0" then
    event.message = ("%s %s %s:%s -> %s:%s"):format(
      action, transport, source, source_port, destination, destination_port)
  else
    event.message = ("%s %s %s -> %s"):format(action, transport, source, destination)
  end
  fields.action = action
  fields.transport = transport
  fields.source = source
  fields.source_port = tonumber(source_port)
  fields.destination = destination
  fields.destination_port = tonumber(destination_port)
  fields.packets = tonumber(packets)
  fields.bytes = tonumber(bytes)
end

M.samples = {
  {
    line = "2 123456789012 eni-1235b8ca123456789 192.0.2.139 192.0.2.21 20641 22 6 20 4249 1795147218 1795147278 ACCEPT OK",
    expect = {
      level = "INFO", component = "vpc-flow", time = "2026-11-20T04:00:18Z",
      message = "accept tcp 192.0.2.139:20641 -> 192.0.2.21:22",
      fields = {
        account = "123456789012", interface = "eni-1235b8ca123456789", source = "192.0.2.139", source_port = 20641,
        destination = "192.0.2.21", destination_port = 22, transport = "tcp", packets = 20, bytes = 4249, window = 60,
        action = "accept",
      },
    },
  },
  {
    line = "2 123456789012 eni-1235b8ca123456789 203.0.113.66 192.0.2.21 49761 3389 6 1 44 1795147210 1795147270 REJECT OK",
    expect = { level = "WARNING", message = "reject tcp 203.0.113.66:49761 -> 192.0.2.21:3389" },
  },
  {
    line = "2026-11-20T04:00:10.000Z 2 123456789012 eni-0a 2001:db8::1 2001:db8::2 0 0 58 4 336 1795147210 1795147270 ACCEPT OK",
    expect = {
      level = "INFO", message = "accept ipv6-icmp 2001:db8::1 -> 2001:db8::2",
      fields = { source = "2001:db8::1", bytes = 336 },
    },
  },
  {
    line = "2 123456789012 eni-1235b8ca123456789 - - - - - - - 1795147218 1795147278 - SKIPDATA",
    expect = { level = "WARNING", message = "records skipped on eni-1235b8ca123456789" },
  },
  {
    line = "2 123456789012 eni-1235b8ca123456789 - - - - - - - 1795147218 1795147278 - NODATA",
    expect = { level = "DEBUG", message = "no traffic on eni-1235b8ca123456789", fields = { window = 60 } },
  },
  { line = "2 123456789012 eni-1235b8ca123456789 192.0.2.139 192.0.2.21 20641 22 6 20 4249", expect = false },
  { line = "3 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-01234567890123456 eni-1235b8ca123456789 123456789012 IPv4", expect = false },
}

return M
