--- Error log of MySQL 5.5 to 9 and MariaDB: time, thread, [label], and since MySQL 8.0 code and subsystem.
--- The fields: https://dev.mysql.com/doc/refman/8.4/en/error-log-format.html

local M = {
  name = "mysql_error",
  kind = "parser",
  api = 1,
  description = "MySQL and MariaDB error log",
  multiline = true,
  match = [=[^(?:\d{6} [ \d]\d:\d\d:\d\d  ?InnoDB: |ERROR: \d{4}  |(?:\d{4}-\d\d-\d\d[T ][ \d]\d:\d\d:\d\d[^ ]* (?:\d+|0x[\da-f]+) |\d{6} [ \d]\d:\d\d:\d\d )\[(?:Note]=] ..
    [=[|Warning|ERROR|System)\] )]=],
}

-- InnoDB up to 5.5 writes no label; what it thinks of the matter stands in front of the text.
local old = ailogger.regex(
  [=[^(?<time>\d{6} [ \d]\d:\d\d:\d\d)  ?InnoDB: (?<message>(?:(?<level>Fatal error|Assertion failure|Error|Warning)\b)?.*)]=])
-- What a script of mysqld --bootstrap failed at.
local statement = ailogger.regex([=[^ERROR: (?<code>\d{4})  (?<message>.*)]=])

local entry = ailogger.regex(
  [=[^(?<date>\d{4}-\d\d-\d\d|\d{6})[T ](?<clock>(?: \d|\d\d):\d\d:\d\d(?:\.\d++)?(?:Z|[+-]\d\d:\d\d)?) ]=] ..
  [=[(?:(?<thread>\d++)|0x[\da-f]++)?+ ?\[(?<level>\w++)\] (?:\[(?<code>MY-\d++)\] \[(?<subsystem>[^\]]++)\] )?]=] ..
  [=[(?<message>(?:(?<part>InnoDB|Plugin [^ :]++|Slave [^ :]++|WSREP|Aria|Event Scheduler): )?.*)]=])

local levels = {
  Note = "info", System = "info", Warning = "warning", ERROR = "error", Error = "error", ["Fatal error"] = "critical",
  ["Assertion failure"] = "critical",
}

-- The server writes its own end as an error among others.
local fatal = ailogger.regex(
  [=[^(?:Aborting$|InnoDB: Assertion failure|Cannot allocate memory for the buffer pool|mysqld got signal)]=])

function M.parse(line, event)
  local date, clock, thread, level, code, subsystem, message, part = entry:captures(line)
  if not date then
    local time, text, word = old:captures(line)
    if time then
      event.time, event.component, event.message = time, "InnoDB", text
      event.level = levels[word] or "info"
      return
    end
    code, text = statement:captures(line)
    if not code then return false end
    event.component, event.message, event.level = "mysqld", text, "error"
    event.fields.code = code
    return
  end
  local fields = event.fields

  -- MariaDB pads the hour with a space.
  event.time = date .. " " .. (#date == 6 and clock or clock:gsub("^ ", "0"))
  event.component = subsystem or part or "mysqld"
  event.level = levels[level]
  if level == "ERROR" and fatal:test(message) then event.level = "critical" end
  -- A refused login is a note to the server.
  if level == "Note" and message:find("Access denied for user ", 1, true) == 1 then event.level = "warning" end
  event.message = message
  fields.thread = tonumber(thread)
  fields.code = code
end

M.samples = {
  {
    line = "2026-11-20T04:00:18.000100Z 113 [Note] [MY-010926] [Server] Access denied for user 'root'@'203.0.113.66' (using password: NO)",
    expect = { level = "WARNING", component = "Server", fields = { thread = 113, code = "MY-010926" } },
  },
  {
    line = "2026-11-20T04:00:17.835618Z 0 [ERROR] [MY-012144] [InnoDB] posix_fallocate(): Failed to preallocate data for file ./shop/orders.ibd, desired size 4194304 bytes. Operating system error number 28.",
    expect = {
      level = "ERROR", component = "InnoDB", time = "2026-11-20T04:00:17.835618Z",
      message = "posix_fallocate(): Failed to preallocate data for file ./shop/orders.ibd, desired size 4194304 bytes. Operating system error number 28.",
      fields = { thread = 0, code = "MY-012144" },
    },
  },
  {
    line = "2026-11-20T04:00:17.900001Z 42 [Warning] [MY-010055] [Server] IP address '203.0.113.66' could not be resolved: Name or service not known",
    expect = { level = "WARNING", component = "Server", fields = { thread = 42 } },
  },
  {
    line = "2026-11-20T04:00:18.000100Z 7 [Note] Aborted connection 7 to db: 'shop' user: 'shop' host: '192.0.2.21' (Got timeout reading communication packets)",
    expect = { level = "INFO", component = "mysqld" },
  },
  {
    line = "2026-11-20  4:00:18 140211 [ERROR] InnoDB: Write to file ./ib_logfile0 failed at offset 512",
    expect = {
      level = "ERROR", component = "InnoDB", time = "2026-11-20T04:00:18Z",
      message = "InnoDB: Write to file ./ib_logfile0 failed at offset 512",
    },
  },
  {
    line = "261120  4:00:19 [ERROR] Aborting",
    expect = { level = "CRITICAL", time = "2026-11-20T04:00:19Z", message = "Aborting" },
  },
  {
    line = "2026-11-20T04:24:38.000000Z 0 [System] [MY-010931] [Server] /usr/sbin/mysqld: ready for connections. Version: '8.0.40'  socket: '/run/mysqld/mysqld.sock'  port: 3306  MySQL Community Server - GPL.",
    expect = { level = "INFO", component = "Server", fields = { code = "MY-010931" } },
  },
  {
    line = "261120  4:00:20  InnoDB: Completed initialization of buffer pool",
    expect = { level = "INFO", component = "InnoDB", time = "2026-11-20T04:00:20Z", message = "Completed initialization of buffer pool" },
  },
  {
    line = "261120 14:00:21 InnoDB: Error: unable to open ./shop/orders.ibd",
    expect = { level = "ERROR", component = "InnoDB", message = "Error: unable to open ./shop/orders.ibd" },
  },
  {
    line = "ERROR: 1050  Table 'orders' already exists",
    expect = { level = "ERROR", component = "mysqld", message = "Table 'orders' already exists", fields = { code = "1050" } },
  },
  { line = "2026-11-20 04:00:18,123 [ERROR] svs.main: giving up", expect = false },
  { line = "2026-11-20T04:00:18.123Z [error] connect ECONNREFUSED", expect = false },
  { line = "InnoDB: End of page dump", expect = false },
}

return M
