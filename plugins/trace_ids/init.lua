--- Finds the ids that tie the lines of one request together, wherever they stand, and gives them the same names
--- everywhere: `trace_id`, `span_id` and `request_id`.
---
--- Read are W3C's traceparent (https://www.w3.org/TR/trace-context/), B3's single and multiple headers
--- (https://github.com/openzipkin/b3-propagation), and ids with a name in front of them, in fields and in the message.

local M = {
  name = "trace_ids",
  kind = "filter",
  api = 1,
  description = "trace, span and request ids out of headers, fields and messages",
  config = {
    -- Further fields that hold a request's id.
    request_fields = {},
  },
}

local null = ailogger.null

-- Names of fields, and which id they hold; the first of several counts. "header": to be taken apart.
local roles = {}
for role, names in pairs {
  header = "traceparent b3 X-B3 uber-trace-id",
  trace = "traceId traceID traceid trace.id otelTraceID x-b3-traceid X-B3-TraceId dd.trace_id",
  span = "spanId spanID spanid span.id otelSpanID x-b3-spanid X-B3-SpanId dd.span_id",
  request = "requestId requestID requestid reqId req_id x-request-id X-Request-ID X-Request-Id x_request_id " ..
    "correlation_id "
    .. "correlationId x-correlation-id X-Correlation-ID request",
} do
  local rank = 0
  for name in names:gmatch("%S+") do
    rank = rank + 1
    roles[name] = { role = role, rank = rank }
  end
end

local traceparent = ailogger.regex([[\b[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}\b]])
local b3 = ailogger.regex(
  [[(?<![\w-])([0-9a-f]{32}|[0-9a-f]{16})-([0-9a-f]{16})(?:-[01d](?:-[0-9a-f]{16})?)?(?![\w-])]])
local jaeger = ailogger.regex([[^([0-9a-f]{1,32}):([0-9a-f]{1,16}):[0-9a-f]{1,16}:[0-9a-f]{1,2}$]])

-- Whether it is worth while to look at a message more closely.
local trigger = ailogger.regex([[(?i)trace|span|req|corr|b3|[0-9a-f]{16}-[0-9a-f]{16}]])
local separator = [[(?:["']?\s*[=:]\s*|\s+)["'\[<]?]]
local named_trace = ailogger.regex([[(?i)(?<![a-z])(?:x-b3-)?trace[_.-]?id]] .. separator
  .. [[([0-9a-f-]{16,36}|\d{8,20})(?![\w-])]])
local named_span = ailogger.regex([[(?i)(?<![a-z])(?:x-b3-)?span[_.-]?id]] .. separator
  .. [[([0-9a-f]{16}|\d{8,20})(?![\w-])]])
local named_request = ailogger.regex(
  [[(?i)(?<![a-z])(?:x[_-])?(?:req(?:uest)?|corr(?:elation)?)[_.-]?id]] .. separator .. [[([\w.:+/=-]{6,128})]])
local bare_request = ailogger.regex([[\b(req-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b]])

--- Ids of nothing but zeros say that there is none.
local function id(text)
  if type(text) == "number" then text = tostring(text) end
  if type(text) ~= "string" or not text:find("[^0-]") then return nil end
  return text
end

--- The id alone: OpenStack writes "req-… user project" into `request`.
local function request_id(text)
  text = id(text)
  if not text then return nil end
  text = text:match("^%S+")
  return text and #text >= 6 and text:find("%d") and not text:find("^%u+$") and text or nil
end

--- The ids of a header's value.
local function header(text)
  if type(text) ~= "string" then return nil end
  local trace, span = traceparent:captures(text)
  if not trace then trace, span = b3:captures(text) end
  if not trace then trace, span = jaeger:captures(text) end
  return id(trace), id(span)
end

--- The values of the fields that hold ids, by role.
local function in_fields(fields)
  local values, ranks
  for name, value in pairs(fields) do
    local found = roles[name]
    if found and value ~= null then
      values, ranks = values or {}, ranks or {}
      local role, rank = found.role, found.rank
      if rank < (ranks[role] or math.huge) then values[role], ranks[role] = value, rank end
    end
  end
  return values
end

local is_started

function M.process(event)
  if not is_started then
    for _, name in ipairs(M.config.request_fields) do roles[name] = { role = "request", rank = 0 } end
    is_started = true
  end
  local fields = event.fields
  local trace, span, request = fields.trace_id, fields.span_id, fields.request_id
  local old_trace, old_span, old_request = trace, span, request

  local values = in_fields(fields)
  if values then
    if not trace and values.header then
      local parent
      trace, parent = header(values.header)
      span = span or parent
    end
    trace = trace or id(values.trace)
    span = span or id(values.span)
    request = request or request_id(values.request)
  end

  local message = event.message
  if trigger:test(message) then
    if not trace then
      local parent
      trace, parent = header(message)
      if not trace then trace = id(named_trace:captures(message)) end
      span = span or parent
    end
    span = span or id(named_span:captures(message))
    request = request or request_id(named_request:captures(message)) or bare_request:captures(message)
  end

  if trace ~= old_trace then fields.trace_id = trace end
  if span ~= old_span then fields.span_id = span end
  if request ~= old_request then fields.request_id = request end
end

M.samples = {
  {
    event = { message = "GET /", fields = { traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" } },
    expect = { fields = { trace_id = "4bf92f3577b34da6a3ce929d0e0e4736", span_id = "00f067aa0ba902b7",
      request_id = null } },
  },
  {
    event = { message = "b3: 80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1 charged" },
    expect = { fields = { trace_id = "80f198ee56343ba864fe8b2a57d3eff7", span_id = "e457b5a2e4d86bd1" } },
  },
  {
    event = { message = '{"traceId":"463ac35c9f6413ad48485a3953bb6124","spanId": ' ..
      '"a2fb4a1d1a96d312","x-request-id":"f3b1c2d4-0001"}' },
    expect = { fields = { trace_id = "463ac35c9f6413ad48485a3953bb6124", span_id = "a2fb4a1d1a96d312",
      request_id = "f3b1c2d4-0001" } },
  },
  {
    event = {
      message = "GET /v2/servers",
      fields = { request = "req-38101a0b-2096-447d-96ea-a692162415ae 113d3a99 54fadb41" },
    },
    expect = { fields = { request_id = "req-38101a0b-2096-447d-96ea-a692162415ae", trace_id = null } },
  },
  {
    event = { message = "m", fields = { ["dd.trace_id"] = 4816328213912345601, correlationId = "c-77812" } },
    expect = { fields = { trace_id = "4816328213912345601", request_id = "c-77812" } },
  },
  -- What is there stays; zeros are no id; a stack trace, a request line and a UUID of something else neither.
  {
    event = {
      message = "traceparent 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
      fields = { trace_id = "x1" },
    },
    expect = { fields = { trace_id = "x1" } },
  },
  {
    event = {
      message = "trace_id=00000000000000000000000000000000 stack trace identity: required id " ..
        "550e8400-e29b-41d4-a716-446655440000",
      fields = { request = "GET / HTTP/1.1" },
    },
    expect = { fields = { trace_id = null, span_id = null, request_id = null } },
  },
  { event = { message = "request id is missing" }, expect = { fields = { request_id = null } } },
}

return M
