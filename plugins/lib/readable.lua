--- What the messages of findings are written with: spans of time, counts, lists and texts as a reader wants them.

local readable = {}

local second = 1000000000

--- A span in nanoseconds as "320ms", "4.2s", "4m10s", "2h5m" or "3d4h": two units at most.
function readable.span(ns)
  if ns < second then return ("%dms"):format(ns // 1000000) end
  local tenths = (ns + second // 20) // (second // 10)
  if tenths < 100 and tenths % 10 ~= 0 then return tenths / 10 .. "s" end
  local seconds = (ns + second // 2) // second
  if seconds < 60 then return seconds .. "s" end
  local function two(big, big_unit, small, small_unit)
    return small > 0 and big .. big_unit .. small .. small_unit or big .. big_unit
  end
  if seconds < 3600 then return two(seconds // 60, "m", seconds % 60, "s") end
  if seconds < 86400 then return two(seconds // 3600, "h", seconds % 3600 // 60, "m") end
  return two(seconds // 86400, "d", seconds % 86400 // 3600, "h")
end

--- "within 4m10s". Many logs know no time below the second.
function readable.within(ns) return ns < second and "within a second" or "within " .. readable.span(ns) end

--- Seconds, as the field `duration` holds them, in the same words.
function readable.seconds(seconds) return readable.span(math.floor(seconds * second + 0.5)) end

--- What the number of a case that goes on ends with, when the log does.
readable.unfinished = "; the log ends before it is over"

--- A moment as "2026-11-22 10:00:05".
function readable.moment(ns) return ailogger.time.format(ns // second * second, "%Y-%m-%d %H:%M:%S") end

--- "1 failed login", "12 failed logins".
function readable.count(number, one, many)
  return ("%d %s"):format(number, number == 1 and one or many or one .. "s")
end

--- At most `most` bytes of the first line, cut between characters.
function readable.short(text, most)
  if #text <= most and not text:find("\n", 1, true) then return text end
  text = text:match("^[^\r\n]*")
  if #text <= most then return text end
  local at = most
  -- Bytes 80 to BF go on with a character.
  while at > 0 and text:byte(at + 1) & 0xC0 == 0x80 do at = at - 1 end
  return text:sub(1, at) .. "…"
end

--- What a table of counts holds, the most frequent first: "root 6, admin 3 and 4 more".
function readable.tally(counts, most)
  local names = {}
  for name in pairs(counts) do names[#names + 1] = name end
  table.sort(names, function(a, b)
    if counts[a] ~= counts[b] then return counts[a] > counts[b] end
    return a < b
  end)
  local parts = {}
  for i = 1, math.min(#names, most) do parts[i] = ("%s %d"):format(names[i], counts[names[i]]) end
  local text = table.concat(parts, ", ")
  return #names > most and ("%s and %d more"):format(text, #names - most) or text
end

local varying = ailogger.regex([[\b(?:0x)?[0-9a-f]*\d[0-9a-f]*\b|\d+]])

--- The message's shape: its first line with every number and hex id as "#".
function readable.shape(message) return (varying:gsub(readable.short(message, 200), "#")) end

--- Who speaks: the component, else the container or application, else the file and its folder; with the host where
--- there is one.
function readable.speaker(event)
  local fields = event.fields
  local name = event.component or fields.container or fields.application or (event.source or "-"):match("[^/]*/?[^/]*$")
  local host = fields.host
  return host and ("%s on %s"):format(name, host) or name
end

return readable
