--- HP ProCurve and Aruba switches (ArubaOS-Switch), as `show logging` prints it and behind syslog:
---   W 11/20/26 04:00:18 00435 ports: port 12 is Blocked by STP
--- The month comes first, and the year has two digits.

local M = {
  name = "hp_procurve",
  kind = "parser",
  api = 1,
  description = "HP ProCurve and Aruba switches",
  match = [=[^(?:[A-Z] \d\d/\d\d/\d\d \d\d:\d\d:\d\d |(?:<\d+> ?)?[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d [^ ]+ {1,2}(?:[A-Z] )?)]=] ..
    [=[\d{5} [\w\-/ ]+: ]=],
}

local entry = ailogger.regex(
  [=[^(?:(?<letter>[A-Z]) (?<month>\d\d)/(?<day>\d\d)/(?<year>\d\d) (?<clock>[\d:]{8})|(?:<(?<priority>\d++)> ?+)?]=] ..
  [=[(?<time>[A-Z][a-z]{2} [ \d]\d [\d:]{8}) (?<host>\S++)(?: (?<mark>[A-Z]))?) {1,2}(?<id>\d{5}) ]=] ..
  [=[(?<component>[\w\-/ ]++): ++(?:(?<member>(?:ST|AM)\d[\w\-]*): )?(?<message>.*)]=])
local port = ailogger.regex([=[\bport (?<port>[A-Z]?\d[\w/]*)]=])

-- Information, Warning, Major, Debug, Error, Critical.
local levels = { I = "info", W = "warning", M = "error", E = "error", C = "critical", D = "debug" }

function M.parse(line, event)
  local letter, month, day, year, clock, priority, time, host, mark, id, component, member, message =
    entry:captures(line)
  if not id then return false end
  event.time = month and ailogger.time.parse(("20%s-%s-%s %s"):format(year, month, day, clock)) or time
  event.level = levels[letter or mark]
    or (priority and ({ [0] = "critical", "critical", "critical", "error", "warning", "info", "info", "debug" })[
      tonumber(priority) % 8])
  event.component = component
  event.message = message
  local fields = event.fields
  fields.host, fields.id, fields.member = host, id, member
  fields.interface = port:captures(message)
end

M.samples = {
  {
    line = "W 11/20/26 04:00:18 00435 ports: port 12 is Blocked by STP",
    expect = {
      level = "WARNING", component = "ports", time = "2026-11-20T04:00:18Z", message = "port 12 is Blocked by STP",
      fields = { id = "00435", interface = "12" },
    },
  },
  {
    line = "<14>Nov 20 04:00:18 192.0.2.4 00077 ports: ST1-CMDR: port 1/A2 is now off-line",
    expect = { level = "INFO", component = "ports", fields = { host = "192.0.2.4", member = "ST1-CMDR", interface = "1/A2" } },
  },
  { line = "I 11/20/26 04:00:18 done", expect = false },
}

return M
