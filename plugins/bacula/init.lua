--- Bacula's and Bareos' messages, as bacula.log and the console have them:
---   20-Nov 01:05 backup-dir JobId 4711: Start Backup JobId 4711, Job=…
--- The time has no year and often no seconds, so it is put in order here. What follows on further lines belongs to the message.

local M = {
  name = "bacula",
  kind = "parser",
  api = 1,
  description = "Bacula and Bareos",
  multiline = true,
  match = [=[^(?:\d\d-[A-Z][a-z]{2}(?:-\d{4})? \d\d:\d\d(?::\d\d)?|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}) [\w.\-]+ +JobId \d+: ]=],
}

local entry = ailogger.regex(
  [=[^(?:(?<day>\d\d)-(?<month>[A-Z][a-z]{2})(?:-(?<year>\d{4}))? (?<clock>\d\d:\d\d)(?<seconds>:\d\d)?|(?<iso>\d{4}-\d\d-\d\dT\S+)) ]=] ..
  [=[(?<daemon>[\w.\-]++) +JobId (?<job>\d++): +?(?<text>.*)$]=])
local level = ailogger.regex([=[^(?<word>Fatal error|Error|Warning|Security Alert|Security violation): ]=])
local levels = {
  ["Fatal error"] = "critical", ["Error"] = "error", ["Warning"] = "warning", ["Security Alert"] = "error", ["Security violation"] = "error",
}

function M.parse(line, event)
  local day, month, year, clock, seconds, iso, daemon, job, text = entry:captures(line)
  if not daemon then return false end
  event.time = iso or (year and ("%s-%s-%s %s%s"):format(day, month, year, clock, seconds or ":00"))
    or ("%s %s %s%s"):format(month, day, clock, seconds or ":00")
  event.component = daemon
  event.message = text
  local word = level:captures(text)
  event.level = word and levels[word] or "info"
  if job ~= "0" then event.fields.job = job end
end

M.samples = {
  {
    line = "20-Nov 01:05 backup-sd JobId 4711: Fatal error: block.c:291 Write error at 3:41 on device \"FileStorage\" (/backup). ERR=No space left on device.",
    expect = { level = "CRITICAL", component = "backup-sd", fields = { job = "4711" } },
  },
  {
    line = "2026-11-20T01:05:03+0000 bareos-fd  JobId 4711: Warning: could not stat \"/srv/x\": ERR=No such file or directory",
    expect = { level = "WARNING", component = "bareos-fd", time = "2026-11-20T01:05:03Z" },
  },
  {
    line = "20-Nov-2026 01:05:03 backup-dir JobId 0: Shutting down",
    expect = { level = "INFO", time = "2026-11-20T01:05:03Z", message = "Shutting down" },
  },
  { line = "20-Nov 01:05 backup-dir shop: open", expect = false },
}

return M
