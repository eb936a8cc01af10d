--- Makes fields of the members of fields: `{"user":{"id":7}}` becomes `user.id`, which other rules and tools can name.

local M = {
  name = "json_flatten",
  kind = "filter",
  api = 1,
  description = "nested objects become fields with dotted names",
  config = {
    separator = ".",
    -- An object that goes deeper, or that would make more fields than this, stays whole: half of one would mislead.
    depth = 8,
    most = 100,
  },
}

--- Lists stay lists. An empty table could be either, and holds nothing anyway.
local function is_object(value) return type(value) == "table" and next(value) ~= nil and value[1] == nil end

--- Adds the members to `flat` under their long names; false if there are too many or they lie too deep.
local function collect(flat, prefix, object, depth)
  if depth > M.config.depth then return false end
  for name, value in ailogger.sorted_pairs(object) do
    local long = prefix .. M.config.separator .. name
    if is_object(value) then
      if not collect(flat, long, value, depth + 1) then return false end
    else
      if flat.count == M.config.most or #long > 256 then return false end
      flat.count = flat.count + 1
      flat.names[flat.count], flat.values[flat.count] = long, value
    end
  end
  return true
end

local function flatten(fields, name, object)
  local flat = { count = 0, names = {}, values = {} }
  if not collect(flat, name, object, 1) then return end
  for i = 1, flat.count do
    if fields[flat.names[i]] ~= nil then return end
  end
  fields[name] = nil
  for i = 1, flat.count do fields[flat.names[i]] = flat.values[i] end
end

function M.process(event)
  local fields = event.fields
  local objects
  for name, value in pairs(fields) do
    if is_object(value) then
      objects = objects or {}
      objects[#objects + 1] = { name, value }
    end
  end
  if not objects then return end
  -- Not before all are seen: what is written would be met again.
  for _, object in ipairs(objects) do flatten(fields, object[1], object[2]) end
end

local null = ailogger.null

M.samples = {
  {
    event = { message = "m", fields = { user = { id = 7, name = { first = "Ada" } }, status = 200 } },
    expect = { fields = { ["user.id"] = 7, ["user.name.first"] = "Ada", user = null, status = 200 } },
  },
  {
    event = { message = "m", fields = { tags = { "a", "b" }, http = { codes = { 1, 2 }, ok = true } } },
    expect = { fields = { tags = { "a", "b" }, ["http.codes"] = { 1, 2 }, ["http.ok"] = true, http = null } },
  },
  -- The name is taken: nothing is overwritten, nothing lost.
  {
    event = { message = "m", fields = { user = { id = 7 }, ["user.id"] = 8 } },
    expect = { fields = { user = { id = 7 }, ["user.id"] = 8 } },
  },
  -- Too deep.
  {
    event = {
      message = "m",
      fields = { a = { b = { c = { d = { e = { f = { g = { h = { i = { j = 1 } } } } } } } } } },
    },
    expect = { fields = { a = { b = { c = { d = { e = { f = { g = { h = { i = { j = 1 } } } } } } } } } } },
  },
  {
    event = { message = "m", fields = { path = "/", status = 200 } },
    expect = { fields = { path = "/", status = 200 } },
  },
}

return M
