--- AIX' error log as `errpt` lists it: identifier, time (month, day, hour, minute, year), type, class, resource, description.
---   DE3B8540   1120040026 P H hdisk3         PATH HAS FAILED
--- The newest comes first. What `errpt -a` prints is the format aix-errpt.
--- https://www.ibm.com/docs/en/aix/7.3.0?topic=e-errpt-command

local M = {
  name = "aix_errpt",
  kind = "parser",
  api = 1,
  description = "AIX' error log, listed by errpt",
  match = [=[^(?:[\dA-F]{8} +[01]\d[0-3]\d[0-2]\d[0-5]\d\d\d +[PTIUG] [HSOU] \S|IDENTIFIER +TIMESTAMP +T C RESOURCE_NAME +DESCRIPTION)]=],
}

local row = ailogger.regex(
  [=[^(?<id>[\dA-F]{8}) +(?<month>\d\d)(?<day>\d\d)(?<hour>\d\d)(?<minute>\d\d)(?<year>\d\d) +(?<type>[PTIUG]) (?<class>[HSOU]) (?<resource>\S++) +(?<description>\S.*)]=])

-- P: nothing helped. T: it went away after some attempts. U: how grave it is, is unknown. What is P and an operator's is a note.
local levels = { P = "error", T = "warning", U = "warning", I = "info", G = "info" }
local classes = { H = "hardware", S = "software", O = "operator", U = "undetermined" }

function M.parse(line, event)
  local id, month, day, hour, minute, year, kind, class, resource, description = row:captures(line)
  if not id then
    if line:byte() ~= 0x49 then return false end
    event.level = "debug"
    return
  end
  event.time = "20" .. year .. "-" .. month .. "-" .. day .. " " .. hour .. ":" .. minute .. ":00"
  event.level = class == "O" and "info" or levels[kind]
  event.component = resource
  event.message = description:match("^(.-)%s*$")
  event.fields.id = id
  event.fields.category = classes[class]
end

M.samples = {
  {
    line = "DE3B8540   1120040026 P H hdisk3         PATH HAS FAILED",
    expect = { time = "2026-11-20T04:00:00Z", level = "ERROR", component = "hdisk3", message = "PATH HAS FAILED", fields = { id = "DE3B8540", category = "hardware" } },
  },
  { line = "9DBCFDEE   1120035526 T O errdemon       ERROR LOGGING TURNED ON", expect = { level = "INFO", component = "errdemon" } },
  { line = "EAA3D429   1119231526 U S LVDD           PHYSICAL PARTITION MARKED STALE", expect = { level = "WARNING" } },
  { line = "IDENTIFIER TIMESTAMP  T C RESOURCE_NAME  DESCRIPTION", expect = { level = "DEBUG" } },
  { line = "DE3B8540 1120040026 is no time", expect = false },
}

return M
