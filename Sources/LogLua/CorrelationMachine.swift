/// What stands behind a correlator's `ctx`, in Lua: windows, keyed values, timers, sessions, pairs, thresholds and
/// heartbeats on event time, in the plugin's own sandboxed state.
///
/// The chunk is called with the plugin's table and the host's functions and returns `process`, `advance`, `due`, `save`,
/// `restore`, `lost` and `finish`. A call of `process` or `advance` runs at most one function of the plugin, and returns
/// true, to be called again, until time has passed as far as asked for and, with `process`, the event was handed over.
/// The second result is a time before which no timer is due, nil without any.
///
/// Only event time drives it and no order of a table's keys shows in what it does, so that the same log gives the same
/// findings, and a state that was saved and restored goes on as if nothing had been.
let correlationMachine = #"""
    local M, host = ...

    local error, ipairs, next, pcall, rawset, setmetatable = error, ipairs, next, pcall, rawset, setmetatable
    local tostring, type = tostring, type
    local math_type, to_integer, move, find, sub = math.type, math.tointeger, table.move, string.find, string.sub

    local KEYS = host.keys or 10000 -- of a family; the least recently used goes first
    local ENTRIES = host.entries or 200000 -- of all windows together
    local WINDOW = 10000 -- entries of one window, unless it says otherwise
    -- The highest bounds that a plugin may ask for: what a call can still look at within its budget.
    local MOST = 20000 -- entries whose values may be summed up
    local MOST_KEYS = 100000
    local NAMES = 1000 -- of ctx:keyed
    local KEY_BYTES = 4096
    local YEARS = 36500 * 86400 * 1000000000 -- the longest duration: a hundred years
    local LATEST = 1 << 62 -- times lie within this of 1970, so that no sum of a time and a duration wraps
    local STEPS = 200 -- timers looked at in one call

    local ctx = { now = -LATEST, state = {}, evicted = 0, dropped = 0 }
    local now = -LATEST
    local current -- the event at hand
    local sequence = 0 -- counts armings
    local entries = 0 -- held by windows

    -- MARK: Errors. A checker is called by the function that the plugin called, so the plugin's line is level 3.

    local function shown(value)
      local kind = type(value)
      if kind == "string" then return '"' .. (#value > 40 and sub(value, 1, 40) .. "…" or value) .. '"' end
      if kind == "number" or kind == "boolean" or kind == "nil" then return tostring(value) end
      return "a " .. kind
    end

    local function check_key(key, what)
      local kind = type(key)
      if kind == "string" then
        if #key <= KEY_BYTES then return end
        error(what .. ": the key has more than " .. KEY_BYTES .. " bytes", 3)
      end
      if kind ~= "number" or key ~= key then
        error(what .. ": the key must be a string or a number, not " .. shown(key), 3)
      end
    end

    --- What is kept is written to disk. Only the outside of a table is looked at here, all of it when it is saved.
    local function check_data(value, what)
      local kind = type(value)
      if kind == "function" or kind == "thread" or kind == "userdata" and value ~= host.null then
        error(what .. ": only strings, numbers, booleans and tables of these can be kept, not a " .. kind, 3)
      end
    end

    local function check_options(options, what)
      if type(options) ~= "table" then error(what .. ": the options must be a table, not " .. shown(options), 3) end
    end

    --- A whole number from `low` to `high`.
    local function check_count(value, low, high, what, name)
      local count = math_type(value) and to_integer(value)
      if not count or count < low or count > high then
        error(what .. ": " .. name .. " must be a whole number from " .. low .. " to " .. high .. ", not "
          .. shown(value), 3)
      end
      return count
    end

    --- Texts that were read before. Read it first: `durations[text] or read_duration(text, …)`.
    local durations = {}
    local durations_known = 0

    local function read_duration(value, what, name)
      local length = math_type(value) and to_integer(value)
      if type(value) == "string" then
        local good, result = pcall(host.duration, value)
        length = good and result
      end
      if not length then
        error(what .. ": the " .. name .. ' must be a duration like "60s", not ' .. shown(value), 3)
      end
      if length <= 0 or length > YEARS then
        error(what .. ": the " .. name .. " must be more than nothing and at most 100 years, not " .. shown(value), 3)
      end
      if durations_known == 1000 then durations, durations_known = {}, 0 end
      durations[value] = length
      durations_known = durations_known + 1
      return length
    end

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

    -- MARK: The heap of timers. A record that is armed carries `due` and `seq`, which say when it fires and which of
    -- those due together is first, and `slot`, its place. It is sorted by `at` and `order`: the same, or earlier if the
    -- record was put off since; then it is moved on once it comes to the top. So putting off, which every event does to
    -- its session, costs next to nothing, and nothing dead is ever in the heap.

    local heap = {}
    local armed = 0

    local function sift_up(record, slot)
      local at, order = record.at, record.order
      while slot > 1 do
        local parent = heap[slot >> 1]
        local other = parent.at
        if at > other or at == other and order > parent.order then break end
        heap[slot], parent.slot = parent, slot
        slot = slot >> 1
      end
      heap[slot], record.slot = record, slot
    end

    local function sift_down(record, slot)
      local at, order = record.at, record.order
      local child = slot + slot
      while child <= armed do
        local first, second = heap[child], heap[child + 1]
        local other = first.at
        if second and (second.at < other or second.at == other and second.order < first.order) then
          first, other, child = second, second.at, child + 1
        end
        if at < other or at == other and order < first.order then break end
        heap[slot], first.slot = first, slot
        slot, child = child, child + child
      end
      heap[slot], record.slot = record, slot
    end

    local function enter(record)
      record.at, record.order = record.due, record.seq
      armed = armed + 1
      sift_up(record, armed)
    end

    local function arm(record, due)
      sequence = sequence + 1
      record.due, record.seq = due, sequence
      local slot = record.slot
      if not slot then
        enter(record)
      elseif due < record.at then
        record.at, record.order = due, sequence
        sift_up(record, slot)
      end
    end

    local function disarm(record)
      local slot = record.slot
      if not slot then return end
      record.slot = false
      local last = heap[armed]
      heap[armed] = nil
      armed = armed - 1
      if last == record then return end
      sift_down(last, slot)
      sift_up(last, last.slot)
    end

    --- Puts the record on top in its true place: it was put off since it was put into the heap.
    local function move_on(record)
      record.at, record.order = record.due, record.seq
      sift_down(record, 1)
    end

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

    -- MARK: Windows. Entries lie at head … tail of two lists, times and values (false where there is none). What leaves
    -- stays where it is until half of the list is dead, then the rest is moved to the front; so a window of any size
    -- costs the same to add to, and many entries leave at once by moving `head`, found by bisection.

    local Window = {}
    local window_meta = { __index = Window, __metatable = false, __name = "window" }

    local function new_window(key, length)
      return setmetatable({ key = key, length = length, limit = WINDOW, head = 1, tail = 0, times = {}, used = now,
        prev = false, next = false }, window_meta)
    end

    --- Entries before `first` leave.
    local function leave(window, first)
      local head, counts = window.head, window.counts
      if counts then
        local values, different = window.items, window.different
        for i = head, first - 1 do
          local value = values[i]
          if value then
            local count = counts[value]
            if count == 1 then
              counts[value] = nil
              different = different - 1
            else
              counts[value] = count - 1
            end
          end
        end
        window.different = different
      end
      entries = entries - (first - head)
      window.head = first
    end

    local function empty(window)
      local tail = window.tail
      entries = entries - (tail - window.head + 1)
      if tail > 64 then window.times = {} end
      window.head, window.tail, window.items, window.folds, window.counts = 1, 0, nil, nil, nil
    end

    --- Lets go what is too old.
    local function expire(window)
      if window.is_gone then
        error("this window was given up for others: ask ctx:window for it in every call", 3)
      end
      local times, low, high = window.times, window.head, window.tail
      local limit = now - window.length
      if low > high or times[low] > limit then return end
      if times[high] <= limit then return empty(window) end
      -- The first that stays is after `low` and not after `high`: mostly close to the head, so steps grow from there.
      local step = 1
      while low + step < high and times[low + step] <= limit do
        low = low + step
        step = step + step
      end
      if low + step < high then high = low + step end
      while high - low > 1 do
        local middle = (low + high) // 2
        if times[middle] <= limit then low = middle else high = middle end
      end
      leave(window, high)
    end

    -- What is summed up of 16 entries each and of 256 is kept, so that a sum adds a few dozen numbers instead of all.
    -- Nothing is ever subtracted, which with floats would leave a rest.

    local function plus(a, b) return a + b end
    local joins = {
      sum = plus,
      numbers = plus,
      min = function(a, b) return b < a and b or a end,
      max = function(a, b) return b > a and b or a end,
    }
    local fold_names = { "sum", "numbers", "min", "max" }

    --- Joins what is in a list from `first` to `last` with `result`, either of which may be missing. `is_mixed`: not all
    --- that is there are numbers.
    local function reduce(list, first, last, join, result, is_mixed)
      if join == plus and not is_mixed and first <= last then
        result = result or 0
        for i = first, last do result = result + list[i] end
        return result
      end
      for i = first, last do
        local value = list[i]
        if not is_mixed or math_type(value) then result = result and join(result, value) or value end
      end
      return result
    end

    --- The same of a window's entries.
    local function reduce_items(window, name, first, last, result)
      local items = window.items
      if name ~= "numbers" then return reduce(items, first, last, joins[name], result, window.is_mixed) end
      result = result or 0
      for i = first, last do
        if math_type(items[i]) then result = result + 1 end
      end
      return result
    end

    --- Takes in the entry after the first `at`.
    local function fold_add(fold, name, at, value)
      local by_16, join, small = fold.by_16, joins[name], (at >> 4) + 1
      local sum = at & 15 ~= 0 and by_16[small]
      if math_type(value) then
        if name == "numbers" then value = 1 end
        sum = sum and join(sum, value) or value
      end
      by_16[small] = sum
      if at & 255 == 255 then fold.by_256[small >> 4] = reduce(by_16, small - 15, small, join, nil, true) or false end
    end

    local function new_fold(window, name)
      local by_16, by_256, join, head, tail = {}, {}, joins[name], window.head, window.tail
      -- What begins before the head is never asked for; only the lists must have no holes.
      for i = 1, (head - 1) >> 4 do by_16[i] = false end
      for at = (head - 1) & ~15, tail - 1, 16 do
        local first, last = at < head and head or at + 1, at + 16 < tail and at + 16 or tail
        by_16[(at >> 4) + 1] = reduce_items(window, name, first, last) or false
      end
      for i = 1, tail >> 8 do by_256[i] = reduce(by_16, i * 16 - 15, i * 16, join, nil, true) or false end
      local fold = { by_16 = by_16, by_256 = by_256 }
      window.folds = window.folds or {}
      window.folds[name] = fold
      return fold
    end

    --- Nil if there is no number in the window.
    local function fold_all(window, name)
      local head, tail = window.head, window.tail
      if not window.items or head > tail then return nil end
      local is_mixed, join = window.is_mixed, joins[name]
      if name == "numbers" and not is_mixed then return tail - head + 1 end
      -- Single entries up to a multiple of 16, sums of 16 up to one of 256, sums of 256, and the sums of 16 that are left.
      local up = (head + 14) & ~15
      if up >= tail then return reduce_items(window, name, head, tail) end
      local fold = window.folds and window.folds[name] or new_fold(window, name)
      local result
      if up >= head then result = reduce_items(window, name, head, up) end
      local last, far, full = ((tail - 1) >> 4) + 1, (up + 255) >> 8, tail >> 8
      if far >= full then return reduce(fold.by_16, (up >> 4) + 1, last, join, result, is_mixed) end
      result = reduce(fold.by_16, (up >> 4) + 1, far << 4, join, result, is_mixed)
      result = reduce(fold.by_256, far + 1, full, join, result, is_mixed)
      return reduce(fold.by_16, (full << 4) + 1, last, join, result, is_mixed)
    end

    --- How often each value is there, and how many different ones are.
    local function count_values(window)
      local items, counts, different = window.items, {}, 0
      for i = window.head, window.tail do
        local value = items[i]
        if value then
          local count = counts[value]
          if not count then different = different + 1 end
          counts[value] = (count or 0) + 1
        end
      end
      window.counts, window.different = counts, different
    end

    --- Moves the entries to the front of the lists.
    local function compact(window)
      local head, tail = window.head, window.tail
      local shift = head - 1
      -- In steps of 256 what was summed up can be moved along; with few entries it's made anew when it's asked for.
      if tail - shift >= 256 then shift = shift - shift % 256 end
      -- Now and then fresh lists, as the old ones keep the size that they once had.
      local is_long = tail > 1024
      window.times = move(window.times, head, tail, head - shift, is_long and move(window.times, 1, head - shift, 1, {})
        or window.times)
      local values = window.items
      if values then
        window.items = move(values, head, tail, head - shift, is_long and move(values, 1, head - shift, 1, {}) or values)
      end
      if shift % 256 ~= 0 then
        window.folds = nil
      elseif window.folds then
        for _, fold in next, window.folds do
          move(fold.by_16, (shift >> 4) + 1, ((tail - 1) >> 4) + 1, 1)
          move(fold.by_256, (shift >> 8) + 1, ((tail - 1) >> 8) + 1, 1)
        end
      end
      window.head, window.tail = head - shift, tail - shift
    end

    --- Makes room when all windows together hold too much: the one that wasn't used for longest goes.
    local function shed(window)
      for _, family in ipairs({ windows, thresholds }) do
        local record = family.next
        while entries > ENTRIES and record ~= family do
          local after = record.next
          if record ~= window then evict(family, record) end
          record = after
        end
      end
    end

    local function trim(window)
      local first = window.tail - window.limit + 1
      if first <= window.head then return end
      if not window.is_newest then ctx.dropped = ctx.dropped + (first - window.head) end
      leave(window, first)
    end

    local function put_value(window, tail, value)
      local items, counts, folds = window.items, window.counts, window.folds
      if not items then
        items = {}
        for i = 1, tail - 1 do items[i] = false end
        window.items, window.is_mixed = items, tail > window.head
      end
      items[tail] = value
      if not math_type(value) then window.is_mixed = true end
      if counts and value then
        local count = counts[value]
        if count then
          counts[value] = count + 1
        else
          counts[value] = 1
          window.different = window.different + 1
        end
      end
      if folds then
        for name, fold in next, folds do fold_add(fold, name, tail - 1, value) end
      end
    end

    --- Adds an entry to a window in which all are young enough; returns their number.
    local function append(window, value)
      local head, tail = window.head, window.tail + 1
      window.times[tail] = now
      window.tail = tail
      if value ~= nil then
        put_value(window, tail, value)
      elseif window.items then
        put_value(window, tail, false)
      end
      local count = tail - head + 1
      entries = entries + 1
      if count > window.limit then
        trim(window)
        head = window.head
        count = tail - head + 1
      end
      if head > 16 and head + head > tail then compact(window) end
      if entries > ENTRIES then shed(window) end
      return count
    end

    function Window:add(value)
      if value ~= nil then
        local kind = type(value)
        if kind ~= "string" and kind ~= "number" or value ~= value then
          error("window:add: the value must be a number or a string, not " .. shown(value), 2)
        end
      end
      local head = self.head
      if head <= self.tail and self.times[head] <= now - self.length then expire(self) end
      return append(self, value)
    end

    function Window:count()
      expire(self)
      return self.tail - self.head + 1
    end

    --- Of the numbers among the values, as are min, max and mean.
    function Window:sum()
      expire(self)
      return fold_all(self, "sum") or 0
    end

    function Window:min()
      expire(self)
      return fold_all(self, "min")
    end

    function Window:max()
      expire(self)
      return fold_all(self, "max")
    end

    function Window:mean()
      expire(self)
      local sum = fold_all(self, "sum")
      return sum and sum / fold_all(self, "numbers")
    end

    function Window:distinct()
      expire(self)
      if not self.items then return 0 end
      if not self.counts then count_values(self) end
      return self.different
    end

    --- Oldest first.
    function Window:values()
      expire(self)
      local values, list, count = self.items, {}, 0
      if not values then return list end
      for i = self.head, self.tail do
        local value = values[i]
        if value then
          count = count + 1
          list[count] = value
        end
      end
      return list
    end

    function Window:first()
      expire(self)
      if self.head <= self.tail then return self.times[self.head] end
      return nil
    end

    function Window:clear()
      expire(self)
      empty(self)
    end

    local Ctx = {}

    function Ctx:window(key, length, options)
      local span = durations[length] or read_duration(length, "ctx:window", "length")
      local same = windows.by[span]
      local window = same and same[key]
      if window then
        touch(windows, window)
        window.used = now
      else
        check_key(key, "ctx:window")
        window = new_window(key, span)
        -- Two old ones for each new one: what is used no more goes long before the family is full.
        for _ = 1, 2 do
          local oldest = windows.next
          if oldest ~= windows and is_idle(oldest) then remove(windows, oldest) end
        end
        windows_of(span)[key] = window
        add_record(windows, window)
      end
      if options ~= nil then
        check_options(options, "ctx:window")
        local newest, max = options.newest, options.max
        if newest ~= nil then
          window.limit = check_count(newest, 1, MOST_KEYS, "ctx:window", "newest")
          window.is_newest = true
        elseif max ~= nil then
          window.limit = check_count(max, 1, MOST, "ctx:window", "max")
          window.is_newest = nil
        end
        expire(window)
        trim(window)
      end
      return window
    end

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
        check_options(options, "ctx:keyed")
        local family, expiry, max = handle.family, options.expire, options.max
        if expiry ~= nil then family.expire = durations[expiry] or read_duration(expiry, "ctx:keyed", "expire") end
        if max ~= nil then
          family.limit = check_count(max, 1, MOST_KEYS, "ctx:keyed", "max")
          while family.count > family.limit do evict(family, family.next) end
        end
      end
      return handle
    end

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

    function Ctx:session(key, gap, options)
      local span = durations[gap] or read_duration(gap, "ctx:session", "gap")
      local longest
      if options ~= nil then
        check_options(options, "ctx:session")
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

    function Ctx:threshold(key, options)
      check_key(key, "ctx:threshold")
      check_options(options, "ctx:threshold")
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

    -- MARK: Findings

    local levels = { trace = true, debug = true, info = true, warning = true, error = true, critical = true }
    local known = {
      id = true, title = true, level = true, message = true, cause = true, fix = true, docs = true, fields = true,
      sample = true, since = true, until_ = true,
    }

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
      return time
    end

    local function check_fix(fix, what)
      if fix == nil then return nil end
      if type(fix) == "string" then return { fix } end
      local list = {}
      for i = 1, type(fix) == "table" and #fix or 0 do
        if type(fix[i]) ~= "string" then break end
        list[i] = fix[i]
      end
      if type(fix) ~= "table" or #list ~= #fix then error(what .. ": fix must be a list of texts", 4) end
      return list
    end

    local function check_docs(docs, what)
      if docs == nil then return nil end
      local list = {}
      for i = 1, type(docs) == "table" and #docs or 0 do
        local doc = docs[i]
        if type(doc) ~= "table" or type(doc.title) ~= "string" or type(doc.url) ~= "string" then break end
        list[i] = { title = doc.title, url = doc.url }
      end
      if type(docs) ~= "table" or #list ~= #docs then
        error(what .. ': docs must be a list of { title = "…", url = "…" }', 4)
      end
      return list
    end

    --- The finding as the host takes it. Called by emit and alert, so the plugin's line is level 3 here.
    local function check_finding(given, kind, what)
      if type(given) ~= "table" then
        error(what .. ': give a table like { title = "…" }, not ' .. shown(given), 3)
      end
      local unknown
      for name in next, given do
        local is_known = known[name] or kind == "alert" and (name == "key" or name == "status")
        name = tostring(name)
        if not is_known and (not unknown or name < unknown) then unknown = name end
      end
      if unknown then error(what .. ": there is no entry " .. unknown, 3) end

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
      if sample == nil then
        sample = current and current:sample()
      elseif sample and type(sample) ~= "table" then
        error(what .. ": sample must be what event:sample() gives, not " .. shown(sample), 3)
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

    setmetatable(ctx, {
      __index = Ctx,
      __metatable = false,
      __name = "ctx",
      __newindex = function(_, name, value)
        if name == "state" or name == "now" then return rawset(ctx, name, value) end
        error("ctx." .. tostring(name) .. " can't be set: what must last belongs into ctx.state", 2)
      end,
    })

    -- MARK: Running

    -- `firing`: what time led to is being called. It stays true if that fails, for the host to see that there is more to do.
    local machine = { firing = false }

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
