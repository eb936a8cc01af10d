extension CorrelationMachine {
    /// What every part stands on: its bounds, what is remembered of now, and errors that name the plugin's line.
    static let checks = #"""
        local M, host = ...

        local error, ipairs, next, pcall, rawset, setmetatable = error, ipairs, next, pcall, rawset, setmetatable
        local tostring, type = tostring, type
        local math_type, to_integer, move, find, sub = math.type, math.tointeger, table.move, string.find, string.sub
        local concat, sort = table.concat, table.sort

        local KEYS = host.keys or 10000 -- of a family; the least recently used goes first
        local ENTRIES = host.entries or 200000 -- of all windows together
        local WINDOW = 10000 -- entries of one window, unless it says otherwise
        -- The highest bounds that a plugin may ask for: what a call can still look at within its budget.
        local MOST = 20000 -- entries whose values may be summed up
        local MOST_KEYS = 100000
        local NAMES = 1000 -- of ctx:keyed
        local KEY_BYTES = 4096
        local YEARS = 36500 * 86400 * 1000000000 -- the longest duration: a hundred years
        local LATEST = 1 << 62 -- times lie within this of 1970, so that no sum of a time and a duration wraps
        local EARLIEST = 10000000000000000 -- times below are no nanoseconds: it is four months after 1970
        local STEPS = 200 -- timers looked at in one call
        local CHAIN = 10000 -- times that timers are set off again while time goes on to one event: every second of three hours

        local ctx = { now = -LATEST, state = {}, evicted = 0, dropped = 0 }
        local now = -LATEST
        local current -- the event at hand
        local sequence = 0 -- counts armings
        local entries = 0 -- held by windows

        -- MARK: Errors. A checker is called by the function that the plugin called, so the plugin's line is level 3.

        local function shown(value)
          local kind = type(value)
          if kind == "string" then return '"' .. (#value > 40 and sub(value, 1, 40) .. "…" or value) .. '"' end
          if kind == "number" or kind == "boolean" or kind == "nil" then return tostring(value) end
          return "a " .. kind
        end

        local function check_key(key, what)
          local kind = type(key)
          if kind == "string" then
            if #key <= KEY_BYTES then return end
            error(what .. ": the key has more than " .. KEY_BYTES .. " bytes", 3)
          end
          if kind ~= "number" or key ~= key then
            error(what .. ": the key must be a string or a number, not " .. shown(key), 3)
          end
        end

        --- What is kept is written to disk. Only the outside of a table is looked at here, all of it when it is saved.
        local function check_data(value, what)
          local kind = type(value)
          if kind == "function" or kind == "thread" or kind == "userdata" and value ~= host.null then
            error(what .. ": only strings, numbers, booleans and tables of these can be kept, not a " .. kind, 3)
          end
        end

        --- A key of `given` that is none of `known` is a slip that nobody would see. `level`: of the plugin's line.
        local function check_names(given, known, what, level)
          local unknown
          for name in next, given do
            if not known[name] then
              name = shown(name)
              if not unknown or name < unknown then unknown = name end
            end
          end
          if not unknown then return end
          local all = {}
          for name in next, known do all[#all + 1] = name end
          sort(all)
          error(what .. ": there is no " .. unknown .. ", only " .. concat(all, ", "), level)
        end

        local function check_options(options, known, what)
          if type(options) ~= "table" then error(what .. ": the options must be a table, not " .. shown(options), 3) end
          check_names(options, known, what, 4)
        end

        --- A whole number from `low` to `high`.
        local function check_count(value, low, high, what, name)
          local count = math_type(value) and to_integer(value)
          if not count or count < low or count > high then
            error(what .. ": " .. name .. " must be a whole number from " .. low .. " to " .. high .. ", not "
              .. shown(value), 3)
          end
          return count
        end

        --- Texts that were read before. Read it first: `durations[text] or read_duration(text, …)`.
        local durations = {}
        local durations_known = 0

        local function read_duration(value, what, name)
          local length = math_type(value) and to_integer(value)
          if type(value) == "string" then
            local good, result = pcall(host.duration, value)
            length = good and result
          end
          if not length then
            error(what .. ": the " .. name .. ' must be a duration like "60s", not ' .. shown(value), 3)
          end
          if math_type(value) and length > 0 and length < 1000000 then
            -- Whoever writes a number thinks of seconds, and nothing lies within 60 nanoseconds of anything.
            error(what .. ": " .. length .. " is " .. length .. " nanosecond" .. (length == 1 and "" or "s") .. ': write "'
              .. length .. 's" for seconds, "' .. length .. 'ns" if it is meant', 3)
          end
          if length <= 0 or length > YEARS then
            error(what .. ": the " .. name .. " must be more than nothing and at most 100 years, not " .. shown(value), 3)
          end
          if durations_known == 1000 then durations, durations_known = {}, 0 end
          durations[value] = length
          durations_known = durations_known + 1
          return length
        end
        """#
}
