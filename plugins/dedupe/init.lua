--- Drops an event that says the same as the one before it, like syslog's "last message repeated".
---
--- What the workers make of it: each compares an event with the one that it has seen before, and a large file is
--- shared out in parts, so a run of repeats that goes over a part's end leaves one event more. A dropped event can't
--- be added to the one that was kept, which is gone by then: the field `repeated` stands on the next one that is kept
--- of the same text, and says how many were dropped since the last. What is dropped behind the last kept one is only
--- in the metric `dedupe_dropped`, which always has them all.

local M = {
  name = "dedupe",
  kind = "filter",
  api = 1,
  description = "drops an event that repeats the one before it within a while",
  config = {
    -- From the last kept event on, by event time. Then one is let through, so that what goes on is seen to go on.
    window = "1m",
    -- Fields that may differ.
    ignore = { "pid", "thread", "duration", "connection", "port" },
  },
}

local dropped = ailogger.metric.counter("dedupe_dropped", "Events that repeated the one before")
local window, ignored
local message, component, severity, source -- of the last kept event
local fields = {}
local time
local count = 0

local function start()
  window = ailogger.time.duration(M.config.window)
  ignored = {}
  for _, name in ipairs(M.config.ignore) do ignored[name] = true end
end

local function same_value(a, b)
  if type(a) ~= "table" or type(b) ~= "table" then return a == b end
  return ailogger.json.encode(a) == ailogger.json.encode(b)
end

local function same_fields(event)
  local number = 0
  for name, value in pairs(event.fields) do
    if not ignored[name] then
      if not same_value(fields[name], value) then return false end
      number = number + 1
    end
  end
  for _ in pairs(fields) do number = number - 1 end
  return number == 0
end

local function is_repeat(event)
  -- Most events end here, with two texts compared.
  if event.message ~= message or event.component ~= component then return false end
  return event.severity == severity and event.source == source and same_fields(event)
end

function M.process(event)
  if not window then start() end
  local now = event.time
  if is_repeat(event) then
    -- Without times a repeat is a repeat.
    if not now or not time or (now - time < window and time - now < window) then
      count = count + 1
      dropped:add()
      return false
    end
    if count > 0 then event.fields.repeated = count end
    time, count = now, 0
    return
  end
  message, component, severity, source = event.message, event.component, event.severity, event.source
  time, count = now, 0
  fields = {}
  for name, value in pairs(event.fields) do
    if not ignored[name] then fields[name] = value end
  end
end

M.samples = {
  { event = { message = "connection lost", time = "2026-11-22T10:00:00Z" }, expect = { message = "connection lost" } },
  { event = { message = "connection lost", time = "2026-11-22T10:00:10Z", fields = { pid = 7 } }, expect = false },
  { event = { message = "connection lost", time = "2026-11-22T10:00:59Z" }, expect = false },
  -- A minute after the last kept one.
  { event = { message = "connection lost", time = "2026-11-22T10:01:00Z" }, expect = { fields = { repeated = 2 } } },
  {
    event = { message = "connection lost", time = "2026-11-22T10:01:01Z", fields = { user = "a" } },
    expect = { fields = { repeated = ailogger.null } },
  },
  {
    event = { message = "connection lost", time = "2026-11-22T10:01:02Z", level = "error", fields = { user = "a" } },
    expect = { level = "error" },
  },
  {
    event = { message = "something else" },
    expect = { message = "something else", fields = { repeated = ailogger.null } },
  },
  { event = { message = "something else" }, expect = false },
}

return M
