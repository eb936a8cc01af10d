extension CorrelationMachine {
    /// `ctx:window`: what lies within a time, and what is summed up of it.
    static let windows = #"""
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

        local window_options = { newest = true, max = true }

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
            check_options(options, window_options, "ctx:window")
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
        """#
}
