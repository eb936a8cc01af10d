--- key=value pairs behind a message, as the console writers of structured loggers print them.

local M = {}

local message_and_pairs = ailogger.regex([=[^((?:[^ ]++| ++(?![\w.@\/\-]++=))*+)( ++[\w.@\/\-]++=.*)?$]=])
local pair = ailogger.regex(
  [=[\G( ++([\w.@\/\-]++)=(?:"((?:[^"\\]|\\.)*+)"(?=\s|$)|'((?:[^'\\]|\\.)*+)'(?=\s|$)|]=] ..
  [=[((?:\{[^}]*+\}|\[[^\]]*+\]|[^ ]*+))(?=\s|$))(?: +$)?)]=])

local function value_of(double, single, bare)
  local quoted = double or single
  if quoted then return quoted:find("\\", 1, true) and quoted:gsub('\\(["\'\\])', "%1") or quoted end
  return bare:find("^%-?[1-9]%d*%.?%d*$") and #bare < 16 and tonumber(bare) or bare == "0" and 0 or bare
end

--- Writes the pairs at the end of a text to the event's fields.
--- Gives the text before them, with the error that they name; all of the text if its end holds no pairs.
function M.take(text, event)
  -- cloudflared says nothing but pairs: the error is the message.
  local message, tail = message_and_pairs:captures(text:find("^[%w_.@/%-]+=") and " " .. text or text)
  if not tail then return text:gsub(" +$", "") end
  local keys, values, at, failure = {}, {}, 1, nil
  while at <= #tail do
    local taken, key, double, single, bare = pair:captures(tail, at)
    if not taken then return text end
    at = at + #taken
    keys[#keys + 1] = key
    values[#keys] = value_of(double, single, bare)
    if key == "error" or key == "err" then failure = tostring(values[#keys]) end
  end
  -- In the line's order, and only once all of the tail has been read.
  for i, key in ipairs(keys) do
    if values[i] ~= "" then event.fields[key] = values[i] end
  end
  if message == "" then return failure or text end
  return failure and message .. ": " .. failure or message
end

return M
