extension CorrelationMachine {
    /// `ctx:emit` and `ctx:alert`.
    static let findings = #"""
        -- MARK: Findings

        local levels = { trace = true, debug = true, info = true, warning = true, error = true, critical = true }
        local function finding_names(...)
          local names = {
            id = true, title = true, level = true, message = true, cause = true, fix = true, docs = true, fields = true,
            sample = true, since = true, until_ = true,
          }
          for _, name in ipairs({ ... }) do names[name] = true end
          return names
        end
        local known = { finding = finding_names(), alert = finding_names("key", "status") }
        local sample_names = { source = true, line = true, offset = true, time = true, text = true }

        --- Whether a table holds nothing beside its list.
        local function is_list(table)
          local count = 0
          for _ in next, table do count = count + 1 end
          return count == #table
        end

        --- An entry that is text, or nil.
        local function check_text(given, name, what, is_needed)
          local value = given[name]
          if value == nil and not is_needed then return nil end
          if type(value) ~= "string" or value == "" then
            error(what .. ": " .. name .. " must be a text, not " .. shown(value), 4)
          end
          return value
        end

        local function check_time(given, name, what)
          local value = given[name]
          if value == nil then return now end
          local time = math_type(value) and to_integer(value)
          if not time then
            error(what .. ": " .. name .. " must be a time in nanoseconds like ctx.now, not " .. shown(value), 4)
          end
          -- Seconds are the first days of 1970 as nanoseconds; only a test may well be there.
          if time ~= 0 and -EARLIEST < time and time < EARLIEST and now >= EARLIEST then
            error(what .. ": " .. name .. " is " .. time
              .. ", shortly after 1970: it counts nanoseconds, which are seconds * 1000000000", 4)
          end
          return time
        end

        local function check_fix(fix, what)
          if fix == nil then return nil end
          if type(fix) == "string" then return { fix } end
          local list = {}
          local good = type(fix) == "table" and is_list(fix)
          for i = 1, good and #fix or 0 do
            list[i] = fix[i]
            good = good and type(fix[i]) == "string"
          end
          if not good then error(what .. ": fix must be a text or a list of texts", 4) end
          return list
        end

        local function check_docs(docs, what)
          if docs == nil then return nil end
          local list = {}
          local good = type(docs) == "table" and is_list(docs)
          for i = 1, good and #docs or 0 do
            local doc = docs[i]
            good = good and type(doc) == "table" and type(doc.title) == "string" and type(doc.url) == "string"
            if not good then break end
            list[i] = { title = doc.title, url = doc.url }
          end
          if not good then error(what .. ': docs must be a list of { title = "…", url = "…" }', 4) end
          return list
        end

        --- The finding as the host takes it. Called by emit and alert, so the plugin's line is level 3 here.
        local function check_finding(given, kind, what)
          if type(given) ~= "table" then
            error(what .. ': give a table like { title = "…" }, not ' .. shown(given), 3)
          end
          check_names(given, known[kind], what, 4)

          local id = check_text(given, "id", what)
          if id and not find(id, "^[%w_.-]+$") then
            error(what .. ": id must be of letters, digits, _ . and -, not " .. shown(id), 3)
          end
          if host.name then id = id and host.name .. "." .. id or host.name end
          local level = given.level
          if level == nil then level = "error" end
          if not levels[level] then
            error(what .. ": level must be trace, debug, info, warning, error or critical, not " .. shown(level), 3)
          end
          local fields, sample = given.fields, given.sample
          if fields ~= nil and type(fields) ~= "table" then
            error(what .. ": fields must be a table, not " .. shown(fields), 3)
          end
          for name in next, fields or {} do
            if type(name) ~= "string" then
              error(what .. ": fields has a value without a name, " .. shown(fields[name]), 3)
            end
          end
          if sample == nil then
            sample = current and current:sample()
          elseif sample and type(sample) ~= "table" then
            error(what .. ": sample must be what event:sample() gives, not " .. shown(sample), 3)
          elseif sample then
            check_names(sample, sample_names, what .. ": sample", 4)
          end
          return {
            kind = kind, id = id, title = check_text(given, "title", what, true), level = level,
            message = check_text(given, "message", what), cause = check_text(given, "cause", what),
            fix = check_fix(given.fix, what), docs = check_docs(given.docs, what), fields = fields, sample = sample or nil,
            since = check_time(given, "since", what), until_ = check_time(given, "until_", what),
          }
        end

        function Ctx:emit(finding)
          finding = check_finding(finding, "finding", "ctx:emit")
          host.emit(finding)
        end

        function Ctx:alert(alert)
          local finding = check_finding(alert, "alert", "ctx:alert")
          check_key(alert.key, "ctx:alert")
          local status = alert.status
          if status ~= "raised" and status ~= "cleared" then
            error('ctx:alert: status must be "raised" or "cleared", not ' .. shown(status), 2)
          end
          finding.key, finding.status = alert.key, status
          host.emit(finding)
        end

        setmetatable(Ctx, {
          __index = function(_, name)
            local all = { "now", "state" }
            for known in next, Ctx do all[#all + 1] = known end
            sort(all)
            error("ctx has no " .. shown(name) .. ": it has " .. concat(all, ", ", 1, #all - 1) .. " and " .. all[#all], 2)
          end,
        })

        setmetatable(ctx, {
          __index = Ctx,
          __metatable = false,
          __name = "ctx",
          __newindex = function(_, name, value)
            if name == "state" or name == "now" then return rawset(ctx, name, value) end
            error("ctx." .. tostring(name) .. " can't be set: what must last belongs into ctx.state", 2)
          end,
        })
        """#
}
