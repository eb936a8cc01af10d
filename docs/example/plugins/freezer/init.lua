--- Freezers of the example shop: `FREEZER DATE.TIME TENTHS BITS`, or `! text` instead of a reading.

local M = {
  name = "freezer",
  kind = "parser",
  api = 1,
  description = "freezers of the example shop",
  match = [[^F\d \d{6}\.\d{6} ]],
  config = {
    zone = "+01:00", -- of the freezers' clocks
    warm = -15,      -- degrees from which on a reading is a warning
  },
}

local reading = ailogger.regex([[^(F\d) (\d{6}\.\d{6}) (-?\d++) ([0-3])$]])
local fault = ailogger.regex([[^(F\d) (\d{6}\.\d{6}) ! (.++)$]])

function M.parse(line, event)
  local freezer, time, text = fault:captures(line)
  if freezer then
    event.level = "error"
    event.message = text
  else
    local tenths, bits
    freezer, time, tenths, bits = reading:captures(line)
    if not freezer then return false end
    local celsius = tonumber(tenths) / 10
    local is_defrosting = tonumber(bits) & 2 ~= 0
    event.level = celsius >= M.config.warm and not is_defrosting and "warning" or "info"
    event.message = ("%.1f °C"):format(celsius)
    event.fields.celsius = celsius
    event.fields.door = tonumber(bits) & 1 ~= 0 and "open" or "shut"
    event.fields.defrosting = is_defrosting
  end
  event.component = freezer
  event.time = ailogger.time.parse(time, { layout = "%y%m%d.%H%M%S", zone = M.config.zone })
end

M.samples = {
  {
    line = "F1 261120.050000 -184 0",
    expect = {
      time = "2026-11-20T04:00:00Z", level = "info", component = "F1", message = "-18.4 °C",
      fields = { celsius = -18.4, door = "shut", defrosting = false },
    },
  },
  { line = "F2 261120.051502 -131 1", expect = { level = "warning", fields = { door = "open" } } },
  { line = "F9 261120.052100 -12 2", expect = { level = "info", fields = { defrosting = true } } },
  { line = "F1 261120.051240 ! out of gas", expect = { level = "error", message = "out of gas" } },
  { line = "F1 261120.050000 -18x 0", expect = false },
}

return M
