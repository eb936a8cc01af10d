--- Joins the lines of one request, over all files and services, by its id; finds requests that failed, naming the
--- component that failed first, and requests that took too long, naming where the time went.
---
--- The id is read from the fields trace_id, request_id and request, as the log has them or as the filter `trace_ids`
--- makes them. A request is over with its last line, where config says how that is known, or after a while without
--- another. Of many that fail in the same way the first is told in full and the rest counted.

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
    -- What fails in the same way within this time is told in two findings at most.
    together = "10m",
  },
}

local MOST_REQUESTS = 4000 -- at a time
local MOST_COMPONENTS = 20

local last_line

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
    readable.span(request.last - request.first),
    table.concat(request.components, ", "))
end

--- What tells requests apart that fail alike: who failed, and the shape of what it said.
local function tell(ctx, id, request, finding, like)
  local told = ctx:keyed("told", { max = 1000 })
  local before = told:get(like)
  if before then
    before.more, before.last = before.more + 1, id
    told:set(like, before)
    return
  end
  told:set(like, { more = 0, id = finding.id, title = finding.title, level = finding.level, what = finding.what })
  ctx:after("told " .. like, M.config.together, like)
  finding.what = nil
  finding.since, finding.until_ = request.first, request.last
  ctx:emit(finding)
end

local function finish(ctx, id, request)
  ctx:keyed("over", { expire = "1d" }):set(id, true)
  if request.count < 2 then return end
  local failure, wait = request.failure, readable.span(request.wait)
  if failure then
    tell(ctx, id, request, {
      id = "failed", level = "error", title = "A request failed",
      message = ("%s; first to fail, after %s, was %s: %s"):format(describe(id, request),
        readable.span(failure.time - request.first), failure.who, failure.message),
      cause = "The first component that reports an error is the one to look at; what comes after it mostly passes it on.",
      fields = { request = id, component = failure.who, errors = request.errors }, sample = failure.sample,
      what = ("first to fail was %s: %s"):format(failure.who, failure.message),
    }, ("failed %s\0%s"):format(failure.who, readable.shape(failure.message)))
  elseif not request.is_again and request.last - request.first >= ailogger.time.duration(M.config.slow) then
    tell(ctx, id, request, {
      id = "slow", level = "warning", title = "A request took long",
      message = ("%s; %s of it between %s (%s) and %s"):format(describe(id, request), wait, request.from, request.before,
        request.to),
      cause = "Between these two lines something worked, or was waited for.",
      fields = { request = id, component = request.from }, sample = request.sample or false,
      what = ("the longest wait was behind %s: %s"):format(request.from, request.before),
    }, ("slow %s\0%s"):format(request.from, readable.shape(request.before)))
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
    request.sample = span >= ailogger.time.duration(M.config.slow) // 4 and sample_of(event) or nil
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

function M.process(event, ctx)
  local id = id_of(event)
  if not id then return end
  local requests = ctx:keyed("requests", { max = MOST_REQUESTS })
  local request = requests:get(id)
  if not request then
    request = { first = ctx.now, last = ctx.now, count = 0, errors = 0, wait = 0, components = {} }
    -- An id that was over and comes again is no request's, but a task's that wakes up now and then. It waits a lot.
    request.is_again = ctx:keyed("over", { expire = "1d" }):get(id)
  end
  add(ctx, event, request)
  if last_line == nil then last_line = M.config.last ~= "" and ailogger.regex(M.config.last) end
  if last_line and last_line:test(event.message) then
    requests:delete(id)
    ctx:cancel("request " .. id)
    finish(ctx, id, request)
    return
  end
  requests:set(id, request)
  ctx:after("request " .. id, M.config.gap, id)
end

function M.timer(ctx, _, key, data)
  if key:find("^request ") then
    local requests = ctx:keyed("requests")
    local request = requests:get(data)
    if not request then return end
    requests:delete(data)
    finish(ctx, data, request)
    return
  end
  local told = ctx:keyed("told")
  local before = told:get(data)
  told:delete(data)
  if not before or before.more == 0 then return end
  ctx:emit {
    id = before.id, level = before.level, title = before.title, sample = false,
    message = ("%s within %s; %s; the last was %s"):format(readable.count(before.more, "more request"),
      M.config.together,
      before.what, before.last),
    fields = { count = before.more },
  }
end

--- What is still going on when the log ends.
function M.finish(ctx)
  local requests = ctx:keyed("requests")
  for id, request in requests:each() do finish(ctx, id, request) end
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
        message = "req-0001: 5 lines over 1.6s, gateway, cart, db; first to fail, after 1.4s, was db: connection " ..
          "refused",
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
        message = "req-0001: 4 lines over 9s, gateway, report; 7.5s of it between report (query 2026) and report",
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
