--- The system log of z/OS in fixed columns, and JES2's job logs: kind of record, routing codes, system, day of the year or date, time, job, flags,
--- message.
---   N 0400000 SYS1     26324 04:00:18.12 STC04711 00000090  IEC031I D37-04,IFG0554P,REPORT,STEP1,OUT,…
---   M 0400000 SYS1     26324 04:00:18.12 STC04711 00000090  IEC030I …   then   D, S or E with what goes on
--- The last letter of a message's id says how grave it is. https://www.ibm.com/docs/en/zos

local M = {
  name = "zos_syslog",
  kind = "parser",
  api = 1,
  description = "z/OS SYSLOG and JES2 job logs",
  match = [=[^(?:[NMWXO][CIRU ]?[ \d]?[\dA-F]{7} [A-Z@#$][\w@#$]{0,7} +\d{5,7} \d\d:\d\d:\d\d\.\d\d |[NSDEL][RCI ]? {20,}|]=] ..
    [=[ ?\d\d\.\d\d\.\d\d (?:JOB|STC|TSU|J0|S0|T0)\d{5,7}  ?[\-$A-Z+*])]=],
  multiline = true,
}

local entry = ailogger.regex(
  [=[^(?<kind>[NMWXO])[CIRU ]?[ \d]?[\dA-F]{7} (?<host>[^ ]++) +(?<date>\d{5,7}) (?<clock>\d\d:\d\d:\d\d\.\d\d) ]=] ..
  [=[(?<job>(?:JOB|STC|TSU|J|S|T)\d++|INTERNAL|INSTREAM|[A-Z@#$][\w@#$]*+)? *(?:(?<flags>[\dA-F]{8}) ?)? ?(?<message>.*)]=])
local job_log = ailogger.regex(
  [=[^ ?(?<clock>\d\d\.\d\d\.\d\d) (?<job>(?:JOB|STC|TSU|J|S|T)\d++)  ?(?<message>.*)]=])
local identified = ailogger.regex([=[^[ *+@\-]*(?<id>\$?[A-Z][A-Z@#$\d]{2,4}\d{3,5}(?<grave>[A-Z])?)(?: |$)]=])

local levels = { A = "warning", D = "warning", W = "warning", E = "error", S = "critical", I = "info", T = "info", R = "info" }
-- JES2's own have no letter; abnormal ends and the like are told by name.
local named = { IEF450I = "error", IEC031I = "error", IEC030I = "error", IEC070I = "error", IEA995I = "error", IEE389I = "warning", IEF404I = "info" }

function M.parse(line, event)
  local kind, host, date, clock, job, flags, message = entry:captures(line)
  local fields = event.fields
  if kind then
    local year, day = date:match("^(%d+)(%d%d%d)$")
    if #year == 2 then year = "20" .. year end
    local first = ailogger.time.parse(year .. "-01-01 " .. clock)
    day = tonumber(day)
    if not first or day < 1 or day > 366 then return false end
    event.time = first + (day - 1) * 86400000000000
    fields.host = host
  else
    clock, job, message = job_log:captures(line)
    if not clock then return false end
    event.time = clock:gsub("%.", ":")
  end
  message = message:match("^%s*(.-)%s*$")
  event.message = message
  event.component = job
  fields.flags = flags
  local id, grave = identified:captures(message)
  if id then
    fields.id = id
    event.level = named[id] or levels[grave] or "info"
  else
    event.level = "info"
  end
end

M.samples = {
  {
    line = "N 0400000 SYS1     26324 04:00:18.12 JOB04711 00000090  IEC031I D37-04,IFG0554P,REPORT,STEP1,OUT,0A41,WORK01,REPORT.OUT",
    expect = {
      level = "ERROR", component = "JOB04711", time = "2026-11-20T04:00:18.120Z",
      message = "IEC031I D37-04,IFG0554P,REPORT,STEP1,OUT,0A41,WORK01,REPORT.OUT",
      fields = { host = "SYS1", id = "IEC031I", flags = "00000090" },
    },
  },
  {
    line = " 04.00.12 JOB04711  $HASP395 REPORT   ENDED - ABEND=S878",
    expect = { level = "INFO", component = "JOB04711", fields = { id = "$HASP395" } },
  },
  { line = "N is a letter", expect = false },
}

return M
