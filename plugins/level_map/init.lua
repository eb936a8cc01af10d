--- Gives events the level that a field's value calls for, or a word in the message: HTTP 5xx is an error, whatever the
--- access log says.

local M = {
  name = "level_map",
  kind = "filter",
  api = 1,
  description = "sets levels from status codes, other fields or words",
  config = {
    -- "field:value=level", the first that fits counts. In a value x stands for one digit and * for anything; the field
    -- "message" is searched for the value as a plain text.
    map = { "status:5xx=error", "status:429=warning", "status:4xx=warning" },
    -- Never lowers a level.
    raise_only = true,
  },
}

-- By field, in the order of config: { name, rules = { { test, level } }, known = values that were seen before }.
local maps, words

--- A PCRE2 pattern for "5xx" or "S*".
local function pattern_of(value)
  local digits = value:find("^[%dx]+$") and value:find("%d")
  return "^" .. value:gsub(".", function(byte)
    if byte == "*" then return ".*" end
    if byte == "x" and digits then return "\\d" end
    return ailogger.regex.escape(byte)
  end) .. "$"
end

local function start()
  local list, texts, by_name = {}, {}, {}
  for _, entry in ipairs(M.config.map) do
    local name, value, level = entry:match("^([^:]+):(.+)=(%a+)$")
    if not name or not ailogger.severity[level] then
      error(('config.map: write "field:value=level", as in "status:5xx=error", not "%s"'):format(entry), 0)
    end
    if name == "message" then
      texts[#texts + 1] = { text = value, level = level }
    else
      if not by_name[name] then
        by_name[name] = { name = name, rules = {}, known = ailogger.cache { size = 1000 } }
        list[#list + 1] = by_name[name]
      end
      local rules = by_name[name].rules
      rules[#rules + 1] = { pattern = ailogger.regex(pattern_of(value)), level = level }
    end
  end
  maps, words = list, texts
end

--- The level's word, or false.
local function level_of(map, value)
  local level = map.known:get(value)
  if level ~= nil then return level end
  level = false
  local text = tostring(value)
  for _, rule in ipairs(map.rules) do
    if rule.pattern:test(text) then
      level = rule.level
      break
    end
  end
  map.known:set(value, level)
  return level
end

local function set(event, level)
  if M.config.raise_only and ailogger.severity[level] <= event.severity then return end
  event.level = level
end

function M.process(event)
  if not maps then start() end
  local fields = event.fields
  for i = 1, #maps do
    local map = maps[i]
    local value = fields[map.name]
    if type(value) == "string" or type(value) == "number" then
      local level = level_of(map, value)
      if level then return set(event, level) end
    end
  end
  if #words == 0 then return end
  local message = event.message
  for i = 1, #words do
    if message:find(words[i].text, 1, true) then return set(event, words[i].level) end
  end
end

M.samples = {
  { event = { message = "GET /", level = "info", fields = { status = 503 } }, expect = { level = "error" } },
  { event = { message = "GET /", fields = { status = "404" } }, expect = { level = "warning" } },
  { event = { message = "GET /", level = "info", fields = { status = 200 } }, expect = { level = "info" } },
  { event = { message = "GET /", level = "critical", fields = { status = 502 } }, expect = { level = "critical" } },
  {
    event = { message = "5xx is no status here", level = "info", fields = { status = 5000 } },
    expect = { level = "info" },
  },
}

return M
