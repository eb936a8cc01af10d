-- A filter as Fluent Bit's Lua filter runs it: https://docs.fluentbit.io/manual/data-pipeline/filters/lua
-- It knows nothing of ailogger. The same file works in both:
--
--   [FILTER]
--       name   lua
--       match  *
--       script order.lua
--       call   cb_order
--
-- A shop's worker logs "order 4711: 3 items, EUR 59.90" and now and then a batch, "orders 4711,4712 shipped". Its
-- "ping" says nothing.

local function copy(record)
  local new = {}
  for key, value in pairs(record) do new[key] = value end
  return new
end

function cb_order(tag, timestamp, record)
  local text = record["log"]
  -- 0: the record stays as it is.
  if type(text) ~= "string" then return 0, timestamp, record end
  -- -1: the record is dropped.
  if text == "ping" then return -1, timestamp, record end

  local id, items, currency, amount = text:match("^order (%d+): (%d+) items?, (%u%u%u) ([%d.]+)$")
  if id then
    record["order"] = tonumber(id)
    record["items"] = tonumber(items)
    record["currency"] = currency
    record["amount"] = tonumber(amount)
    -- 2: the record changed, the time didn't.
    return 2, timestamp, record
  end

  local ids = text:match("^orders ([%d,]+) shipped$")
  if ids then
    -- A list of records is that many events.
    local records = {}
    for one in ids:gmatch("%d+") do
      local new = copy(record)
      new["log"] = "order " .. one .. " shipped"
      new["order"] = tonumber(one)
      records[#records + 1] = new
    end
    return 2, timestamp, records
  end

  -- 1: time and record changed. The worker writes when it was really done into the text.
  local done = text:match("^done at (%d+%.?%d*)$")
  if done then
    record["log"] = "done"
    return 1, tonumber(done), record
  end
  return 0, timestamp, record
end
