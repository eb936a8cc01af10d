--- Standard access logs of Amazon CloudFront: 33 columns between tabs, 26 in older files, and two header lines a file.
--- The columns: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.md
--- Text that a client sent is percent-encoded, for it could hold a tab.

local M = {
  name = "aws_cloudfront",
  kind = "parser",
  api = 1,
  description = "Amazon CloudFront standard access logs",
  match = [=[^(?:\d{4}-\d\d-\d\d\t\d\d:\d\d:\d\d\t[A-Z]{3}[^\t]*\t\d+\t[\da-f.:]+\t|#Version: 1\.0$|#Fields: ]=] ..
    [=[date time x-edge-location sc-bytes c-ip cs-method cs\(Host\) cs-uri-stem sc-status cs\(Referer\) ]=] ..
    [=[cs\(User-Agent\) cs-uri-query cs\(Cookie\) x-edge-result-type x-edge-request-id x-host-header cs-protocol ]=] ..
    [=[cs-bytes time-taken x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version]=] ..
    [=[(?: fle-status fle-encrypted-fields c-port time-to-first-byte x-edge-detailed-result-type sc-content-type|\s*$))]=],
}

local entry = ailogger.regex(
  [=[^(?<time>\d{4}-\d\d-\d\d\t\d\d:\d\d:\d\d)\t(?<edge>[^\t]++)\t(?<bytes>\d++)\t(?<client>[^\t]++)\t]=] ..
  [=[(?<method>[^\t]++)\t(?:-|(?<host>[^\t]++))\t(?<path>[^\t]++)\t(?<status>\d++)\t(?:-|(?<referer>[^\t]++))\t]=] ..
  [=[(?:-|(?<agent>[^\t]++))\t(?:-|(?<query>[^\t]++))\t[^\t]++\t(?<result>[^\t]++)\t(?<request>[^\t]++)\t]=] ..
  [=[(?:-|(?<vhost>[^\t]++))\t(?<scheme>[^\t]++)\t(?:-|(?<received>\d++))\t(?<duration>[\d.]++)\t]=] ..
  [=[(?:-|(?<forwarded>[^\t]++))\t(?:-|(?<tls>[^\t]++))\t(?:-|(?<cipher>[^\t]++))\t[^\t]++\t(?<protocol>[^\t]++)]=] ..
  [=[(?:\t[^\t]++\t[^\t]++\t(?:-|(?<port>\d++))\t(?:-|(?<first>[\d.]++))\t(?:-|(?<detail>[^\t]++))\t]=] ..
  [=[(?:-|(?<type>[^\t]++)))?+]=])

-- x-edge-result-type; what isn't here was answered.
local by_result = { Error = "error", CapacityExceeded = "error", LimitExceeded = "warning" }

local status_level = require("http").level_of

local function level_of(status, result)
  -- 0: the client went away.
  local level = status == 0 and "warning" or status_level(status)
  return level == "info" and by_result[result] or level
end

local function decoded(text)
  return text and text:gsub("%%(%x%x)", function(digits) return string.char(tonumber(digits, 16)) end)
end

function M.parse(line, event)
  if line:byte() == 0x23 then
    event.component = "cloudfront"
    event.level = "debug"
    return
  end
  local time, edge, bytes, client, method, host, path, status, referer, agent, query, result, request, vhost, scheme,
    received, duration, forwarded, tls, cipher, protocol, port, first, detail, content_type = entry:captures(line)
  if not time then return false end
  local fields = event.fields
  status = tonumber(status)
  if query then path = path .. "?" .. query end

  event.time = time:gsub("\t", " ") .. "Z"
  event.component = "cloudfront"
  event.message = method .. " " .. path .. " " .. protocol
  event.level = level_of(status, result)

  fields.client = client
  fields.port = tonumber(port)
  fields.method = method
  fields.path = path
  fields.protocol = protocol
  if status > 0 then fields.status = status end
  fields.bytes = tonumber(bytes)
  fields.bytes_received = tonumber(received)
  fields.duration = tonumber(duration)
  fields.first_byte = tonumber(first)
  fields.referer = decoded(referer)
  fields.agent = decoded(agent)
  fields.vhost = vhost or host
  fields.edge = edge
  fields.result = result
  fields.result_detail = detail
  fields.request = request
  fields.scheme = scheme
  fields.forwarded = decoded(forwarded)
  fields.tls = tls
  fields.cipher = cipher
  fields.content_type = decoded(content_type)
end

M.samples = {
  {
    line = "2026-11-20\t04:00:18\tFRA56-P4\t1045619\t198.51.100.7\tGET\td111111abcdef8.cloudfront.net\t/img/7.png\t200\thttps://shop.example.com/\tMozilla/5.0%20(X11;%20Linux%20x86_64)\tw=640\t-\tHit\tPn6jkEXAMPLE==\tcdn.example.com\thttps\t23\t0.001\t-\tTLSv1.3\tTLS_AES_128_GCM_SHA256\tHit\tHTTP/2.0\t-\t-\t11040\t0.001\tHit\timage/png\t1045000\t-\t-",
    expect = {
      level = "INFO", component = "cloudfront", time = "2026-11-20T04:00:18Z",
      message = "GET /img/7.png?w=640 HTTP/2.0",
      fields = {
        client = "198.51.100.7", port = 11040, method = "GET", path = "/img/7.png?w=640", protocol = "HTTP/2.0",
        status = 200, bytes = 1045619, bytes_received = 23, duration = 0.001, agent = "Mozilla/5.0 (X11; Linux x86_64)",
        vhost = "cdn.example.com", edge = "FRA56-P4", result = "Hit", scheme = "https", tls = "TLSv1.3",
        content_type = "image/png", referer = "https://shop.example.com/",
      },
    },
  },
  {
    line = "2026-11-20\t04:00:20\tFRA56-P4\t915\t2001:db8::7\tPOST\td111111abcdef8.cloudfront.net\t/api/orders\t502\t-\tcurl/8.5.0\t-\t-\tError\tkkEXAMPLE==\tapi.example.com\thttps\t812\t0.052\t-\tTLSv1.3\tTLS_AES_128_GCM_SHA256\tError\tHTTP/2.0\t-\t-\t50112\t0.052\tOriginConnectError\ttext/html\t507\t-\t-",
    expect = {
      level = "ERROR",
      fields = { status = 502, result = "Error", result_detail = "OriginConnectError", client = "2001:db8::7" },
    },
  },
  {
    line = "2015-06-30\t01:42:39\tDFW3\t326\t192.0.2.24\tGET\td111111abcdef8.cloudfront.net\t/gone\t404\t-\t-\t-\t-\tError\txE8EXAMPLE==\td111111abcdef8.cloudfront.net\thttp\t150\t0.123\t-\t-\t-\tError\tHTTP/1.1",
    expect = {
      level = "WARNING", message = "GET /gone HTTP/1.1",
      fields = { status = 404, vhost = "d111111abcdef8.cloudfront.net" },
    },
  },
  {
    line = "2026-11-20\t04:00:31\tFRA56-P4\t0\t198.51.100.9\tGET\td111111abcdef8.cloudfront.net\t/video.mp4\t000\t-\t-\t-\t-\tError\tabEXAMPLE==\tcdn.example.com\thttps\t41\t3.500\t-\tTLSv1.3\tTLS_AES_128_GCM_SHA256\tError\tHTTP/2.0\t-\t-\t50113\t3.500\tClientCommError\t-\t-\t-\t-",
    expect = { level = "WARNING", fields = { result_detail = "ClientCommError", duration = 3.5 } },
  },
  {
    line = "#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version",
    expect = { level = "DEBUG" },
  },
  { line = "#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status", expect = false },
  { line = "2026-11-20\t04:00:18\tFRA56-P4\t1045619\t198.51.100.7\tGET", expect = false },
  { line = "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip", expect = false },
}

return M
