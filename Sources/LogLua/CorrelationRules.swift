/// The correlations of rule files (`correlation:`) as one plugin, in Lua on the `ctx` that every correlator has.
///
/// The chunk is called with the list of definitions and returns the plugin's table. A definition holds id, title, level,
/// cause, fix, docs, type (Sigma's words), rules (ids, without wildcards), group_by, timespan (nanoseconds), condition
/// (op and count) and, with value_count, field.
let correlationRules = #"""
    local definitions = ...

    local concat, remove = table.concat, table.remove

    local VALUE_BYTES = 3000 -- of a group's values together; they are cut to share it
    local MOST = 100000 -- the highest count of events in a condition
    local MOST_VALUES = 1000 -- the highest count of values: they are searched one by one

    local M = { name = "correlations", kind = "correlator", api = 1, rules = {} }

    local by_id, by_rule = {}, {}

    -- MARK: Words

    local units = {
      { 86400000000000, "d" }, { 3600000000000, "h" }, { 60000000000, "m" }, { 1000000000, "s" }, { 1000000, "ms" },
      { 1000, "us" }, { 1, "ns" },
    }

    --- 5400000000000 as "1h30m".
    local function spell(length)
      local parts = {}
      for _, unit in ipairs(units) do
        if length >= unit[1] then
          parts[#parts + 1] = length // unit[1] .. unit[2]
          length = length % unit[1]
        end
      end
      return concat(parts)
    end

    -- MARK: Groups

    --- A value of the event by name, as text: what rules captured stands among its fields. Nil if there is none.
    local function read(event, name, bytes)
      local value = event.fields[name]
      if value == nil and (name == "component" or name == "source") then value = event[name] end
      local kind = type(value)
      if kind == "number" or kind == "boolean" then value = tostring(value) elseif kind ~= "string" then return nil end
      return #value > bytes and value:sub(1, bytes) or value
    end

    --- The group's key and its values by name. Events that lack a value are a group of their own: one log says the host,
    --- another doesn't.
    local function group_of(event, definition)
      local names = definition.group_by or {}
      local values, parts = {}, {}
      for i, name in ipairs(names) do
        local value = read(event, name, VALUE_BYTES // #names)
        values[name] = value
        -- With its length in front, so that no two groups have one key.
        parts[i] = value and #value .. ":" .. value or "-"
      end
      return concat(parts), values
    end

    --- The finding. `what` comes before the time span: "12", "a, then b".
    local function raise(ctx, definition, values, count, what, since, sample)
      local fields, shown = { count = count }, {}
      for _, name in ipairs(definition.group_by or {}) do
        fields[name] = values[name]
        if values[name] then shown[#shown + 1] = name .. "=" .. values[name] end
      end
      ctx:emit {
        id = definition.id, title = definition.title, level = definition.level, cause = definition.cause,
        fix = definition.fix, docs = definition.docs, fields = fields, since = since, sample = sample,
        message = what .. " within " .. spell(definition.timespan)
          .. (#shown > 0 and " for " .. concat(shown, ", ") or ""),
      }
    end

    -- MARK: Conditions

    local holds = {
      gt = function(count, mark) return count > mark end,
      gte = function(count, mark) return count >= mark end,
      lt = function(count, mark) return count < mark end,
      lte = function(count, mark) return count <= mark end,
      eq = function(count, mark) return count == mark end,
    }

    local function is_met(definition, count) return holds[definition.condition.op](count, definition.condition.count) end

    --- Only a condition that more events can't undo is known to be met before its time is over.
    local function is_growing(definition) return definition.condition.op == "gte" or definition.condition.op == "gt" end

    --- The count from which on a growing condition is met: no more than that is kept.
    local function enough(definition)
      return definition.condition.count + (definition.condition.op == "gt" and 1 or 0)
    end

    local function count_text(definition, count)
      return definition.field and count .. " values of " .. definition.field or tostring(count)
    end

    --- The steps of a temporal correlation by their rules: "a, then b or c".
    local function list_text(definition, separator)
      local steps = {}
      for i, step in ipairs(definition.steps) do
        steps[i] = #step > 3 and step[1] .. " or " .. #step - 1 .. " others" or concat(step, " or ")
      end
      return #steps > 5 and "all " .. #steps .. " steps" or concat(steps, separator)
    end

    --- The keyed values of a correlation, under one name over restarts; asked for once, as each event needs them.
    local function groups_of(ctx, definition)
      local groups = definition.groups
      if not groups then
        groups = ctx:keyed(definition.type .. " " .. definition.id, { expire = definition.timespan })
        definition.groups = groups
      end
      return groups
    end

    -- MARK: Types of correlation. Each takes an event with those of the definition's rules that found it.

    local take = {}

    --- The number of different values of the group in the time span, once `value` is added: values with the time when
    --- each was last seen, oldest first.
    local function add_value(record, value, now, definition)
      local values, times = record.values, record.times
      for i = #values, 1, -1 do
        if values[i] == value then
          remove(values, i)
          remove(times, i)
          break
        end
      end
      values[#values + 1], times[#times + 1] = value, now
      while times[1] <= now - definition.timespan or #values > enough(definition) do
        remove(values, 1)
        remove(times, 1)
      end
      return #values, times[1]
    end

    --- gt and gte: known with the event that completes them. The group is quiet from then on until an event comes for
    --- which the condition isn't met, or no event comes for the whole time span.
    local function take_growing(ctx, definition, key, values, value)
      local groups = groups_of(ctx, definition)
      local record = groups:get(key)
      if not record then
        record = { is_raised = false, values = {}, times = {} }
        groups:set(key, record)
      end
      local count, since
      if definition.field then
        count, since = add_value(record, value, ctx.now, definition)
      else
        local window = ctx:window(definition.id .. " " .. key, definition.timespan, definition.kept)
        count = window:add()
        since = window:first()
      end
      local was_raised = record.is_raised
      record.is_raised = is_met(definition, count)
      if record.is_raised and not was_raised then
        raise(ctx, definition, values, count, count_text(definition, count), since)
      end
    end

    --- lt, lte and eq: known when the time span that began with the group's first event is over. The next event after
    --- that begins another.
    local function take_period(ctx, event, definition, key, values, value)
      local length = definition.timespan
      local period = ctx:session(definition.id .. " " .. key, length, { max_length = length })
      period.id, period.key, period.values, period.sample = definition.id, key, values, event:sample()
      if not definition.field then return end
      local seen = period.seen or {}
      period.seen, period.different = seen, period.different or 0
      if not seen[value] and period.different <= MOST_VALUES then
        seen[value] = true
        period.different = period.different + 1
      end
    end

    function M.session(ctx, _, period)
      local definition = by_id[period.id]
      if not definition then return end
      -- Quiet as long as one such period follows another with less than the time span in between.
      local groups = ctx:keyed(definition.type .. " " .. definition.id, { expire = 2 * definition.timespan })
      local count = definition.field and period.different or period.count
      if not is_met(definition, count) then return groups:delete(period.key) end
      if not groups:get(period.key) then
        raise(ctx, definition, period.values, count, count_text(definition, count), period.first, period.sample)
      end
      groups:set(period.key, true)
    end

    function take.event_count(ctx, event, definition)
      local key, values = group_of(event, definition)
      local value = not definition.field or read(event, definition.field, VALUE_BYTES)
      if not value then return end
      if is_growing(definition) then return take_growing(ctx, definition, key, values, value) end
      take_period(ctx, event, definition, key, values, value)
    end

    take.value_count = take.event_count

    --- When each step was last seen: all of them within the time span is a finding, and begins anew.
    function take.temporal(ctx, event, definition, found)
      local groups = groups_of(ctx, definition)
      local key, values = group_of(event, definition)
      local record, since = groups:get(key) or {}, ctx.now
      for i, step in ipairs(definition.steps) do
        for _, rule in ipairs(step) do
          if found[rule] then record[i] = ctx.now end
        end
        -- A list without holes, as all that is kept.
        record[i] = record[i] or false
        local time = record[i]
        since = time and since and time > ctx.now - definition.timespan and math.min(since, time)
      end
      if not since then return groups:set(key, record) end
      groups:delete(key)
      raise(ctx, definition, values, #definition.steps, list_text(definition, ", "), since)
    end

    --- For each step the latest start of a chain of all steps up to it: the latest can't be worse than an earlier one.
    --- From the last step to the first, so that an event is only one link of a chain.
    function take.temporal_ordered(ctx, event, definition, found)
      local groups = groups_of(ctx, definition)
      local key, values = group_of(event, definition)
      local record, last = groups:get(key) or {}, #definition.steps
      for place = 1, last do record[place] = record[place] or false end
      for place = last, 1, -1 do
        local is_found = false
        for _, rule in ipairs(definition.steps[place]) do is_found = is_found or found[rule] end
        local start = is_found and (place == 1 and ctx.now or record[place - 1])
        if start and start > ctx.now - definition.timespan then
          if place == last then
            groups:delete(key)
            return raise(ctx, definition, values, place, list_text(definition, ", then "), start)
          end
          record[place] = start
        end
      end
      groups:set(key, record)
    end

    function take.absence(ctx, event, definition, found, rule)
      local key, values = group_of(event, definition)
      ctx:heartbeat(definition.id .. " " .. key, definition.timespan,
        { id = definition.id, rule = rule, values = values, since = ctx.now, sample = event:sample() })
    end

    function M.absent(ctx, _, data)
      local definition = by_id[data.id]
      if not definition then return end
      raise(ctx, definition, data.values, 0, data.rule .. " not again", data.since, data.sample)
    end

    -- MARK: The plugin

    for _, definition in ipairs(definitions) do
      local id, condition = definition.id, definition.condition
      if not take[definition.type] then error(id .. ": there is no correlation of type " .. definition.type, 0) end
      if condition then
        if not holds[condition.op] then error(id .. ": there is no condition " .. condition.op, 0) end
        local most = definition.field and MOST_VALUES or MOST
        if condition.count >= most then error(id .. ": a condition counts less than " .. most, 0) end
        if is_growing(definition) and enough(definition) < 1 then error(id .. ": the condition is always met", 0) end
      end
      if condition and is_growing(definition) then definition.kept = { newest = enough(definition) } end
      by_id[id] = definition
      if not definition.steps then
        definition.steps = {}
        for i, rule in ipairs(definition.rules) do definition.steps[i] = { rule } end
      end
      local is_known = {}
      for _, rule in ipairs(definition.rules) do
        if not by_rule[rule] then
          by_rule[rule] = {}
          M.rules[#M.rules + 1] = rule
        end
        if not is_known[rule] then by_rule[rule][#by_rule[rule] + 1] = definition end
        is_known[rule] = true
      end
    end

    function M.process(event, ctx)
      local first, order, found = {}, {}, {}
      for _, rule in ipairs(event.findings) do
        found[rule] = true
        for _, definition in ipairs(by_rule[rule] or {}) do
          if not first[definition] then
            first[definition] = rule
            order[#order + 1] = definition
          end
        end
      end
      for _, definition in ipairs(order) do take[definition.type](ctx, event, definition, found, first[definition]) end
    end

    return M
    """#
