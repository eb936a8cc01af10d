--- The Music Player Daemon's log:
---   Nov 20 04:00 : exception: Failed to open audio output
--- Times have no seconds before version 0.22 and ISO 8601 from then on.

local M = {
  name = "mpd",
  kind = "parser",
  api = 1,
  description = "Music Player Daemon",
  match = [=[^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d : ]=],
}

local entry = ailogger.regex([=[^(?<month>[A-Z][a-z]{2}) +(?<day>\d\d?) (?<clock>\d\d:\d\d) : (?<text>(?:(?<domain>[\w\-/]++): )?.*)$]=])

function M.parse(line, event)
  local month, day, clock, text, domain = entry:captures(line)
  if not month then return false end
  event.time = ("%s %s %s:00"):format(month, day, clock)
  event.component = domain ~= "exception" and domain or nil
  event.message = text
end

M.samples = {
  { line = "Nov 20 04:00 : output: Failed to open \"My ALSA Device\"", expect = { component = "output", message = "output: Failed to open \"My ALSA Device\"" } },
  { line = "Nov  2 04:00 : exception: Failed to open audio output", expect = { message = "exception: Failed to open audio output" } },
  { line = "Nov 20 04:00:16 shop: open", expect = false },
}

return M
