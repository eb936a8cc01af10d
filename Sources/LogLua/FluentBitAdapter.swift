/// Runs a filter script that was written for Fluent Bit as it is: `cb(tag, timestamp, record)`, whose first result says
/// what to do with the rest. https://docs.fluentbit.io/manual/pipeline/filters/lua
///
/// `record` holds the event's fields and, where there are any, its level and component; its message is `log`. The tag is
/// the event's source.
let fluentBitAdapter = #"""
    local M, host = ...
    local sorted_pairs, concat, log = ailogger.sorted_pairs, table.concat, ailogger.log

    -- What scripts for Fluent Bit reckon with: a log of its own to print to, an environment, in which there is nothing,
    -- and what null is, as with `enable_flb_null`.
    function print(...)
      local texts = {}
      for i = 1, select("#", ...) do texts[i] = tostring((select(i, ...))) end
      log("info", concat(texts, "\t"))
    end
    function os.getenv() return nil end
    flb_null = ailogger.null

    -- The script defines its function as a global one.
    local found, loaded = pcall(require, (M.script:gsub("%.lua$", ""):gsub("[^%w/]", "_"):gsub("/", ".")))
    if not found then
      if tostring(loaded):find("^require: there is no module") then
        loaded = ("there is no script %s: it stands in the plugin's own folder, beside init.lua"):format(M.script)
      end
      error(loaded, 0)
    end
    local callback = _G[M.call] or (type(loaded) == "table" and loaded[M.call])
    if type(callback) ~= "function" then
      error(("%s defines no function %s"):format(M.script, M.call), 0)
    end

    local members = { log = true, level = true, component = true }

    local function record_of(event)
      local record = {}
      for name, value in pairs(event.fields) do record[name] = value end
      record.log = event.message
      record.level = event.level
      record.component = event.component
      return record
    end

    local function time_of(event)
      local time = event.time
      if M.time_as_table then
        return time and { sec = time // 1000000000, nsec = time % 1000000000 } or { sec = 0, nsec = 0 }
      end
      return time and time / 1e9 or 0.0
    end

    -- As C takes a number: text too, without the fraction, and 0 for what is none.
    local function whole(value)
      return math.tointeger((math.modf(tonumber(value) or 0))) or 0
    end

    local function set_time(event, time)
      if type(time) == "table" then
        event.time = whole(time.sec) * 1000000000 + whole(time.nsec)
        return
      end
      time = tonumber(time)
      if math.type(time) == "integer" then
        event.time = time * 1000000000
      elseif math.type(time) == "float" then
        -- A float of seconds is good to about a quarter of a microsecond: whole microseconds are what it holds.
        event.time = math.floor(time * 1000000 + 0.5) * 1000
      end
    end

    local function text(value)
      if value == nil or type(value) == "string" then return value end
      return type(value) == "table" and ailogger.json.encode(value) or tostring(value)
    end

    local function set_record(event, record, names)
      for name in pairs(names) do
        if not members[name] and record[name] == nil then event.fields[name] = nil end
      end
      -- The order in which fields are added is seen.
      for name, value in sorted_pairs(record) do
        if not members[name] then event.fields[tostring(name)] = value end
      end
      if record.log ~= event.message then event.message = text(record.log) end
      if record.component ~= event.component then event.component = text(record.component) end
      if record.level ~= event.level then
        -- A level in words of the script's own stays a field.
        if not pcall(function() event.level = record.level end) then event.fields.level = text(record.level) end
      end
    end

    local function process(event)
      local record = record_of(event)
      local names = {}
      for name in pairs(record) do names[name] = true end
      local time = time_of(event)
      local code, new_time, new_record = callback(event.source or "", time, record)
      -- What is no number at all is a slip, but for nothing, which many scripts return for 0.
      local number = (code == nil or tonumber(code)) and whole(code)
      if number == -1 then return false end
      if number == 0 then return end
      if number ~= 1 and number ~= 2 then
        error(("%s returned %s, not -1, 0, 1 or 2"):format(M.call, tostring(code)), 0)
      end
      if type(new_record) ~= "table" then
        error(("%s returned %s as the record, not a table"):format(M.call, tostring(new_record)), 0)
      end
      local parts = #new_record > 0 and new_record or { new_record }
      for index, part in ipairs(parts) do
        if index > 1 then event = host.another() end
        if type(part) ~= "table" then error(("%s returned a list of more than tables"):format(M.call), 0) end
        if number == 1 then set_time(event, new_time) end
        set_record(event, part, names)
      end
    end

    return { process = process }
    """#
