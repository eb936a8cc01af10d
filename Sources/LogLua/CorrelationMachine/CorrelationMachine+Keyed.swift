extension CorrelationMachine {
    /// `ctx:keyed`: values by key, with expiry.
    static let keyed = #"""
        -- MARK: Keyed values

        local Keyed = {}
        local keyed_meta = { __index = Keyed, __metatable = false, __name = "keyed" }
        local keyed, keyed_list = {}, {}

        --- Removes what nobody used for too long: as that is in order of use, all of it is at the front.
        local function purge(family)
          local expiry = family.expire
          local record = family.next
          if not expiry or record == family or record.used > now - expiry then return end
          local limit, by, count = now - expiry, family.by, family.count
          if family.prev.used <= limit then
            family.by, family.count, family.prev, family.next = {}, 0, family, family
            return
          end
          while record.used <= limit do
            by[record.key] = nil
            count = count - 1
            record = record.next
          end
          family.count, family.next, record.prev = count, record, family
        end

        local function new_keyed(name)
          local family = new_family("ctx:keyed " .. name, KEYS)
          local handle = setmetatable({ name = name, family = family }, keyed_meta)
          keyed[name] = handle
          keyed_list[#keyed_list + 1] = handle
          return handle
        end

        function Keyed:get(key)
          local family = self.family
          local record = family.by[key]
          if not record then return nil end
          local expiry = family.expire
          if expiry and record.used <= now - expiry then
            remove(family, record)
            return nil
          end
          record.used = now
          touch(family, record)
          return record.value
        end

        function Keyed:set(key, value)
          check_key(key, "keyed:set")
          check_data(value, "keyed:set")
          if value == nil then return self:delete(key) end
          local family = self.family
          purge(family)
          local record = family.by[key]
          if record then
            record.value, record.used = value, now
            touch(family, record)
          else
            record = { key = key, value = value, used = now, prev = false, next = false }
            family.by[key] = record
            add_record(family, record)
          end
        end

        function Keyed:delete(key)
          local family = self.family
          purge(family)
          local record = family.by[key]
          if record then remove(family, record) end
        end

        function Keyed:count()
          purge(self.family)
          return self.family.count
        end

        --- Over what is there at the beginning; what is deleted on the way is left out.
        function Keyed:each()
          local family = self.family
          purge(family)
          local list, count = {}, 0
          local record = family.next
          while record ~= family do
            count = count + 1
            list[count] = record
            record = record.next
          end
          local at = 0
          return function()
            while at < count do
              at = at + 1
              local found = list[at]
              if family.by[found.key] == found then return found.key, found.value end
            end
            return nil
          end
        end

        local keyed_options = { expire = true, max = true }

        function Ctx:keyed(name, options)
          local handle = keyed[name]
          if not handle then
            if type(name) ~= "string" or #name > KEY_BYTES then
              error("ctx:keyed: the name must be a string of at most " .. KEY_BYTES .. " bytes, not " .. shown(name), 2)
            end
            if #keyed_list == NAMES then
              error("ctx:keyed: more than " .. NAMES .. " names; let the key tell things apart, not the name", 2)
            end
            handle = new_keyed(name)
          end
          if options ~= nil then
            check_options(options, keyed_options, "ctx:keyed")
            local family, expiry, max = handle.family, options.expire, options.max
            if expiry ~= nil then family.expire = durations[expiry] or read_duration(expiry, "ctx:keyed", "expire") end
            if max ~= nil then
              family.limit = check_count(max, 1, MOST_KEYS, "ctx:keyed", "max")
              while family.count > family.limit do evict(family, family.next) end
            end
          end
          return handle
        end
        """#
}
