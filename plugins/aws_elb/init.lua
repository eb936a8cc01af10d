--- Access logs of AWS load balancers: the Application Load Balancer's, and the shorter lines of the Classic one, which
--- begin with the time.
--- The fields: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
--- A time of -1 means that the request never got so far, a dash that there is nothing to say.

local M = {
  name = "aws_elb",
  kind = "parser",
  api = 1,
  description = "AWS Application and Classic Load Balancer access logs",
  match = [=[^(?:(?:https?|h2|grpcs?|wss?) )?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z [^ ]+ [\da-f\[.:\]]+:\d+ [^ ]+ ]=] ..
    [=[-?[\d.]+ -?[\d.]+ -?[\d.]+ [-\d]+ ]=],
}

local entry = ailogger.regex(
  [=[^(?:(?<type>[a-z2]++) )?(?<time>[^ ]++) (?<balancer>[^ ]++) \[?(?<client>[\da-f.:]+?)\]?:(?<port>\d++) ]=] ..
  [=[(?:-|(?<target>[^ ]++)) (?<request_time>-?\d++(?:\.\d++)?) (?<target_time>-?\d++(?:\.\d++)?) ]=] ..
  [=[(?<response_time>-?\d++(?:\.\d++)?) (?:-|(?<status>\d++)) (?:-|(?<target_status>\d++)) (?<received>\d++) ]=] ..
  [=[(?<sent>\d++) "(?<request>(?<method>[A-Z]++) (?<path>[^ "]++) (?:-|(?<protocol>[^ "]++)) ?|[^"]*+)" "]=] ..
  [=[(?:-|(?<agent>[^"]*+))" (?:-|(?<cipher>[^ ]++)) (?:-|(?<tls>[^ ]++))]=] ..
  [=[(?: (?:-|(?<group>[^ ]++)) "(?:-|(?<trace>[^"]*+))" "(?:-|(?<vhost>[^"]*+))" "[^"]*+" [^ ]++ [^ ]++ "]=] ..
  [=[(?:-|(?<actions>[^"]*+))" "[^"]*+" "(?:-|(?<reason>[^"]*+))")?+]=])

-- 460: the client went away before the load balancer could answer.
local function level_of(status, reason)
  if not status then return "warning" end
  if status >= 500 or reason then return "error" end
  return status >= 400 and "warning" or "info"
end

-- A sum of times with six digits behind the point, without what binary fractions add; nil where all are -1.
local function sum(a, b, c)
  local total
  for _, text in ipairs { a, b, c } do
    local value = tonumber(text)
    if value >= 0 then total = (total or 0) + value end
  end
  return total and (total * 1000000 + 0.5) // 1 / 1000000
end

function M.parse(line, event)
  local kind, time, balancer, client, port, target, request_time, target_time, response_time, status, target_status,
    received, sent, request, method, path, protocol, agent, cipher, tls, group, trace, vhost, actions, reason =
    entry:captures(line)
  if not time then return false end
  local fields = event.fields
  status = tonumber(status)

  event.time = time
  event.component = "elb"
  event.message = request
  event.level = level_of(status, reason)

  fields.type = kind
  fields.balancer = balancer
  fields.client = client
  fields.port = tonumber(port)
  fields.upstream = target
  fields.method = method
  fields.path = path
  fields.protocol = protocol
  fields.status = status
  fields.upstream_status = tonumber(target_status)
  fields.bytes_received = tonumber(received)
  fields.bytes = tonumber(sent)
  fields.duration = sum(request_time, target_time, response_time)
  fields.upstream_duration = sum(target_time, "-1", "-1")
  fields.agent = agent
  fields.vhost = vhost
  fields.cipher = cipher
  fields.tls = tls
  fields.target_group = group
  fields.trace = trace
  fields.actions = actions
  fields.reason = reason
end

M.samples = {
  {
    line = 'https 2026-11-20T04:00:18.186641Z app/shop/50dc6c495c0c9188 198.51.100.39:2817 192.0.2.21:8080 0.086 0.048 0.037 200 200 341 5124 "GET https://shop.example.com:443/api/cart?id=7 HTTP/1.1" "curl/7.88.1" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/shop/73e2d6bc24d8a067 "Root=1-58337281-1d84f3d73c47ec4e58577259" "shop.example.com" "session-reused" 1 2026-11-20T04:00:18.015000Z "waf,forward" "-" "-" "192.0.2.21:8080" "200" "-" "-"',
    expect = {
      level = "INFO", component = "elb", time = "2026-11-20T04:00:18.186641Z",
      message = "GET https://shop.example.com:443/api/cart?id=7 HTTP/1.1",
      fields = {
        type = "https", client = "198.51.100.39", port = 2817, upstream = "192.0.2.21:8080", duration = 0.171,
        upstream_duration = 0.048, status = 200, upstream_status = 200, bytes_received = 341, bytes = 5124,
        method = "GET", path = "https://shop.example.com:443/api/cart?id=7", protocol = "HTTP/1.1",
        agent = "curl/7.88.1", tls = "TLSv1.2", vhost = "shop.example.com", actions = "waf,forward",
      },
    },
  },
  {
    line = 'h2 2026-11-20T04:01:00.000123Z app/shop/50dc6c495c0c9188 2001:db8::39:40022 - -1 -1 -1 503 - 212 337 "POST https://shop.example.com:443/api/orders HTTP/2.0" "Mozilla/5.0 (X11; Linux x86_64)" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.3 - "Root=1-67" "shop.example.com" "arn:aws:acm:eu-central-1:123456789012:certificate/1" 0 2026-11-20T04:01:00.000000Z "forward" "-" "-" "-" "-" "-" "-"',
    expect = {
      level = "ERROR", message = "POST https://shop.example.com:443/api/orders HTTP/2.0",
      fields = { client = "2001:db8::39", port = 40022, status = 503, bytes = 337, tls = "TLSv1.3" },
    },
  },
  {
    line = 'http 2026-11-20T04:02:00.500000Z app/shop/50dc6c495c0c9188 203.0.113.66:40118 - 0.000 -1 -1 400 - 0 272 "- http://shop.example.com:80- -" "-" - - - "-" "-" "-" - 2026-11-20T04:02:00.499000Z "-" "-" "-" "-" "-" "-" "-"',
    expect = {
      level = "WARNING", message = "- http://shop.example.com:80- -", fields = { status = 400, duration = 0.0 },
    },
  },
  {
    line = 'https 2026-11-20T04:03:00.500000Z app/fn/1 198.51.100.7:55001 - 0.001 0.350 -1 502 - 98 277 "GET https://fn.example.com:443/ HTTP/1.1" "curl/8.5.0" - TLSv1.3 arn:aws:lambda "Root=1" "fn.example.com" "-" 1 2026-11-20T04:02:59.999000Z "forward" "-" "LambdaInvalidResponse" "-" "-" "-" "-"',
    expect = {
      level = "ERROR", fields = { reason = "LambdaInvalidResponse", duration = 0.351, upstream_duration = 0.35 },
    },
  },
  {
    line = '2026-11-20T03:59:43.945958Z old-lb 198.51.100.39:2817 192.0.2.22:80 0.000073 0.001048 0.000057 200 200 0 29 "GET http://www.example.com:80/ HTTP/1.1" "curl/7.38.0" - -',
    expect = {
      level = "INFO", message = "GET http://www.example.com:80/ HTTP/1.1",
      fields = { balancer = "old-lb", duration = 0.001178, bytes = 29, upstream = "192.0.2.22:80" },
    },
  },
  { line = '2026-11-20T03:59:43.945958Z old-lb started 198.51.100.39:2817', expect = false },
  { line = 'https 2026-11-20T04:00:18.186641Z app/shop/50dc6c495c0c9188 198.51.100.39:2817 192.0.2.21:8080 0.086', expect = false },
  { line = '198.51.100.7 - - [20/Nov/2026:04:00:16 +0000] "GET / HTTP/1.1" 200 5124', expect = false },
}

return M
