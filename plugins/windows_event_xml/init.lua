--- Windows events as XML, one a line: `wevtutil query-events System /format:xml`, and what collectors forward. Sysmon for Linux
--- writes them too, into syslog and without the namespace.
--- https://learn.microsoft.com/windows/win32/wes/eventschema-schema

local M = {
  name = "windows_event_xml",
  kind = "parser",
  api = 1,
  description = "Windows events as XML lines",
  match = [=[^(?:\xEF\xBB\xBF)?<Event(?: xmlns=['"]http://schemas\.microsoft\.com/win/2004/08/events/event['"]><System>|><System><Provider )]=],
}

local system = ailogger.regex(
  [=[<Provider Name=['"](?<provider>[^'"]++)['"].*?<EventID(?: [^>]*)?>(?<id>\d++)</EventID>.*?<Level>(?<level>\d++)</Level>]=] ..
  [=[.*?<Keywords>(?<keywords>[^<]*+)</Keywords>.*?<TimeCreated SystemTime=['"](?<time>[^'"]++)['"]]=])
local record = ailogger.regex([=[<EventRecordID>(?<record>\d++)</EventRecordID>]=])
local execution = ailogger.regex([=[<Execution ProcessID=['"](?<pid>\d++)['"] ThreadID=['"](?<thread>\d++)['"]]=])
local channel = ailogger.regex([=[<Channel>(?<channel>[^<]*+)</Channel><Computer>(?<host>[^<]*+)</Computer>]=])
local account = ailogger.regex([=[<Security User[Ii][Dd]=['"](?<user>[^'"]++)['"]]=])
local data = ailogger.regex([=[<Data(?: Name=['"](?<name>[^'"]++)['"])?>(?<value>[^<]*+)</Data>]=])
local rendered = ailogger.regex([=[<Message>(?<message>[^<]*+)</Message>]=])

local levels = { ["1"] = "critical", ["2"] = "error", ["3"] = "warning", ["4"] = "info", ["5"] = "debug", ["0"] = "info" }
local entities = {
  ["&lt;"] = "<", ["&gt;"] = ">", ["&amp;"] = "&", ["&quot;"] = '"', ["&apos;"] = "'", ["&#xD;"] = "", ["&#xA;"] = "\n",
  ["&#13;"] = "", ["&#10;"] = "\n",
}

local function text(value)
  return (value:gsub("&[%w#]+;", entities))
end

function M.parse(line, event)
  local provider, id, level, keywords, time = system:captures(line)
  if not provider then return false end
  local fields = event.fields
  event.time = ailogger.time.parse(time)
  event.component = provider
  -- Failed audits bear this bit of the keywords and no level.
  event.level = keywords:find("^0x80[13]") and "warning" or levels[level]
  fields.id = tonumber(id)
  local logged, host = channel:captures(line)
  fields.channel, fields.host = logged, host
  fields.record = tonumber((record:captures(line)))
  local pid, thread = execution:captures(line)
  fields.pid, fields.thread = tonumber(pid), tonumber(thread)
  fields.user = account:captures(line)
  local said, names = {}, {}
  for m in data:gmatch(line) do
    local value = text(m.value)
    if value ~= "" and value ~= "-" then
      if m.name then
        fields[m.name] = value
        names[#names + 1] = m.name .. "=" .. value
      else
        said[#said + 1] = value
      end
    end
  end
  local message = rendered:captures(line)
  if message then
    event.message = text(message)
  elseif #said > 0 then
    event.message = table.concat(said, " ")
  else
    event.message = ("%s %s"):format(logged or "event", id) .. (#names > 0 and ": " .. table.concat(names, " ") or "")
  end
end

M.samples = {
  {
    line = [[<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Service Control Manager' Guid='{555908d1-a6d7-4695-8e1e-26931d2012f4}'/><EventID Qualifiers='49152'>7031</EventID><Version>0</Version><Level>2</Level><Task>0</Task><Opcode>0</Opcode><Keywords>0x8080000000000000</Keywords><TimeCreated SystemTime='2026-11-20T04:00:18.1203456Z'/><EventRecordID>4711</EventRecordID><Correlation/><Execution ProcessID='700' ThreadID='4400'/><Channel>System</Channel><Computer>db2.example.com</Computer><Security/></System><EventData><Data Name='param1'>Report &amp; Print</Data></EventData></Event>]],
    expect = {
      level = "ERROR", component = "Service Control Manager", time = "2026-11-20T04:00:18.1203456Z",
      message = "System 7031: param1=Report & Print",
      fields = { id = 7031, record = 4711, channel = "System", host = "db2.example.com", pid = 700, param1 = "Report & Print" },
    },
  },
  {
    line = [[<Event><System><Provider Name="Linux-Sysmon" Guid="{ff032593-a8d3-4f13-b0d6-01fc615a0f97}"/><EventID>1</EventID><Version>5</Version><Level>4</Level><Task>1</Task><Opcode>0</Opcode><Keywords>0x8000000000000000</Keywords><TimeCreated SystemTime="2026-11-20T04:00:16.710002000Z"/><EventRecordID>7</EventRecordID><Correlation/><Execution ProcessID="3099" ThreadID="3099"/><Channel>Linux-Sysmon/Operational</Channel><Computer>shop1</Computer><Security UserId="0"/></System><EventData><Data Name="RuleName">-</Data><Data Name="Image">/usr/bin/tool</Data></EventData></Event>]],
    expect = {
      level = "INFO", component = "Linux-Sysmon", time = "2026-11-20T04:00:16.710002Z",
      message = "Linux-Sysmon/Operational 1: Image=/usr/bin/tool", fields = { id = 1, host = "shop1", user = "0" },
    },
  },
  { line = "<Event><System></System></Event>", expect = false },
}

return M
