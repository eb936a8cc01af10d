--- The audit log of Windows' DHCP server, DhcpSrvLog-Fri.log: number of the kind of event, date, time, text, address, name, MAC, …
---   10,11/20/26,04:00:18,Assign,192.0.2.110,anna-pc.example.com,02005E005301,,4711,0,,,,,,,,,0
--- DhcpV6SrvLog-Fri.log has numbers of five digits and other columns behind the name: code, length of the DUID, DUID.
---   11000,11/20/26,04:00:18,DHCPV6 Solicit,2001:db8::110,anna-pc.example.com,,18,0001000129F4,,,,,
--- https://learn.microsoft.com/windows-server/networking/technologies/dhcp

local M = {
  name = "windows_dhcp",
  kind = "parser",
  api = 1,
  description = "Windows DHCP server's audit log",
  match = [=[^\d{1,5},\d\d/\d\d/\d\d,\d\d:\d\d:\d\d,|^ID,Date,Time,Description,]=],
}

-- What isn't the usual coming and going of leases.
local levels = {
  ["02"] = "warning", ["13"] = "warning", ["14"] = "error", ["15"] = "warning", ["20"] = "info", ["22"] = "error",
  ["31"] = "warning", ["33"] = "warning", ["34"] = "warning", ["51"] = "info", ["53"] = "info", ["54"] = "error",
  ["55"] = "info", ["56"] = "error", ["58"] = "error", ["59"] = "error", ["60"] = "warning", ["62"] = "info",
  ["64"] = "error",
}

-- Of DHCPv6 the text says it.
local grave = {
  { "warning", ailogger.regex("Decline|Bad Address|already in use|not deleted|queue limit|[Pp]aused") },
  { "error", ailogger.regex("Scope Full|[Ff]ailed|[Nn]ot [Aa]uthorized") },
}

local function level_of(id, text)
  if #id < 4 then return levels[id] or "info" end
  for _, entry in ipairs(grave) do
    if entry[2]:test(text) then return entry[1] end
  end
  return "info"
end

function M.parse(line, event)
  if line:byte() == 0x49 then
    event.message = line
    event.level = "debug"
    return
  end
  local values = ailogger.csv.parse(line)
  local id, date, clock, text, address, name, mac, user, transaction, result = table.unpack(values, 1, 10)
  local month, day, year = (date or ""):match("^(%d%d)/(%d%d)/(%d%d)$")
  if not month or not text then return false end
  local time = ailogger.time.parse(("20%s-%s-%s %s"):format(year, month, day, clock))
  if not time then return false end
  event.time = time
  event.component = "dhcp"
  event.level = level_of(id, text)
  event.message = address ~= "" and address and ("%s %s"):format(text, address) or text
  local fields = event.fields
  fields.id = id
  if address ~= "" then fields.client = address end
  if name ~= "" then fields.client_name = name end
  if #id == 5 then
    -- These places hold the code, the DUID's length and the DUID.
    fields.code = tonumber(mac)
    if transaction ~= "" then fields.duid = transaction end
    return
  end
  if mac ~= "" then fields.mac = mac end
  if user ~= "" then fields.user = user end
  if transaction and transaction ~= "" and transaction ~= "0" then fields.transaction = transaction end
  if result and result ~= "" and result ~= "0" then fields.code = tonumber(result) end
end

M.samples = {
  {
    line = "10,11/20/26,04:00:18,Assign,192.0.2.110,anna-pc.example.com,02005E005301,,4711,0,,,,,,,,,0",
    expect = {
      level = "INFO", component = "dhcp", time = "2026-11-20T04:00:18Z", message = "Assign 192.0.2.110",
      fields = { id = "10", client = "192.0.2.110", client_name = "anna-pc.example.com", mac = "02005E005301" },
    },
  },
  { line = "14,11/20/26,04:00:40,No more leases,192.0.2.0,,,,0,6,,,,,,,,,0", expect = { level = "ERROR" } },
  {
    line = "11000,11/20/26,04:00:41,DHCPV6 Solicit,2001:db8::110,anna-pc.example.com,,18,0001000129F4A1C2,,,,,",
    expect = {
      level = "INFO", component = "dhcp", time = "2026-11-20T04:00:41Z", message = "DHCPV6 Solicit 2001:db8::110",
      fields = { id = "11000", client = "2001:db8::110", client_name = "anna-pc.example.com", duid = "0001000129F4A1C2" },
    },
  },
  { line = "11010,11/20/26,04:00:42,DHCPV6 Started,,,,,,,,,,", expect = { level = "INFO", message = "DHCPV6 Started" } },
  { line = "11009,11/20/26,04:00:43,DHCPV6 Scope Full,2001:db8::,,,,,,,,,", expect = { level = "ERROR" } },
  { line = "10,11/20/2026,04:00:18,Assign", expect = false },
}

return M
