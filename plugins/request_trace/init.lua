--- Joins the lines of one request, over all files and services, by its id; finds requests that failed, naming the
--- component that failed first, and requests that took too long, naming where the time went.
---
--- The id is read from the fields trace_id, request_id and request, as the log has them. In text, such as
--- `request_id=…`, it is no field until the filter `trace_ids` makes it one: `--use trace_ids,request_trace`. A request
--- is over with its last line, where config says how that is known, or after a while without another. Of many that fail
--- in the same way the first is told in full and the rest counted.

local readable = require "readable"

local M = {
  name = "request_trace",
  kind = "correlator",
  api = 1,
  description = "joins the lines of a request; finds those that failed or took long",
  config = {
    ids = { "trace_id", "request_id", "request" },
    -- No further line for so long: the request is over.
    gap = "30s",
    -- From its first line to its last.
    slow = "5s",
    -- A PCRE2 pattern of the last line's message, "" for none.
    last = "",
    -- What is alike within this time is told as one.
    together = "10m",
  },
}

local MOST_REQUESTS = 4000 -- at a time
local MOST_COMPONENTS = 20

local slow, last_line -- nanoseconds; the pattern, or false: of config, when it is known

local function id_of(event)
  local fields = event.fields
  local names = M.config.ids
  for i = 1, #names do
    local id = fields[names[i]]
    if math.type(id) then id = tostring(id) end
    if type(id) == "string" then
      -- OpenStack writes "req-… user project"; others have the request line in a field of that name.
      id = id:match("^%S+")
      if id and #id >= 6 and id:find("%d") and not id:find("/", 1, true) then return id end
    end
  end
end

local function describe(id, request)
  return ("%s: %s over %s, %s"):format(id, readable.count(request.count, "line"),
    readable.span(request.last - request.first), table.concat(request.components, ", "))
end

--- Tells of the first request of those that are alike, by who failed and the shape of what it said; counts the others.
local function tell(ctx, id, request, alert)
  local told = ctx:keyed("told", { max = 1000 })
  local before = told:get(alert.key)
  if before then
    before.count, before.last = before.count + 1, request.last
    told:set(alert.key, before)
    return
  end
  alert.status, alert.since, alert.until_ = "raised", request.first, request.last
  told:set(alert.key, {
    count = 1, first = request.first, last = request.last, what = alert.message, id = alert.id, level = alert.level,
    title = alert.title,
  })
  alert.message = ("%s; %s"):format(alert.message, describe(id, request))
  ctx:alert(alert)
  ctx:after("told " .. alert.key, M.config.together, alert.key)
end

local function finish(ctx, id, request)
  if request.count < 2 then return end
  local failure = request.failure
  local is_slow = request.last - request.first >= slow
  if is_slow then ctx:keyed("slow", { max = 2000, expire = "1d" }):set(id, true) end
  if failure then
    local after = failure.time - request.first
    tell(ctx, id, request, {
      id = "failed", level = "error", title = "A request failed",
      key = ("failed %s: %s"):format(failure.who, readable.shape(failure.message)),
      message = ("%s failed first, %s: %s"):format(failure.who,
        after == 0 and "at once" or "after " .. readable.span(after), failure.message),
      cause = "The first component that reports an error is the one to look at; what follows mostly passes it on.",
      fields = { request = id, component = failure.who, errors = request.errors }, sample = failure.sample,
    })
  elseif is_slow and not request.is_again then
    tell(ctx, id, request, {
      id = "slow", level = "warning", title = "A request took long",
      key = ("slow %s: %s"):format(request.from, readable.shape(request.before)),
      message = ("%s, of which %s between %s (%s) and %s"):format(readable.span(request.last - request.first),
        readable.span(request.wait), request.from, request.before, request.to),
      cause = "Between these two lines something worked, or was waited for.",
      fields = { request = id, component = request.from }, sample = request.sample or false,
    })
  end
end

local function is_failure(event)
  if event.severity >= ailogger.severity.error then return true end
  local status = event.fields.status
  return math.type(status) and status >= 500 and status < 600
end

--- Thousands of requests go on at a time: no long texts.
local function sample_of(event)
  local sample = event:sample()
  sample.text = readable.short(sample.text, 300)
  return sample
end

local function add(ctx, event, request)
  local who, message = readable.speaker(event), readable.short(event.message, 120)
  local span = ctx.now - request.last
  if request.count > 0 and span > request.wait then
    request.wait, request.from, request.before, request.to = span, request.who, request.message, who
    -- Evidence is worth its memory only where the wait may be told of.
    request.sample = span >= slow // 4 and sample_of(event) or nil
  end
  request.who, request.message = who, message
  request.last, request.count = ctx.now, request.count + 1
  local is_known = false
  for _, name in ipairs(request.components) do is_known = is_known or name == who end
  if not is_known and #request.components < MOST_COMPONENTS then request.components[#request.components + 1] = who end
  if not is_failure(event) then return end
  request.errors = request.errors + 1
  if not request.failure then
    request.failure = { who = who, message = message, time = ctx.now, sample = sample_of(event) }
  end
end

local function start()
  slow = ailogger.time.duration(M.config.slow)
  last_line = M.config.last ~= "" and ailogger.regex(M.config.last)
end

function M.process(event, ctx)
  local id = id_of(event)
  if not id then return end
  if not slow then start() end
  local requests = ctx:keyed("requests", { max = MOST_REQUESTS })
  local request = requests:get(id)
  if not request then
    request = { first = ctx.now, last = ctx.now, count = 0, errors = 0, wait = 0, components = {} }
    -- An id that was over and comes again is no request's, but a task's that wakes up now and then. It waits a lot.
    request.is_again = ctx:keyed("slow", { max = 2000, expire = "1d" }):get(id)
    -- Once is enough: what changes is the table that is kept.
    requests:set(id, request)
  end
  add(ctx, event, request)
  if last_line and last_line:test(event.message) then
    requests:delete(id)
    ctx:cancel(id)
    finish(ctx, id, request)
  else
    ctx:after(id, M.config.gap)
  end
end

--- How many there were like the one that was told.
local function tell_number(ctx, key, before)
  if before.count == 1 then return end
  ctx:alert {
    key = key, status = "cleared", id = before.id, level = before.level, title = before.title, sample = false,
    message = ("%s like this %s; the first: %s"):format(readable.count(before.count, "request"),
      readable.within(before.last - before.first), before.what),
    fields = { count = before.count }, since = before.first, until_ = before.last,
  }
end

function M.timer(ctx, _, key, data)
  if not slow then start() end
  -- Without data it is a request's; ids have no blanks, so the keys of the others are none.
  if not data then
    local requests = ctx:keyed("requests")
    local request = requests:get(key)
    requests:delete(key)
    if request then finish(ctx, key, request) end
    return
  end
  local told = ctx:keyed("told")
  local before = told:get(data)
  told:delete(data)
  if before then tell_number(ctx, data, before) end
end

--- What is still going on when the log ends.
function M.finish(ctx)
  if not slow then start() end
  local requests = ctx:keyed("requests")
  for id, request in requests:each() do finish(ctx, id, request) end
  for key, before in ctx:keyed("told"):each() do tell_number(ctx, key, before) end
end

local function at(second, component, message, level, id, fields)
  fields = fields or {}
  fields.request_id = id
  return {
    time = ailogger.time.parse("2026-11-22T10:00:00Z") + math.floor(second * 1000000000), component = component,
    message = message, level = level or "info", fields = fields,
  }
end

M.samples = {
  {
    events = {
      at(0, "gateway", "GET /cart", nil, "req-0001"), at(0.2, "cart", "load cart 7", nil, "req-0001"),
      at(0.3, "gateway", "GET /", nil, "req-0002"), at(1.4, "db", "connection refused", "error", "req-0001"),
      at(1.5, "cart", "cannot load cart 7", "error", "req-0001"),
      at(1.6, "gateway", "GET /cart 500", nil, "req-0001", { status = 500 }),
      at(1.7, "gateway", "GET / 200", nil, "req-0002", { status = 200 }),
    },
    ["until"] = "2026-11-22T10:01:00Z",
    expect = {
      {
        id = "failed", level = "error", title = "A request failed",
        fields = { request = "req-0001", component = "db", errors = 3 },
        message = "db failed first, after 1.4s: connection refused; req-0001: 5 lines over 1.6s, gateway, cart, db",
      },
    },
  },
  {
    events = {
      at(0, "gateway", "GET /report", nil, "req-0001"), at(1, "report", "query 2026", nil, "req-0001"),
      at(8.5, "report", "12 rows", nil, "req-0001"), at(9, "gateway", "200", nil, "req-0001"),
    },
    ["until"] = "2026-11-22T10:01:00Z",
    expect = {
      {
        id = "slow", level = "warning", fields = { component = "report" },
        message = "9s, of which 7.5s between report (query 2026) and report; "
          .. "req-0001: 4 lines over 9s, gateway, report",
      },
    },
  },
  -- Fast and well; an error without an id; a single line; a request line that isn't an id.
  {
    events = {
      at(0, "gateway", "GET /", nil, "req-0001"), at(1, "gateway", "200", nil, "req-0001"),
      at(2, "db", "broken", "error"),
      at(3, "db", "broken", "error", "req-0003"), at(4, "web", "x", "error", nil, { request = "GET /a/1 HTTP/1.1" }),
      at(5, "web", "x", "error", nil, { request = "GET /a/1 HTTP/1.1" }),
    },
    ["until"] = "2026-11-22T10:01:00Z",
    expect = {},
  },
  -- Not over yet.
  {
    events = { at(0, "gateway", "GET /", nil, "req-0001"), at(1, "gateway", "x", "error", "req-0001") },
    ["until"] = "2026-11-22T10:00:20Z",
    expect = {},
  },
}

return M
