--- ntpd's own log file, which puts the day first and has no year: 20 Nov 04:00:18 ntpd[801]: …
--- Also the statistics that ntpd and chrony keep, by modified Julian day: 61364 14418.120 192.0.2.1 …

local M = {
  name = "ntpd",
  kind = "parser",
  api = 1,
  description = "ntpd's log and statistics",
  match = [=[^(?: ?\d{1,2} [A-Z][a-z]{2} \d\d:\d\d:\d\d ntpd?[\w\-]*\[\d+\]: |[4-7]\d{4} \d{1,5}\.\d{3} [\d.+\-]+ [\d.+\-]+)]=],
}

local entry = ailogger.regex(
  [=[^ ?(?<day>\d{1,2}) (?<month>[A-Z][a-z]{2}) (?<clock>\d\d:\d\d:\d\d) (?<component>ntpd?[\w\-]*)\[(?<pid>\d++)\]: (?<message>.*)]=])
local statistic = ailogger.regex([=[^(?<day>\d{5}) (?<second>\d{1,5}\.\d{3}) (?<message>(?<peer>\d++\.\d++\.\d++\.\d++)?.*)]=])

function M.parse(line, event)
  local day, month, clock, component, pid, message = entry:captures(line)
  if day then
    event.time = ("%s %2d %s"):format(month, tonumber(day), clock)
    event.component = component
    event.message = message
    event.fields.pid = tonumber(pid)
    return
  end
  local second, peer
  day, second, message, peer = statistic:captures(line)
  second = tonumber(second)
  if not day or second >= 86401 then return false end
  -- Day 40587 is the first of 1970.
  event.time = (tonumber(day) - 40587) * 86400000000000 + math.floor(second * 1000 + 0.5) * 1000000
  event.level = "debug"
  event.component = "ntpd"
  event.message = message
  event.fields.server = peer
end

M.samples = {
  {
    line = "20 Nov 04:00:18 ntpd[801]: error resolving pool 0.pool.example.net: Temporary failure in name resolution (-3)",
    expect = { component = "ntpd", message = "error resolving pool 0.pool.example.net: Temporary failure in name resolution (-3)", fields = { pid = 801 } },
  },
  {
    line = "61364 14418.120 192.0.2.1 963a 0.000120345 0.000412000 0.000012000 0.000030000",
    expect = { level = "DEBUG", time = "2026-11-20T04:00:18.120Z", fields = { server = "192.0.2.1" } },
  },
  { line = "20 Nov 04:00:18 httpd[801]: up", expect = false },
}

return M
