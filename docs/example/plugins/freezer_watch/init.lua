--- Finds doors that stand open, and freezers that no longer report.

local M = {
  name = "freezer_watch",
  kind = "correlator",
  api = 1,
  description = "doors that stand open, freezers that fell silent",
  formats = { "freezer" },
  config = { open = "10m", silence = "12m" },
}

function M.process(event, ctx)
  local freezer = event.component
  ctx:heartbeat(freezer, M.config.silence, event:sample())

  local door = event.fields.door
  if not door then return end
  local doors = ctx:keyed("doors")
  if door ~= doors:get(freezer) then
    if door == "open" then
      ctx:open(freezer, M.config.open, event:sample())
    else
      ctx:close(freezer)
    end
  end
  doors:set(freezer, door)
end

function M.unpaired(ctx, freezer, sample)
  ctx:emit {
    id = "door", title = "A freezer's door stands open", level = "error",
    message = ("%s has been open for %s"):format(freezer, M.config.open),
    fix = { "Shut it; look whether something lies in the way." },
    fields = { freezer = freezer }, sample = sample,
  }
end

function M.absent(ctx, freezer, sample)
  ctx:emit {
    id = "silent", title = "A freezer does not report any more", level = "error",
    message = ("%s has said nothing for %s"):format(freezer, M.config.silence),
    fields = { freezer = freezer }, sample = sample,
  }
end

local function reading(time, door)
  return { time = "2026-11-20T" .. time .. "Z", component = "F1", message = "-18.4 °C", fields = { door = door } }
end

M.samples = {
  {
    events = { reading("04:00:00", "shut"), reading("04:05:00", "open"), reading("04:10:00", "open") },
    ["until"] = "2026-11-20T04:15:00Z",
    expect = { { id = "door", message = "F1 has been open for 10m", fields = { freezer = "F1" } } },
  },
  {
    events = { reading("04:05:00", "open"), reading("04:10:00", "open"), reading("04:14:00", "shut") },
    ["until"] = "2026-11-20T04:25:00Z",
    expect = {},
  },
  {
    events = { reading("04:00:00", "shut") },
    ["until"] = "2026-11-20T04:12:00Z",
    expect = { { id = "silent", level = "error" } },
  },
}

return M
