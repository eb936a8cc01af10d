--- Zabbix' server, proxy and agent: the process, then date and time without a separator.
---   3859:20261120:040018.214 [Z3001] connection to database 'zabbix' failed: [0] could not connect to server

local M = {
  name = "zabbix",
  kind = "parser",
  api = 1,
  description = "Zabbix server, proxy and agent",
  match = [=[^ {0,7}\d{1,8}:20\d{6}:\d{6}\.\d{3} ]=],
  multiline = true,
}

local entry = ailogger.regex(
  [=[^ *(?<pid>\d++):(?<year>\d{4})(?<month>\d\d)(?<day>\d\d):(?<hour>\d\d)(?<minute>\d\d)(?<second>\d\d\.\d{3}) ]=] ..
  [=[(?<message>(?:(?:(?:\[file:'(?<file>[^']++)',line:(?<line>\d++)\] )?\[(?<code>Z\d{4})\] )?.*))]=])
local names = ailogger.regex([=[(?<!\w)(?:item|host) "(?<name>[^":]++)]=])

function M.parse(line, event)
  local pid, year, month, day, hour, minute, second, message, file, number, code = entry:captures(line)
  if not pid then return false end
  event.time = ailogger.time.parse(("%s-%s-%s %s:%s:%s"):format(year, month, day, hour, minute, second))
  if not event.time then return false end
  event.message = message
  local fields = event.fields
  fields.pid = tonumber(pid)
  fields.file, fields.line, fields.code = file, tonumber(number), code
  fields.host = names:captures(message)
end

M.samples = {
  {
    line = " 3859:20261120:040018.214 [Z3001] connection to database 'zabbix' failed: [0] could not connect to server: Connection refused",
    expect = {
      time = "2026-11-20T04:00:18.214Z",
      message = "[Z3001] connection to database 'zabbix' failed: [0] could not connect to server: Connection refused",
      fields = { pid = 3859, code = "Z3001" },
    },
  },
  {
    line = "895:20261120:040019.002 item \"db1:system.cpu.load\" became not supported: Timeout while executing a shell script.",
    expect = { fields = { pid = 895, host = "db1" } },
  },
  { line = "895:20261320:040019.002 no such month", expect = false },
}

return M
