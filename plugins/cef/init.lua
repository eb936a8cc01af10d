--- ArcSight's Common Event Format, bare or behind a syslog header:
---   CEF:0|vendor|product|version|id|name|severity|key=value key=value
--- The format: https://www.microfocus.com/documentation/arcsight/arcsight-smartconnectors-8.3/cef-implementation-standard/Content/CEF/Chapter%201%20What%20is%20CEF.htm
--- A value runs up to the next key and may hold spaces; \= \\ \| \n and \r are escapes. csN, cnN and their like get
--- their names from csNLabel.

local M = {
  name = "cef",
  kind = "parser",
  api = 1,
  description = "ArcSight Common Event Format, bare or behind syslog",
  match = [[^(?:<\d{1,3}> ?)?(?:[^|]{0,160} )?CEF:[01]\|[^|]*\|[^|]*\|]],
}

local part = [=[((?:[^|\\]|\\.)*+)\|]=]

local entry = ailogger.regex(
  [=[^(?:<\d{1,3}> ?)?(?:1 )?(?:(?<time>(?:[A-Z][a-z]{2,3} [ \d]?\d (?:\d{4} )?|\d{4}-\d\d-\d\d[T ])]=] ..
  [=[\d\d:\d\d:\d\d(?:\.\d++)?(?:Z|[+-]\d\d:?\d\d)?)(?: UTC| GMT)? )?(?:<\w++\.\w++> )?]=] ..
  [=[(?:(?<host>(?![^ |:]++: )[^ |]++) (?:[^|]*? )?|[^ |:]++: )?]=] ..
  [=[CEF:[01]\|]=] .. part:rep(5) .. [=[([^|]*+)\|[ ]*+(.*)]=])

-- The next pair: a value ends where spaces and another key begin.
local pair = ailogger.regex([=[\G( *+(\w[\w.\-\[\]]*+)=((?:[^ ]++| ++(?!\w[\w.\-\[\]]*+=| *+$))*+))]=])

-- Names of the extension that this project has names of its own for.
local renamed = {
  src = "source", spt = "source_port", dst = "destination", dpt = "destination_port", proto = "transport",
  act = "action", suser = "user", request = "path", requestMethod = "method", dvchost = "host",
  requestClientApplication = "agent", dvcpid = "pid", ["in"] = "bytes_received", out = "bytes_sent", outcome = "result",
  deviceInboundInterface = "interface", deviceOutboundInterface = "interface_out", deviceDirection = "direction",
  app = "application", cat = "category",
}

local numeric = {
  spt = true, dpt = true, dvcpid = true, spid = true, dpid = true, ["in"] = true, out = true, cnt = true, fsize = true,
  cn1 = true, cn2 = true, cn3 = true, cfp1 = true, cfp2 = true, cfp3 = true, cfp4 = true, type = true,
}

local words = {
  unknown = "info", low = "info", medium = "warning", high = "error", ["very-high"] = "critical",
  informational = "info", critical = "critical",
}

-- What did not come off is no information, however low the device puts it.
local failed = { failure = true, failed = true, fail = true, denied = true }

-- The action of a firewall, a proxy or Imperva's cloud (REQ_BLOCKED_SECURITY, REQ_BAD_PARSE_ERROR).
local function stopped(action)
  if not action then return false end
  action = action:lower()
  return action:find("block", 1, true) or action:find("^den[iy]") or action:find("^drop") or action:find("^reject")
    or action:find("^quarantin") or action:find("reset$") or action:find("^req_bad")
end

local function level_of(severity)
  local number = tonumber(severity)
  if not number then return words[severity:lower()] or "info" end
  if number >= 9 then return "critical" end
  if number >= 7 then return "error" end
  return number >= 4 and "warning" or "info"
end

local escapes = { n = "\n", r = "\r", ["\\"] = "\\", ["="] = "=", ["|"] = "|" }

-- What is no escape, as in a Windows path whose backslashes weren't doubled, stays.
local function unescaped(text)
  if not text:find("\\", 1, true) then return text end
  return (text:gsub("\\(.)", function(byte) return escapes[byte] end))
end

-- The extension as a table, and its keys in order.
local function read(extension)
  local values, order, at = {}, {}, 1
  while true do
    local taken, key, value = pair:captures(extension, at)
    if not taken then return values, order end
    at = at + #taken
    if not values[key] then order[#order + 1] = key end
    values[key] = unescaped(value)
  end
end

-- Milliseconds since 1970, or a time as text.
local function time_of(text)
  if not text then return end
  local milliseconds = text:match("^%d+$")
  return milliseconds and #milliseconds == 13 and tonumber(milliseconds) * 1000000 or text
end

-- A time in a layout that nobody knows is an error.
local function set_time(event, time)
  event.time = time
end

function M.parse(line, event)
  local time, host, vendor, product, version, id, name, severity, extension = entry:captures(line)
  if not vendor then return false end
  local fields = event.fields
  local values, order = read(extension)

  -- The device's own, of which the receipt is the surest.
  local own = values.rt and "rt" or values.start and "start" or values["end"] and "end" or "endTime"
  if not pcall(set_time, event, time_of(values[own]) or time) then event.time = time end
  event.component = unescaped(product)
  event.level = level_of(severity)
  -- Cisco's mail gateways give every mail a 5.
  if id == "ESA_CONSOLIDATED_LOG_EVENT" and not stopped(values.act) then event.level = "info" end
  if event.level == "info" and (failed[(values.outcome or ""):lower()] or failed[(values.msg or ""):lower()]
    or stopped(values.act)) then
    event.level = "warning"
  end
  name = unescaped(name)
  event.message = values.msg and values.msg ~= "" and values.msg ~= name and name .. ": " .. values.msg or name

  fields.host = host
  fields.vendor = unescaped(vendor)
  fields.version = unescaped(version)
  fields.event = unescaped(id)
  fields.severity = tonumber(severity) or severity
  for _, key in ipairs(order) do
    local value = values[key]
    -- A label is the next field's name, and the message is the message.
    if key ~= "msg" and key ~= own and value ~= "" and not key:find("Label", -5, true) then
      local shown = renamed[key]
      if not shown then
        local digit = key:byte(-1)
        shown = digit >= 0x30 and digit <= 0x39 and values[key .. "Label"] or key
      end
      if key == "proto" then value = value:lower() end
      fields[shown] = numeric[key] and tonumber(value) or value
    end
  end
end

M.samples = {
  { line = "CEF:0|Example|Audit|1.0|666|Alert|Medium|cat=Alert dhost=192.0.2.5 act= outcome= msg= start=", expect = { level = "WARNING", message = "Alert" } },
  {
    line = "CEF:0|Trend Micro|Deep Security Agent|20.0.0|1001111|Test rule|3|src=192.0.2.105 dst=192.0.2.10 act=IDS:Reset",
    expect = { level = "WARNING", fields = { action = "IDS:Reset" } },
  },
  {
    line = "CEF:0|Incapsula|SIEMintegration|1|1|Blocked country|-1| fileId=3930 act=REQ_BLOCKED_VISITOR src=198.51.100.7 start=1795147218120",
    expect = { level = "WARNING", message = "Blocked country", time = "2026-11-20T04:00:18.120Z" },
  },
  {
    line = "CEF:0|Cisco|C390 Email Security Appliance|14.2|ESA_CONSOLIDATED_LOG_EVENT|Consolidated Log Event|5|endTime=Fri Nov 20 04:00:18 2026 act=DELIVERED suser=anna@example.com msg='hello'",
    expect = { level = "INFO", message = "Consolidated Log Event: 'hello'", time = "2026-11-20T04:00:18Z" },
  },
  {
    line = "CEF:0|Example|Login|12.2|AUTHN_ATTEMPT|AUTHN_ATTEMPT|0|rt=Nov 20 2026 04:00:16.609 duser=anna src=192.0.2.21 outcome=Failure msg=wrong password",
    expect = { level = "WARNING", message = "AUTHN_ATTEMPT: wrong password" },
  },
  {
    line = [[CEF:0|Example|Vault|11.7|10004|SECRET - VIEW|2|msg=seen by EXAMPLE\\anna, key of example\db1 filePath=C:\\keys\\db1.key]],
    expect = { message = [[SECRET - VIEW: seen by EXAMPLE\anna, key of example\db1]], fields = { filePath = [[C:\keys\db1.key]] } },
  },
  {
    line = [[Nov 20 04:00:18 fw1 CEF:0|Example|Threat Gate|10.1|100016|Worm stopped \| dropped|9|rt=1795147218120 src=203.0.113.66 spt=1232 dst=192.0.2.21 dpt=443 proto=TCP act=blocked suser=anna msg=the payload said "a \= b" cs1Label=Rule cs1=block worms cnt=3]],
    expect = {
      level = "CRITICAL", component = "Threat Gate", time = "2026-11-20T04:00:18.120Z",
      message = [[Worm stopped | dropped: the payload said "a = b"]],
      fields = {
        vendor = "Example", version = "10.1", event = "100016", severity = 9, host = "fw1", source = "203.0.113.66",
        source_port = 1232, destination = "192.0.2.21", destination_port = 443, transport = "tcp", action = "blocked",
        user = "anna", Rule = "block worms", cnt = 3,
      },
    },
  },
  {
    line = "CEF:0|Example|WAF|2.0|login|User logged in|Low|suser=anna src=2001:db8::7 end=Nov 20 2026 04:00:19 requestMethod=POST request=https://shop.example.com/login?next\\=/cart",
    expect = {
      level = "INFO", message = "User logged in", time = "2026-11-20T04:00:19Z",
      fields = {
        user = "anna", source = "2001:db8::7", method = "POST", path = "https://shop.example.com/login?next=/cart",
        severity = "Low",
      },
    },
  },
  {
    line = "<134>1 2026-11-20T04:00:20.500Z gate7 cef - - - CEF:1|Example|Mail Gate|6.1.0|77|Mail held|5|fname=a b c.zip fsize=4096 cn1=7 cn1Label=Spam score",
    expect = {
      level = "WARNING", time = "2026-11-20T04:00:20.500Z", message = "Mail held",
      fields = { host = "gate7", fname = "a b c.zip", fsize = 4096, ["Spam score"] = 7 },
    },
  },
  {
    line = "<14>CEF:0|Example|Secure Gate|15.1|login|Login of anna|High|suser=anna rt=Nov 20 2026 04:00:21 cat=System",
    expect = {
      level = "ERROR", component = "Secure Gate", time = "2026-11-20T04:00:21Z", message = "Login of anna",
      fields = { user = "anna" },
    },
  },
  {
    line = "Nov 20 04:00:22 <local0.info> 192.0.2.80 CEF:0|Example|Balancer|11|WAF|START_URL|6|src=203.0.113.66 msg=URL not allowed act=blocked",
    expect = { level = "WARNING", message = "START_URL: URL not allowed", fields = { host = "192.0.2.80", action = "blocked" } },
  },
  {
    line = "<166>Nov 20 04:00:23 consolidated_event: CEF:0|Example|Mail Gate|14.0|MAIL|Mail|5|endTime=Fri Nov 20 04:00:22 2026 startTime=Fri Nov 20 04:00:20 2026 act=DELIVERED",
    expect = { time = "2026-11-20T04:00:22Z", component = "Mail Gate", fields = { action = "DELIVERED" } },
  },
  {
    line = "CEF:0|Example|Audit|1|c|Configuration changed|2|",
    expect = { level = "INFO", message = "Configuration changed" },
  },
  { line = "Nov 20 04:00:18 fw1 CEF:0|Example|Threat Gate|10.1|100016", expect = false },
  { line = "LEEF:1.0|Example|Gate|1|7|src=192.0.2.1", expect = false },
}

return M
