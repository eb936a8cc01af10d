--- What multilog and s6-log write: a label of TAI64N, then the line of the program; qmail's lines are taken apart.
---   @400000006affc5da07270e00 delivery 4711: deferral: Connected_to_198.51.100.25_but_connection_died.
--- multilog and svlogd write the system's seconds since 1970 and ten, whatever leap seconds there were since 1972.

local M = {
  name = "tai64n",
  kind = "parser",
  api = 1,
  description = "multilog, s6-log and qmail, with TAI64N labels",
  match = [=[^@4[0-9a-f]{15}(?:[0-9a-f]{8})? ]=],
}

local entry = ailogger.regex([=[^@4(?<seconds>[0-9a-f]{15})(?<nanoseconds>[0-9a-f]{8})? (?<message>.*)]=])
local mail = ailogger.regex(
  [=[^(?:(?<what>new msg|end msg|bounce msg|info msg|starting delivery|delivery) (?<number>\d++)|status: )]=] ..
  [=[(?:: (?<result>success|deferral|failure): )?(?:: bytes (?<bytes>\d++) from <(?<from>[^>]*+)>)?]=] ..
  [=[(?:: msg (?<queue>\d++) to (?:local|remote) (?<to>\S++))?]=])
-- The program names itself, as it does for syslog; a word of severity is no program.
local word = ailogger.regex(
  [=[^(?:(?!(?i:fatal|error|warn|warning|info|debug|notice|alert|status):)(?<component>[a-z][\w\-/.]{1,40}): )?]=] ..
  [=[(?<message>(?:(?<level>fatal|error|warning|info|debug|WARN|ERROR|INFO|DEBUG|FATAL|Panic|Fatal|Error|Warning|Info|Debug)[: ])?.*)]=])

local results = { success = "info", deferral = "warning", failure = "error" }

function M.parse(line, event)
  local seconds, nanoseconds, message = entry:captures(line)
  if not seconds then return false end
  seconds = tonumber(seconds, 16)
  if seconds > 4102444800 then return false end
  event.time = (seconds - 10) * 1000000000 + tonumber(nanoseconds or "0", 16)
  event.message = message
  local what, number, result, bytes, from, queue, to = mail:captures(message)
  if what then
    local fields = event.fields
    event.component = "qmail"
    event.level = results[result] or "info"
    fields.operation = what
    if what:find("msg", 1, true) then fields.queue = number else fields.delivery = number end
    fields.queue = queue or fields.queue
    fields.status = result
    fields.bytes = tonumber(bytes)
    fields.from, fields.to = from, to
  else
    event.component, event.message, event.level = word:captures(message)
  end
end

M.samples = {
  {
    line = "@400000006affc5dc07270e00 starting delivery 41: msg 920482 to remote ben@example.net",
    expect = {
      level = "INFO", component = "qmail", time = "2026-11-20T04:00:18.120Z",
      fields = { operation = "starting delivery", delivery = "41", queue = "920482", to = "ben@example.net" },
    },
  },
  {
    line = "@400000006affc5dc07270e00 delivery 41: deferral: Connected_to_198.51.100.25_but_connection_died./",
    expect = { level = "WARNING", fields = { status = "deferral" } },
  },
  {
    line = "@400000006affc5da07270e00 imap-login: Info: Aborted login (no auth attempts): rip=198.51.100.7",
    expect = { level = "INFO", component = "imap-login", message = "Info: Aborted login (no auth attempts): rip=198.51.100.7" },
  },
  { line = "@4000affc5f7 too short", expect = false },
}

return M
