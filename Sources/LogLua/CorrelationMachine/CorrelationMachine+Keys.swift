extension CorrelationMachine {
    /// Timers, pairs, heartbeats, sessions and thresholds, and what is called when their time has come.
    static let keys = #"""
        -- MARK: Timers, pairs, heartbeats: a key, data, and a time at which something is called

        --- Arms the key's record, which is made if there is none.
        local function set_alarm(family, key, length, data)
          local record = family.by[key]
          if record then
            touch(family, record)
            record.data = data
          else
            record = new_record(family, key, data)
            family.by[key] = record
            add_record(family, record)
          end
          arm(record, now + length)
          return record
        end

        function Ctx:after(key, length, data)
          check_key(key, "ctx:after")
          check_data(data, "ctx:after")
          if not M.timer then error("ctx:after: the plugin has no M.timer(ctx, now, key, data) to call", 2) end
          set_alarm(timers, key, durations[length] or read_duration(length, "ctx:after", "delay"), data)
        end

        function Ctx:cancel(key)
          local record = timers.by[key]
          if record then remove(timers, record) end
          return record ~= nil
        end

        function Ctx:open(key, length, data)
          check_key(key, "ctx:open")
          check_data(data, "ctx:open")
          if data == nil then data = true end
          local span = durations[length] or read_duration(length, "ctx:open", "time")
          set_alarm(pairs_open, key, span, data).since = now
        end

        function Ctx:close(key)
          local record = pairs_open.by[key]
          if not record then return nil end
          remove(pairs_open, record)
          return record.data, now - record.since
        end

        function Ctx:heartbeat(key, length, data)
          check_key(key, "ctx:heartbeat")
          check_data(data, "ctx:heartbeat")
          if not M.absent then error("ctx:heartbeat: the plugin has no M.absent(ctx, key, data) to call", 2) end
          set_alarm(heartbeats, key, durations[length] or read_duration(length, "ctx:heartbeat", "time"), data)
        end

        -- MARK: Sessions

        local session_options = { max_length = true }

        function Ctx:session(key, gap, options)
          local span = durations[gap] or read_duration(gap, "ctx:session", "gap")
          local longest
          if options ~= nil then
            check_options(options, session_options, "ctx:session")
            longest = options.max_length
            if longest ~= nil then longest = durations[longest] or read_duration(longest, "ctx:session", "max_length") end
          end
          local record = sessions.by[key]
          if record then
            touch(sessions, record)
            record.count = record.count + 1
          else
            check_key(key, "ctx:session")
            record = new_record(sessions, key, {})
            record.first, record.count = now, 1
            sessions.by[key] = record
            add_record(sessions, record)
          end
          local first, session = record.first, record.data
          session.first, session.last, session.count = first, now, record.count
          local due = now + span
          if longest and first + longest < due then due = first + longest end
          if not record.slot or due ~= record.due then arm(record, due) end
          return session
        end

        -- MARK: Thresholds: windows that remember being over the mark

        local threshold_options = { within = true, count = true, clear = true }

        function Ctx:threshold(key, options)
          check_key(key, "ctx:threshold")
          check_options(options, threshold_options, "ctx:threshold")
          local within = options.within
          local length = durations[within] or read_duration(within, "ctx:threshold", "within")
          local mark, clear = options.count, options.clear
          mark = check_count(mark, 1, MOST, "ctx:threshold", "count")
          clear = clear == nil and mark // 2 or check_count(clear, 0, mark - 1, "ctx:threshold", "clear")

          local window = thresholds.by[key]
          if window then
            touch(thresholds, window)
            window.length, window.used = length, now
          else
            window = new_window(key, length)
            window.family = thresholds
            thresholds.by[key] = window
            add_record(thresholds, window)
          end
          if mark > window.limit then window.limit = mark end

          local raised, change = window.raised, nil
          if raised and Window.count(window) <= clear then raised, change = false, "cleared" end
          local count = Window.add(window)
          if not raised and count >= mark then raised, change = true, "raised" end
          window.raised = raised
          if raised and M.cleared then
            -- When this one leaves, `clear` are left.
            arm(window, window.times[window.tail - clear] + length)
          else
            disarm(window)
          end
          return change, count, window.times[window.head]
        end

        -- MARK: What is called when a record's time has come; false if the plugin has nothing to call

        function timers.fire(record)
          remove(timers, record)
          if not M.timer then return false end
          M.timer(ctx, now, record.key, record.data)
          return true
        end

        for family, name in next, { [sessions] = "session", [pairs_open] = "unpaired", [heartbeats] = "absent" } do
          function family.fire(record)
            remove(family, record)
            if not M[name] then return false end
            M[name](ctx, record.key, record.data)
            return true
          end
        end

        function thresholds.fire(record)
          disarm(record)
          -- Without it the next call of ctx:threshold tells.
          if not M.cleared then return false end
          record.raised = false
          M.cleared(ctx, record.key)
          return true
        end
        """#
}
