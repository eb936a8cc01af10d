--- More errors after a deployment than before it.
---
--- A deployment is known by what deployment tools write, and by a version, in the field `version` or
--- `service.version`, that is another one than before. The share of errors among all events of a component in the time
--- after is held against the time before, without the part in which it happened. "Worse" takes four things: enough
--- events on both sides, a difference that chance doesn't explain (a test of two proportions, four standard
--- deviations, as it's looked at more than once and errors come in bunches), at least `factor` times the share, and
--- more than in the worst fifth of the time before.
---
--- All events are looked at, so this is not for free.

local readable = require "readable"

local M = {
  name = "deploy_regression",
  kind = "correlator",
  api = 1,
  description = "the share of errors after a deployment against before",
  config = {
    -- Before and after.
    window = "15m",
    -- Events of a component on each side, and errors after it.
    least = 50,
    errors = 10,
    factor = 2,
    -- Standard deviations.
    z = 4,
  },
}

local PARTS = 15 -- of a window, each with counts of its own
local RING = 32 -- parts that are kept: two windows
local MOST = 500 -- components

-- Neither an address nor an amount; a commit's hash has letters and digits.
local version = [[(?<![\d.])(?!\d+\.\d+\.\d+\.\d+\b)\d++\.\d++(?:\.\d++)?(?:[.+-]?[A-Za-z][\w.+-]*)?(?!\w|%]] ..
  [[| ?(?:[kmgt]i?b|m?s|seconds|minutes)\b)]]
local commit = [[\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{7,40}\b]]
local marker = ailogger.regex(
  [[(?i)\b(?:deploy(?:ed|ing)|deployment (?:of|to)|roll(?:ed|ing) out|rollout (?:of|to)|upgrad(?:ed]] ..
  [[|ing))\b[^\n]{0,80}?\bv?]] ..
  "(?<deployed>" .. version .. "|" .. commit .. ")" ..
  [[|\b(?:releas|updat|switch)(?:ed|ing)\b[^\n]{0,60}?\b(?:version v?|v)(?<updated>]] .. version .. ")" ..
  [[|^Scaled up replica set (?<set>\S+) (?:from 0 )?to 1\b]] ..
  [=[|Deployment of web application (?:archive|directory) \[(?<archive>[^\]]+)\] has finished]=] ..
  [[|Sync operation to (?<sync>[0-9a-f]{7,40}) succeeded]])
local trigger = ailogger.regex([[(?i)deploy|roll(?:ed|ing)|rollout|releas|upgrad|updat|switch|Scaled up|Sync op]])

local worst = ailogger.severity.error

local function is_error(event, fields)
  if event.severity >= worst then return true end
  local status = fields.status
  return math.type(status) and status >= 500 and status < 600
end

-- MARK: Counts, by component, in a ring of parts of a window

local function part_of(time) return time // (ailogger.time.duration(M.config.window) // PARTS) end

local function count(ctx, name, has_failed)
  local rates = ctx:keyed("rates", { max = MOST })
  local ring = rates:get(name)
  if not ring then
    ring = { part = {}, all = {}, errors = {} }
    for i = 1, RING do ring.part[i], ring.all[i], ring.errors[i] = 0, 0, 0 end
    rates:set(name, ring)
  end
  local part = part_of(ctx.now)
  local i = part % RING + 1
  if ring.part[i] ~= part then ring.part[i], ring.all[i], ring.errors[i] = part, 0, 0 end
  ring.all[i] = ring.all[i] + 1
  if has_failed then ring.errors[i] = ring.errors[i] + 1 end
end

--- All events and errors of parts `first` … `last`.
local function sum(ring, first, last)
  local all, errors = 0, 0
  for part = first, last do
    local i = part % RING + 1
    if ring.part[i] == part then all, errors = all + ring.all[i], errors + ring.errors[i] end
  end
  return all, errors
end

-- MARK: Deployments

--- What is known of each component before: events, errors, and the worst share of a fifth of the time.
local function before(ctx, part)
  local known = {}
  for name, ring in ctx:keyed("rates", { max = MOST }):each() do
    local all, errors = sum(ring, part - PARTS, part - 1)
    if all >= M.config.least then
      local peak = 0
      for first = part - PARTS, part - 1, PARTS // 5 do
        local some, bad = sum(ring, first, first + PARTS // 5 - 1)
        if some >= M.config.least // 5 then peak = math.max(peak, bad / some) end
      end
      known[name] = { all = all, errors = errors, peak = peak }
    end
  end
  return known
end

--- How many standard deviations the two shares lie apart, if they were of one.
local function z_of(a_errors, a_all, b_errors, b_all)
  local share = (a_errors + b_errors) / (a_all + b_all)
  if share == 0 or share == 1 then return 0 end
  return (b_errors / b_all - a_errors / a_all) / math.sqrt(share * (1 - share) * (1 / a_all + 1 / b_all))
end

local function percent(errors, all) return ("%.2g %%"):format(errors / all * 100) end

local function check(ctx, deployment)
  local config = M.config
  local rates = ctx:keyed("rates")
  local worse = {}
  for name, old in ailogger.sorted_pairs(deployment.before) do
    local ring = rates:get(name)
    if ring then
      local all, errors = sum(ring, deployment.part + 1, part_of(ctx.now) - 1)
      if all >= config.least and errors >= config.errors then
        local share = errors / all
        local z = z_of(old.errors, old.all, errors, all)
        if z >= config.z and share >= config.factor * old.errors / old.all and share > old.peak then
          worse[#worse + 1] = {
            name = name, z = z,
            text = ("%s: %s of its events were errors (%d of %d), %s before (%d of %d)"):format(name,
              percent(errors, all), errors,
              all, percent(old.errors, old.all), old.errors, old.all),
          }
        end
      end
    end
  end
  if #worse == 0 then return false end
  table.sort(worse, function(a, b)
    if a.z ~= b.z then return a.z > b.z end
    return a.name < b.name
  end)
  local texts = {}
  for i = 1, math.min(#worse, 5) do texts[i] = worse[i].text end
  if #worse > 5 then texts[6] = ("and %d more components"):format(#worse - 5) end
  ctx:emit {
    level = "error", title = "More errors since a deployment",
    message = ("%s after %s (%s): %s"):format(readable.span(ctx.now - deployment.time), deployment.what,
      readable.moment(deployment.time), table.concat(texts, "; ")),
    cause = "What was deployed brought the errors along, or what came with it did: configuration, a migration, " ..
      "empty caches.",
    fix = { "Go back to the version before, and look at the new errors in peace." },
    fields = { component = worse[1].name, version = deployment.version }, sample = deployment.sample,
    since = deployment.time,
  }
  return true
end

local CHECKS = 3 -- looks at the time after, the last at its end

local function begin(ctx, what, version, sample)
  local state = ctx.state
  local old = state.deployment
  local part = part_of(ctx.now)
  if old then
    -- Many instances report the same one, and many steps make one.
    if version == old.version or what == old.what or part - old.part <= 1 then return end
    check(ctx, old)
  end
  state.deployment = {
    what = what, version = version, time = ctx.now, part = part, before = before(ctx, part), sample = sample,
    checks = 0,
  }
  ctx:after("check", ailogger.time.duration(M.config.window) // CHECKS)
end

function M.timer(ctx)
  local deployment = ctx.state.deployment
  if not deployment then return end
  deployment.checks = deployment.checks + 1
  if check(ctx, deployment) or deployment.checks == CHECKS then
    ctx.state.deployment = nil
  else
    ctx:after("check", ailogger.time.duration(M.config.window) // CHECKS)
  end
end

-- MARK: Events

--- What is deployed, and its version, if the event says that something is.
local function deployment_in(event, fields, ctx, name)
  local message = event.message
  if trigger:test(message) then
    local deployed, updated, set, archive, sync = marker:captures(message)
    local what = deployed or updated or set or archive or sync
    if what then return readable.short(message, 120), what end
  end
  local version = fields.version or fields["service.version"]
  if type(version) ~= "string" or #version > 100 then return nil end
  local versions = ctx:keyed("versions", { max = 2000 })
  local old = versions:get(name)
  if version == old then return nil end
  versions:set(name, version)
  -- The first one that is seen isn't new, as far as one knows. One that is behind may be another instance, still
  -- running.
  if not old then return nil end
  local seen = ctx:keyed("seen versions", { max = 5000, expire = "1d" })
  local key = name .. "\0" .. version
  seen:set(name .. "\0" .. old, true)
  if seen:get(key) then return nil end
  seen:set(key, true)
  return ("%s went from %s to %s"):format(name, old, version), version
end

function M.process(event, ctx)
  local fields = event.fields
  local name = readable.speaker(event)
  count(ctx, name, is_error(event, fields))
  local what, version = deployment_in(event, fields, ctx, name)
  if what then begin(ctx, what, version, event:sample()) end
end

-- `count` events a second, of which each `nth` is an error.
local function load_of(events, from, seconds, nth, component, version)
  for i = 0, seconds - 1 do
    local second = from + i
    events[#events + 1] = {
      time = ailogger.time.parse("2026-11-22T10:00:00Z") + second * 1000000000, component = component or "api",
      message = "order",
      level = nth > 0 and i % nth == 0 and "error" or "info", fields = { version = version },
    }
  end
  return events
end

local function deploy(events, second, message)
  events[#events + 1] = {
    time = ailogger.time.parse("2026-11-22T10:00:00Z") + second * 1000000000, component = "ci", message = message,
    level = "info",
  }
  return events
end

M.samples = {
  {
    events = load_of(deploy(load_of({}, 0, 900, 100), 900, "Deployed api v1.4.2 to production"), 901, 400, 10),
    expect = {
      {
        level = "error", title = "More errors since a deployment", fields = { component = "api", version = "1.4.2" },
        message = "5m after Deployed api v1.4.2 to production (2026-11-22 10:15:00): api: 10 % of its events were " ..
          "errors (24 of 240), 1 % before (9 of 900)",
      },
    },
  },
  -- As many errors as before.
  { events = load_of(deploy(load_of({}, 0, 900, 10), 900, "Deployed api v1.4.2"), 901, 1000, 10), expect = {} },
  -- More errors, but nothing was deployed.
  {
    events = load_of(deploy(load_of({}, 0, 900, 100), 900, "Upgraded 3.5 GB in 12.5 s, deploying to 10.0.0.1"), 901,
      1000, 5),
    expect = {},
  },
  -- Nothing is known of the time before.
  { events = load_of(deploy({}, 0, "Deployed api v1.4.2"), 1, 1000, 5), expect = {} },
  -- The version in the events themselves.
  {
    events = load_of(load_of({}, 0, 900, 0, "api", "1.4.1"), 900, 400, 8, "api", "1.4.2"),
    expect = { { fields = { version = "1.4.2" } } },
  },
}

return M
