--- Writes errors as a table for a spreadsheet: errors.csv, one line an event, below a header.
---
---   ailogger analyze --use csv_errors --allow file:errors.csv /var/log

local M = {
  name = "csv_errors",
  kind = "sink",
  api = 1,
  description = "writes errors to errors.csv",
  level = "error",
  permissions = { "file:errors.csv" },
  config = {
    -- Fields that get a column each, between the source and the message.
    fields = { "host", "client", "status" },
    -- A text that a spreadsheet would take for a formula gets an apostrophe in front: what stands in a log may have
    -- been written by anybody.
    spreadsheet = true,
  },
}

local out = ailogger.output("file:errors.csv")

function M.start()
  local header = { "time", "level", "component", "source", "line" }
  for _, name in ipairs(M.config.fields) do header[#header + 1] = name end
  header[#header + 1] = "message"
  header[#header + 1] = "findings"
  out:write(ailogger.csv.format(header), "\n")
end

local function cell(value)
  if value == nil or value == ailogger.null then return "" end
  if type(value) == "table" then return ailogger.json.encode(value) end
  if type(value) ~= "string" then return tostring(value) end
  return M.config.spreadsheet and value:find("^[=+@\t\r-]") and "'" .. value or value
end

function M.write(event)
  local row = {
    event.time and ailogger.time.format(event.time) or "", event.level or "", cell(event.component), cell(event.source),
    tostring(event.line),
  }
  local fields = event.fields
  for _, name in ipairs(M.config.fields) do row[#row + 1] = cell(fields[name]) end
  row[#row + 1] = cell(event.message)
  row[#row + 1] = table.concat(event.findings, " ")
  out:write(ailogger.csv.format(row), "\n")
end

M.samples = {
  {
    event = {
      message = 'cannot open "a,b"', level = "error", component = "db", time = "2026-11-22T10:00:00Z",
      source = "app.log",
      fields = { status = 500, host = "h1" }, findings = { "disk.full", "db.down" },
    },
    expect = { ["file:errors.csv"] = '2026-11-22T10:00:00Z,error,db,app.log,1,h1,,500,"cannot open ' ..
      '""a,b""",disk.full db.down\n' },
  },
  {
    event = { message = "two\nlines", level = "critical", source = "app.log" },
    expect = { ["file:errors.csv"] = ',critical,,app.log,1,,,,"two\nlines",\n' },
  },
  {
    event = { message = "=cmd|'/c calc'!A0", level = "error", source = "app.log" },
    expect = { ["file:errors.csv"] = ",error,,app.log,1,,,,'=cmd|'/c calc'!A0,\n" },
  },
  {
    event = { message = "-1 is no index", level = "error", source = "app.log", fields = { client = { "a", "b" } } },
    expect = { ["file:errors.csv"] = ',error,,app.log,1,,"[""a"",""b""]",,\'-1 is no index,\n' },
  },
}

return M
