extension CorrelationMachine {
    /// Records by key, in order of last use.
    static let families = #"""
        -- MARK: Families: records by key, in a ring in order of last use. The family itself is the ring's head: `next` is
        -- the oldest record, `prev` the newest.

        local families = {}

        local function new_family(name, limit)
          local family = { name = name, limit = limit, by = {}, count = 0, evicted = 0 }
          family.prev, family.next = family, family
          families[#families + 1] = family
          return family
        end

        local function link(family, record)
          local last = family.prev
          record.prev, record.next = last, family
          last.next, family.prev = record, record
        end

        local function touch(family, record)
          if family.prev == record then return end
          local before, after = record.prev, record.next
          before.next, after.prev = after, before
          link(family, record)
        end

        --- With all that it will hold, so that Lua makes room for it once.
        local function new_record(family, key, data)
          return { family = family, key = key, data = data, prev = false, next = false, slot = false, due = 0, seq = 0, at = 0,
            order = 0 }
        end
        """#
}
