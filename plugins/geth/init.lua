--- go-ethereum and other programs with log15's terminal layout: level, month, day and time, message, key=value:
---   WARN [11-20|04:00:16.120] Served eth_call                          conn=192.0.2.21:3000 err="no answer"
--- There is no year; it is completed by the engine.

local M = {
  name = "geth",
  kind = "parser",
  api = 1,
  description = "go-ethereum and log15's terminal",
  multiline = true,
  match = [=[^(?:TRACE|DEBUG|DBUG|INFO|WARN|ERROR|EROR|CRIT) ?\[\d\d-\d\d\|\d\d:\d\d:\d\d(?:\.\d{3})?\] ]=],
}

local entry = ailogger.regex(
  [=[^(?<level>[A-Z]++) ?\[(?<date>\d\d-\d\d)\|(?<clock>[\d:.]++)\] (?<message>.*?)(?<pairs>(?: +[\w.\-]++=(?:"(?:[^"\\]|\\.)*+"|[^ "]*+))*+)$]=])
local pair = ailogger.regex([=[\G( +([\w.\-]++)=(?:"((?:[^"\\]|\\.)*+)"|([^ "]*+)))]=])

local levels = { DBUG = "debug", EROR = "error", CRIT = "critical" }

function M.parse(line, event)
  local level, date, clock, message, pairs_text = entry:captures(line)
  if not level then return false end
  event.time = date .. " " .. clock
  event.level = levels[level] or level
  event.message = message:gsub(" +$", "")
  local at = 1
  while pairs_text and at <= #pairs_text do
    local whole, key, quoted, bare = pair:captures(pairs_text, at)
    if not whole then break end
    event.fields[key] = quoted or tonumber(bare) or bare
    at = at + #whole
  end
end

M.samples = {
  {
    line = 'WARN [11-20|04:00:16.120] Served eth_call                          conn=192.0.2.21:3000 reqid=12 err="no answer"',
    expect = { level = "WARNING", message = "Served eth_call", fields = { conn = "192.0.2.21:3000", reqid = 12, err = "no answer" } },
  },
  { line = "EROR [11-20|04:00:16] down", expect = { level = "ERROR", message = "down" } },
  { line = "ERROR[11-20|04:00:16.120] Failed to write", expect = { level = "ERROR", message = "Failed to write" } },
  { line = "INFO [20/Nov/2026] started", expect = false },
}

return M
