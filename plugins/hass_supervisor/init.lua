--- Home Assistant's supervisor: like Home Assistant, but that years have two digits and go first; a pattern would leave the order of
--- 22-11-17 to be inferred.
---   26-11-20 04:00:18 WARNING (MainThread) [supervisor.misc.tasks] Watchdog missed the API of Home Assistant

local M = {
  name = "hass_supervisor",
  kind = "parser",
  api = 1,
  description = "Home Assistant Supervisor",
  match = [=[^\d\d-\d\d-\d\d \d\d:\d\d:\d\d (?:DEBUG|INFO|WARNING|ERROR|CRITICAL) \([^)]+\) \[[^\]\s]+\] ]=],
  multiline = true,
}

local entry = ailogger.regex(
  [=[^(?<time>\d\d-\d\d-\d\d \d\d:\d\d:\d\d) (?<level>[A-Z]++) \((?<thread>[^)]++)\) \[(?<component>[^\]]++)\] (?<message>.*)]=])

function M.parse(line, event)
  local time, level, thread, component, message = entry:captures(line)
  if not time then return false end
  event.time = ailogger.time.parse("20" .. time)
  if not event.time then return false end
  event.level = level
  event.component = component
  event.message = message
  event.fields.thread = thread
end

M.samples = {
  {
    line = "26-11-20 04:00:18 WARNING (MainThread) [supervisor.misc.tasks] Watchdog missed the API of Home Assistant",
    expect = {
      level = "WARNING", time = "2026-11-20T04:00:18Z", component = "supervisor.misc.tasks",
      message = "Watchdog missed the API of Home Assistant", fields = { thread = "MainThread" },
    },
  },
  { line = "26-11-20 04:00:18 WARNING supervisor has no thread", expect = false },
}

return M
