--- Many slow operations within a short time, with how slow they were.
---
--- Durations are the field `duration`, in seconds, and what PostgreSQL, MySQL's slow log and MongoDB write into the
--- message. Other texts, such as `duration=2.5s` or `took 320 ms`, are no durations to it until the filter `duration_ms`
--- makes the field of them: `--use duration_ms,slow_query_storm`.

local readable = require "readable"

local M = {
  name = "slow_query_storm",
  kind = "correlator",
  api = 1,
  description = "many operations slower than a limit within a short time, with the 95th percentile",
  config = {
    -- Seconds from which on an operation is slow.
    limit = 1,
    -- So many slow ones within `window` are a storm,
    least = 20,
    window = "1m",
    -- if they are at least this share of all whose duration is known; a log of slow ones alone has no others.
    share = 0.1,
  },
}

local find = string.find
local millis = ailogger.regex([[(?:^duration: |\bdurationMillis["']?[=:] ?]] ..
  [[|\bprotocol:op_\w+ )(?<ms>\d+(?:\.\d+)?) ?(?:ms)?\b]])

--- Seconds, or nil.
local function duration_of(event)
  local seconds = event.fields.duration
  if math.type(seconds) then return seconds end
  local message = event.message
  if find(message, "duration", 1, true) or find(message, "protocol:op_", 1, true) then
    local number = millis:captures(message)
    return number and tonumber(number) / 1000
  end
  if find(message, "Query_time: ", 1, true) then
    return tonumber(message:match("Query_time: ([%d.]+)"))
  end
end

--- The value that this share of the sorted list doesn't exceed.
local function percentile(sorted, share) return sorted[math.max(1, math.ceil(#sorted * share))] end

local function speaker(event)
  local database = event.fields.database
  local name = readable.speaker(event)
  return type(database) == "string" and ("%s, database %s"):format(name, database) or name
end

local function summary(slow, limit, case, now)
  table.sort(slow)
  return ("%s of %d took %s or longer %s in %s: median %s, 95th percentile %s, the slowest %s"):format(
    readable.count(case.slow, "operation"), case.all, readable.seconds(limit), readable.within(now - case.since),
    case.name, readable.seconds(percentile(slow, 0.5)), readable.seconds(percentile(slow, 0.95)),
    readable.seconds(slow[#slow]))
end

local MOST = 1000 -- durations of a storm that are kept; beyond, each new one takes the place of an old one

local function raise(ctx, name, slow, all, event)
  local config = M.config
  local case = {
    name = name, since = slow:first(), slow = slow:count(), all = all:count(), last = ctx.now, values = slow:values(),
    told = slow:count(),
  }
  while #case.values > MOST do table.remove(case.values) end
  ctx:keyed("cases"):set(name, case)
  ctx:after(name, config.window)
  local message = summary(slow:values(), config.limit, case, ctx.now)
  ctx:alert {
    key = name, status = "raised", level = "warning", title = "Many slow operations",
    message = ("%s; the last: %s"):format(message, readable.short(event.message, 160)),
    cause = "Something that all of them share is slow: a lock, a disk, a missing index after a change, too many at " ..
      "once.",
    fix = {
      "Look at what ran when it began: locks, a backup, a migration, a new kind of query.",
      "If it is one kind of query, look at its plan; if it's all of them, at the machine.",
    },
    fields = { component = name, count = case.slow }, since = case.since,
  }
end

function M.process(event, ctx)
  local seconds = duration_of(event)
  if not seconds then return end
  local config = M.config
  local name = speaker(event)
  local all = ctx:window("all " .. name, config.window)
  all:add()
  local cases = ctx:keyed("cases", { max = 100 })
  local case = cases:get(name)
  if case then
    case.all = case.all + 1
    cases:set(name, case)
  end
  if seconds < config.limit then return end

  local slow = ctx:window("slow " .. name, config.window)
  local count = slow:add(seconds)
  if case then
    case.slow, case.last = case.slow + 1, ctx.now
    -- Past the bound the places are taken in turn, so all of the storm has a part in the percentiles.
    case.values[(case.slow - 1) % MOST + 1] = seconds
    cases:set(name, case)
    ctx:after(name, config.window)
  elseif count >= config.least and count >= config.share * all:count() then
    raise(ctx, name, slow, all, event)
  end
end

local function close(ctx, name, case, ending)
  ctx:alert {
    key = name, status = "cleared", level = "warning", title = "Many slow operations",
    message = summary(case.values, M.config.limit, case, case.last) .. ending, sample = false,
    fields = { component = name, count = case.slow }, since = case.since, until_ = case.last,
  }
end

function M.timer(ctx, _, name)
  local cases = ctx:keyed("cases")
  local case = cases:get(name)
  if not case then return end
  cases:delete(name)
  close(ctx, name, case, "")
end

--- Storms that go on when the log ends, and have grown since they were raised.
function M.finish(ctx)
  for name, case in ctx:keyed("cases"):each() do
    if case.slow > case.told then close(ctx, name, case, readable.unfinished) end
  end
end

local function list(count, make)
  local events = {}
  for i = 1, count do events[i] = make(i) end
  return events
end

local function at(second, message, fields)
  return {
    time = ("2026-11-22T10:%02d:%02dZ"):format(second // 60, second % 60), component = "postgres", message = message,
    fields = fields,
  }
end

M.samples = {
  {
    events = list(20, function(i)
      return at(i, ("duration: %d.250 ms  statement: SELECT %d"):format(1000 + i * 100, i), { database = "shop" })
    end),
    expect = {
      {
        status = "raised", level = "warning", title = "Many slow operations", key = "postgres, database shop",
        message = "20 operations of 20 took 1s or longer within 19s in postgres, database shop: median 2s, 95th " ..
          "percentile 2.9s, "
          .. "the slowest 3s; the last: duration: 3000.250 ms  statement: SELECT 20",
      },
    },
  },
  -- Fast ones, and as many slow ones over a longer time.
  { events = list(100, function(i) return at(i, "q", { duration = 0.01 }) end), expect = {} },
  { events = list(100, function(i) return at(i * 5, "q", { duration = 2.5 }) end), expect = {} },
  -- Slow ones are one in 20.
  { events = list(600, function(i) return at(i // 10, "q", { duration = i % 20 == 0 and 3 or 0.1 }) end), expect = {} },
  -- No durations, though the word is there.
  { events = list(50, function(i) return at(i, "maximum duration exceeded: 5000 ms") end), expect = {} },
}

return M
