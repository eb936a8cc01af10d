--- Slow query log of MySQL, MariaDB and Percona Server. An entry has up to three headers, and SQL behind them:
---   # Time: 2026-11-20T03:52:10.123456Z
---   # User@Host: shop[shop] @ web1.example.com [192.0.2.21]  Id:    42
---   # Query_time: 7.725616  Lock_time: 0.000328 Rows_sent: 4  Rows_examined: 1543720
--- What they mean: https://docs.percona.com/percona-server/8.0/improved-slow-query-log.html
---
--- Each header is an event, since the first may be missing and nothing is kept between lines. The one that matters is
--- the third, with the statement as its message's other lines; it inherits the time of the first.

local M = {
  name = "mysql_slow",
  kind = "parser",
  api = 1,
  description = "MySQL, MariaDB and Percona slow query log",
  multiline = true,
  match = [[^(?:# (?:Time: \d|User@Host: |Query_time: )|[^ ]*(?:mysqld|mariadbd)[^ ]*, Version: )]],
}

local query = ailogger.regex(
  [=[^# (?<message>Query_time: (?<taken>[\d.]++) ++Lock_time: (?<locked>[\d.]++) ++Rows_sent: (?<sent>\d++) ++]=] ..
  [=[Rows_examined: (?<examined>\d++)(?: ++Rows_affected: (?<affected>\d++))?.*)]=])

local session = ailogger.regex(
  [=[^# (?<message>User@Host: (?<user>[^\[]*+)\[[^\]]*+\] @ +(?<name>[^ \[]*+) *\[(?<client>[^\]]*+)\](?: +Id: +]=] ..
  [=[(?<id>\d++))?.*)]=])

-- 2026-11-20T03:52:10.123456Z, and 261120  3:52:10 before MySQL 5.7.
local moment = ailogger.regex(
  [=[^# Time: (?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d++)?(?:Z|[+-]\d\d:\d\d)?|\d{6} ++\d?\d:\d\d:\d\d]=] ..
  [=[(?:\.\d++)?)$]=])

local function given(text)
  if text ~= "" then return text end
end

function M.parse(line, event)
  local fields = event.fields
  event.component = "mysqld"
  local message, taken, locked, sent, examined, affected = query:captures(line)
  if message then
    event.level = "warning"
    event.message = message
    fields.duration = tonumber(taken)
    fields.lock_duration = tonumber(locked)
    fields.rows_sent = tonumber(sent)
    fields.rows_examined = tonumber(examined)
    fields.rows_affected = tonumber(affected)
    return
  end
  local user, name, client, id
  message, user, name, client, id = session:captures(line)
  if message then
    event.level = "debug"
    event.message = message
    fields.user = given(user)
    fields.client = given(client) or given(name)
    fields.client_name = client ~= "" and given(name) or nil
    fields.session = tonumber(id)
    return
  end
  local time = moment:captures(line)
  if time then
    event.level = "debug"
    event.time = time
    return
  end
  if line:find(", Version: ", 1, true) then
    event.level = "info"
    return
  end
  return false
end

M.samples = {
  {
    line = "# Query_time: 7.725616  Lock_time: 0.000328 Rows_sent: 4  Rows_examined: 1543720",
    expect = {
      level = "WARNING", component = "mysqld",
      message = "Query_time: 7.725616  Lock_time: 0.000328 Rows_sent: 4  Rows_examined: 1543720",
      fields = { duration = 7.725616, lock_duration = 0.000328, rows_sent = 4, rows_examined = 1543720 },
    },
  },
  {
    line = "# Query_time: 12.000113  Lock_time: 0.000101  Rows_sent: 0  Rows_examined: 90211  Rows_affected: 812",
    expect = { level = "WARNING", fields = { duration = 12.000113, rows_affected = 812 } },
  },
  {
    line = "# User@Host: shop[shop] @ web1.example.com [192.0.2.21]  Id:    42",
    expect = {
      level = "DEBUG",
      fields = { user = "shop", client = "192.0.2.21", client_name = "web1.example.com", session = 42 },
    },
  },
  {
    line = "# User@Host: root[root] @ localhost []",
    expect = { level = "DEBUG", fields = { user = "root", client = "localhost" } },
  },
  { line = "# Time: 2026-11-20T03:52:10.123456Z", expect = { level = "DEBUG", time = "2026-11-20T03:52:10.123456Z" } },
  { line = "# Time: 261120  3:52:10", expect = { level = "DEBUG", time = "2026-11-20T03:52:10Z" } },
  {
    line = "/usr/sbin/mysqld, Version: 8.0.40 (MySQL Community Server - GPL). started with:",
    expect = { level = "INFO" },
  },
  { line = "# Time: 7 minutes", expect = false },
  { line = "SET timestamp=1795146730;", expect = false },
  { line = "# Schema: shop  Last_errno: 0  Killed: 0", expect = false },
}

return M
