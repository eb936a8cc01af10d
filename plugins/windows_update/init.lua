--- WindowsUpdate.log: of Windows 10 and later as Get-WindowsUpdateLog writes it, and of the versions before, with tabs.
---   2026/11/20 04:00:18.1203456 1204  5678  Agent           *FAILED* [80070070] Download failed
---   2026-11-20	04:00:18:120	1204	5678	Agent	WARNING: Failed to download

local M = {
  name = "windows_update",
  kind = "parser",
  api = 1,
  description = "WindowsUpdate.log",
  match = [=[^\d{4}(?:/\d\d/\d\d \d\d:\d\d:\d\d\.\d{7} +\d+ +\d+ +\S|-\d\d-\d\d\t\d\d:\d\d:\d\d:\d{3}\t *\d+\t[\da-f]+\t)]=],
}

local etw = ailogger.regex(
  [=[^(?<time>\d{4}/\d\d/\d\d \d\d:\d\d:\d\d\.\d{7}) +(?<pid>\d++) +(?<thread>\d++) +(?<component>[A-Za-z][\w.]*+)(?: {2,}|\t+| )(?<message>.*)$]=])
local tabs = ailogger.regex(
  [=[^(?<date>\d{4}-\d\d-\d\d)\t(?<clock>\d\d:\d\d:\d\d):(?<millisecond>\d{3})\t *(?<pid>\d++)\t(?<thread>[\da-f]++)\t(?<component>[^\t]++)\t *(?<message>.*)$]=])
local said = ailogger.regex([=[^ *[#*]* *(?:\*(?<failed>FAILED)\*|(?<word>WARNING|FATAL|Error|ERROR|Warning)\b)(?: \[(?<code>[\dA-F]{8})\])?]=])
local code_of = ailogger.regex([=[(?:error|code|hr|result|Error) ?[=:]? ?(?:0x)?(?<code>8[\dA-Fa-f]{7})\b]=])

function M.parse(line, event)
  local time, pid, thread, component, message = etw:captures(line)
  if not time then
    local date, clock, millisecond
    date, clock, millisecond, pid, thread, component, message = tabs:captures(line)
    if not date then return false end
    time = ("%s %s.%s"):format(date, clock, millisecond)
  end
  local failed, word, code = said:captures(message)
  local moment = ailogger.time.parse(time)
  if not moment then return false end
  event.time = moment
  event.component = component
  event.message = message
  if failed then
    event.level = "error"
  elseif word then
    event.level = word == "FATAL" and "critical" or word:lower()
  else
    event.level = "info"
  end
  local fields = event.fields
  fields.pid = tonumber(pid)
  fields.thread = tonumber(thread) or thread
  fields.code = code or code_of:captures(message)
end

M.samples = {
  {
    line = "2026/11/20 04:00:18.1203456 1204  5678  Agent           *FAILED* [80070070] Download of update failed",
    expect = {
      level = "ERROR", component = "Agent", time = "2026-11-20T04:00:18.1203456Z",
      message = "*FAILED* [80070070] Download of update failed", fields = { pid = 1204, thread = 5678, code = "80070070" },
    },
  },
  {
    line = "2026-11-20\t04:00:18:120\t1204\t162c\tAgent\tWARNING: Failed to evaluate Installed rule, error = 0x80070005",
    expect = { level = "WARNING", component = "Agent", time = "2026-11-20T04:00:18.120Z", fields = { code = "80070005" } },
  },
  { line = "2026/11/20 04:00:18 Agent started", expect = false },
}

return M
