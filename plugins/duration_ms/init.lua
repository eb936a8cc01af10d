--- Finds how long something took, in words or in a field with a unit of its own, and gives it to every event as the
--- number `duration`, in seconds: "took 12 ms", "in 1.2s", "duration: 3.5 ms", `elapsed_ms = 40`.
---
--- A number with a unit is no duration by itself: "retry in 5s", "timeout of 30000ms" and "every 10s" say what shall
--- be, not what was. So a word must stand before it that says so, or it must end the message behind "in".

local M = {
  name = "duration_ms",
  kind = "filter",
  api = 1,
  description = "durations in words become the field duration, in seconds",
  config = {
    -- Fields whose name says the unit: "name=unit".
    fields = {
      "duration_ms=ms", "durationMs=ms", "durationMillis=ms", "elapsed_ms=ms", "elapsedMs=ms", "latency_ms=ms",
      "latencyMs=ms", "took_ms=ms", "response_time_ms=ms", "time_ms=ms", "duration_us=us", "duration_ns=ns",
      "elapsed_us=us",
      "elapsed=s", "elapsed_time=s", "latency=s", "request_time=s", "response_time=s", "duration_s=s", "took=ms",
    },
  },
}

local scales = {
  ns = 1e-9, nanoseconds = 1e-9, us = 1e-6, ["µs"] = 1e-6, ["μs"] = 1e-6, microseconds = 1e-6, ms = 1e-3, msec = 1e-3,
  msecs = 1e-3, millis = 1e-3, millisecond = 1e-3, milliseconds = 1e-3, s = 1, sec = 1, secs = 1, second = 1,
  seconds = 1,
  m = 60, min = 60, mins = 60, minute = 60, minutes = 60, h = 3600, hr = 3600, hour = 3600, hours = 3600,
}

local unit = [[(?:ns|us|µs|μs|ms|s|m|h|nanoseconds|microseconds|milliseconds?|millis|msecs?|secs?|seconds?]] ..
  [[|mins?|minutes?|hrs?|hours?)]]
-- "12 ms", "1m2.5s", "00:01:02.5".
local amount = ailogger.regex([[(?<![\w.:/-])(?:\d+(?:\.\d+)? ?]] .. unit .. [[(?: ?\d+(?:\.\d+)? ?]] .. unit
  .. [[)*+(?!\w)]] ..
  [[|\d{1,2}:\d\d:\d\d(?:\.\d+)?(?![\w:]))]])
local part = ailogger.regex("(\\d+(?:\\.\\d+)?) ?(" .. unit .. ")")

-- What stands before an amount that is a duration: a word for it, or what was done and "in".
local cue = ailogger.regex(
  [[(?i)(?<![a-z])(?:took|taking|taken|elapsed|duration|latency|(?:response|request|query|execution|total]] ..
  [[|processing|real)?]] ..
  [=[[ _-]?time(?: taken)?|runtime|cost|spent)(?: time| was| of)?["']?(?:\s*[=:]\s*["']?|\s+)$]=])
local done_in = ailogger.regex(
  [[(?i)\b(?:complet|finish|process|serv|handl|execut|return|respond|load|start|buil[dt]|done|ready|succeed]] ..
  [[|fail)[a-z]*\b]] ..
  [=[[^.;]* (?:in|after|within) $]=])
-- What was not, but shall be.
local planned = ailogger.regex(
  [[(?i)retry|try again|time(?:d )?[ -]?out|deadline|every|interval|schedul|restart|next|expire]])
-- The unit in the name: "elapsed_ms": 40, Query_time: 2.5.
local suffixed = ailogger.regex(
  [[(?i)(?<![a-z])(?:duration|elapsed|latency|took|(?:response|request|query|execution|total)?_?time)[_ ]?]] ..
  [[\(?(?<unit>ns|us|ms|millis|msec|secs?|seconds)\)?["']?\s*[=:]\s*["']?(?<number>\d+(?:\.\d+)?)(?!\w)]])
local query_time = ailogger.regex([[\bQuery_time: (?<number>\d+(?:\.\d+)?)(?!\w)]])

local function seconds_of(text)
  local sum = 0
  for match in part:gmatch(text) do
    local scale = scales[match[2]:lower()]
    if not scale then return nil end
    sum = sum + tonumber(match[1]) * scale
  end
  return sum
end

local function value_of(text)
  local hours, minutes, seconds = text:match("^(%d+):(%d+):([%d.]+)$")
  if hours then return tonumber(hours) * 3600 + tonumber(minutes) * 60 + tonumber(seconds) end
  return seconds_of(text)
end

local LOOK_BACK = 100

local function in_message(message)
  if message:find("[_(][mnus]s?[ecilno]*[)\"']*%s*[=:]") then
    local match = suffixed:match(message)
    if match then return tonumber(match.number) * scales[match.unit:lower()] end
  end
  if message:find("Query_time: ", 1, true) then
    local match = query_time:match(message)
    if match then return tonumber(match.number) end
  end
  local at = 1
  for _ = 1, 8 do
    local first, last = amount:find(message, at)
    if not first then return nil end
    local before = message:sub(math.max(1, first - LOOK_BACK), first - 1)
    if cue:test(before) then return value_of(message:sub(first, last)) end
    if before:find("[inr] $") and not planned:test(before) then
      local is_last = before:find(" in $") and message:find("^[.)%]]?%s*$", last + 1)
      if is_last or done_in:test(before) then return value_of(message:sub(first, last)) end
    end
    at = last + 1
  end
end

local by_name

local function start()
  local map = {}
  for rank, entry in ipairs(M.config.fields) do
    local name, word = entry:match("^(.+)=(%a+)$")
    if not name or not scales[word] then
      error(('config.fields: write "name=unit", as in "elapsed_ms=ms", not "%s"'):format(entry), 0)
    end
    map[name] = { rank = rank, scale = scales[word] }
  end
  by_name = map
end

--- Seconds of a field's value: a number in its unit, or a text like "12ms", which says its unit itself.
local function scaled(value, scale)
  if type(value) == "string" then
    if value:find("^%d[%d.]*%s?%a") then return seconds_of(value) end
    value = tonumber(value)
  end
  return math.type(value) and value * scale
end

local function in_fields(fields)
  local best, seconds
  for name, value in pairs(fields) do
    local field = by_name[name]
    if field and (not best or field.rank < best) then
      local found = scaled(value, field.scale)
      if found then best, seconds = field.rank, found end
    end
  end
  return seconds
end

function M.process(event)
  if not by_name then start() end
  local fields = event.fields
  if math.type(fields.duration) then return end
  local seconds = in_fields(fields) or in_message(event.message)
  -- To the nanosecond: what is written in decimals shall read so.
  if seconds and seconds >= 0 then fields.duration = tonumber(("%.9f"):format(seconds)) end
end

local function sample(message, seconds)
  return { event = { message = message }, expect = { fields = { duration = seconds or ailogger.null } } }
end

M.samples = {
  sample("query took 12 ms", 0.012),
  sample("Completed 200 OK in 35ms (Views: 12.1ms | ActiveRecord: 3.0ms)", 0.035),
  sample("duration: 1234.567 ms  statement: SELECT 1", 1.234567),
  sample("Started App in 2.3 seconds (JVM running for 2.9)", 2.3),
  sample("GET /x 200 latency=1m2.5s", 62.5),
  sample('{"elapsed_ms": 40}', 0.04),
  sample("elapsed time: 00:01:02.5", 62.5),
  sample("# Query_time: 2.5  Lock_time: 0.0", 2.5),
  { event = { message = "done", fields = { durationMillis = 250 } }, expect = { fields = { duration = 0.25 } } },
  { event = { message = "done", fields = { elapsed = "15ms" } }, expect = { fields = { duration = 0.015 } } },
  -- What shall be, or is no duration at all.
  sample("retry in 5s"),
  sample("connection timed out after 30s, next attempt in 10s"),
  sample("runs every 10s, deadline 30000ms"),
  sample("read 12 MB of 3s files, 5 m high"),
  -- One that is there stays.
  { event = { message = "took 12 ms", fields = { duration = 3.5 } }, expect = { fields = { duration = 3.5 } } },
}

return M
