--- PostgreSQL's log_destination csvlog: 23 columns, 24 with version 13 and 26 since 14, texts in quotes with "" for a
--- quote.
--- The columns: https://repository.cybertec.at/doc/17ee/runtime-config-logging.html (19.8.4)
--- A text may run over several lines. Only the first is seen here: a message that does becomes the line's rest, and the
--- other lines join it; what stands behind it is then part of the message.

local M = {
  name = "postgres_csvlog",
  kind = "parser",
  api = 1,
  description = "PostgreSQL csvlog",
  multiline = true,
  match = [=[^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [^ ,]+,(?:"[^"]*")?,(?:"[^"]*")?,\d*,]=] ..
    [=[(?:"[^"]*")?,[\da-f]+\.[\da-f]+,\d+,]=],
}

local text = [=[(?:"((?:[^"]|"")*+)")?+]=]

local head = ailogger.regex(
  [=[^([^,]++),]=] .. text .. "," .. text ..
  [=[,(\d*+),(?:"((?:[^":\[]|\[|:(?=[^":]*+:))*+)(?::(\d++))?")?+,([\da-f.]++),(\d++),]=] .. text ..
  [=[,[^,]*+,([^,]*+),(\d*+),([A-Z]++\d?),([\dA-Z]{5})?+,(?:"((?:[^"]|"")*+)(?:"|$))?+(.*)]=])

local tail = ailogger.regex(
  "^," .. text .. "," .. text .. "," .. text .. [=[,(\d*+),]=] .. text .. "," .. text .. [=[,(\d*+),]=] .. text ..
  "(?:," .. text .. "(?:," .. text .. [=[(?:,(\d*+),(-?\d*+))?+)?+)?+]=])

local levels = {
  LOG = "info", INFO = "info", NOTICE = "info", WARNING = "warning", ERROR = "error", FATAL = "critical",
  PANIC = "critical",
}

local function unquoted(value)
  if not value or value == "" then return end
  return value:find('""', 1, true) and value:gsub('""', '"') or value
end

local function number(value)
  if value and value ~= "0" then return tonumber(value) end
end

function M.parse(line, event)
  local time, user, database, pid, client, port, session, session_line, command, transaction, transaction_id, level,
    code, message, rest = head:captures(line)
  if not time then return false end
  local fields = event.fields
  local detail, hint, internal, _, context, query, position, location, application, backend, leader, query_id =
    tail:captures(rest)

  event.time = time
  event.level = levels[level] or "debug"
  event.component = unquoted(backend) or "postgres"
  event.message = unquoted(message) or ""

  fields.user = unquoted(user)
  fields.database = unquoted(database)
  fields.pid = number(pid)
  fields.client = unquoted(client)
  fields.port = number(port)
  fields.session = session
  fields.session_line = number(session_line)
  fields.command = unquoted(command)
  if transaction ~= "" then fields.transaction = transaction end
  fields.transaction_id = number(transaction_id)
  if code ~= "00000" then fields.code = code end
  fields.detail = unquoted(detail)
  fields.hint = unquoted(hint)
  fields.internal_query = unquoted(internal)
  fields.context = unquoted(context)
  fields.query = unquoted(query)
  fields.position = number(position)
  fields.location = unquoted(location)
  fields.application = unquoted(application)
  fields.leader = number(leader)
  fields.query_id = number(query_id)
  local milliseconds = message and message:match("^duration: ([%d.]+) ms")
  if milliseconds then fields.duration = (tonumber(milliseconds) * 1000 + 0.5) // 1 / 1000000 end
end

M.samples = {
  {
    line = [[2026-11-20 04:00:15.120 UTC,"shop","shop",2301,"192.0.2.21:43210",6a1f2c3d.8fd,7,"INSERT",2026-11-20 03:58:01 UTC,3/112,90211,ERROR,23505,"duplicate key value violates unique constraint ""orders_pkey""","Key (id)=(7) already exists.",,,,,"INSERT INTO orders VALUES (7, 'a,b')",,,"shop-api","client backend",,0]],
    expect = {
      level = "ERROR", component = "client backend", time = "2026-11-20T04:00:15.120Z",
      message = 'duplicate key value violates unique constraint "orders_pkey"',
      fields = {
        user = "shop", database = "shop", pid = 2301, client = "192.0.2.21", port = 43210, session = "6a1f2c3d.8fd",
        session_line = 7, command = "INSERT", transaction = "3/112", transaction_id = 90211, code = "23505",
        detail = "Key (id)=(7) already exists.", query = "INSERT INTO orders VALUES (7, 'a,b')",
        application = "shop-api",
      },
    },
  },
  {
    line = [[2026-11-20 04:00:15.300 UTC,,,812,,6a1f2c00.32c,12,,2026-11-19 20:00:00 UTC,,0,PANIC,53100,"could not write to file ""pg_wal/xlogtemp.812"": No space left on device",,,,,,,,,"","checkpointer",,0]],
    expect = { level = "CRITICAL", component = "checkpointer", fields = { pid = 812, code = "53100" } },
  },
  {
    line = [[2026-11-20 03:52:10.004 CET,"shop","shop",2299,"[local]",6a1f2c3c.8fb,3,"SELECT",2026-11-20 03:50:00 CET,4/9,0,LOG,00000,"duration: 4210.113 ms  statement: SELECT 1",,,,,,,,,"psql"]],
    expect = {
      level = "INFO", component = "postgres",
      fields = { client = "[local]", duration = 4.210113, application = "psql" },
    },
  },
  {
    line = [[2026-11-20 03:53:10.004 UTC,"shop","shop",2299,"2001:db8::21:40022",6a1f2c3c.8fb,4,"SELECT",2026-11-20 03:50:00 UTC,4/10,0,LOG,00000,"duration: 12.5 ms  statement: SELECT *]],
    expect = {
      level = "INFO", message = "duration: 12.5 ms  statement: SELECT *",
      fields = { client = "2001:db8::21", port = 40022, duration = 0.0125 },
    },
  },
  { line = [[2026-11-20 04:00:15.120 UTC [2301] shop@shop ERROR:  duplicate key value]], expect = false },
  { line = [[        FROM orders o,"lines" l",,,,,,,,,"shop-api","client backend",,0]], expect = false },
}

return M
