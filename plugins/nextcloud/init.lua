--- Nextcloud's and ownCloud's nextcloud.log: JSON whose levels count from 0, debug, to 4, fatal.

local M = {
  name = "nextcloud",
  kind = "parser",
  api = 1,
  description = "Nextcloud and ownCloud",
  match = [=[^\{"reqId":"[^"]*","level":\d,"time":"]=],
}

local levels = { [0] = "debug", "info", "warning", "error", "critical" }
-- Each name and the field that it becomes, in the order in which they are written.
local names = {
  { "reqId", "request" }, { "remoteAddr", "client" }, { "user", "user" }, { "method", "method" }, { "url", "path" },
  { "userAgent", "agent" }, { "version", "version" }, { "scriptName", "script" },
}

function M.parse(line, event)
  local entry = ailogger.json.decode(line)
  if type(entry) ~= "table" or not levels[entry.level] then return false end
  local fields = event.fields

  event.time = entry.time
  event.level = levels[entry.level]
  event.component = entry.app
  local message = entry.message
  event.message = type(message) == "string" and message or ailogger.json.encode(message)
  for _, name in ipairs(names) do
    local value = entry[name[1]]
    if type(value) == "string" and value ~= "" and value ~= "--" then fields[name[2]] = value end
  end
  local exception = type(entry.exception) == "table" and entry.exception
  if exception then
    fields.exception = exception.Exception
    fields.code = exception.Code
    fields.file = exception.File
    fields.line = exception.Line
  end
end

M.samples = {
  {
    line = [=[{"reqId":"F8k2","level":3,"time":"2026-11-20T04:00:16+00:00","remoteAddr":"198.51.100.7","user":"anna","app":"core","method":"GET","url":"/apps/files","message":"no connection","userAgent":"Mozilla/5.0","version":"30.0.2.2","exception":{"Exception":"OC\\DatabaseException","Message":"no connection","Code":7,"File":"/srv/cloud/lib/db.php","Line":41}}]=],
    expect = {
      level = "ERROR", component = "core", time = "2026-11-20T04:00:16Z", message = "no connection",
      fields = {
        request = "F8k2", client = "198.51.100.7", user = "anna", method = "GET", path = "/apps/files",
        exception = "OC\\DatabaseException", line = 41,
      },
    },
  },
  {
    line = [=[{"reqId":"F8k3","level":0,"time":"2026-11-20T04:00:17+00:00","remoteAddr":"","user":"--","app":"cron","method":"","url":"--","message":"tick","userAgent":"--","version":"30.0.2.2"}]=],
    expect = { level = "DEBUG", component = "cron", message = "tick" },
  },
  { line = [=[{"level":30,"time":1795147216120,"msg":"ready"}]=], expect = false },
}

return M
