--- PHP's error_log, and the log of php-fpm:
---   [20-Nov-2026 04:00:16 UTC] PHP Fatal error:  Uncaught PDOException: … in /srv/shop/db.php:41
---   [20-Nov-2026 04:00:16] WARNING: [pool www] server reached pm.max_children setting (5), consider raising it
--- As others read it: https://gist.github.com/gullevek/0cc26fe7da27908ec9b5c7bf23bab720
--- Behind the time stands date.timezone: UTC, a name such as Europe/Berlin, or an offset.

local M = {
  name = "php_error",
  kind = "parser",
  api = 1,
  description = "PHP error_log and php-fpm log",
  multiline = true,
  match = [=[^\[\d\d-[A-Z][a-z][a-z]-\d{4} \d\d:\d\d:\d\d(?:\.\d+)?(?: [A-Za-z+\-][\w/+:\-]*\] |\] (?:ALERT|ERROR]=] ..
    [=[|WARNING|NOTICE|DEBUG): |\] PHP )]=],
}

local entry = ailogger.regex(
  [=[^\[(?<time>[^ \]]++ [^ \]]++)(?: (?<zone>[^\]]++))?\] (?:(?<fpm>ALERT|ERROR|WARNING|NOTICE|DEBUG): )?]=] ..
  [=[(?:\[pool (?<pool>[^\]]++)\] )?(?<message>(?:child (?<child>\d++)[, ])?(?:PHP (?<kind>[A-Z][a-z]++(?: ]=] ..
  [=[[a-z]++)?): ++)?.*)]=])

local place = ailogger.regex([=[ in (?<file>\/[^ :]++|[A-Z]:\\[^:]++)(?::| on line )(?<line>\d++)]=])

local by_kind = {
  ["Fatal error"] = "critical", ["Parse error"] = "critical", ["Core error"] = "critical",
  ["Compile error"] = "critical",
  ["Recoverable fatal"] = "error", ["Catchable fatal"] = "error", ["Warning"] = "warning", ["Core warning"] = "warning",
  ["Compile warning"] = "warning", ["User error"] = "error", ["Notice"] = "info", ["Deprecated"] = "info",
  ["Strict Standards"] = "info", ["Stack trace"] = "info",
}

--- A zone that nobody knows is left aside.
local function in_zone(time, zone)
  if not zone:find("/", 1, true) then return time .. " " .. zone end
  local known, value = pcall(ailogger.time.parse, time, { zone = zone })
  return known and value or time
end

function M.parse(line, event)
  local time, zone, fpm, pool, message, child, kind = entry:captures(line)
  if not time then return false end
  local fields = event.fields

  event.time = zone and in_zone(time, zone) or time
  event.component = fpm and "php-fpm" or "php"
  event.message = message
  -- What a script prints comes as a warning; the error within it says more.
  event.level = kind and by_kind[kind] or fpm and (message:find("PHP Fatal error", 1, true) and "critical" or fpm)
  fields.pool = pool
  fields.pid = tonumber(child)
  local file, number = place:captures(message)
  fields.file = file
  fields.line = tonumber(number)
end

M.samples = {
  {
    line = "[20-Nov-2026 04:00:16 UTC] PHP Fatal error:  Uncaught PDOException: SQLSTATE[08006] [7] connection refused in /srv/shop/db.php:41",
    expect = {
      level = "CRITICAL", component = "php", time = "2026-11-20T04:00:16Z",
      message = "PHP Fatal error:  Uncaught PDOException: SQLSTATE[08006] [7] connection refused in /srv/shop/db.php:41",
      fields = { file = "/srv/shop/db.php", line = 41 },
    },
  },
  {
    line = "[20-Nov-2026 04:00:17 Europe/Berlin] PHP Warning:  Undefined variable $cart in /srv/shop/cart.php on line 112",
    expect = { level = "WARNING", time = "2026-11-20T03:00:17Z", fields = { file = "/srv/shop/cart.php", line = 112 } },
  },
  {
    line = "[20-Jul-2026 04:00:17 America/Argentina/Buenos_Aires] PHP Notice:  x in /srv/shop/cart.php on line 1",
    expect = { time = "2026-07-20T07:00:17Z" },
  },
  { line = "[20-Nov-2026 04:00:17 Nowhere/Atall] PHP Notice:  x", expect = { time = "2026-11-20T04:00:17Z" } },
  { line = "[20-Nov-2026 05:00:17 CET] PHP Notice:  x", expect = { time = "2026-11-20T04:00:17Z" } },
  { line = "[20-Nov-2026 05:00:17 +01:00] PHP Notice:  x", expect = { time = "2026-11-20T04:00:17Z" } },
  { line = "[20-Nov-2026 04:00:18 UTC] cart 7 is empty", expect = { message = "cart 7 is empty", component = "php" } },
  {
    line = "[20-Nov-2026 04:00:19] WARNING: [pool www] server reached pm.max_children setting (5), consider raising it",
    expect = {
      level = "WARNING", component = "php-fpm",
      message = "server reached pm.max_children setting (5), consider raising it",
      fields = { pool = "www" },
    },
  },
  {
    line = [=[[20-Nov-2026 04:00:20] WARNING: [pool www] child 3963 said into stderr: "NOTICE: PHP message: PHP Fatal error:  Uncaught Exception in /srv/shop/index.php:4"]=],
    expect = { level = "CRITICAL", fields = { pid = 3963, file = "/srv/shop/index.php", line = 4, pool = "www" } },
  },
  {
    line = "[20-Nov-2026 04:24:38] NOTICE: ready to handle connections",
    expect = { level = "INFO", component = "php-fpm" },
  },
  { line = "[20-Nov-2026 04:00:16] something without a level", expect = false },
  { line = "20-Nov-2026 04:00:16.123 SEVERE [main] org.apache.catalina.core.StandardService.initInternal failed", expect = false },
}

return M
