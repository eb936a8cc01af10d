--- Access lines of the Kubernetes ingress controller for nginx: the combined format, and behind it what the upstreams
--- did. A request that was tried on several upstreams lists all of them, with commas between, and with colons where it
--- was redirected within nginx.
--- The format: https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/log-format

local M = {
  name = "ingress_nginx",
  kind = "parser",
  api = 1,
  description = "Kubernetes ingress-nginx access lines",
  match = [=[^[\da-f.:]+ - [^\[]*\[\d\d/[A-Z][a-z][a-z]/\d{4}:[^\]]+\] "[^"]*" \d{3} \d+ "[^"]*" "[^"]*" \d+ ]=] ..
    [=[[\d.]+ \[]=],
}

local list = [=[[^ ,]++(?:(?:, | : )[^ ,]++)*+]=]

local entry = ailogger.regex(
  [=[^(?<client>[^ ]++) - (?:-|(?<user>[^\[]*?)) \[(?<time>\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] ]=] ..
  [=["(?<request>(?<method>[A-Z]++) (?<path>[^ "]++) (?<protocol>[^" ]++)|[^"]*+)" (?<status>\d++) (?<bytes>\d++) ]=] ..
  [=["(?:-|(?<referer>[^"]*+))" "(?:-|(?<agent>[^"]*+))" (?<received>\d++) (?<duration>[\d.]++) ]=] ..
  [=[\[(?<service>[^\]]*+)\] (?:\[(?<alternative>[^\]]*+)\] )?+(?:-|(?<upstream>]=] .. list .. [=[)) ]=] ..
  [=[(?:-|]=] .. list .. [=[) (?:-|(?<times>]=] .. list .. [=[)) ]=] ..
  [=[(?:-|(?<statuses>]=] .. list .. [=[))(?: (?<id>[0-9a-f]++))?+]=])

local level_of = require("http").level_of

-- The whole time of all tries; a dash is a try that never got an answer.
local function sum(times)
  if not times:find(" ", 1, true) then return tonumber(times) end
  local total = 0
  for time in times:gmatch("[%d.]+") do total = total + (tonumber(time) or 0) end
  return (total * 1000 + 0.5) // 1 / 1000
end

function M.parse(line, event)
  local client, user, time, request, method, path, protocol, status, bytes, referer, agent, received, duration,
    service, alternative, upstream, times, statuses, id = entry:captures(line)
  if not client then return false end
  local fields = event.fields
  status = tonumber(status)

  event.time = time
  event.component = "ingress-nginx"
  event.message = request
  event.level = level_of(status)

  fields.client = client
  fields.user = user
  fields.method = method
  fields.path = path
  fields.protocol = protocol
  fields.status = status
  fields.bytes = tonumber(bytes)
  fields.bytes_received = tonumber(received)
  fields.duration = tonumber(duration)
  fields.referer = referer
  fields.agent = agent
  fields.request = id
  if service ~= "" then fields.service = service end
  if alternative and alternative ~= "" then fields.alternative = alternative end
  if upstream then
    fields.upstream = upstream
    if upstream:find(" ", 1, true) then
      local _, marks = upstream:gsub("[,:] ", "")
      fields.retries = marks
    end
  end
  if times then fields.upstream_duration = sum(times) end
  if statuses then fields.upstream_status = tonumber(statuses:match("%d+$")) end
end

M.samples = {
  {
    line = '198.51.100.7 - - [20/Nov/2026:04:00:18 +0000] "GET /api/cart HTTP/2.0" 200 612 "https://shop.example.com/" "Mozilla/5.0 (X11; Linux x86_64)" 485 0.004 [shop-api-http] [] 10.244.0.5:8080 612 0.003 200 b8443e8c0a8f5b9d7c6e5f4a3b2c1d0e',
    expect = {
      level = "INFO", component = "ingress-nginx", time = "2026-11-20T04:00:18Z", message = "GET /api/cart HTTP/2.0",
      fields = {
        client = "198.51.100.7", method = "GET", path = "/api/cart", protocol = "HTTP/2.0", status = 200, bytes = 612,
        bytes_received = 485, duration = 0.004, referer = "https://shop.example.com/", service = "shop-api-http",
        upstream = "10.244.0.5:8080", upstream_duration = 0.003, upstream_status = 200,
        request = "b8443e8c0a8f5b9d7c6e5f4a3b2c1d0e",
      },
    },
  },
  {
    line = '198.51.100.8 - anna [20/Nov/2026:04:00:20 +0000] "POST /api/orders HTTP/1.1" 502 150 "-" "curl/8.5.0" 812 10.021 [shop-api-http] [] 10.244.0.5:8080, 10.244.1.9:8080, 10.244.2.3:8080 0, 0, 0 5.001, 5.001, 0.019 502, 502, 502 1f2e3d4c5b6a79880716253443526170',
    expect = {
      level = "ERROR",
      fields = {
        user = "anna", status = 502, retries = 2, upstream_duration = 10.021, upstream_status = 502, duration = 10.021,
      },
    },
  },
  {
    line = '2001:db8::66 - - [20/Nov/2026:04:00:21 +0000] "GET /.env HTTP/1.1" 404 146 "-" "-" 91 0.000 [upstream-default-backend] [] 127.0.0.1:8181 146 0.000 404 00112233445566778899aabbccddeeff',
    expect = {
      level = "WARNING",
      fields = { client = "2001:db8::66", service = "upstream-default-backend", upstream_duration = 0.0 },
    },
  },
  {
    line = '203.0.113.66 - - [20/Nov/2026:04:00:22 +0000] "\\x16\\x03\\x01" 400 150 "-" "-" 0 0.112 [] [] - - - - 9f8e7d6c5b4a39281706f5e4d3c2b1a0',
    expect = { level = "WARNING", message = "\\x16\\x03\\x01", fields = { status = 400, duration = 0.112 } },
  },
  { line = '198.51.100.7 - - [20/Nov/2026:04:00:18 +0000] "GET / HTTP/1.1" 200 612 "-" "curl/8.5.0"', expect = false },
  { line = '198.51.100.7 - - [20/Nov/2026:04:00:18 +0000] "GET / HTTP/1.1" 200 612 "-" "curl/8.5.0" 7 "shop@docker" "http://10.0.0.2:80" 3ms', expect = false },
}

return M
