--- Scales of the example shop: `@SECONDS DEVICE STATUS GRAMS`, seconds since 1970 and status bits in hexadecimal.

local M = {
  name = "scale",
  kind = "parser",
  api = 1,
  match = [[^@[0-9a-f]{8} scale-\d]],
}

local entry = ailogger.regex([[^@(?<seconds>[0-9a-f]{8}) (?<device>scale-\d++) (?<status>[0-9a-f]{2}) (?<grams>\d++)$]])

-- Bits of the status, the gravest last.
local bits = {
  { mask = 1, level = "info", text = "not at rest" },
  { mask = 4, level = "warning", text = "battery low" },
  { mask = 2, level = "error", text = "overloaded" },
}

function M.parse(line, event)
  local m = entry:match(line)
  if not m then return false end
  local status = tonumber(m.status, 16)
  local level, texts = "info", {}
  for _, bit in ipairs(bits) do
    if status & bit.mask ~= 0 then
      level = bit.level
      texts[#texts + 1] = bit.text
    end
  end
  event.time = tonumber(m.seconds, 16) * 1000000000
  event.level = level
  event.component = m.device
  event.message = #texts > 0 and table.concat(texts, ", ") or "weighed"
  event.fields.grams = math.tointeger(m.grams)
end

M.samples = {
  {
    line = "@6affc5d0 scale-3 00 1250",
    expect = {
      time = "2026-11-20T04:00:16Z", level = "INFO", component = "scale-3", message = "weighed",
      fields = { grams = 1250 },
    },
  },
  { line = "@6affc5d0 scale-3 06 0", expect = { level = "ERROR", message = "battery low, overloaded" } },
  { line = "@6affc5d0 scale-3 off", expect = false },
}

return M
