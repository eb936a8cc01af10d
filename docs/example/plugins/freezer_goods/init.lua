--- Says of each freezer what lies in it, and drops the one in the workshop.

local M = {
  name = "freezer_goods",
  kind = "filter",
  api = 1,
  description = "adds what lies in a freezer, drops the workshop's",
  formats = { "freezer" },
  config = { workshop = "F9" },
}

local goods = { F1 = "fish", F2 = "ice cream", F3 = "bread" }
local warm = ailogger.metric.counter("freezer_warm_total", "Readings that were too warm")

function M.process(event)
  local freezer = event.component
  if freezer == M.config.workshop then return false end
  event.fields.goods = goods[freezer]
  if event.level == "warning" then warm:add(1, { freezer = freezer }) end
end

M.samples = {
  { event = { component = "F1", message = "-18.4 °C" }, expect = { fields = { goods = "fish" } } },
  { event = { component = "F7", message = "-18.4 °C" }, expect = { fields = { goods = ailogger.null } } },
  { event = { component = "F9", message = "-1.2 °C" }, expect = false },
}

return M
