--- HTCondor: its daemons' logs, and the event log of a job, whose events are numbered paragraphs that end with three dots.
---   11/20/26 04:00:18 (pid:4711) ERROR "No space" at line 41 in file …
---   007 (4242.000.000) 2026-11-20 04:00:12 Shadow exception!

local M = {
  name = "htcondor",
  kind = "parser",
  api = 1,
  description = "HTCondor's daemons and job event logs",
  match = [=[^(?:\d\d/\d\d/\d\d \d\d:\d\d:\d\d(?:\.\d{3})? (?:\((?:pid|fd|cid|D_\w+|tid|\d+\.\d+)|\*{6})|]=] ..
    [=[0[0-4]\d \(\d+\.\d{3}\.\d{3}\) (?:\d{4}-\d\d-\d\d|\d\d/\d\d) \d\d:\d\d:\d\d |\.\.\.$)]=],
  multiline = true,
}

local daemon = ailogger.regex(
  [=[^(?<month>\d\d)/(?<day>\d\d)/(?<year>\d\d) (?<clock>\d\d:\d\d:\d\d(?:\.\d{3})?) (?:\((?:fd:\d++|cid:\d++|tid:\d++)\) )*]=] ..
  [=[(?:\(pid:(?<pid>\d++)\) )?(?:\((?<category>D_\w++)[^)]*\) )?(?:\((?<job>\d++\.\d++)\) )?(?:\((?<peer>\d++)\): )?(?<message>.*)]=])
local job_event = ailogger.regex(
  [=[^(?<id>\d{3}) \((?<cluster>\d++)\.(?<process>\d{3})\.\d{3}\) (?:(?<date>\d{4}-\d\d-\d\d)|(?<month>\d\d)/(?<day>\d\d)) ]=] ..
  [=[(?<clock>\d\d:\d\d:\d\d(?:\.\d+)?) (?<message>.*)]=])

-- Numbers of events that aren't the usual course: evicted, could not run, shadow exception, aborted, suspended, held, disconnected, …
local graves = {
  ["002"] = "error", ["004"] = "warning", ["007"] = "error", ["009"] = "warning", ["010"] = "warning", ["012"] = "error",
  ["021"] = "error", ["022"] = "warning", ["024"] = "error", ["026"] = "warning", ["029"] = "error", ["031"] = "warning",
}

function M.parse(line, event)
  local month, day, year, clock, pid, category, job, _, message = daemon:captures(line)
  local fields = event.fields
  if month then
    event.time = ailogger.time.parse(("20%s-%s-%s %s"):format(year, month, day, clock))
    if not event.time then return false end
    event.message = message
    event.level = message:find("^ERROR") and "error" or message:find("^WARNING") and "warning"
      or category == "D_ERROR" and "error" or nil
    fields.pid = tonumber(pid)
    fields.category = category
    fields.job = job
    return
  end
  local id, cluster, process, date
  id, cluster, process, date, month, day, clock, message = job_event:captures(line)
  if not id then
    -- The dots end an event.
    return false
  end
  event.time = date and ailogger.time.parse(date .. " " .. clock) or ("%s-%s %s"):format(month, day, clock)
  event.component = "job"
  event.level = graves[id] or "info"
  event.message = message
  fields.id = id
  fields.job = ("%s.%d"):format(cluster, tonumber(process))
end

M.samples = {
  {
    line = '11/20/26 04:00:18 (pid:4711) ERROR "Failed to write job_queue.log: No space left on device" at line 41 in file classad_log.cpp',
    expect = { level = "ERROR", time = "2026-11-20T04:00:18Z", fields = { pid = 4711 } },
  },
  {
    line = "012 (4242.000.000) 2026-11-20 04:00:12 Job was held.",
    expect = { level = "ERROR", component = "job", time = "2026-11-20T04:00:12Z", message = "Job was held.", fields = { id = "012", job = "4242.0" } },
  },
  { line = "11/20/26 4 o'clock", expect = false },
}

return M
