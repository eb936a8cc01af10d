--- Windows' Network Policy Server (IAS), database-compatible lines: computer, service, date, time, kind of packet, user, …
---   "NPS1","IAS",11/20/2026,04:00:18,3,"EXAMPLE\anna",,,,,,,,12,"192.0.2.4","ap-lobby",…,16,…
--- https://learn.microsoft.com/windows-server/networking/technologies/nps

local M = {
  name = "windows_nps",
  kind = "parser",
  api = 1,
  description = "Windows Network Policy Server (IAS)",
  match = [=[^"[^"]*","(?:IAS|RAS)",\d\d?/\d\d?/\d{4},\d\d:\d\d:\d\d,\d+,]=],
}

local kinds = {
  ["1"] = "Access-Request", ["2"] = "Access-Accept", ["3"] = "Access-Reject", ["4"] = "Accounting-Request",
  ["5"] = "Accounting-Response", ["11"] = "Access-Challenge",
}

function M.parse(line, event)
  local values = ailogger.csv.parse(line)
  local month, day, year = (values[3] or ""):match("^(%d%d?)/(%d%d?)/(%d%d%d%d)$")
  if not month or not values[6] then return false end
  local kind = kinds[values[5]] or values[5]
  local reason = values[26]
  local time = ailogger.time.parse(("%s-%02d-%02d %s"):format(year, tonumber(month), tonumber(day), values[4]))
  if not time then return false end
  event.time = time
  event.component = values[2]
  event.level = values[5] == "3" and "warning" or "info"
  event.message = ("%s %s"):format(kind, values[6])
  local fields = event.fields
  local function set(name, value)
    if value and value ~= "" then fields[name] = value end
  end
  set("host", values[1])
  fields.operation = kind
  set("user", values[6])
  set("client", values[9])
  set("server", values[16])
  set("client_name", values[17])
  fields.port = tonumber(values[14])
  set("rule", values[25])
  fields.code = tonumber(reason)
end

M.samples = {
  {
    line = '"NPS1","IAS",11/20/2026,04:00:18,3,"EXAMPLE\\anna",,"02-00-5E-00-53-11","02-00-5E-00-53-09",,,"ap-lobby","192.0.2.4",12,9,"192.0.2.4","ap-lobby",,,19,,,,5,,16,"311 1 192.0.2.9 11/19/2026 23:00:00 4711"',
    expect = {
      level = "WARNING", component = "IAS", time = "2026-11-20T04:00:18Z", message = "Access-Reject EXAMPLE\\anna",
      fields = { host = "NPS1", user = "EXAMPLE\\anna", client = "02-00-5E-00-53-09", client_name = "ap-lobby", port = 12, code = 16 },
    },
  },
  { line = '"NPS1","IAS",2026-11-20,04:00:18,3,"anna"', expect = false },
}

return M
