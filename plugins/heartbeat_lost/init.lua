--- Something that came regularly comes no more: heartbeats, watchdogs, cron's jobs.
---
--- What its interval is, is learnt from five repetitions that differ little, or set. What never was regular is never
--- missed. Time is that of the log: where it ends for all, nothing is lost.

local readable = require "readable"

local M = {
  name = "heartbeat_lost",
  kind = "correlator",
  api = 1,
  description = "a regular event of a component stops",
  match = [[(?i)heart-?beat|keep-?alive|\balive\b|\bping(?:ed)?\b|\bpong\b|watchdog|health-?check|health check]] ..
    [[|lease (?:renewed|refreshed)]] ..
    [[|\bticks?\b|-- MARK --|\bCMD \(]],
  config = {
    -- "" for learning it; else "30s", for all events that the guard lets in.
    interval = "",
    -- So many may be missing before it is lost.
    missed = 3,
    -- How far the intervals may differ, as a share of the one in the middle.
    spread = 0.5,
  },
}

local LEARNT = 5 -- intervals that must be alike
local KEPT = 9

--- The interval, if what is known of the last ones makes one.
local function interval_of(intervals)
  if #intervals < LEARNT then return nil end
  local sorted = table.move(intervals, 1, #intervals, 1, {})
  table.sort(sorted)
  local middle = sorted[#sorted // 2 + 1]
  if sorted[#sorted] - sorted[1] > M.config.spread * middle then return nil end
  return middle
end

local function fixed() return M.config.interval ~= "" and ailogger.time.duration(M.config.interval) or nil end

function M.process(event, ctx)
  local shape = readable.shape(event.message)
  local who = readable.speaker(event)
  local key = ("%s\0%s"):format(who, shape)
  local beats = ctx:keyed("beats", { max = 5000 })
  local known = beats:get(key)
  if not known then
    known = { who = who, shape = readable.short(shape, 120), count = 0, intervals = {}, first = ctx.now }
  elseif known.lost then
    ctx:alert {
      key = key, status = "cleared", level = "error", title = "Something regular stopped",
      message = ("%s: it is back after %s: %s"):format(who, readable.span(ctx.now - known.last), known.shape),
      fields = { component = who }, since = known.last,
    }
    -- How long it was away is no interval.
    known.lost, known.last = nil, nil
  end
  local intervals = known.intervals
  -- Two in the same instant are one.
  if known.last and ctx.now > known.last then
    if #intervals == KEPT then table.remove(intervals, 1) end
    intervals[#intervals + 1] = ctx.now - known.last
  end
  known.last, known.count = ctx.now, known.count + 1
  known.interval = fixed() or interval_of(intervals)
  if known.interval then
    -- The last line before the silence is what there is to show of it.
    known.sample = event:sample()
    known.sample.text = readable.short(known.sample.text, 200)
  end
  beats:set(key, known)
  if known.interval then
    ctx:heartbeat(key, math.tointeger(known.interval * M.config.missed) + known.interval // 2)
  end
end

function M.absent(ctx, key)
  local beats = ctx:keyed("beats")
  local known = beats:get(key)
  -- It may have become irregular since.
  if not known or not known.interval then return end
  known.lost = true
  beats:set(key, known)
  ctx:alert {
    key = key, status = "raised", level = "error", title = "Something regular stopped",
    message = ("%s: came every %s, %d times since %s, and not since %s: %s"):format(known.who,
      readable.span(known.interval),
      known.count, readable.moment(known.first), readable.moment(known.last), known.shape),
    cause = "What wrote it hangs, was stopped or can't reach where it writes to; or its log ends there while others " ..
      "go on.",
    fix = { "See whether the process still runs, and what was its last line." },
    fields = { component = known.who, interval = readable.span(known.interval) }, since = known.last,
    sample = known.sample,
  }
end

local function beats(count, every, message)
  local events = {}
  for i = 1, count do
    events[i] = {
      time = ailogger.time.parse("2026-11-22T10:00:00Z") + (i - 1) * every * 1000000000 + (i % 3) * 200000000,
      component = "web",
      message = message or ("heartbeat %d ok"):format(i),
    }
  end
  return events
end

M.samples = {
  {
    events = beats(10, 30), ["until"] = "2026-11-22T10:20:00Z",
    expect = {
      {
        status = "raised", level = "error", title = "Something regular stopped",
        fields = { component = "web", interval = "30s" },
        message = "web: came every 30s, 10 times since 2026-11-22 10:00:00, and not since 2026-11-22 10:04:30: " ..
          "heartbeat # ok",
      },
    },
  },
  -- Up to the end of the log.
  { events = beats(10, 30), ["until"] = "2026-11-22T10:05:40Z", expect = {} },
  -- Five times are four intervals.
  { events = beats(5, 30), ["until"] = "2026-11-22T12:00:00Z", expect = {} },
  -- Never regular.
  {
    events = (function()
      local events = beats(20, 30)
      for i, event in ipairs(events) do event.time = event.time + (i * i * 7 % 40) * 1000000000 end
      return events
    end)(),
    ["until"] = "2026-11-22T12:00:00Z", expect = {},
  },
}

return M
