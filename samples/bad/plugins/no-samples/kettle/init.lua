--- Lines of a kettle: `kettle heater: no water`.
local M = { name = "kettle", kind = "parser", api = 1, match = [[^kettle ]] }
local re = ailogger.regex([[^kettle (?<component>\w+): (?<message>.*)]])

function M.parse(line, event)
  local m = re:match(line)
  if not m then return false end
  event.component, event.message, event.level = m.component, m.message, "info"
end

return M
