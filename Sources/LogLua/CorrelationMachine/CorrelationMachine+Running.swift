extension CorrelationMachine {
    /// Events in, time on.
    static let running = #"""
        -- MARK: Running

        -- `firing`: what time led to is being called. It stays true if that fails, for the host to see that there is more to do.
        local machine = { firing = false }

        -- What was armed since time began to go on to `chain_target` has a `seq` above `chain_start`.
        local chain, chain_start, chain_target = 0, 0, nil

        --- Counts a timer that goes off in the same stretch of time in which it was armed. One that does so for ever (a delay
        --- of 1000 is a microsecond, not a second) would hold up the run.
        local function count_chain(record, target)
          if chain_target ~= target then chain, chain_start, chain_target = 0, sequence, target end
          if record.seq <= chain_start then return end
          chain = chain + 1
          if chain <= CHAIN then return end
          local family, key = record.family, record.key
          remove(family, record)
          machine.firing = true
          error(family.name .. ": the timer of \"" .. tostring(key) .. "\" was given up: timers were set off again more than "
            .. CHAIN .. " times before the next event; is its delay in nanoseconds? \"5s\" is five seconds", 0)
        end

        --- Lets time pass up to `target`, with at most one call of the plugin: true if there may be more to do. So each call
        --- of the plugin has a budget of its own, and an error costs no other timer.
        local function pass(target)
          for _ = 1, STEPS do
            local record = heap[1]
            if not record or record.at > target then
              now = target
              ctx.now = target
              return false
            end
            if record.order ~= record.seq then
              move_on(record)
            else
              count_chain(record, target)
              if record.at > now then now = record.at end
              ctx.now = now
              machine.firing = true
              local fired = record.family.fire(record)
              machine.firing = false
              if fired then return true end
            end
          end
          return true
        end

        --- Time never goes back.
        local function clamp(time)
          if time < now then return now end
          return time < LATEST and time or LATEST
        end

        function machine.process(event, time)
          current = nil
          local target = clamp(time)
          local top = heap[1]
          if top and top.at <= target then
            if pass(target) then return true, heap[1] and heap[1].at end
          else
            now = target
            ctx.now = target
          end
          current = event
          M.process(event, ctx)
          current = nil
          top = heap[1]
          return false, top and top.at
        end

        function machine.advance(time)
          current = nil
          local is_more = pass(clamp(time))
          return is_more, heap[1] and heap[1].at
        end

        --- When the next timer is due; nothing happens before.
        function machine.due()
          local record = heap[1]
          for _ = 1, STEPS do
            if not record or record.order == record.seq then break end
            move_on(record)
            record = heap[1]
          end
          return record and record.at
        end

        function machine.finish()
          if type(M.finish) == "function" then M.finish(ctx) end
        end

        --- What was lost to the bounds: a list of { what = "keys of ctx:window", count = 3 }.
        function machine.lost()
          local list = {}
          for _, family in ipairs(families) do
            if family.evicted > 0 then list[#list + 1] = { what = "keys of " .. family.name, count = family.evicted } end
          end
          if ctx.dropped > 0 then list[#list + 1] = { what = "entries of windows", count = ctx.dropped } end
          return list
        end
        """#
}
