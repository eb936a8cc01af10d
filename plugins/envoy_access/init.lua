--- Envoy's access log in its default format, and in that of Istio, which puts four more fields behind the flags and
--- five at the end.
--- The format and the flags: https://envoyproxy.io/docs/envoy/v1.13.2/_sources/configuration/observability/access_log.rst.txt
--- A line of a TCP connection has dashes for its request and 0 for its status.

local M = {
  name = "envoy_access",
  kind = "parser",
  api = 1,
  description = "Envoy and Istio access logs, default formats",
  match = [[^(?:ACCESS )?\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z\] "[^" ]+ [^"]*" \d+ [-A-Z,a-z]+ ]],
}

local entry = ailogger.regex(
  [=[^(?:ACCESS )?\[(?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d++Z)\] "(?<request>(?:-|(?<method>[^" ]++)) ]=] ..
  [=[(?:-|(?<path>[^" ]++)) (?:-|(?<protocol>[^" ]++)))" (?<status>\d++) (?:-|(?<flags>[^ ]++)) ]=] ..
  [=[(?:(?:-|(?<details>[a-z_][^ "]*+)) (?:-|(?<termination>[^ ]++)) "(?:-|(?<failure>[^"]*+))" |"[^"]*+" "[^"]*+" )?+]=] ..
  [=[(?<received>\d++) (?<sent>\d++) (?<duration>\d++) (?:-|(?<service_time>\d++)) "]=] ..
  [=[(?:-|(?<client>[^",]++)[^"]*+)" "(?:-|(?<agent>[^"]*+))" "(?:-|(?<id>[^"]*+))" "(?:-|(?<vhost>[^"]*+))" "]=] ..
  [=[(?:-|(?<upstream>[^"]*+))"(?: (?:-|(?<cluster>[^ ]++)) [^ ]++ (?:-|(?<local>[^ ]++)) (?:-|(?<remote>[^ ]++)) ]=] ..
  [=[(?:-|(?<server>[^ ]++)) (?:-|(?<route>[^ ]++)))?+]=])

-- What the flags stand for, and how grave it is. Timeouts, resets and missing hosts are the proxied service's
-- failures; what the client or a rule brought about is a warning.
local meaning = {
  UH = { "error", "no healthy upstream" },
  UF = { "error", "upstream connection failure" },
  UO = { "error", "circuit breaker open" },
  UT = { "error", "upstream request timeout" },
  UC = { "error", "upstream connection terminated" },
  UR = { "error", "upstream remote reset" },
  URX = { "error", "retry or connect limit reached" },
  LR = { "error", "connection local reset" },
  LH = { "error", "local service failed its health check" },
  UMSDR = { "error", "upstream maximum stream duration reached" },
  UPE = { "error", "upstream protocol error" },
  OM = { "error", "overload manager ended the request" },
  NC = { "error", "no such cluster" },
  NR = { "warning", "no route" },
  NFCF = { "error", "filter configuration missing" },
  DC = { "warning", "client went away" },
  DT = { "warning", "duration timeout" },
  DPE = { "warning", "client protocol error" },
  SI = { "warning", "stream idle timeout" },
  RL = { "warning", "rate limited" },
  RLSE = { "error", "rate limit service error" },
  UAEX = { "warning", "denied by external authorization" },
  IH = { "warning", "invalid header value" },
  DI = { "info", "delay injected" },
  FI = { "info", "fault injected" },
}

local rank = { info = 1, warning = 2, error = 3 }

local function seconds(milliseconds)
  return milliseconds and tonumber(milliseconds) / 1000
end

local level_of = require("http").level_of

function M.parse(line, event)
  local time, request, method, path, protocol, status, flags, details, termination, failure, received, sent, duration,
    service_time, client, agent, id, vhost, upstream, cluster, here, remote, server, route = entry:captures(line)
  if not time then return false end
  local fields = event.fields
  status = tonumber(status)

  event.time = time
  event.component = "envoy"
  local level = level_of(status)
  if not method then request = "tcp connection to " .. (upstream or here or "nowhere") end
  if flags then
    local texts = {}
    for flag in flags:gmatch("[^,]+") do
      local found = meaning[flag]
      texts[#texts + 1] = found and found[2] or flag
      if found and rank[found[1]] > rank[level] then level = found[1] end
    end
    request = request .. ": " .. table.concat(texts, ", ")
  end
  event.message = request
  event.level = level

  fields.method = method
  fields.path = path
  fields.protocol = protocol
  if status > 0 then fields.status = status end
  fields.flags = flags
  fields.details = details
  fields.termination = termination
  fields.failure = failure
  fields.bytes_received = tonumber(received)
  fields.bytes = tonumber(sent)
  fields.duration = seconds(duration)
  fields.upstream_duration = seconds(service_time)
  -- X-Forwarded-For names the client first; without it there is only the peer's address.
  fields.client = client or (remote and remote:gsub(":%d+$", "", 1))
  fields.agent = agent
  fields.request = id
  fields.vhost = vhost or server
  fields.upstream = upstream
  fields.cluster = cluster
  fields.route = route
end

M.samples = {
  {
    line = 'ACCESS [2026-11-20T04:00:16.294Z] "GET /cart HTTP/1.1" 502 - 0 141 3 2 "192.0.2.9" "curl/8" "b7ba9b4c" "shop.example.com" "192.0.2.21:80"',
    expect = { level = "ERROR", time = "2026-11-20T04:00:16.294Z", message = "GET /cart HTTP/1.1", fields = { status = 502 } },
  },
  {
    line = '[2026-11-20T04:00:16.972Z] "- - -" 0 UF,URX "-" "-" 0 0 3 - "-" "-" "-" "-" "192.0.2.5:5432" - - 192.0.2.5:5432 192.0.2.21:3001 -',
    expect = { level = "ERROR", fields = { upstream = "192.0.2.5:5432", duration = 0.003 } },
  },
  {
    line = '[2026-11-20T04:00:18.120Z] "GET /api/cart HTTP/1.1" 200 - 0 1204 12 11 "198.51.100.7, 10.0.0.1" "curl/8.5.0" "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0" "shop.example.com" "10.244.0.5:8080"',
    expect = {
      level = "INFO", component = "envoy", time = "2026-11-20T04:00:18.120Z", message = "GET /api/cart HTTP/1.1",
      fields = {
        method = "GET", path = "/api/cart", protocol = "HTTP/1.1", status = 200, bytes_received = 0, bytes = 1204,
        duration = 0.012, upstream_duration = 0.011, client = "198.51.100.7", agent = "curl/8.5.0",
        request = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0", vhost = "shop.example.com", upstream = "10.244.0.5:8080",
      },
    },
  },
  {
    line = '[2026-11-20T04:00:20.007Z] "POST /api/orders HTTP/2" 503 UF,URX upstream_reset_before_response_started{connection_failure} - "delayed_connect_error:_111" 812 91 27 - "198.51.100.8" "Mozilla/5.0" "aa-1" "shop.example.com" "10.244.1.9:8080" outbound|8080||api.shop.svc.cluster.local - 10.96.0.7:8080 10.244.3.2:51412 - default',
    expect = {
      level = "ERROR", message = "POST /api/orders HTTP/2: upstream connection failure, retry or connect limit reached",
      fields = {
        status = 503, flags = "UF,URX", details = "upstream_reset_before_response_started{connection_failure}",
        failure = "delayed_connect_error:_111", duration = 0.027, client = "198.51.100.8",
        cluster = "outbound|8080||api.shop.svc.cluster.local", route = "default",
      },
    },
  },
  {
    line = '[2026-11-20T04:00:21.500Z] "GET /slow HTTP/1.1" 0 DC downstream_remote_disconnect - "-" 0 0 3004 - "-" "curl/8.5.0" "bb-2" "shop.example.com" "10.244.0.5:8080" inbound|8080|| 127.0.0.6:40011 10.244.0.5:8080 10.244.3.2:51413 outbound_.8080_._.api default',
    expect = {
      level = "WARNING", message = "GET /slow HTTP/1.1: client went away",
      fields = { duration = 3.004, client = "10.244.3.2" },
    },
  },
  {
    line = '[2026-11-20T04:00:22.000Z] "- - -" 0 UH - - "-" 0 0 0 - "-" "-" "-" "-" "-" BlackHoleCluster - 192.0.2.5:5432 10.244.3.2:51414 - -',
    expect = {
      level = "ERROR", message = "tcp connection to 192.0.2.5:5432: no healthy upstream",
      fields = { cluster = "BlackHoleCluster" },
    },
  },
  {
    line = '[2026-11-20T04:00:23.000Z] "GET /gone HTTP/2" 404 NR route_not_found - "-" 0 0 0 - "2001:db8::7" "curl/8.5.0" "cc-3" "gone.example.com" "-" - - 10.96.0.7:8080 10.244.3.2:51415 - -',
    expect = { level = "WARNING", message = "GET /gone HTTP/2: no route", fields = { client = "2001:db8::7" } },
  },
  { line = '[2026-11-20T04:00:18.120Z] "GET /api/cart HTTP/1.1" 200 - 0 1204', expect = false },
  { line = '[2026-11-20T04:00:18.120Z] ERROR: connect ECONNREFUSED 192.0.2.5:5432', expect = false },
}

return M
