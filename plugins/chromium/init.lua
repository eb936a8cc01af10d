--- Chromium's logging, and with it Electron, CEF and what else is built on it:
---   [4711:4823:1120/040016.120118:ERROR:gpu_init.cc(523)] Passthrough is not supported
--- Process, thread and the day may be missing; there is no year. VERBOSE1 and its like are the levels of --v.
--- On ChromeOS the lines begin as syslog's: https://chromium.googlesource.com/chromium/src.git/+/lkgr/base/logging_chromeos.cc

local M = {
  name = "chromium",
  kind = "parser",
  api = 1,
  description = "Chromium, Electron and CEF",
  multiline = true,
  match = [=[^\[(?:\d+:)?(?:\d+:)?(?:\d{4}\/\d{6}(?:\.\d{3,6})?:)?(?:VERBOSE-?\d+|INFO|WARNING|ERROR|FATAL|DFATAL|ERROR_REPORT]=] ..
    [=[|CONSOLE):[\w.\-\/\\]+(?:\(\d+\)|:\d+)\] ]=],
}

local entry = ailogger.regex(
  [=[^\[(?:(?<pid>\d++):)?(?:(?<thread>\d++):)?(?:(?<month>\d\d)(?<day>\d\d)\/(?<hour>\d\d)(?<minute>\d\d)]=] ..
  [=[(?<second>\d\d(?:\.\d++)?+):)?(?<level>[A-Z_]++)-?\d*+:(?<file>[^(:]++)[(:](?<line>\d++)\)?\] ?(?<message>.*)$]=])

local levels = { VERBOSE = "debug", CONSOLE = "info", DFATAL = "critical", FATAL = "critical", ERROR_REPORT = "error" }

function M.parse(line, event)
  local pid, thread, month, day, hour, minute, second, level, file, number, message = entry:captures(line)
  if not level then return false end

  -- Before the clock is known it is the 0th of January.
  if month and day ~= "00" then event.time = ("%s-%s %s:%s:%s"):format(month, day, hour, minute, second) end
  event.level = levels[level] or level
  event.message = message
  event.fields.pid = tonumber(pid)
  event.fields.thread = tonumber(thread)
  event.fields.file = file
  event.fields.line = tonumber(number)
end

M.samples = {
  {
    line = "[4711:4823:1120/040016.120118:ERROR:gpu_init.cc(523)] Passthrough is not supported, GL is disabled",
    expect = {
      level = "ERROR", message = "Passthrough is not supported, GL is disabled",
      fields = { pid = 4711, thread = 4823, file = "gpu_init.cc", line = 523 },
    },
  },
  { line = "[1120/040016.120:WARNING:dns_config_service_posix.cc(276)] x", expect = { level = "WARNING" } },
  { line = "[1120/040016:INFO:CONSOLE:7] \"ready\", source: https://shop.example.com/app.js (7)", expect = { fields = { file = "CONSOLE" } } },
  { line = "[04:00:16] [main/INFO]: ready", expect = false },
}

return M
