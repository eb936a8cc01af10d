--- Progress OpenEdge: logs of agents, clients and brokers, and the database's .lg. Date and clock have an @ between them.
---   [26/11/20@04:00:16.123+0000] P-004711 T-000001 1 AS -- (Procedure: 'pay.p' Line:412) ** Order record not found. (138)
---   [2026/11/20@04:00:17.123+0000] P-4711       T-140000  I SRV     5: (742)   Login by shop on batch.
--- The number of the first kind tells how much was asked for, not how bad it is; there two asterisks mark the runtime's errors.

local M = {
  name = "openedge",
  kind = "parser",
  api = 1,
  description = "Progress OpenEdge: agents, clients, brokers and databases",
  match = [=[^\[(?:\d\d)?\d\d/\d\d/\d\d@\d\d:\d\d:\d\d\.\d{3,6}[+-]\d{4}\] P-\d++ +T-[\dA-Fa-f]++ +\w ]=],
  multiline = true,
}

local head = ailogger.regex(
  [=[^\[(?<date>[\d/]++)@(?<clock>[\d:.]++[+-]\d{4})\] P-(?<pid>\d++) +T-(?<thread>[\dA-Fa-f]++) +(?<kind>\w) (?<rest>.*)]=])
local server = ailogger.regex([=[^(?<component>[A-Z][\w-]*+)(?: +(?<session>\d++))? *: +(?:\((?<id>\d++|-+)\) +)?(?<message>.*)]=])
local client = ailogger.regex([=[^(?<component>[\w-]++) +(?:-- ?|(?<category>[A-Z\d]{2,}+|\w++(?=  )) +)(?<message>.*)]=])

local levels = { I = "info", W = "warning", E = "error", F = "critical" }

function M.parse(line, event)
  local date, clock, pid, thread, kind, rest = head:captures(line)
  if not date then return false end
  local fields = event.fields
  event.time = (#date == 8 and "20" or "") .. date:gsub("/", "-") .. " " .. clock
  fields.pid = tonumber(pid)
  fields.thread = thread
  if levels[kind] then
    local component, session, id, message = server:captures(rest)
    event.level = levels[kind]
    event.component = component
    event.message = message or rest
    fields.session = tonumber(session)
    fields.id = tonumber(id)
  else
    local component, category, message = client:captures(rest)
    event.component = component
    event.message = message or rest
    event.level = (message or rest):find("** ", 1, true) and "error" or tonumber(kind) and tonumber(kind) >= 4 and "debug" or "info"
    fields.category = category
    fields.verbosity = tonumber(kind)
  end
end

M.samples = {
  {
    line = "[26/11/20@04:00:16.123+0000] P-004711 T-000001 1 AS -- (Procedure: 'pay.p' Line:412) ** Order record not found. (138)",
    expect = {
      time = "2026-11-20T04:00:16.123Z", level = "ERROR", component = "AS",
      message = "(Procedure: 'pay.p' Line:412) ** Order record not found. (138)",
      fields = { pid = 4711, thread = "000001", verbosity = 1 },
    },
  },
  {
    line = "[2026/11/20@05:00:17.123+0100] P-4711       T-140000  I SRV     5: (742)   Login by shop on batch.",
    expect = {
      time = "2026-11-20T04:00:17.123Z", level = "INFO", component = "SRV", message = "Login by shop on batch.",
      fields = { session = 5, id = 742 },
    },
  },
  {
    line = "[26/11/20@04:00:16.123+0000] P-004711 T-000001 2 4GL 4GLTRACE       Run pay.p [cart.w @ 88]",
    expect = { level = "INFO", component = "4GL", message = "Run pay.p [cart.w @ 88]", fields = { category = "4GLTRACE" } },
  },
  { line = "[26/11/20 04:00:16.123] P-4711 T-1 I no answer", expect = false },
}

return M
