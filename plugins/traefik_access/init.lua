--- Traefik's access log in its Common Log Format, which goes on behind the agent: number of the request, router, server
--- and milliseconds.
--- The format: https://doc.traefik.io/traefik/observability/access-logs

local M = {
  name = "traefik_access",
  kind = "parser",
  api = 1,
  description = "Traefik access log (CLF)",
  match = [=[^[^ ]+ - [^\[]*\[\d\d/[A-Z][a-z][a-z]/\d{4}:[^\]]+\] "[^"]*" [-\d]+ [-\d]+ (?:"[^"]*"|-) (?:"[^"]*"|-) \d+ "[^"]*" ]=] ..
    [=["[^"]*" \d+ms$]=],
}

local entry = ailogger.regex(
  [=[^(?<client>[^ ]++) - (?:-|(?<user>[^\[]*?)) \[(?<time>\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] "]=] ..
  [=[(?<request>(?<method>[A-Z]++) (?<path>[^ "]++) (?<protocol>[^" ]++)|[^"]*+)" (?:-|(?<status>\d++)) ]=] ..
  [=[(?:-|(?<bytes>\d++)) (?:-|"(?:-|(?<referer>[^"]*+))") (?:-|"(?:-|(?<agent>[^"]*+))") (?<number>\d++) "]=] ..
  [=[(?:-|(?<router>[^"]*+))" "(?:-|(?<upstream>[^"]*+))" (?<taken>\d++)ms$]=])

local level_of = require("http").level_of

function M.parse(line, event)
  local client, user, time, request, method, path, protocol, status, bytes, referer, agent, number, router, upstream,
    taken = entry:captures(line)
  if not client then return false end
  local fields = event.fields
  -- No status: the client went before there was one.
  status = tonumber(status) or 0

  event.time = time
  event.component = "traefik"
  event.message = request
  event.level = level_of(status)

  fields.client = client
  fields.user = user
  fields.method = method
  fields.path = path
  fields.protocol = protocol
  if status > 0 then fields.status = status end
  fields.bytes = tonumber(bytes)
  fields.duration = tonumber(taken) / 1000
  fields.referer = referer
  fields.agent = agent
  fields.request_number = tonumber(number)
  fields.route = router
  fields.upstream = upstream
end

M.samples = {
  {
    line = '192.0.2.21 - - [20/Nov/2026:04:00:17 +0000] "GET /en/ HTTP/2.0" 502 2814 - "Mozilla/5.0" 13 "Host-shop-0" "http://192.0.2.6:14008" 247ms',
    expect = { level = "ERROR", component = "traefik", fields = { duration = 0.247, agent = "Mozilla/5.0", upstream = "http://192.0.2.6:14008" } },
  },
  {
    line = '::1 - - [20/Nov/2026:04:00:18 +0000] "GET / HTTP/1.1" - - "-" "-" 27 "-" "-" 0ms',
    expect = { component = "traefik", message = "GET / HTTP/1.1" },
  },
  {
    line = '198.51.100.7 - - [20/Nov/2026:04:00:18 +0000] "GET /api/cart HTTP/1.1" 200 612 "https://shop.example.com/" "Mozilla/5.0 (X11; Linux x86_64)" 90211 "shop@docker" "http://192.0.2.21:8080" 3ms',
    expect = {
      level = "INFO", component = "traefik", time = "2026-11-20T04:00:18Z", message = "GET /api/cart HTTP/1.1",
      fields = {
        client = "198.51.100.7", method = "GET", path = "/api/cart", status = 200, bytes = 612, duration = 0.003,
        request_number = 90211, route = "shop@docker", upstream = "http://192.0.2.21:8080",
      },
    },
  },
  {
    line = '198.51.100.8 - anna [20/Nov/2026:04:00:20 +0000] "POST /api/orders HTTP/2.0" 502 11 "-" "-" 90214 "shop@docker" "http://192.0.2.21:8080" 10021ms',
    expect = { level = "ERROR", fields = { user = "anna", status = 502, duration = 10.021, protocol = "HTTP/2.0" } },
  },
  {
    line = '2001:db8::66 - - [20/Nov/2026:04:00:21 +0000] "GET /.env HTTP/1.1" 404 19 "-" "-" 90215 "-" "-" 0ms',
    expect = { level = "WARNING", fields = { client = "2001:db8::66", duration = 0.0 } },
  },
  {
    line = '198.51.100.9 - - [20/Nov/2026:04:00:22 +0000] "GET /slow HTTP/1.1" 499 21 "-" "curl/8.5.0" 90216 "shop@file" "http://192.0.2.22:8080" 3004ms',
    expect = { level = "WARNING", fields = { status = 499, duration = 3.004 } },
  },
  { line = '198.51.100.7 - - [20/Nov/2026:04:00:18 +0000] "GET / HTTP/1.1" 200 612 "-" "curl/8.5.0"', expect = false },
  { line = '198.51.100.7 - - [20/Nov/2026:04:00:18 +0000] "GET / HTTP/1.1" 200 612 "-" "curl/8.5.0" 85 0.003 [shop-api-http] [] 10.244.0.5:8080 612 0.003 200 b8443e8c', expect = false },
}

return M
