/// Runs the samples of a filter, correlator or sink, or a file of tests; returns what is wrong, as a list of texts.
///
/// The same functions that the host calls are called here, on events that no log holds, and nothing waits: time is what
/// the samples say that it is.
let sampleCheck = #"""
    local M, host, functions, tests = ...
    local failures, found = {}, {}
    local null = ailogger.null
    local clock = 0
    local EARLIEST = 10000000000000000 -- four months after 1970
    local sorted_pairs = ailogger.sorted_pairs

    -- What a correlator knows at first: each sample and each test begins with it.
    local function forget()
      if host.renew then functions = host.renew(M, host) end
    end

    host.emit = function(finding) found[#found + 1] = finding end

    local signs = { ["\n"] = "\\n", ["\t"] = "\\t", ["\r"] = "\\r" }

    local function shown(value)
      if value == nil then return "absent" end
      if value == null then return "null" end
      if type(value) == "table" then return ailogger.json.encode(value) end
      if type(value) ~= "string" then return tostring(value) end
      -- In one line, whatever it holds.
      return '"' .. value:gsub("%c", function(sign) return signs[sign] or ("\\x%02x"):format(sign:byte()) end) .. '"'
    end

    local function same(a, b)
      if type(a) == "table" and type(b) == "table" then return shown(a) == shown(b) end
      return a == b and math.type(a) == math.type(b)
    end

    local function nanoseconds(value)
      if value == nil then return value end
      if math.type(value) == "integer" then
        if value ~= 0 and -EARLIEST < value and value < EARLIEST then
          error(("%d is no time: it counts nanoseconds, which are seconds * 1000000000"):format(value), 0)
        end
        return value
      end
      local time, problem = ailogger.time.parse(value)
      if not time then error(("no time in %s: %s"):format(shown(value), tostring(problem)), 0) end
      return time
    end

    -- Keys that mean nothing are slips: what they were to say would go untested.
    local function names_of(...)
      local names = {}
      for _, name in ipairs({ ... }) do names[name] = true end
      return names
    end
    local event_names = names_of("line", "raw", "message", "format", "source", "time", "level", "component", "fields", "findings")
    local sample_names = names_of("line", "event", "expect")
    local correlator_names = names_of("events", "until", "expect")

    local function slip(given, known)
      local all = {}
      for name in sorted_pairs(known) do all[#all + 1] = name end
      for name in sorted_pairs(given) do
        if not known[name] then return ("there is no %s, only %s"):format(shown(name), table.concat(all, ", ")) end
      end
    end

    local function level(word) return word and ailogger.severity[tostring(word):lower()] end

    -- The event at hand becomes what a sample says.
    -- `at`: where the clock stands, for one that says no time.
    local function begin(sample, at)
      local time = nanoseconds(sample.time)
      local made_up = {
        raw = sample.raw or sample.line, message = sample.message or sample.line or "", format = sample.format or "generic",
        source = sample.source or "sample", line = 1, offset = 0, findings = sample.findings, now = time or at,
        time = time or at,
      }
      local event = host.begin(made_up)
      event.message = made_up.message
      if sample.level then event.level = sample.level end
      if sample.component then event.component = sample.component end
      for name, value in sorted_pairs(sample.fields or {}) do event.fields[name] = value end
      return event
    end

    local function taken(event)
      local fields = {}
      for name, value in pairs(event.fields) do fields[name] = value end
      return {
        message = event.message, level = event.level, severity = event.severity, component = event.component,
        time = event.time, fields = fields,
      }
    end

    -- What a filter makes of a sample: a list of events, empty if it was dropped.
    local function filtered(sample, at)
      local event = begin(sample, at)
      local made = {}
      host.another = function()
        made[#made + 1] = taken(event)
        event = begin(sample, at)
        return event
      end
      local verdict = functions.process(event)
      if verdict ~= false then made[#made + 1] = taken(event) end
      host.finish()
      return made
    end

    -- A correlator's turn: as often as timers are due before the event.
    local function correlated(sample)
      local time = nanoseconds(sample.time) or clock
      clock = math.max(clock, time)
      repeat
        local event = begin(sample, clock)
        local again = functions.process(event, time)
        host.finish()
      until not again
    end

    local function advanced(to)
      clock = math.max(clock, to)
      repeat until not functions.advance(clock)
    end

    local function compare(where, got, expected, report)
      for key, value in sorted_pairs(expected) do
        if key == "fields" then
          local fields = got.fields or {}
          for name, want in sorted_pairs(value) do
            local have = fields[name]
            if want == null and have == nil then have = null end
            if not same(have, want) then
              report(("%s: field %s is %s, expected %s"):format(where, name, shown(have), shown(want)))
            end
          end
        elseif key == "level" then
          if (got.severity or level(got.level)) ~= level(value) then
            report(("%s: level is %s, expected %s"):format(where, shown(got.level), shown(value)))
          end
        elseif key == "time" or key == "since" then
          if got[key] ~= nanoseconds(value) then
            report(("%s: %s is %s, expected %s"):format(where, key, shown(got[key]), shown(nanoseconds(value))))
          end
        elseif key ~= "message" and key ~= "component" and key ~= "title" and key ~= "id" and key ~= "status"
          and key ~= "key" then
          report(("%s: expect has no %s"):format(where, shown(key)))
        elseif not same(got[key], value) then
          report(("%s: %s is %s, expected %s"):format(where, key, shown(got[key]), shown(value)))
        end
      end
    end

    local function compare_list(where, what, got, expected, report)
      if #got ~= #expected then
        local titles = {}
        for i, one in ipairs(got) do titles[i] = shown(one.title or one.message) end
        report(("%s: %d %s, expected %d%s"):format(where, #got, what, #expected,
          #got > 0 and ": " .. table.concat(titles, ", ") or ""))
        return
      end
      for i, one in ipairs(got) do
        compare(#got > 1 and ("%s, %s %d"):format(where, what, i) or where, one, expected[i], report)
      end
    end

    local function check(index, sample)
      local where = ("samples[%d]"):format(index)
      local function report(text) failures[#failures + 1] = text end
      if type(sample) ~= "table" then return report(where .. " must be a table") end
      local problem = slip(sample, M.kind == "correlator" and correlator_names or sample_names)
      for i, event in ipairs(M.kind == "correlator" and type(sample.events) == "table" and sample.events or { sample.event }) do
        problem = problem or type(event) ~= "table" and "an event must be a table" or slip(event, event_names)
      end
      if problem then return report(where .. ": " .. problem) end
      local expect = sample.expect
      if M.kind == "correlator" then
        if type(sample.events) ~= "table" or type(expect) ~= "table" then
          return report(where .. " must have events, a list, and expect, a list of findings")
        end
        forget()
        found, clock = {}, 0
        for _, event in ipairs(sample.events) do correlated(event) end
        if sample["until"] then advanced(nanoseconds(sample["until"])) end
        return compare_list(where, "findings", found, expect, report)
      end
      local event = sample.event or { line = sample.line }
      if not sample.event and not sample.line then return report(where .. " must have an event, or a line") end
      if M.kind == "sink" then
        if type(expect) ~= "table" then return report(where .. ": expect must be a table of outputs and texts") end
        host.outputs()
        functions.process(begin(event))
        host.finish()
        local outputs = host.outputs()
        for name, text in sorted_pairs(expect) do
          if not tostring(name):find("^%a+:.") then
            report(("%s: expect has %s, which is no output: a sink's says what is written, as [\"file:PATH\"] = \"text\""):format(
              where, shown(name)))
          elseif not outputs[name] then
            report(("%s: expect has the output %s, which the plugin doesn't open with ailogger.output"):format(where, shown(name)))
          elseif outputs[name] ~= text then
            report(("%s: %s got %s, expected %s"):format(where, name, shown(outputs[name]), shown(text)))
          end
        end
        return
      end
      local made = filtered(event)
      if expect == false then
        if #made > 0 then report(where .. ": the event is kept, expected it dropped") end
      elseif type(expect) ~= "table" then
        report(where .. ": expect must be a table, or false for an event to drop")
      elseif #expect > 0 then
        compare_list(where, "events", made, expect, report)
      elseif #made == 0 then
        report(where .. ": the event is dropped")
      else
        compare(where, made[1], expect, report)
      end
    end

    if not tests then
      for index, sample in ipairs(M.samples) do check(index, sample) end
      return failures
    end

    -- A file of tests: test(name, function(t) … end), with time as the tests let it go.
    function test(name, body)
      -- Where the file calls what it was given: level 3 is whoever called the function that calls this one.
      local function place(level)
        local _, where = pcall(error, "", level + 1)
        return where
      end
      local file = place(3):match("^(.*):%d+: $") or ""
      -- What is wrong, behind its line and the test's name.
      local function report(text, where)
        local at = where and where:sub(1, #file + 1) == file .. ":" and where:match("^:(%d+): ", #file + 1)
        failures[#failures + 1] = ("%s\0%s\0%s"):format(at or "0", name, text)
      end
      found, clock = {}, 0
      forget()
      local t = {}
      function t:at(time) clock = nanoseconds(time) end
      function t:now() return clock end
      function t:event(sample)
        local problem = slip(sample, event_names)
        if problem then error("t:event: " .. problem, 2) end
        if M.kind == "correlator" then return correlated(sample) end
        local at = clock > 0 and clock or nil
        if M.kind == "sink" then
          functions.process(begin(sample, at))
          return host.finish()
        end
        local made = filtered(sample, at)
        return made[1], made
      end
      function t:parse(line)
        if type(line) == "string" and line:find("\n", 1, true) then
          error("t:parse: a parser is given one line; this text has a line feed", 2)
        end
        local event = begin { line = line }
        local verdict = functions.process(line, event)
        local made = verdict ~= false and taken(event) or nil
        host.finish()
        return made
      end
      function t:advance(duration)
        if math.type(duration) == "integer" and duration > 0 and duration < 1000000 then
          error(('t:advance: %d is %d nanoseconds: write "%ds" for seconds'):format(duration, duration, duration), 2)
        end
        local length, problem = ailogger.time.duration(duration)
        if not length then error("t:advance: " .. problem, 2) end
        local to = clock + length
        if functions.advance then advanced(to) end
        clock = to
      end
      function t:finish()
        if functions.finish then functions.finish() end
      end
      function t:findings()
        local all = found
        found = {}
        return all
      end
      function t:outputs() return host.outputs() end
      function t:expect(list)
        local where = place(3)
        compare_list("findings", "findings", t:findings(), list, function(text) report(text, where) end)
      end
      function t:equal(got, expected, what)
        if not same(got, expected) then
          report(("%s is %s, expected %s"):format(what or "the value", shown(got), shown(expected)), place(3))
        end
      end
      function t:fail(text) report(tostring(text), place(3)) end
      setmetatable(t, {
        __index = function(t, name)
          local all = {}
          for known in sorted_pairs(t) do all[#all + 1] = known end
          error(("t has no %s: it has %s"):format(shown(name), table.concat(all, ", ")), 2)
        end,
      })
      local fine, problem = pcall(body, t)
      if not fine then
        problem = tostring(problem)
        local is_own = problem:sub(1, #file + 1) == file .. ":"
        report(is_own and problem:match("^:%d+: (.*)$", #file + 1) or problem, problem)
      end
    end
    tests()
    test = nil
    return failures
    """#
