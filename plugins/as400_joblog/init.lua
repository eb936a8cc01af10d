--- Job logs of IBM i (AS/400): id, kind and severity of a message, date and time, and where from; the text follows, indented.
---   CPF3203    Escape                  40   11/20/26  04:00:18.120345  QDBEXTEND    QSYS        0412     REPORT      OPS         0041
--- The date is month first, as in the United States, unless its first number can't be a month.

local M = {
  name = "as400_joblog",
  kind = "parser",
  api = 1,
  description = "Job logs of IBM i (AS/400)",
  match = [=[^ ?(?:[A-Z]{2}[A-Z0-9][0-9A-F]{4}|\*NONE) +(?:Completion|Information\w*|Diagnostic|Escape|Command|Request|Notify|Inquiry|Sender copy|Reply) +]=] ..
    [=[(?:\d\d )? *\d\d[/.\-]\d\d[/.\-]\d\d +\d\d:\d\d:\d\d]=],
  multiline = true,
}

local entry = ailogger.regex(
  [=[^ ?(?<id>[A-Z]{2}[A-Z0-9][0-9A-F]{4}|\*NONE) +(?<kind>[A-Z][a-z]+(?: copy)?) +(?:(?<severity>\d\d) )? *]=] ..
  [=[(?<a>\d\d)[/.\-](?<b>\d\d)[/.\-](?<c>\d\d) +(?<clock>\d\d:\d\d:\d\d(?:\.\d++)?)(?: +(?<component>[A-Z#$@*][\w#$@]*+))?(?: +(?<library>[A-Z#$@*][\w#$@]*+))?]=])

function M.parse(line, event)
  local id, kind, severity, a, b, c, clock, component, library = entry:captures(line)
  if not id then return false end
  local month, day = a, b
  if tonumber(a) > 12 then month, day = b, a end
  local time = ailogger.time.parse(("20%s-%s-%s %s"):format(c, month, day, clock))
  if not time then return false end
  event.time = time
  local grade = tonumber(severity) or 0
  event.level = kind == "Escape" and grade >= 40 and "error" or grade >= 80 and "critical" or grade >= 40 and "error"
    or grade >= 20 and "warning" or "info"
  event.component = component
  event.message = ("%s %s"):format(id, kind)
  local fields = event.fields
  fields.id = id
  fields.severity = tonumber(severity)
  fields.library = library
end

M.samples = {
  {
    line = "CPF5272    Escape                  40   11/20/26  04:00:18.120345  QDBEXTEND    QSYS        0412     REPORT      OPS         0041",
    expect = {
      level = "ERROR", component = "QDBEXTEND", time = "2026-11-20T04:00:18.120345Z", message = "CPF5272 Escape",
      fields = { id = "CPF5272", severity = 40, library = "QSYS" },
    },
  },
  { line = "CPF1124    Information  00  31/12/26  04:00:18  QWTPIIPP", expect = { level = "INFO", time = "2026-12-31T04:00:18Z" } },
  { line = "CPF1124 is an id", expect = false },
}

return M
