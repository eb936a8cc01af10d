--- Server access logs of Amazon S3: twenty-odd fields between spaces, the oldest of them first, so that a longer line
--- of today reads like one of 2006.
--- The fields: https://docs.amazonaws.cn/en_us/AmazonS3/latest/userguide/LogFormat.md

local M = {
  name = "aws_s3_access",
  kind = "parser",
  api = 1,
  description = "Amazon S3 server access logs",
  match = [[^[0-9a-f]{64} [^ ]+ \[\d\d/[A-Z][a-z][a-z]/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] [^ ]+ [^ ]+ [^ ]+ [A-Z\d]+\.]],
}

local entry = ailogger.regex(
  [=[^[0-9a-f]{64} (?<bucket>[^ ]++) \[(?<time>\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] ]=] ..
  [=[(?:-|(?<client>[^ ]++)) (?:-|(?<user>[^ ]++)) (?<request>[^ ]++) (?<operation>[^ ]++) (?:-|(?<key>[^ ]++)) ]=] ..
  [=[(?:-|"(?:-|(?<line>(?<method>[A-Z]++) (?<path>[^ "]++)(?: (?<protocol>[^" ]++))?+[^"]*+|[^"]*+))") ]=] ..
  [=[(?:-|(?<status>\d++)) (?:-|(?<code>[^ ]++)) (?:-|(?<bytes>\d++)) (?:-|(?<size>\d++)) (?:-|(?<total>\d++)) ]=] ..
  [=[(?:-|(?<turnaround>\d++)) (?:-|"(?:-|(?<referer>[^"]*+))") (?:-|"(?:-|(?<agent>[^"]*+))")]=] ..
  [=[(?: (?:-|(?<version>[^ ]++))(?: [^ ]++ [^ ]++ (?:-|(?<cipher>[^ ]++)) [^ ]++ (?:-|(?<vhost>[^ ]++)) ]=] ..
  [=[(?:-|(?<tls>[^ ]++)))?+)?+]=])

local function level_of(status, code)
  if status and status >= 500 then return "error" end
  -- A request without a status is S3's own work, such as an expiring object.
  if code or status and status >= 400 then return "warning" end
  return "info"
end

local function seconds(milliseconds)
  return milliseconds and tonumber(milliseconds) / 1000
end

function M.parse(line, event)
  local bucket, time, client, user, request, operation, key, request_line, method, path, protocol, status, code, bytes,
    size, total, turnaround, referer, agent, version, cipher, vhost, tls = entry:captures(line)
  if not bucket then return false end
  local fields = event.fields
  status = tonumber(status)

  event.time = time
  event.component = "s3"
  event.message = request_line or (key and operation .. " " .. key or operation)
  event.level = level_of(status, code)

  fields.bucket = bucket
  fields.client = client
  fields.user = user
  fields.request = request
  fields.operation = operation
  fields.key = key
  fields.method = method
  fields.path = path
  fields.protocol = protocol
  fields.status = status
  fields.code = code
  fields.bytes = tonumber(bytes)
  fields.object_bytes = tonumber(size)
  fields.duration = seconds(total)
  fields.upstream_duration = seconds(turnaround)
  fields.referer = referer
  fields.agent = agent
  fields.version = version
  fields.cipher = cipher
  fields.vhost = vhost
  fields.tls = tls
end

local owner = ("79a5"):rep(16)

M.samples = {
  {
    line = owner .. ' shop-backup [20/Nov/2026:04:00:38 +0000] 192.0.2.5 arn:aws:iam::123456789012:user/backup 3E57427F3EXAMPLE REST.PUT.OBJECT wal/0001.gz "PUT /shop-backup/wal/0001.gz HTTP/1.1" 200 - - 16777216 812 41 "-" "aws-cli/2.15" - s9lzHYrFp76ZVxRcpX9= SigV4 ECDHE-RSA-AES128-GCM-SHA256 AuthHeader shop-backup.s3.eu-central-1.amazonaws.com TLSv1.2 - Yes',
    expect = {
      level = "INFO", component = "s3", time = "2026-11-20T04:00:38Z",
      message = "PUT /shop-backup/wal/0001.gz HTTP/1.1",
      fields = {
        bucket = "shop-backup", client = "192.0.2.5", user = "arn:aws:iam::123456789012:user/backup",
        request = "3E57427F3EXAMPLE", operation = "REST.PUT.OBJECT", key = "wal/0001.gz", method = "PUT",
        path = "/shop-backup/wal/0001.gz", protocol = "HTTP/1.1", status = 200, object_bytes = 16777216,
        duration = 0.812, upstream_duration = 0.041, agent = "aws-cli/2.15", tls = "TLSv1.2",
      },
    },
  },
  {
    line = owner .. ' shop-public [20/Nov/2026:04:01:02 +0000] 203.0.113.66 - 7B4A0FABBEXAMPLE REST.GET.OBJECT .env "GET /.env HTTP/1.1" 403 AccessDenied 243 - 7 - "-" "python-requests/2.31.0" -',
    expect = {
      level = "WARNING", message = "GET /.env HTTP/1.1", fields = { status = 403, code = "AccessDenied", bytes = 243 },
    },
  },
  {
    line = owner .. ' shop-public [20/Nov/2026:04:02:02 +0000] 198.51.100.7 - A1206F460EXAMPLE REST.GET.OBJECT img/7.png "GET /img/7.png HTTP/1.1" 503 SlowDown 0 - 1204 - "https://shop.example.com/" "Mozilla/5.0 (X11; Linux x86_64)" -',
    expect = {
      level = "ERROR",
      fields = { status = 503, code = "SlowDown", duration = 1.204, referer = "https://shop.example.com/" },
    },
  },
  {
    line = owner .. ' shop-backup [20/Nov/2026:00:00:11 +0000] - AmazonS3 DE3A1B2C4EXAMPLE S3.EXPIRE.OBJECT wal/0000.gz "-" - - - 16777216 - - "-" "-" - - - - - - -',
    expect = {
      level = "INFO", message = "S3.EXPIRE.OBJECT wal/0000.gz", fields = { user = "AmazonS3", object_bytes = 16777216 },
    },
  },
  { line = owner .. ' shop-backup [20/Nov/2026:04:00:38 +0000] 192.0.2.5 - 3E57427F3EXAMPLE REST.GET.OBJECT', expect = false },
  { line = '198.51.100.7 - frank [20/Nov/2026:04:00:16 +0000] "GET / HTTP/1.1" 200 5124', expect = false },
}

return M
