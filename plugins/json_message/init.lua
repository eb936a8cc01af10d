--- Takes apart a message that is a JSON object, as programs write it that log in JSON to a console whose collector
--- wraps each line in a format of its own. Its members become fields; its message, level, time and component take
--- their places.

local M = {
  name = "json_message",
  kind = "filter",
  api = 1,
  description = "takes apart messages that are JSON objects",
  match = [[(?s)\A\s*\{\s*".*\}\s*\z]],
  config = {
    -- Members beyond these stay in the message.
    most = 100,
    -- The time within is the program's own, the one outside mostly the collector's: false keeps the latter.
    inner_time = true,
  },
}

-- What programs call them, as docs/fields.md lists them; names are compared in small letters and without _ - and .
local roles = {}
for role, names in pairs {
  message = "message msg @m @mt log text body shortmessage renderedmessage textpayload event",
  level = "level severity lvl loglevel levelname @l severitytext",
  time = "timestamp time ts @timestamp @t datetime date asctime eventtime",
  component = "logger loggername component name service servicename app sourcecontext module class",
} do
  local rank = 0
  for name in names:gmatch("%S+") do
    rank = rank + 1
    roles[name] = { role = role, rank = rank }
  end
end

-- bunyan's and pino's numbers.
local levels = { [10] = "trace", [20] = "debug", [30] = "info", [40] = "warning", [50] = "error", [60] = "critical" }

local function set_level(event, value) event.level = levels[value] or value end

local function set_time(event, value)
  if math.type(value) then
    -- Seconds, milliseconds, microseconds or nanoseconds since 1970: told apart by their size.
    local scale = value < 1e11 and 1e9 or value < 1e14 and 1e6 or value < 1e17 and 1e3 or 1
    value = math.type(value) == "integer" and value * math.tointeger(scale) or math.floor(value * scale + 0.5)
  end
  event.time = value
end

local setters = {
  message = function(event, value) event.message = value end,
  component = function(event, value) event.component = value end,
  level = set_level,
  time = set_time,
}

--- Which member plays which role: of several the first in the list.
local function cast(object)
  local chosen = {}
  for name, value in pairs(object) do
    local kind = type(value)
    if kind == "string" and value ~= "" or kind == "number" then
      local found = roles[name:lower():gsub("[_.-]", "")]
      if found and (kind == "string" or found.role == "level" or found.role == "time") then
        local best = chosen[found.role]
        if not best or found.rank < best.rank then chosen[found.role] = { name = name, rank = found.rank } end
      end
    end
  end
  return chosen
end

function M.process(event)
  local object = ailogger.json.decode(event.message)
  if type(object) ~= "table" or object[1] ~= nil then return end
  local count = 0
  for _ in pairs(object) do count = count + 1 end
  if count == 0 or count > M.config.most then return end

  local chosen = cast(object)
  for role, member in pairs(chosen) do
    if role ~= "time" or M.config.inner_time or not event.time then
      -- What can't be taken for a level or a time stays a field.
      if pcall(setters[role], event, object[member.name]) then object[member.name] = nil end
    end
  end
  local fields = event.fields
  for name, value in pairs(object) do
    if #name > 0 and #name <= 256 and fields[name] == nil then fields[name] = value end
  end
end

local null = ailogger.null

M.samples = {
  {
    event = {
      message = '{"level":"error","msg":"slow","logger":"db","took":1.5,"ctx":{"id":7}}', component = "app",
      fields = { stream = "stdout" },
    },
    expect = {
      level = "error", message = "slow", component = "db",
      fields = { took = 1.5, ctx = { id = 7 }, stream = "stdout", level = null, msg = null },
    },
  },
  {
    event = { message = '{"level":50,"time":1763800000123,"pid":7,"msg":"gone"}', time = "2026-11-22T10:00:00Z" },
    expect = { level = "error", message = "gone", time = 1763800000123000000, fields = { pid = 7, time = null } },
  },
  -- No level that anybody knows, and a member whose name the event has already.
  {
    event = { message = '{"level":"loud","message":"x","stream":"inner"}', fields = { stream = "stdout" } },
    expect = { message = "x", fields = { level = "loud", stream = "stdout" } },
  },
  -- Without a message of its own the text stays.
  { event = { message = '{"a":1}' }, expect = { message = '{"a":1}', fields = { a = 1 } } },
  -- Looks like it, but isn't JSON.
  { event = { message = '{"a":1,}' }, expect = { message = '{"a":1,}', fields = { a = null } } },
  { event = { message = '{"a" = 1} and {b}' }, expect = { message = '{"a" = 1} and {b}', fields = { a = null } } },
}

return M
