--- The event log of a machine's management controller, as `ipmitool sel list`, `sel elist` and ipmi-sel print it:
---   1a | 11/20/2026 | 04:00:18 | Temperature #0x30 | Upper Critical going high | Asserted

local M = {
  name = "ipmi_sel",
  kind = "parser",
  api = 1,
  description = "IPMI system event log (ipmitool sel list)",
  match = [=[^ *[0-9a-f]{1,4} *\| (?:\d\d/\d\d/(?:\d{4}|\d\d) \| \d\d:\d\d:\d\d|[A-Z][a-z]{2}-\d\d-\d{4} *\| \d\d:\d\d:\d\d|Pre-Init +\|)]=],
}

local entry = ailogger.regex(
  [=[^ *(?<record>[0-9a-f]{1,4}) *\| (?:(?<month>\d\d)/(?<day>\d\d)/(?<year>\d{2,4}) \| (?<clock>\d\d:\d\d:\d\d)]=] ..
  [=[(?: (?<zone>[A-Z]{3,4}))? \||(?<name>[A-Z][a-z]{2})-(?<date>\d\d)-(?<full>\d{4}) *\| (?<hour>\d\d:\d\d:\d\d) *\||Pre-Init +\|[^|]*\|) ]=] ..
  [=[*(?<component>[^|]*?) *\| (?<message>.*)]=])

local grave = ailogger.regex([=[(?<critical>Non-recoverable|Uncorrectable|OEM Event Offset = Critical)|(?<error>Upper Critical|Lower Critical|Failure detected|Fault|Failed|Power off/down|State Asserted.*Fault|Limit Exceeded|Thermal Trip)|(?<warning>Non-critical|Predictive Failure|Power Supply AC lost|Redundancy Lost|Correctable ECC|Drive Removed|Log area reset)]=])

function M.parse(line, event)
  local record, month, day, year, clock, zone, name, date, full, hour, component, message = entry:captures(line)
  if not record then return false end
  if month then
    event.time = ailogger.time.parse(("%s%s-%s-%s %s"):format(#year == 2 and "20" or "", year, month, day, clock))
  elseif name then
    event.time = ailogger.time.parse(("%s %s %s %s"):format(name, date, full, hour))
  end
  local critical, wrong, warning = grave:captures(message)
  -- What is over is said as gravely as what begins.
  if message:find("Deasserted", 1, true) then
    event.level = "info"
  else
    event.level = critical and "critical" or wrong and "error" or warning and "warning" or "info"
  end
  event.component = component:match("^(.-) #0x%x+$") or component
  event.message = message:gsub(" +| +", " | ")
  event.fields.record = record
end

M.samples = {
  {
    line = "1a | 11/20/2026 | 04:00:18 | Temperature #0x30 | Upper Critical going high | Asserted",
    expect = {
      level = "ERROR", component = "Temperature", time = "2026-11-20T04:00:18Z",
      message = "Upper Critical going high | Asserted", fields = { record = "1a" },
    },
  },
  { line = "   2 | 11/20/2026 | 04:02:00 | Temperature #0x30 | Upper Critical going high | Deasserted", expect = { level = "INFO" } },
  { line = "1a | 2026-11-20 | 04:00:18", expect = false },
}

return M
