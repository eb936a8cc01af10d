--- RabbitMQ's log since 3.7, which is that of most Erlang programs, and the reports that older ones wrote:
---   2026-11-20 04:00:16.120340+00:00 [error] <0.812.0> closing AMQP connection <0.812.0> (192.0.2.21:40022 -> …)
---   =ERROR REPORT==== 20-Nov-2026::04:00:16 ===
--- Described in: https://rabbitmq.com/logging.html

local M = {
  name = "rabbitmq",
  kind = "parser",
  api = 1,
  description = "RabbitMQ and other Erlang logs",
  multiline = true,
  match = [=[^(?:\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d\.\d{3,6}(?:Z|[+-]\d\d:\d\d)? \[[a-z]+\] <\d+\.\d+\.\d+>(?! Application \S+ started on node '?(?!rabbit))(?:[^@]|$)]=] ..
    [=[|\=[A-Z]+ REPORT\=\=\=\= +\d+-[A-Z][a-z][a-z]-\d{4}::\d\d:\d\d:\d\d(?:\.\d+)? )]=],
}

local entry = ailogger.regex(
  [=[^(?<time>[^ ]++ [^ ]++|[^ ]++) \[(?<level>debug|info|notice|warning|warn|error|critical|alert|emergency|]=] ..
  [=[none)\] (?<process><[\d.]++>)(?!@) ?(?<message>.*)]=])

local connection = ailogger.regex(
  [=[AMQP connection <[\d.]++> \(\[?(?<client>[\da-f.:]*?[\da-f.])\]?:(?<port>\d++) -> (?<server>[^ )]++)]=] ..
  [=[(?:.*?vhost: '(?<vhost>[^']*+)')?(?:.*?user: '(?<user>[^']*+)')?]=])
local granted = ailogger.regex(
  [=[user '(?<user>[^']++)'(?: authenticated and granted access to vhost '(?<vhost>[^']++)')?]=])

local report = ailogger.regex([=[^=(?<kind>[A-Z]++) REPORT==== +(?<day>[^:]++)::(?<clock>[^ ]++)]=])
local by_kind = {
  INFO = "info", PROGRESS = "info", NOTICE = "notice", DEBUG = "debug", WARNING = "warning", ERROR = "error", CRASH = "error", SUPERVISOR = "error",
}

function M.parse(line, event)
  local fields = event.fields
  event.component = "rabbitmq"
  local time, level, process, message = entry:captures(line)
  if not time then
    local kind, day, clock = report:captures(line)
    if not kind then return false end
    event.time = day .. " " .. clock
    event.level = by_kind[kind]
    -- Since OTP 21 they have a fraction, and RabbitMQ writes them no more.
    if clock:find(".", 1, true) then event.component = nil end
    return
  end
  event.time = time
  if level ~= "none" then event.level = level end
  event.message = message
  fields.process = process
  local client, port, server, vhost, user = connection:captures(message)
  if not user then
    local name, place = granted:captures(message)
    user, vhost = name, vhost or place
  end
  fields.client = client
  fields.port = tonumber(port)
  fields.server = server
  fields.vhost = vhost
  fields.user = user
end

M.samples = {
  {
    line = "2026-11-20 04:00:16.120340+00:00 [info] <0.812.0> accepting AMQP connection <0.812.0> (192.0.2.21:40022 -> 192.0.2.30:5672)",
    expect = {
      level = "INFO", component = "rabbitmq", time = "2026-11-20T04:00:16.120340Z",
      message = "accepting AMQP connection <0.812.0> (192.0.2.21:40022 -> 192.0.2.30:5672)",
      fields = { process = "<0.812.0>", client = "192.0.2.21", port = 40022, server = "192.0.2.30:5672" },
    },
  },
  {
    line = "2026-11-20 04:00:16.130 [info] <0.812.0> connection <0.812.0> (192.0.2.21:40022 -> 192.0.2.30:5672): user 'shop' authenticated and granted access to vhost '/'",
    expect = { fields = { user = "shop", vhost = "/" } },
  },
  {
    line = "2026-11-20 04:00:17.000000+00:00 [warning] <0.812.0> closing AMQP connection <0.812.0> (192.0.2.21:40022 -> 192.0.2.30:5672, vhost: 'orders', user: 'shop'):",
    expect = { level = "WARNING", fields = { vhost = "orders", user = "shop", client = "192.0.2.21" } },
  },
  {
    line = "2026-11-20 04:00:18.500000+00:00 [error] <0.400.0> Discarding message in vhost '/': disk free limit reached",
    expect = { level = "ERROR" },
  },
  {
    line = "=CRASH REPORT==== 20-Nov-2026::04:00:19.120340 ===",
    expect = { level = "ERROR", component = "", time = "2026-11-20T04:00:19.120340Z" },
  },
  {
    line = "=ERROR REPORT==== 20-Nov-2026::04:00:19 ===",
    expect = {
      level = "ERROR", time = "2026-11-20T04:00:19Z", message = "=ERROR REPORT==== 20-Nov-2026::04:00:19 ===",
    },
  },
  { line = "2026-11-20 04:00:16.120340+00:00 [info] accepting AMQP connection", expect = false },
  { line = "2026-11-20 04:00:16.702 [info] <0.7.0> Application cart started on node 'shop@127.0.0.1'", expect = false },
  { line = "2026-11-20 04:00:16.120 [INFO] svs.main: ready", expect = false },
}

return M
