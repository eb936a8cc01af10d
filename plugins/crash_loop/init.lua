--- A service that starts again and again without having been stopped.
---
--- Starts are known by what programs write when they begin, and by what supervisors write when they begin them anew:
--- systemd's restart counter, Kubernetes' back-off, supervisord. A start behind a clean stop is a restart that
--- somebody wanted, and isn't counted. Several lines of one start count once.

local readable = require "readable"

local M = {
  name = "crash_loop",
  kind = "correlator",
  api = 1,
  description = "the same service starts again and again",
  match = [[(?i)\bstart(?:ed|ing|up)|booting|launching|listening|ready for connections|ready to accept|restart]] ..
    [[|back-off|spawned: |exited|Linux version \d|panic|fatal|segfault|core dumped|out ?of ?memory|unhandled]] ..
    [[|uncaught|aborted|killed|failed with result|shut(?:ting)? ?down|stopp(?:ed|ing)|sigterm|terminat|exiting|deactivated]] ..
    [[|succeeded|gracefully]],
  config = {
    least = 4,
    window = "15m",
    -- Lines of starting within so short a time are of one start.
    one_start = "4s",
  },
}

local ENDING = 10 * 1000000000 -- from an error to the end that it brings about

local find, sub = string.find, string.sub
local regex = ailogger.regex

-- What supervisors say, which names the service itself.
local supervisors = {
  { "restart counter",
    regex [[^(?<service>\S+?)(?:\.service)?: Scheduled restart job, restart counter is at (?<counter>\d+)]], "start" },
  { "Start request repeated", regex [[^(?<service>\S+?)(?:\.service)?: Start request repeated too quickly]], "fail" },
  { "Failed with result", regex [[^(?<service>\S+?)(?:\.service)?: Failed with result '[^']*']], "fail" },
  { "Main process exited",
    regex [[^(?<service>\S+?)(?:\.service)?: Main process exited, code=(?:killed|dumped|exited), status=(?!0/)]],
    "fail" },
  { "eactivated successfully", regex [[^(?<service>\S+?)(?:\.service)?: Deactivated successfully]], "stop" },
  { "Succeeded.", regex [[^(?<service>\S+?)(?:\.service)?: Succeeded\.$]], "stop" },
  { "ack-off", regex [[failed container=(?<service>[\w.-]+) pod=(?<pod>[a-z0-9.-]+)]], "start" },
  { "ack-off", regex [[Back-off restarting failed container(?: (?<service>[\w.-]+))?(?: in pod (?<pod>[a-z0-9.-]+))?]],
    "start" },
  { "spawned: ", regex [[spawned: '(?<service>[^']+)' with pid]], "start" },
  { "exited: ", regex [[exited: (?<service>\S+) \((?:exit status \d+|terminated by SIG\w+); not expected\)]], "fail" },
  { "stopped: ", regex [[stopped: (?<service>\S+) \(]], "stop" },
}

-- What a program says of itself.
local started = regex(
  [[(?i)^(?:the )?(?:(?:starting|booting|launching)(?: up)? (?:the )?(?:server|service|application|app|daemon)\b]] ..
  [[|(?:server|service|application|app|daemon) (?:is )?(?:start(?:ed|ing)|listening|running|ready)\b]] ..
  [[|starting (?:the )?[\w.-]+(?:,? version)? v?\d+\.\d+[\w.-]*\W*$]] ..
  [[|started \S+ in [\d.]+ seconds|starting \S+ (?:v\S+ )?using java|starting (?:postgresql|gunicorn|nginx]] ..
  [[|redis|kafka|mysql)\b]] ..
  [[|starting up\W*$|started server process|linux version \d|startup_msg: starting|(?:redis|valkey) is starting]] ..
  [[|\S+ \S+: restart\.$|\S*mysqld\S*: ready for connections|database system is ready to accept]] ..
  [=[|(?:now )?listening on (?:port |https?:|\[?[\d.:*]+)|\[\S+ id=\d+\] started)]=])
local stopped = regex(
  [[(?i)^(?:received|caught|got) (?:signal )?(?:sigterm|sigint|sigquit|15\b)|\bshut(?:ting)? ?down (?:complete]] ..
  [[|gracefully|request)]] ..
  [[|^(?:graceful(?:ly)? )?(?:shutting|shut) down\b|^(?:server|service|application|app|daemon) (?:stopped]] ..
  [[|shutting down)]] ..
  [[|^stopp(?:ed|ing) (?:the )?(?:server|service|application|app|daemon)\b|^exiting on signal]] ..
  [[|^terminating on signal|exiting gracefully]])
local failed = regex(
  [=[(?i)\bpanic\b|\bfatal\b|segfault|core dumped|\bout ?of ?memory\b|\bunhandled\b|\buncaught\b|\baborted\b]=] ..
  [=[|\bexited with (?:code|status) [1-9]]=])

--- Whether the message says that `name` begins: "starting mailer", "mailer is starting", "Mailer started in 40 ms".
local function begins(message, name)
  -- Of com.shop.Mailer and shop/mailer the last part.
  name = name:match("[%w_-]+$")
  if not name then return false end
  message, name = message:lower(), name:lower()
  local rest = message:match("^start%a+ (.+)") or message:match("^booting (.+)") or message:match("^launching (.+)")
  if rest then
    rest = rest:gsub("^up ", ""):gsub("^the ", "")
    if sub(rest, 1, #name) ~= name then return false end
    -- Not "starting backup of volume 1".
    rest = sub(rest, #name + 1)
    return find(rest, "^%W*$") ~= nil or find(rest, "^[^%w_]+v?%d") ~= nil
      or find(rest, "^ ser%a+%W*$") ~= nil or find(rest, "^ worker") ~= nil or find(rest, "^ daemon") ~= nil
  end
  if sub(message, 1, #name) ~= name then return false end
  rest = sub(message, #name + 1)
  return find(rest, "^ i?s? ?starting%W*$") ~= nil or find(rest, "^ is booting") ~= nil
    or find(rest, "^ h?a?s? ?started%W*$") ~= nil or find(rest, "^ started in %d") ~= nil
end

--- What the message says: "start", "stop", "fail" or nothing; of which service if it isn't the speaker; systemd's
--- counter.
local function read(event)
  local message = event.message
  for i = 1, #supervisors do
    local one = supervisors[i]
    if find(message, one[1], 1, true) then
      local match = one[2]:named(message)
      if match then
        local service = match.service
        if match.pod then service = service and ("%s in pod %s"):format(service, match.pod) or "pod " .. match.pod end
        return one[3], service, tonumber(match.counter)
      end
    end
  end
  if event.severity >= ailogger.severity.critical or failed:test(message) then return "fail" end
  if stopped:test(message) then return "stop" end
  if started:test(message) or (event.component and begins(message, event.component)) then return "start" end
end

local function describe(service, case, count)
  return ("%s started %d times %s%s%s"):format(service, count, readable.within(case.last - case.first),
    case.counter and (", systemd counts %d restarts"):format(case.counter) or "",
    case.reason and ("; before it: %s"):format(case.reason) or ", and was never stopped")
end

function M.process(event, ctx)
  local what, service, counter = read(event)
  if not what then return end
  local config = M.config
  local speaker = readable.speaker(event)
  local host = event.fields.host
  service = service and (host and ("%s on %s"):format(service, host) or service) or speaker
  -- Two instances that write to files of their own are two services.
  local key = ("%s\0%s"):format(service, event.source or "")
  local services = ctx:keyed("services", { max = 5000, expire = "1d" })
  local known = services:get(key) or {}

  if what == "fail" then
    known.failed, known.stopped = ctx.now, nil
    -- The first says most: what follows it only ends the program.
    known.reason = known.reason or readable.short(event.message, 160)
    services:set(key, known)
    return
  elseif what == "stop" then
    -- What says that it ends because of an error just now is no stop.
    if not known.failed or ctx.now - known.failed > ENDING then known.stopped = true end
    services:set(key, known)
    return
  end

  local is_same = known.last and ctx.now - known.last < ailogger.time.duration(config.one_start) and not known.failed
    and not known.stopped and not counter
  local was_stopped = known.stopped
  local reason = known.failed and known.reason
  known.last, known.failed, known.stopped, known.reason = ctx.now, nil, nil, nil
  services:set(key, known)
  if is_same then return end

  local starts = ctx:window(key, config.window)
  if was_stopped then
    -- Somebody wanted it: what was before has ended well.
    starts:clear()
    starts:add()
    return
  end
  local count = starts:add()
  local cases = ctx:keyed("cases", { max = 1000 })
  local case = cases:get(key)
  if case then
    case.total, case.last = case.total + 1, ctx.now
    case.counter, case.reason = counter or case.counter, reason or case.reason
  elseif count >= config.least then
    case = {
      service = service, total = count, told = count, first = starts:first(), last = ctx.now, counter = counter,
      reason = reason or nil,
    }
    ctx:alert {
      key = service, status = "raised", level = "error", title = "A service starts again and again",
      message = describe(service, case, count),
      cause = "It ends soon after it began: a configuration that it can't read, something it needs that isn't " ..
        "there, too little memory.",
      fix = {
        "Read its last lines before a start, and its exit status (systemctl status, kubectl logs --previous).",
        "Let the supervisor wait longer between two starts, so that its log stays readable.",
      },
      fields = { service = service, count = count }, since = case.first,
    }
  else
    return
  end
  cases:set(key, case)
  ctx:after(key, config.window)
end

local function close(ctx, case, ending)
  ctx:alert {
    key = case.service, status = "cleared", level = "error", title = "A service starts again and again",
    message = describe(case.service, case, case.total) .. ending, sample = false,
    fields = { service = case.service, count = case.total }, since = case.first, until_ = case.last,
  }
end

function M.timer(ctx, _, key)
  local cases = ctx:keyed("cases")
  local case = cases:get(key)
  if not case then return end
  cases:delete(key)
  close(ctx, case, "")
end

--- Loops that go on when the log ends, and have gone on since they were raised.
function M.finish(ctx)
  for _, case in ctx:keyed("cases"):each() do
    if case.total > case.told then close(ctx, case, readable.unfinished) end
  end
end

local function at(second, message, component, level)
  return {
    time = ("2026-11-22T10:%02d:%02dZ"):format(second // 60, second % 60), message = message, component = component,
    level = level,
  }
end

local function list(count, make)
  local events = {}
  for i = 1, count do
    for _, event in ipairs { make(i) } do events[#events + 1] = event end
  end
  return events
end

M.samples = {
  {
    events = list(4, function(i)
      return at(i * 40, "Starting application on port 8080", "web"),
      at(i * 40 + 1, "Server listening on port 8080", "web"),
        at(i * 40 + 5, "panic: runtime error: index out of range [3] with length 3", "web", "error")
    end),
    expect = {
      {
        status = "raised", level = "error", title = "A service starts again and again", key = "web",
        fields = { count = 4 },
        message = "web started 4 times within 2m; "
          .. "before it: panic: runtime error: index out of range [3] with length 3",
      },
    },
  },
  -- Restarts that somebody wanted.
  {
    events = list(8, function(i)
      return at(i * 40, "Server listening on port 8080", "web"),
        at(i * 40 + 30, "Received SIGTERM, shutting down", "web")
    end),
    expect = {},
  },
  -- One start, many lines; and programs that only mention starting.
  {
    events = list(10, function(i)
      if i <= 5 then return at(i, "Starting server", "web") end
      return at(i * 60, "starting backup of volume " .. i, "backup"),
        at(i * 60 + 1, "started to read 12 files", "reader")
    end),
    expect = {},
  },
  -- A program that names itself and its version; one that only begins a task of its own.
  {
    events = list(5, function(i)
      return at(i * 40, "Starting worker v1.2", "worker"), at(i * 40 + 2, "panic: no queue", "worker", "error"),
        at(i * 40 + 3, "Starting batch 1.2 of 7", "batches")
    end),
    expect = { { key = "worker", fields = { count = 4 },
      message = "worker started 4 times within 2m; before it: panic: no queue" } },
  },
  -- systemd's own counter.
  {
    events = list(4, function(i)
      return at(i * 10, "api.service: Main process exited, code=exited, status=1/FAILURE", "systemd"),
        at(i * 10, "api.service: Failed with result 'exit-code'.", "systemd"),
        at(i * 10 + 2, ("api.service: Scheduled restart job, restart counter is at %d."):format(i), "systemd")
    end),
    expect = { { key = "api",
      message = "api started 4 times within 30s, systemd counts 4 restarts; "
        .. "before it: api.service: Main process exited, code=exited, status=1/FAILURE" } },
  },
  -- A timer's job ends well each time.
  {
    events = list(8, function(i)
      return at(i * 60, "Starting server", "systemd"),
        at(i * 60 + 20, "backup.service: Deactivated successfully.", "systemd"),
        at(i * 60 + 21, "sync.service: Succeeded.", "systemd"), at(i * 60 + 40, "Stopping server", "systemd")
    end),
    expect = {},
  },
}

return M
