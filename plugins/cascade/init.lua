--- Several components begin to fail within a short time: which was the first, and in which order the others followed.
---
--- A component begins to fail with its first error after a time without any; what fails all day long begins nothing
--- and is left out. Order is evidence, not proof: two clocks may differ, and the true cause may not log at all.

local readable = require "readable"

local M = {
  name = "cascade",
  kind = "correlator",
  api = 1,
  description = "several components begin to fail: which was first, and the order",
  level = "error",
  config = {
    -- So many components that begin to fail within `within` make a cascade, with so many errors in all.
    components = 3,
    errors = 6,
    within = "1m",
    -- A component that has not failed for so long is taken for well.
    quiet = "10m",
    -- Lines of a file before its first error that show that all was well.
    lines_before = 200,
  },
}

local MOST = 50 -- beginnings that are kept

--- Whether the component was known to be well before this error.
local function was_well(ctx, event, name, quiet)
  local last = ctx:keyed("last error", { max = 5000 })
  local before = last:get(name)
  last:set(name, ctx.now)
  local state = ctx.state
  state.first = state.first or ctx.now
  if before then return ctx.now - before >= quiet end
  return event.line > M.config.lines_before or ctx.now - state.first >= quiet
end

local function all_beginnings(ctx) return ctx:window("beginnings", "6h", { newest = 2000 }) end

--- How many components begin to fail in such a span on ordinary days, apart from the ones at hand.
local function usual(ctx, within, at_hand)
  local all = all_beginnings(ctx)
  local span = ctx.now - (all:first() or ctx.now)
  if span < within * 10 then return 0 end
  return (all:count() - at_hand) * within / span
end

--- Those that can belong to what begins now, with the errors of each.
local function recent(beginnings, since)
  local kept = {}
  for _, beginning in ipairs(beginnings) do
    if beginning.time > since then kept[#kept + 1] = beginning end
  end
  return kept
end

local function total(beginnings)
  local errors = 0
  for _, beginning in ipairs(beginnings) do errors = errors + beginning.errors end
  return errors
end

function M.process(event, ctx)
  local config, state = M.config, ctx.state
  local within, quiet = ailogger.time.duration(config.within), ailogger.time.duration(config.quiet)
  local name = readable.speaker(event)
  local is_beginning = was_well(ctx, event, name, quiet)
  local beginnings = state.beginnings or {}
  if not state.is_told_of then beginnings = recent(beginnings, ctx.now - within) end
  if is_beginning then all_beginnings(ctx):add() end
  if is_beginning and #beginnings < MOST then
    beginnings[#beginnings + 1] = {
      name = name, time = ctx.now, errors = 0, message = readable.short(event.message, 160), sample = event:sample(),
    }
  end
  for _, beginning in ipairs(beginnings) do
    if beginning.name == name then beginning.errors = beginning.errors + 1 end
  end
  state.beginnings = beginnings
  if state.is_told_of or #beginnings < config.components or total(beginnings) < config.errors then return end
  if #beginnings < 4 * usual(ctx, within, #beginnings) then return end
  -- The others that follow belong to it; so it's told once they had their time.
  state.is_told_of = true
  ctx:after("tell", within)
end

local function tell(ctx, beginnings)
  local first = beginnings[1]
  local order = {}
  for i = 2, math.min(#beginnings, 9) do
    local span = beginnings[i].time - first.time
    order[i - 1] = ("%s %s"):format(beginnings[i].name, span == 0 and "at once" or "+" .. readable.span(span))
  end
  if #beginnings > 9 then order[#order + 1] = ("and %d more"):format(#beginnings - 9) end
  local last = beginnings[#beginnings].time
  ctx:emit {
    level = "error", title = "Several components failed one after the other",
    message = ("%s failed first: %s. Then, %s: %s; %s in all"):format(first.name, first.message,
      readable.within(last - first.time), table.concat(order, ", "), readable.count(total(beginnings), "error")),
    cause = "What fails first often takes along what depends on it.",
    fix = {
      "Begin with the component that failed first, not with the loudest.",
      "Where several began within the same second, or on hosts whose clocks differ, the order says little.",
    },
    fields = { component = first.name, components = #beginnings }, sample = first.sample, since = first.time,
    until_ = last,
  }
end

function M.timer(ctx)
  local state = ctx.state
  local beginnings = state.beginnings
  state.beginnings, state.is_told_of = nil, nil
  if beginnings then tell(ctx, beginnings) end
end

--- A log that ends before the others had their time.
function M.finish(ctx)
  if ctx.state.is_told_of then M.timer(ctx) end
end

local function at(second, component, message)
  return {
    time = ("2026-11-22T10:%02d:%02dZ"):format(second // 60, second % 60), level = "error", component = component,
    message = message or "cannot reach " .. component,
  }
end

M.samples = {
  {
    events = {
      at(0, "cron", "job failed"), at(700, "db", "no space left on device"), at(703, "api"), at(704, "web"),
      at(705, "api"), at(706, "web"),
      at(707, "api"), at(708, "cart"),
    },
    ["until"] = "2026-11-22T10:13:00Z",
    expect = {
      {
        level = "error", title = "Several components failed one after the other",
        fields = { component = "db", components = 4 },
        message = "db failed first: no space left on device. Then, within 8s: api +3s, web +4s, cart +8s; 7 errors " ..
          "in all",
      },
    },
  },
  -- Two components are no cascade.
  {
    events = {
      at(0, "cron"), at(700, "db"), at(701, "api"), at(702, "api"), at(703, "db"), at(704, "api"), at(705, "db"),
      at(706, "api"),
    },
    ["until"] = "2026-11-22T10:15:00Z",
    expect = {},
  },
  -- Three, with an error each: too little.
  {
    events = { at(0, "cron"), at(700, "db"), at(701, "api"), at(702, "web") },
    ["until"] = "2026-11-22T10:15:00Z", expect = {},
  },
  -- Three that fail all the time.
  {
    events = (function()
      local events = {}
      for i = 1, 300 do events[i] = at(i * 3, ({ "db", "api", "web" })[i % 3 + 1]) end
      return events
    end)(),
    ["until"] = "2026-11-22T10:30:00Z", expect = {},
  },
}

return M
