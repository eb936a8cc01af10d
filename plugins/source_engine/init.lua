--- Logs of Valve's Source and GoldSrc servers: L 11/20/2026 - 04:00:16: "anna<2><[U:1:42]><CT>" say "hello"

local M = {
  name = "source_engine",
  kind = "parser",
  api = 1,
  description = "Source engine game servers (HL Log Standard)",
  match = [=[^(?:RL? )?L \d\d\/\d\d\/\d{4} - \d\d:\d\d:\d\d: ]=],
}

local entry = ailogger.regex(
  [=[^(?:RL? )?L (?<day>\d\d\/\d\d\/\d{4}) - (?<clock>\d\d:\d\d:\d\d): ]=] ..
  [=[(?<message>(?:"(?<user>[^"]*?)<(?<slot>-?\d+)><(?<id>[^>]*)>(?:<(?<team>[^>]*)>)?" (?<action>[a-z][a-z ]*[a-z]))?.*)$]=])

local refused = ailogger.regex([=[(?i)^(?:rcon from "[^"]*": Bad Password|Bad Rcon: |.*\bError\b|.*failed\b)]=])

-- SourceMod: an exception, whose trace follows in lines of its own
local broken = ailogger.regex([=[^\[SM\] (?:Exception reported|Plugin encountered error|Unable to load plugin)\b]=])

function M.parse(line, event)
  local day, clock, message, user, slot, id, team, action = entry:captures(line)
  if not day then return false end
  local fields = event.fields

  event.time = day .. " " .. clock
  event.message = message
  event.level = broken:test(message) and "error" or refused:test(message) and "warning" or "info"
  if user then
    fields.user = user
    fields.slot = tonumber(slot)
    fields.id = id
    if team ~= "" then fields.team = team end
    fields.action = action
  end
end

M.samples = {
  {
    line = [=[L 11/20/2026 - 04:00:16: "anna<2><[U:1:42]><CT>" killed "bert<3><[U:1:43]><TERRORIST>" with "ak47"]=],
    expect = {
      level = "INFO", time = "2026-11-20T04:00:16Z",
      fields = { user = "anna", slot = 2, id = "[U:1:42]", team = "CT", action = "killed" },
    },
  },
  {
    line = [=[L 11/20/2026 - 04:00:17: rcon from "203.0.113.66:51044": Bad Password]=],
    expect = { level = "WARNING" },
  },
  {
    line = "L 11/20/2026 - 04:00:17: [SM] Exception reported: Client index 4 is invalid",
    expect = { level = "ERROR", message = "[SM] Exception reported: Client index 4 is invalid" },
  },
  { line = "L 11/20/2026 04:00:16: no dash", expect = false },
}

return M
