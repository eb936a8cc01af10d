--- SAP NetWeaver AS Java: defaultTrace and applications.log. An event has three lines or more: when, how bad and where; who and in
--- which thread; what. The first line makes time, level and component; the others join it.
---   #2.0 #2026 11 20 04:00:16:123#+0000#Error#com.sap.engine.core.Shop#
---   #BC-JAS-SEC#security#C0000A0B#4711#example.com/shop#com.sap.engine.core.Shop#Guest#0##…#Thread[x,5,y]#Plain##
---   Cannot reach db1#

local M = {
  name = "sap_java",
  kind = "parser",
  api = 1,
  description = "SAP NetWeaver AS Java: traces and logs",
  match = [=[^#[12]\.[\d.#]*+ ?#\d{4} \d\d \d\d \d\d:\d\d:\d\d:\d{3}#[+-]\d{4}#[A-Z][a-z]++#]=],
  multiline = true,
}

local head = ailogger.regex(
  [=[^#[^ #]++ ?#(?<year>\d{4}) (?<month>\d\d) (?<day>\d\d) (?<clock>\d\d:\d\d:\d\d):(?<ms>\d{3})#(?<zone>[+-]\d{4})#(?<level>\w++)#(?<place>[^#]*+)#]=])

local levels = { Debug = "debug", Path = "debug", Group = "info", Info = "info", Warning = "warning", Error = "error", Fatal = "critical" }

function M.parse(line, event)
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
}

return M
