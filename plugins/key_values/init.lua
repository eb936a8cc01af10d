--- Lines that are nothing but pairs with a separator between that logfmt hasn't: a semicolon, a comma, a bar or a tab.
---   ts=2026-11-20T04:00:18Z; level=error; module=store; msg="cannot connect"; attempt=2

local M = {
  name = "key_values",
  kind = "parser",
  api = 1,
  description = "key=value pairs with ; , | or tabs between",
  match = [=[^(?:[\[{<]\s*)?[A-Za-z_][\w.\-]*(?: ?= ?)(?:"(?:[^"\\]|\\.)*"|[^";,|\t=]*)(?:[;,|]\s*|\s+\|\s+|\t+)]=] ..
    [=[[A-Za-z_][\w.\-]*(?: ?= ?)(?:"(?:[^"\\]|\\.)*"|[^";,|\t=]*)(?:[;,|]\s*|\s+\|\s+|\t+)[A-Za-z_][\w.\-]*(?: ?= ?)]=],
}

local pair = ailogger.regex(
  [=[\G[\s;,|\[{<]*+([A-Za-z_][\w.\-]*+) ?= ?(?:"((?:[^"\\]|\\.)*+)"|'((?:[^'\\]|\\.)*+)'|([^;,|\t"]*?(?:,(?! ?[A-Za-z_][\w.\-]*+ ?=)[^;|\t"]*?)*))]=] ..
  [=[\s*(?:[;|\t]|,(?= ?[A-Za-z_][\w.\-]*+ ?=)|[\]}>]?$)]=])

local times = { time = true, timestamp = true, ts = true, t = true, datetime = true, date_time = true, eventtime = true }
local levels = { level = true, lvl = true, severity = true, alertseverity = true, loglevel = true, loglvl = true, log_level = true, sev = true, priority = true }
local messages = { msg = true, infomsg = true, message = true, text = true, event = true, desc = true, description = true }
local components = { module = true, logger = true, component = true, service = true, source_module = true, app = true, mod = true, subsys = true }

local words = {
  trace = "trace", debug = "debug", verbose = "debug", info = "info", information = "info", notice = "info", warn = "warning",
  warning = "warning", err = "error", error = "error", severe = "error", crit = "critical", critical = "critical",
  fatal = "critical", alert = "critical", emergency = "critical", emerg = "critical", panic = "critical", i = "info",
  trc = "trace", dbg = "debug", inf = "info", wrn = "warning", ftl = "critical", emrg = "critical", warnung = "warning", fehler = "error",
  w = "warning", e = "error", d = "debug", c = "critical", f = "critical", low = "info", medium = "warning", high = "error",
}

function M.parse(line, event)
  local fields = event.fields
  local at, length, count = 1, #line, 0
  local date, time, level, message, component
  while at <= length do
    local from, to = pair:find(line, at)
    if from ~= at then break end
    local key, quoted, single, bare = pair:captures(line, at)
    local value = quoted and quoted:gsub([[\(.)]], "%1") or single or bare
    at = to + 1
    count = count + 1
    local name = key:lower()
    if times[name] and not time then
      time = value
    elseif name == "date" and not date then
      date = value
    elseif levels[name] and not level and words[value:lower()] then
      level = value
    elseif messages[name] and not message then
      message = value
    elseif components[name] and not component then
      component = value
    elseif value ~= "" then
      fields[key] = bare and tonumber(value) or value
    end
  end
  if count < 3 or line:sub(at):find("[^%s%]}>]") then return false end
  if date and time and not time:find("[%-/]") then time = date .. " " .. time end
  time = time or date
  event.time = time and ailogger.time.parse(time) and time or nil
  event.level = level and words[level:lower()]
  event.component = component
  event.message = message or line
end

M.samples = {
  {
    line = "ts=1795147216.120|lvl=WRN|mod=net|msg=retry in 5 s",
    expect = { level = "WARNING", component = "net", time = "2026-11-20T04:00:16.120Z", message = "retry in 5 s" },
  },
  {
    line = 'ts=2026-11-20T04:00:18Z; level=error; module=store; msg="cannot connect; giving up"; attempt=2',
    expect = {
      level = "ERROR", component = "store", time = "2026-11-20T04:00:18Z", message = "cannot connect; giving up",
      fields = { attempt = 2 },
    },
  },
  {
    line = "date=2026-11-20,time=04:00:18,severity=warn,host=db1,text=disk is nearly full,free=1.5",
    expect = { level = "WARNING", time = "2026-11-20T04:00:18Z", message = "disk is nearly full", fields = { host = "db1", free = 1.5 } },
  },
  { line = "SELECT a=1, b=2 FROM t WHERE c=3", expect = false },
}

return M
