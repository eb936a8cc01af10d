--- SAP NetWeaver AS Java: defaultTrace and applications.log. An event has three lines or more: when, how bad and where; who and in
--- which thread; what. The first line makes time, level and component; the others join it.
---   #2.0 #2026 11 20 04:00:16:123#+0000#Error#com.sap.engine.core.Shop#
---   #BC-JAS-SEC#security#C0000A0B#4711#example.com/shop#com.sap.engine.core.Shop#Guest#0##…#Thread[x,5,y]#Plain##
---   Cannot reach db1#
--- SAP BusinessObjects writes the same columns, and more, between bars (.glf): Location|Guid|Time|Tzone|Trace|Log|Importance|Severity|…|Text,
--- in older versions without Trace and Log.

local M = {
  name = "sap_java",
  kind = "parser",
  api = 1,
  description = "SAP NetWeaver AS Java and BusinessObjects: traces and logs",
  match = [=[^(?:#[12]\.[\d.#]*+ ?#\d{4} \d\d \d\d \d\d:\d\d:\d\d:\d{3}#[+-]\d{4}#[A-Z][a-z]++#]=] ..
    [=[|[^|]*+\|[\dA-Fa-f]{32,34}\|\d{4} \d\d \d\d \d\d:\d\d:\d\d\.\d{3}\|[+-]\d{4}\|]=] ..
    -- Below the first line of the header the words of its severities make no errors.
    [=[|FILE_TYPE:DAAA96DE-|COLUMNS:Location\||SEVERITY_MAP:|(?:RECORD|COLUMN)_SEPARATOR:\d|ESC_CHARACTER:\d|HEADER_END$)]=],
  multiline = true,
}

local head = ailogger.regex(
  [=[^#[^ #]++ ?#(?<year>\d{4}) (?<month>\d\d) (?<day>\d\d) (?<clock>\d\d:\d\d:\d\d):(?<ms>\d{3})#(?<zone>[+-]\d{4})#(?<level>\w++)#(?<place>[^#]*+)#]=])

local levels = { Debug = "debug", Path = "debug", Group = "info", Info = "info", Warning = "warning", Error = "error", Fatal = "critical" }

local row = ailogger.regex(
  [=[^[^|]*+\|[^|]++\|(?<year>\d{4}) (?<month>\d\d) (?<day>\d\d) (?<clock>[\d:.]++)\|(?<zone>[+-]\d{4})\|]=] ..
  [=[(?:(?<trace>[A-Z][a-z]*+)? ?\|[^|]*+\|)?(?<importance>[^|A-Za-z]++)\|(?<severity>[A-Z ]?)\|[^|]*+\|(?<device>[^|]*+)\|]=] ..
  [=[ *+(?<pid>\d*+)\| *+(?<thread>\d*+) *+\|(?<name>[^|]*+)\|(?:[^|]*+\|){16}(?<user>[^|]*+)\|(?:[^|]*+\|){3}]=] ..
  [=[(?<unit>[^|]*+)\|[^|]*+\|(?<message>.*)]=])
local severities = { W = "warning", E = "error", A = "error", F = "critical" }

local function parse_row(line, event)
  local year, month, day, clock, zone, trace, _, severity, device, pid, thread, name, user, unit, message =
    row:captures(line)
  if not year then return false end
  event.time = year .. "-" .. month .. "-" .. day .. " " .. clock .. zone
  event.level = severities[severity] or levels[trace] or "info"
  device = device:match("^%s*(.-)%s*$")
  event.component = unit ~= "" and unit or device ~= "" and device or nil
  event.message = message
  local fields = event.fields
  fields.pid = tonumber(pid)
  fields.thread = name:match("%S") and name:match("^%s*(.-)%s*$") or tonumber(thread)
  fields.user = user:match("^[^%s-].*")
  fields.instance = unit ~= "" and device ~= "" and device or nil
end

function M.parse(line, event)
  if line:byte() ~= 0x23 then
    if not line:find("^[^|]*|%x+|") then
      event.level = "debug"
      return
    end
    return parse_row(line, event)
  end
  local year, month, day, clock, ms, zone, level, place = head:captures(line)
  if not year or not levels[level] then return false end
  event.time = year .. "-" .. month .. "-" .. day .. " " .. clock .. "." .. ms .. zone
  event.level = levels[level]
  event.component = place ~= "" and place or nil
  event.message = place
end

M.samples = {
  {
    line = "#2.0 #2026 11 20 05:00:16:123#+0100#Error#com.sap.engine.core.Shop#",
    expect = { time = "2026-11-20T04:00:16.123Z", level = "ERROR", component = "com.sap.engine.core.Shop", message = "com.sap.engine.core.Shop" },
  },
  { line = "#2.0 #2026 11 20 04:00:16:123#+0100#Error", expect = false },
  { line = "#2.0 shop", expect = false },
  {
    line = "|5C0FFEE0123456789ABCDEF0123456789A|2026 11 20 05:00:16.123|+0100|Error| |>>| | |APS.Shop| 4711|  20|pool-1-thread-3 | ||||||||||||||||anna||||com.example.shop.Connector||no connection to 192.0.2.5:5432",
    expect = {
      time = "2026-11-20T04:00:16.123Z", level = "ERROR", component = "com.example.shop.Connector", message = "no connection to 192.0.2.5:5432",
      fields = { pid = 4711, thread = "pool-1-thread-3", instance = "APS.Shop", user = "anna" },
    },
  },
  {
    line = "|5C0FFEE0123456789ABCDEF0123456789B|2026 11 20 04:00:17.001|+0000|==|W| |cms_Shop.CMS| 4712| 310|               | ||||||||||||||||||||shop_db||slow answer | 9 s",
    expect = { level = "WARNING", component = "shop_db", message = "slow answer | 9 s", fields = { thread = 310, user = ailogger.null } },
  },
  { line = "SEVERITY_MAP: |None| |Success|W|Warning|E|Error|A|Assertion", expect = { level = "DEBUG" } },
  { line = "|5C0FFEE0123456789ABCDEF0123456789B|2026 11 20 04:00:17.001|+0000|==|W| |cms", expect = false },
}

return M
