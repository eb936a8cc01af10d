--- Configuration Manager's logs, as CMTrace reads them, and what scripts write in the same way:
---   <![LOG[text]LOG]!><time="04:00:18.120+000" date="11-20-2026" component="…" context="" type="3" thread="1234" file="…">
---   text~  $$<COMPONENT><11-20-2026 04:00:18.120+000><thread=1234 (0x4D2)>
--- The offset is the minutes that lead from local time to UTC. https://github.com/MicrosoftDocs/memdocs

local M = {
  name = "sccm",
  kind = "parser",
  api = 1,
  description = "Microsoft Configuration Manager and CMTrace logs",
  match = [=[^<!\[LOG\[|\]LOG\]!><time="|  \$\$<[^<>]+><\d\d?-\d\d?-\d{4} ]=],
}

local entry = ailogger.regex(
  [=[^(?:<!\[LOG\[)?(?<message>.*?)\]LOG\]!><time="(?<clock>\d\d?:\d\d:\d\d)(?:\.(?<fraction>\d{1,7}))?(?<offset>[+\-]\d{1,3})?" ]=] ..
  [=[date="(?<month>\d\d?)-(?<day>\d\d?)-(?<year>\d{4})" component="(?<component>[^"]*+)" context="(?<context>[^"]*+)" ]=] ..
  [=[type="(?<type>\d?)" thread="(?<thread>[^"]*+)"(?: file="(?<file>[^":]*+)(?::(?<line>\d++))?[^"]*")?]=])
local old = ailogger.regex(
  [=[^(?<message>.*?)~? +\$\$<(?<component>[^<>]++)><(?<month>\d\d?)-(?<day>\d\d?)-(?<year>\d{4}) (?<clock>\d\d?:\d\d:\d\d)]=] ..
  [=[(?:\.(?<fraction>\d{1,7}))?(?<offset>[+\-]\d{1,3})?><thread=(?<thread>\d++)]=])

local levels = { ["1"] = "info", ["2"] = "warning", ["3"] = "error" }

local function time_of(year, month, day, clock, fraction, offset)
  if #clock == 7 then clock = "0" .. clock end
  local time = ailogger.time.parse(("%s-%02d-%02d %s.%s"):format(year, tonumber(month), tonumber(day), clock, fraction or "0"))
  if not time then return end
  return time + (tonumber(offset) or 0) * 60000000000
end

function M.parse(line, event)
  local message, clock, fraction, offset, month, day, year, component, context, type, thread, file, number =
    entry:captures(line)
  if not message then
    message, component, month, day, year, clock, fraction, offset, thread = old:captures(line)
    if not message then
      -- The first line of a text of several: the rest has time and level.
      local begun = line:match("^<!%[LOG%[(.*)$")
      if not begun or begun:find("]LOG]!>", 1, true) then return false end
      event.message = begun
      return
    end
  end
  event.time = time_of(year, month, day, clock, fraction, offset)
  event.level = levels[type]
  event.component = component
  event.message = message
  local fields = event.fields
  if context ~= "" then fields.user = context end
  fields.thread = tonumber(thread) or thread ~= "" and thread or nil
  if file ~= "" then fields.file = file end
  fields.line = tonumber(number)
end

M.samples = {
  {
    line = '<![LOG[Download failed: no space]LOG]!><time="05:00:18.120-60" date="11-20-2026" component="ContentTransferManager" context="NT AUTHORITY\\SYSTEM" type="3" thread="1234" file="ctmjob.cpp:1626">',
    expect = {
      level = "ERROR", component = "ContentTransferManager", time = "2026-11-20T04:00:18.120Z",
      message = "Download failed: no space",
      fields = { user = "NT AUTHORITY\\SYSTEM", thread = 1234, file = "ctmjob.cpp", line = 1626 },
    },
  },
  {
    line = "Waiting for work.~  $$<SMS_DISTRIBUTION_MANAGER><11-20-2026 04:00:19.001+000><thread=4711 (0x1267)>",
    expect = { component = "SMS_DISTRIBUTION_MANAGER", message = "Waiting for work.", fields = { thread = 4711 } },
  },
  { line = 'text with [LOG] in it and date="11-20-2026"', expect = false },
}

return M
