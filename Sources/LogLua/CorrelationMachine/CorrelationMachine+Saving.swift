extension CorrelationMachine {
    /// A state to be written down, and taken up again.
    static let saving = #"""
        -- MARK: Saving. What `save` gives holds the plugin's own tables, not copies: it is to be written down before the plugin
        -- runs again. It takes little room beside what is saved: a family is one list, record by record in order of use, each a
        -- number whose bits say which of the family's entries it has, and then these.

        local saved_families = {
          { "windows", windows, { "key", "length", "limit", "is_newest", "is_mixed", "used", "head", "times", "items", "folds",
            "counts" } },
          { "thresholds", thresholds, { "key", "length", "limit", "used", "head", "times", "raised", "due", "seq" } },
          { "timers", timers, { "key", "data", "due", "seq" } },
          { "pairs", pairs_open, { "key", "data", "since", "due", "seq" } },
          { "heartbeats", heartbeats, { "key", "data", "due", "seq" } },
          { "sessions", sessions, { "key", "data", "first", "count", "due", "seq" } },
        }
        local saved_keyed = { "key", "value", "used" }

        --- A window's list without what has left it.
        local function cut(list, window)
          if not list or window.head == 1 and list[window.tail + 1] == nil then return list end
          return move(list, window.head, window.tail, 1, {})
        end

        --- What isn't saved as it is.
        local saved_as = {
          times = function(window) return cut(window.times, window) end,
          items = function(window) return cut(window.items, window) end,
          counts = function(window) return window.counts and true end,
          due = function(record) return record.slot and record.due or nil end,
          seq = function(record) return record.slot and record.seq or nil end,
          folds = function(window)
            if not window.folds then return nil end
            local names = {}
            for _, name in ipairs(fold_names) do
              if window.folds[name] then names[#names + 1] = name end
            end
            return names
          end,
        }

        local function save_family(family, names)
          local list, count = {}, 0
          local record = family.next
          while record ~= family do
            local mask, at = 0, count + 1
            list[at] = mask
            count = at
            for i, name in ipairs(names) do
              local value
              if saved_as[name] then value = saved_as[name](record) else value = record[name] end
              if value ~= nil then
                mask = mask | 1 << i
                count = count + 1
                list[count] = value
              end
            end
            list[at] = mask
            record = record.next
          end
          return { list = list, evicted = family.evicted, limit = family.limit, expire = family.expire }
        end

        --- Makes a window of its saved entries.
        local function restore_window(window)
          local times, items, folds, has_counts, head = window.times, window.items, window.folds, window.counts, window.head
          window.tail = head + #times - 1
          entries = entries + #times
          if head > 1 then
            -- At the same places as before, so that floats are summed up in the same order as before.
            window.times, window.items = {}, items and {}
            for i = 1, head - 1 do
              window.times[i] = 0
              if items then window.items[i] = false end
            end
            move(times, 1, #times, head, window.times)
            if items then move(items, 1, #times, head, window.items) end
          end
          -- Now, and not at the cost of the plugin's first call.
          window.folds, window.counts = nil, nil
          for _, name in ipairs(folds or {}) do new_fold(window, name) end
          if has_counts then count_values(window) end
          setmetatable(window, window_meta)
        end

        local function restore_family(family, saved, names)
          family.evicted = saved.evicted
          local list, at = saved.list, 1
          while list[at] do
            local mask, record = list[at], { family = family }
            for i, name in ipairs(names) do
              if mask & 1 << i ~= 0 then
                at = at + 1
                record[name] = list[at]
              end
            end
            at = at + 1
            if record.times then restore_window(record) end
            local by = family == windows and windows_of(record.length) or family.by
            by[record.key] = record
            link(family, record)
            family.count = family.count + 1
            if record.due then enter(record) end
          end
        end

        function machine.save()
          local saved = {
            version = 2, now = now, sequence = sequence, state = ctx.state, evicted = ctx.evicted, dropped = ctx.dropped,
            keyed = {},
          }
          for _, part in ipairs(saved_families) do saved[part[1]] = save_family(part[2], part[3]) end
          for i, handle in ipairs(keyed_list) do
            saved.keyed[i] = save_family(handle.family, saved_keyed)
            saved.keyed[i].name = handle.name
          end
          return saved
        end

        --- Everything is as when nothing had happened yet.
        local function forget()
          for _, family in ipairs(families) do
            family.by, family.count, family.evicted, family.prev, family.next = {}, 0, 0, family, family
          end
          -- Families of ctx:keyed are made when they are asked for.
          for i = #families, #saved_families + 1, -1 do families[i] = nil end
          heap, armed, keyed, keyed_list = {}, 0, {}, {}
          now, sequence, entries = -LATEST, 0, 0
          ctx.now, ctx.state, ctx.evicted, ctx.dropped = now, {}, 0, 0
        end

        --- Goes on from what `save` gave, or begins anew without it. The tables of `saved` are the machine's from then on.
        function machine.restore(saved)
          forget()
          if saved == nil then return end
          if type(saved) ~= "table" or saved.version ~= 2 then error("the saved state is of another version", 0) end
          now, sequence = saved.now, saved.sequence
          ctx.now, ctx.evicted, ctx.dropped = now, saved.evicted, saved.dropped
          ctx.state = saved.state == nil and {} or saved.state
          for _, part in ipairs(saved_families) do restore_family(part[2], saved[part[1]], part[3]) end
          for _, part in ipairs(saved.keyed) do
            local family = new_keyed(part.name).family
            family.limit, family.expire = part.limit, part.expire
            restore_family(family, part, saved_keyed)
          end
        end

        return machine
        """#
}
