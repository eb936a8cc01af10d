--- Log of Redis and Valkey: pid:role, time, a sign for the level, message. Versions before 3 write [pid] and no role,
--- before 4 no year.
--- The signs and roles: https://build47.com/redis-log-format-levels/

local M = {
  name = "redis_server",
  kind = "parser",
  api = 1,
  description = "Redis and Valkey server log",
  multiline = true,
  match = [=[^(?:(?:\d+:[XCSM]|\[\d+\]) \d\d [A-Z][a-z][a-z] (?:\d{4} )?\d\d:\d\d:\d\d\.\d{3} [.\-*#] |\d+:signal-handler \(|]=] ..
    [=[\d\d [A-Z][a-z][a-z] \d\d:\d\d:\d\d (?:[.*#] |- (?:Server started, Redis|The server is now|Accepted |Client closed|DB ]=] ..
    [=[|Reading from client|\d+ clients connected)))]=],
}

local entry = ailogger.regex(
  [=[^\[?(?<pid>\d++)[:\]](?<role>[XCSM]?+) (?<day>\d\d) (?<month>[A-Z][a-z]{2}) (?:(?<year>\d{4}) )?]=] ..
  [=[(?<clock>[^ ]++) (?<sign>[.\-*#]) (?<message>.*)]=])

local roles = { X = "sentinel", C = "child", S = "replica", M = "master" }
local levels = { ["."] = "debug", ["-"] = "debug", ["*"] = "info", ["#"] = "warning" }

-- Redis knows no level above warning, and starts with a warning. These are failures.
local failure = ailogger.regex(
  [=[^(?:Can't |Error |Failed |Fatal|Write error |Short |Background (?:saving|AOF rewrite) ]=] ..
  [=[(?:error|terminated by signal)|Bad file format|MISCONF|Out Of Memory|Unrecoverable|FATAL|AOF rewrite ]=] ..
  [=[.*failed|Unable to |Could not |\+odown |\+sdown )]=])
local crash = ailogger.regex(
  [=[^(?:=== (?:REDIS|VALKEY) BUG REPORT START|(?:Redis|Valkey) [\d.]++ crashed by signal|Guru Meditation)]=])
local harmless = ailogger.regex(
  [=[^(?:o?O0OoO0O|(?:Redis|Valkey|Sentinel) (?:is starting|is now ready to exit|version=)|Configuration loaded|Server ]=] ..
  [=[initialized|User requested shutdown|Sentinel (?:ID is|runid is)|[+](?:monitor|new-epoch|vote-for-leader|]=] ..
  [=[elected-leader|slave|sentinel|reset-master|set|selected-slave|convert-to-slave|slave-reconf-\w+|]=] ..
  [=[failover-state-\w[\w-]*) |-(?:sdown|odown) )]=])

-- What the handler of signals writes has seconds since 1970 for a time.
local signal = ailogger.regex([=[^(?<pid>\d++):signal-handler \((?<time>\d{10})\) (?<message>.*)]=])

-- Up to 2.0: no process, no milliseconds, and three signs of which the star is the gravest.
local old = ailogger.regex(
  [=[^(?<day>\d\d) (?<month>[A-Z][a-z]{2}) (?<clock>\d\d:\d\d:\d\d) (?<sign>[.\-*#]) (?<message>.*)]=])
local old_levels = { ["."] = "debug", ["-"] = "info", ["*"] = "warning", ["#"] = "warning" }

function M.parse(line, event)
  local pid, role, day, month, year, clock, sign, message = entry:captures(line)
  local fields = event.fields
  if not pid then
    local time, text
    pid, time, text = signal:captures(line)
    if not pid then
      day, month, clock, sign, message = old:captures(line)
      if not day then return false end
      event.time = month .. " " .. day .. " " .. clock
      event.component = "redis"
      event.level = failure:test(message) and "error" or old_levels[sign]
      event.message = message
      return
    end
    event.time = time
    event.component = "redis"
    event.level = "info"
    event.message = text
    fields.pid = tonumber(pid)
    return
  end

  event.time = year and day .. " " .. month .. " " .. year .. " " .. clock or month .. " " .. day .. " " .. clock
  event.component = "redis"
  event.message = message
  local level = levels[sign]
  if level == "warning" then
    if failure:test(message) then
      level = "error"
    elseif crash:test(message) then
      level = "critical"
    elseif harmless:test(message) then
      level = "info"
    end
  end
  event.level = level
  fields.pid = tonumber(pid)
  fields.role = roles[role]
end

M.samples = {
  {
    line = "20 Nov 04:00:12 * WARNING overcommit_memory is set to 0! Background save may fail under low condition memory.",
    expect = { level = "WARNING", component = "redis" },
  },
  { line = "20 Nov 04:00:13 - Server started, Redis version 1.2.6", expect = { level = "INFO", message = "Server started, Redis version 1.2.6" } },
  { line = "20 Nov 04:00:13 - the shop is open", expect = false },
  {
    line = "812:M 20 Nov 2026 04:00:12.119 * Background saving terminated with success",
    expect = {
      level = "INFO", component = "redis", time = "2026-11-20T04:00:12.119Z",
      message = "Background saving terminated with success",
      fields = { pid = 812, role = "master" },
    },
  },
  {
    line = "812:M 20 Nov 2026 04:00:13.000 # Can't save in background: fork: Cannot allocate memory",
    expect = { level = "ERROR", message = "Can't save in background: fork: Cannot allocate memory" },
  },
  {
    line = "812:M 19 Nov 2026 20:00:00.001 # WARNING overcommit_memory is set to 0! Background save may fail under low memory condition.",
    expect = { level = "WARNING" },
  },
  {
    line = "812:C 19 Nov 2026 20:00:00.000 # oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo",
    expect = { level = "INFO", fields = { role = "child" } },
  },
  {
    line = "[4018] 20 Nov 04:00:14.500 . DB 0: 12 keys (0 volatile) in 16 slots HT.",
    expect = { level = "DEBUG", fields = { pid = 4018 } },
  },
  {
    line = "26379:X 20 Nov 2026 04:00:20.300 # +sdown master shop 192.0.2.5 6379",
    expect = { level = "ERROR", fields = { role = "sentinel" } },
  },
  {
    line = "812:S 20 Nov 2026 04:00:15.000 - Accepted 192.0.2.21:40022",
    expect = { level = "DEBUG", fields = { role = "replica" } },
  },
  {
    line = "26379:X 20 Nov 2026 04:00:20.310 # +vote-for-leader 5a15b573ad72c214ebff3fdc07338085caeac55b 1",
    expect = { level = "INFO" },
  },
  {
    line = "812:signal-handler (1795147216) Received SIGTERM scheduling shutdown...",
    expect = { level = "INFO", time = "2026-11-20T04:00:16Z", message = "Received SIGTERM scheduling shutdown...", fields = { pid = 812 } },
  },
  { line = "812:M 20 Nov 2026 Background saving terminated with success", expect = false },
  { line = "20-Nov-2026 04:00:12.119 SEVERE [main] org.apache.catalina.startup.Catalina.start", expect = false },
}

return M
