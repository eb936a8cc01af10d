--- Transcripts of PowerShell (Start-Transcript): a head and an end between rows of stars, commands at the prompt, what they print.
--- Times have no separators: Start time: 20261120040018

local M = {
  name = "powershell_transcript",
  kind = "parser",
  api = 1,
  description = "PowerShell transcripts",
  match = [=[^(?:(?:Windows )?PowerShell transcript (?:start|end)|(?:Start time|End time|Command start time): ?\d{14}$|PS (?:[A-Z]:|HKLM:|~|/)[^>]*> ?|]=] ..
    [=[TerminatingError\(|PS>|>> )]=],
  multiline = true,
}

local timed = ailogger.regex([=[^(?<what>Start time|End time|Command start time): ?(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)(?<hour>\d\d)(?<minute>\d\d)(?<second>\d\d)$]=])
local prompt = ailogger.regex([=[^PS(?: (?<directory>[^>]*))?> ?(?<command>.*)$]=])
local failed = ailogger.regex([=[^(?:PS>)?TerminatingError\((?<command>[^)]*)\): "(?<message>.*)]=])

function M.parse(line, event)
  local what, year, month, day, hour, minute, second = timed:captures(line)
  event.level = "info"
  event.message = line
  if what then
    event.time = ailogger.time.parse(("%s-%s-%s %s:%s:%s"):format(year, month, day, hour, minute, second))
    return
  end
  local fields = event.fields
  local command, message = failed:captures(line)
  if command then
    event.level = "error"
    event.component = command
    event.message = message
    return
  end
  local directory
  directory, command = prompt:captures(line)
  if command then
    if directory and directory ~= "" then fields.directory = directory end
    if command ~= "" then fields.command = command end
  end
end

M.samples = {
  { line = "Start time: 20261120040018", expect = { time = "2026-11-20T04:00:18Z", message = "Start time: 20261120040018" } },
  {
    line = [[PS C:\Users\ops> Get-Service postgresql-x64-16]],
    expect = { fields = { directory = [[C:\Users\ops]], command = "Get-Service postgresql-x64-16" } },
  },
  {
    line = [[TerminatingError(Start-Service): "Failed to start service 'postgresql-x64-16'."]],
    expect = { level = "ERROR", component = "Start-Service" },
  },
  { line = "Start time: 2026-11-20 04:00:18", expect = false },
}

return M
