extension CorrelationMachine {
    /// The heap of timers.
    static let timers = #"""
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
        """#
}
