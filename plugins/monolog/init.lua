--- Monolog's line format, which Laravel, Symfony and most of PHP use: [time] channel.LEVEL: message {context} [extra]
--- The format: https://github.com/Seldaek/monolog/blob/bec314a9c14ce8a40650cf13923f5941ef1bfe0a/src/Monolog/Formatter/LineFormatter.php
--- Laravel writes the trace of an exception into the context, over many lines; they stay part of the message.

local M = {
  name = "monolog",
  kind = "parser",
  api = 1,
  description = "Monolog lines (Symfony, Laravel)",
  multiline = true,
  match = [=[^\[\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?\] [\w\-]+(?:\.[\w\-]+)*\.(?:DEBUG]=] ..
    [=[|INFO|NOTICE|WARNING|ERROR|CRITICAL|ALERT|EMERGENCY): ]=],
}

local entry = ailogger.regex(
  [=[^\[(?<time>[^\]]++)\] (?<component>[^ ]+)\.(?<level>[A-Z]++): ]=] ..
  [=[(?<message>(?:[^ ]++| (?!(?:(?:\[\]|\{.*\}) (?:\[\]|\{.*\})|\{".*\}) *$))*+)]=] ..
  [=[(?: (?:(?:\[\]|(?<context>\{.*\})) (?:\[\]|(?<extra>\{.*\}))|(?<alone>\{".*\})) *)?$]=])

local exception = ailogger.regex(
  [=["exception":"\[object\] \((?<class>[\w\\]++)\(code: (?<code>[^)]++)\).*? at (?<file>[^ :]++):(?<line>\d++)\)]=])

function M.parse(line, event)
  local time, component, level, message, context, extra, alone = entry:captures(line)
  if not time then return false end
  local fields = event.fields
  -- Laravel leaves out what is empty.
  context = context or alone

  event.time = time
  event.component = component
  event.level = level
  event.message = message
  fields.context = context
  fields.extra = extra
  local class, code, file, number = exception:captures(context or message)
  if class then
    fields.exception = class:gsub("\\\\", "\\")
    fields.code = code
    fields.file = file
    fields.line = tonumber(number)
  end
end

M.samples = {
  {
    line = [=[[2026-11-20T04:00:16.120340+00:00] shop.ERROR: Query failed after 3 tries {"sql":"SELECT 1","user":7} {"url":"/api/cart"}]=],
    expect = {
      level = "ERROR", component = "shop", time = "2026-11-20T04:00:16.120340Z", message = "Query failed after 3 tries",
      fields = { context = '{"sql":"SELECT 1","user":7}', extra = '{"url":"/api/cart"}' },
    },
  },
  {
    line = "[2026-11-20 04:00:17] production.INFO: cart {7} stored [] []",
    expect = { level = "INFO", component = "production", message = "cart {7} stored" },
  },
  {
    line = [=[[2026-11-20 04:00:18] production.CRITICAL: SQLSTATE[08006] [7] connection refused {"exception":"[object] (PDOException(code: 7): SQLSTATE[08006] [7] connection refused at /srv/shop/Db.php:41)]=],
    expect = {
      level = "CRITICAL",
      message = [=[SQLSTATE[08006] [7] connection refused {"exception":"[object] (PDOException(code: 7): SQLSTATE[08006] [7] connection refused at /srv/shop/Db.php:41)]=],
      fields = { exception = "PDOException", code = "7", file = "/srv/shop/Db.php", line = 41 },
    },
  },
  {
    line = [=[[2026-11-20T04:00:19+00:00] app.mail.NOTICE: queue is long {"n":812} []]=],
    expect = { level = "INFO", component = "app.mail", message = "queue is long" },
  },
  {
    line = '[2026-11-20 04:00:20] production.INFO: database is back {"after":1474} ',
    expect = { level = "INFO", message = "database is back", fields = { context = '{"after":1474}' } },
  },
  { line = "[2026-11-20 04:00:16] production: no level", expect = false },
  { line = "[2026-11-20 04:00:16,123] ERROR [Broker id=1] Error while reading checkpoint (kafka.server.LogDirFailureChannel)", expect = false },
}

return M
