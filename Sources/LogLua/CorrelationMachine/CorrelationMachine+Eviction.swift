extension CorrelationMachine {
    /// The families there are, and how a record leaves them.
    static let eviction = #"""
        -- MARK: The families, and what leaves them

        local windows = new_family("ctx:window", KEYS) -- `by` is by length, then by key
        local timers = new_family("ctx:after", KEYS)
        local sessions = new_family("ctx:session", KEYS)
        local pairs_open = new_family("ctx:open", KEYS)
        local thresholds = new_family("ctx:threshold", KEYS)
        local heartbeats = new_family("ctx:heartbeat", KEYS)

        local GONE = { -math.huge }

        local function windows_of(length)
          local same = windows.by[length]
          if not same then
            same = {}
            windows.by[length] = same
          end
          return same
        end

        local function remove(family, record)
          local by = family.by
          if family == windows then
            by = by[record.length]
            -- If it's the only one of its length.
            if next(by, next(by)) == nil then family.by[record.length] = nil end
          end
          by[record.key] = nil
          record.prev.next, record.next.prev = record.next, record.prev
          family.count = family.count - 1
          if record.times then
            entries = entries - (record.tail - record.head + 1)
            -- Whoever still holds it finds an entry that is too old, goes to let it leave, and is told.
            record.times, record.head, record.tail, record.is_gone = GONE, 1, 1, true
          end
          disarm(record)
        end

        --- True if everything in the window has left it and no call since could have kept it at hand.
        local function is_idle(window)
          local limit = now - window.length
          return not window.raised and window.used <= limit
            and (window.head > window.tail or window.times[window.tail] <= limit)
        end

        local function evict(family, record)
          if not (record.times and is_idle(record)) then
            family.evicted = family.evicted + 1
            ctx.evicted = ctx.evicted + 1
          end
          remove(family, record)
        end

        local function add_record(family, record)
          link(family, record)
          family.count = family.count + 1
          if family.count > family.limit then evict(family, family.next) end
        end
        """#
}
