--- Keeps one event of n and all that are grave: less to store, with the same proportions.
---
--- Which one is kept is decided by a hash of what the event says and where it stands, or of a field's value. Nothing
--- is counted: workers share a file, so counts would come out differently from run to run. So every kind of message
--- keeps its share on average, not to the event, and the field `sampled` says how many each one stands for.

local M = {
  name = "sample",
  kind = "filter",
  api = 1,
  description = "keeps one event of n, and every warning or worse",
  config = {
    -- One of how many is kept.
    n = 10,
    -- This and everything graver is always kept.
    level = "warning",
    -- A field that goes before the place in the file: "trace_id" keeps a request with all its events or not at all.
    by = "",
  },
}

local fnv1a = ailogger.hash.fnv1a
local always -- severity from which on all are kept
local n, by

local function start()
  n, by = M.config.n, M.config.by
  if n < 1 then error("config.n must be 1 or more, not " .. n, 0) end
  always = ailogger.severity[M.config.level]
  if not always then error(('config.level: there is no "%s"'):format(M.config.level), 0) end
end

--- From 0 to n - 1, each as likely: FNV's low bits alone depend on little more than the last byte.
local function choice(text)
  local hash = fnv1a(text)
  hash = (hash ~ hash >> 33) * 0x9E3779B97F4A7C15
  return (hash >> 17) % n
end

function M.process(event)
  if not always then start() end
  if event.severity >= always or n == 1 then return end
  local value = by ~= "" and event.fields[by]
  local key
  if value then
    key = tostring(value)
  else
    key = ("%s\0%d\0%s"):format(event.source, event.offset, event.message)
  end
  if choice(key) ~= 0 then return false end
  event.fields.sampled = n
end

M.samples = {
  {
    event = { message = "disk is nearly full", level = "warning" },
    expect = { level = "warning", fields = { sampled = ailogger.null } },
  },
  { event = { message = "cannot open file", level = "error" }, expect = { message = "cannot open file" } },
  -- All samples stand at the same place; it's what they say that tells them apart.
  { event = { message = "request 1 done", level = "info" }, expect = false },
  { event = { message = "request 2 done", level = "info" }, expect = false },
  { event = { message = "session opened" }, expect = false },
}

return M
