--- Errors of a component that come in much quicker than is usual for it.
---
--- What is usual is learnt: a moving mean of errors a window, over about ten of them, while nothing is out of the
--- ordinary. A component that was never heard to fail has a mean of nothing, which counts only where there was time,
--- or a log, before in which it might have failed: a file that begins with errors says nothing about a jump.

local readable = require "readable"

local M = {
  name = "error_burst",
  kind = "correlator",
  api = 1,
  description = "a component's errors jump above what is usual for it",
  level = "error",
  config = {
    window = "1m",
    -- Fewer errors in a window are never a burst.
    least = 20,
    -- So many times the usual number are one.
    factor = 5,
    -- Lines of a file before its first error that show that all was well.
    lines_before = 200,
  },
}

local MEMORY = 10 -- windows that the mean looks back over, about
local LEARNING = 3 -- windows from the first error on in which the mean says little

local function usual_rate(usual, window)
  if usual < 0.005 then return "where none were usual" end
  local number = usual < 10 and ("%.2g"):format(usual) or math.floor(usual + 0.5)
  return ("where %s in %s were usual"):format(number, readable.span(window))
end

--- Lets the mean take in the windows that are over.
local function learn(known, slot)
  local over = slot - known.slot
  if over <= 0 then return end
  if not known.raised then
    local share = math.max(1 / MEMORY, 1 / (known.slots + 1))
    known.mean = known.mean + share * (known.count - known.mean)
    known.slots = known.slots + over
    if over > 1 then known.mean = known.mean * (1 - 1 / MEMORY) ^ (over - 1) end
  end
  known.slot, known.count = slot, 0
end

local function add_shape(case, message)
  local shape = readable.shape(message)
  if not case.shapes[shape] then
    if case.shape_count >= 30 then return end
    case.shape_count = case.shape_count + 1
  end
  case.shapes[shape] = (case.shapes[shape] or 0) + 1
end

local function most_frequent(shapes)
  local best, most = nil, 0
  for shape, count in pairs(shapes) do
    if count > most or count == most and shape < best then best, most = shape, count end
  end
  return best, most
end

local function raise(ctx, name, known, count, mark, window, event)
  known.raised = {
    since = ctx:window(name, window):first(), mark = mark, peak = count, total = count, told = count, last = ctx.now,
    shapes = {}, shape_count = 0,
  }
  ctx:after(name, window)
  ctx:alert {
    key = name, status = "raised", level = "error", title = "Errors come in a burst",
    message = ("%s of %s %s, %s; the last: %s"):format(readable.count(count, "error"), name,
      readable.within(ctx.now - known.raised.since), usual_rate(known.mean, window),
      readable.short(event.message, 160)),
    cause = "Something that this component needs went away, or something that was changed doesn't work.",
    fix = { "Look at the first of these errors, and at what changed before it; `cascade` says what failed first." },
    fields = { component = name, count = count }, since = known.raised.since,
  }
end

function M.process(event, ctx)
  local config = M.config
  local window = ailogger.time.duration(config.window)
  local name = readable.speaker(event)
  local components = ctx:keyed("components", { max = 2000 })
  local slot = ctx.now // window
  local known = components:get(name)
  if not known then
    known = {
      slot = slot, count = 0, mean = 0, slots = 0, first = ctx.now, quiet_before = event.line > config.lines_before,
    }
    ctx.state.first = ctx.state.first or ctx.now
    -- Others failed already, and this one didn't.
    if ctx.now - ctx.state.first >= LEARNING * window then known.quiet_before = true end
  end
  learn(known, slot)
  known.count = known.count + 1
  local count = ctx:window(name, window):add()

  local case = known.raised
  if case then
    case.total, case.last = case.total + 1, ctx.now
    if count > case.peak then case.peak = count end
    add_shape(case, event.message)
  elseif count >= config.least then
    local mark = math.max(config.least, config.factor * known.mean)
    local may_judge = known.quiet_before or ctx.now - known.first >= LEARNING * window
    if may_judge and count >= mark then raise(ctx, name, known, count, mark, window, event) end
  end
  components:set(name, known)
end

local function close(ctx, name, known, case, ending)
  local shape, most = most_frequent(case.shapes)
  ctx:alert {
    key = name, status = "cleared", level = "error", title = "Errors come in a burst", sample = false,
    message = ("%s of %s %s, at most %d in %s, %s%s%s"):format(readable.count(case.total, "error"), name,
      readable.within(case.last - case.since), case.peak, readable.span(ailogger.time.duration(M.config.window)),
      usual_rate(known.mean, ailogger.time.duration(M.config.window)),
      shape and most > 1 and ("; %d times: %s"):format(most, readable.short(shape, 160)) or "", ending),
    fields = { component = name, count = case.total, peak = case.peak }, since = case.since, until_ = case.last,
  }
end

function M.timer(ctx, _, name)
  local window = ailogger.time.duration(M.config.window)
  local components = ctx:keyed("components")
  local known = components:get(name)
  local case = known and known.raised
  if not case then return end
  if ctx:window(name, window):count() > case.mark / 2 then
    ctx:after(name, window)
    return
  end
  known.raised = nil
  known.slot, known.count = ctx.now // window, 0
  components:set(name, known)
  close(ctx, name, known, case, "")
end

--- Bursts that go on when the log ends, and have grown since they were raised.
function M.finish(ctx)
  for name, known in ctx:keyed("components"):each() do
    local case = known.raised
    if case and case.total > case.told then close(ctx, name, known, case, readable.unfinished) end
  end
end

local function list(count, make)
  local events = {}
  for i = 1, count do events[i] = make(i) end
  return events
end

local function at(second, component)
  return {
    time = ("2026-11-22T10:%02d:%02dZ"):format(second // 60, second % 60), level = "error",
    component = component or "api",
    message = ("cannot reach db%d"):format(second),
  }
end

M.samples = {
  -- One error in ten minutes, then 20 in 20 seconds.
  {
    events = list(21, function(i) return at(i == 1 and 0 or 600 + i) end),
    expect = {
      {
        status = "raised", key = "api", level = "error", title = "Errors come in a burst",
        message = "20 errors of api within 19s, where 0.39 in 1m were usual; the last: cannot reach db621",
      },
    },
  },
  -- As many as ever.
  { events = list(200, function(i) return at(i * 3) end), expect = {} },
  -- Twice as many, but few.
  { events = list(25, function(i) return at(i <= 10 and i * 30 or 300 + (i - 10) * 6) end), expect = {} },
  -- A log that begins with errors: nobody knows what was before.
  { events = list(60, function(i) return at(i) end), expect = {} },
  -- Another component has failed before; this one never did.
  {
    events = list(21, function(i) return i == 1 and at(0, "web") or at(300 + i) end),
    expect = { { key = "api",
      message = "20 errors of api within 19s, where none were usual; the last: cannot reach db321" } },
  },
  -- Two components of ten errors each are no burst of either.
  {
    events = list(21, function(i) return i == 1 and at(0, "web") or at(300 + i, i % 2 == 0 and "api" or "web") end),
    expect = {},
  },
}

return M
