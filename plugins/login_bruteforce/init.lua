--- Password guessing: many failed logins of one client, or of one user from many clients; and, worse, a login that went
--- well after many that failed.
---
--- Failed logins are known by the texts of sshd, PAM, PostgreSQL, MySQL, nginx, Apache, Dovecot, Postfix and FTP
--- servers, by common words with the fields `client` and `user`, and by the status of a POST to what looks like a
--- login page. What is logged twice is counted once: where sshd itself says "Failed password", PAM's line about it is
--- passed over.

local readable = require "readable"

local M = {
  name = "login_bruteforce",
  kind = "correlator",
  api = 1,
  description = "many failed logins by client or user, and logins that succeed after them",
  match = [[(?i)failed (?:password|keyboard-interactive|log-?[io]n|sign-?in|authentication)|authentication fail]] ..
    [[|accepted (?:password|keyboard)|access denied for user|auth failed|(?:fail|ok) login|password mismatch]] ..
    [[|logged in|(?:log-?[io]n|sign-?in) (?:fail|succe|attempt failed)|success(?:ful)? (?:log-?[io]n|sign-?in)]] ..
    [[|(?:invalid|bad) (?:credentials|user ?name or password|password)|user "?[^" ]+"? (?:was )?not found]] ..
    [[|^POST [^ ]*(?:log-?in|sign-?in|session|auth|xmlrpc\.php)]],
  config = {
    -- So many failed logins within `window` are guessing.
    least = 10,
    window = "10m",
    -- One user from at least so many clients is guessing too, shared out over machines.
    clients = 4,
    -- A login after at least so many failures of its client within `window` is worth a look: people give up, or ask
    -- for a new password, before that.
    before_success = 6,
  },
}

local find = string.find
local regex = ailogger.regex

-- MARK: What a message says

-- Each knows by a plain text, in small letters, whether it may be meant.
local failures = {
  { "failed ", regex(
    [[Failed (?:password|keyboard-interactive/pam) for (?:(?:invalid|illegal) user )?(?<user>.*?) from ]] ..
    [[(?<client>\S+)]]) },
  { "authentication failure", regex [[authentication failure;.*?\brhost=(?<client>\S+)(?:\s+user=(?<user>\S+))?]],
    is_pam = true },
  { "password authentication failed", regex [[password authentication failed for user "(?<user>[^"]*)"]] },
  { "access denied", regex [[Access denied for user '(?<user>[^']*)'@'(?<client>[^']*)' \(using password: YES\)]] },
  { "user ",
    regex [[user "(?<user>[^"]*)"(?:: password mismatch| was not found in)(?:.*?\bclient: (?<client>[^,\s]+))?]] },
  { "user ", regex [[user (?<user>\S+?):? (?:authentication failure for|not found:)]] },
  { "auth failed",
    regex [[auth failed, (?<times>\d+) attempts?\b(?:.*?\buser=<(?<user>[^>]*)>)?.*?\brip=(?<client>[^,\s]+)]] },
  { "authentication failed", regex [[\[(?<client>[0-9A-Fa-f.:]+)\]: SASL \S+ authentication failed]] },
  { "fail login", regex [=[(?:\[(?<user>[^\]]*)\] )?FAIL LOGIN: Client "(?<client>[^"]+)"]=] },
  { "login failed", regex [[\[(?<client>[0-9A-Fa-f.:]+)\]\)? - USER (?<user>\S+) \(Login failed\)]] },
}
local successes = {
  { "accepted ", regex [[Accepted (?:password|keyboard-interactive/pam) for (?<user>\S+) from (?<client>\S+)]] },
  { "ok login", regex [=[\[(?<user>[^\]]*)\] OK LOGIN: Client "(?<client>[^"]+)"]=] },
}

-- What any program may write; who it was must be said as well.
local any_failure = regex(
  [[(?i)\b(?:log-?[io]n|sign-?in|authentication)(?: attempt)? fail(?:ed|ure)|\bfailed (?:log-?[io]n|sign-?in]] ..
  [[|authentication)]] ..
  [[|\b(?:invalid|bad) (?:credentials|user ?name or password|password)]])
local any_success = regex([[(?i)\b(?:log-?[io]n|sign-?in) succe|\bsuccess(?:ful|fully)? (?:log-?[io]n|logged in]] ..
  [[|signed in)|\blogged in\b]])
local said_client = regex(
  [=[(?i)(?:\bfrom|\bip|\bclient|\brhost|\baddress|\bremote)(?:[=: ]+]=] ..
  [=[|_addr[=: ]+)["\[(]?(?<client>\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:]+)]=])
local said_user = regex([=[(?i)\b(?:user(?:name)?|account|login|for)[=: ]+["'<\[]?(?!user\b|from\b|name\b]=] ..
  [=[|attempt|fail|succe)(?<user>[\w.@+\\-]+)]=])
local repeated = regex([=[message repeated (?<times>\d+) times: \[ (?<text>.*)\]]=])
local login_path = regex([[(?i)^POST [^ ?]*(?:log-?in|sign-?in|sessions?|auth(?:enticate|entication)?]] ..
  [[|xmlrpc\.php)(?:\.\w+)?/?(?:[? ]|$)]])

local function known(list, message, lower)
  for i = 1, #list do
    local entry = list[i]
    if find(lower, entry[1], 1, true) then
      local match = entry[2]:named(message)
      if match then
        match.is_pam = entry.is_pam
        return match
      end
    end
  end
end

--- What a login over the web came to. WordPress shows the form again, with 200, where the password was wrong.
local function of_status(status, message)
  if status == 401 or status == 403 or status == 422 then return false end
  if find(message, "wp-login.php", 1, true) then
    if status == 200 then return false end
    return status == 302 or nil
  end
  if status == 200 or status == 201 or status == 204 or status == 302 or status == 303 then return true end
end

--- True for a login that went well, false for one that failed, nil for neither; then who it was.
local function read(event)
  local message = event.message
  local fields = event.fields
  if find(message, "^POST ") then
    local status = fields.status
    if not math.type(status) or not login_path:test(message) then return nil end
    return of_status(status, message), {}
  end
  local times = 1
  local inner = repeated:match(message)
  if inner then message, times = inner.text, tonumber(inner.times) end

  local lower = message:lower()
  local found = known(failures, message, lower)
  local is_success = false
  if not found then
    found = known(successes, message, lower)
    is_success = found ~= nil
  end
  if not found then
    if any_failure:test(message) then
      is_success = false
    elseif any_success:test(message) then
      is_success = true
    else
      return nil
    end
    found = {}
    local client, user = said_client:captures(message), said_user:captures(message)
    found.client, found.user = client, user
  end
  found.times = times * (tonumber(found.times) or 1)
  return is_success, found
end

-- MARK: Counting

local function named(user) return user ~= "" and user or "(none)" end

local function tally_of(values)
  local counts = {}
  for _, user in ipairs(values) do
    if user ~= "" then counts[user] = (counts[user] or 0) + 1 end
  end
  return counts
end

--- ": root 6, admin 3"; nothing where no user is known.
local function with_users(counts)
  return next(counts) and ", by user: " .. readable.tally(counts, 5) or ""
end

local advice = {
  "Block the addresses (fail2ban, firewall), and let logins come only from where they must.",
  "Switch off passwords where keys or a second factor will do.",
}

local function failures_of(ctx, client) return ctx:window("client " .. client, M.config.window) end

local function describe(case, now)
  return ("%s from %s %s%s"):format(readable.count(case.count, "failed login"), case.client,
    readable.within(now - case.since), with_users(case.users))
end

--- Adds to the users of a case, of which a few dozen are kept by name.
local function add_user(case, user, times)
  if user == "" then return end
  if not case.users[user] then
    if case.names >= 50 then user = "others" else case.names = case.names + 1 end
  end
  case.users[user] = (case.users[user] or 0) + times
end

local function failed_from(ctx, client, user, times)
  local cases = ctx:keyed("cases", { max = 2000 })
  local case = cases:get(client)
  local window = failures_of(ctx, client)
  for _ = 1, math.min(times, M.config.least) do window:add(user) end
  if case then
    case.count, case.last = case.count + times, ctx.now
    add_user(case, user, times)
    cases:set(client, case)
    ctx:after(client, M.config.window)
    return
  end
  if window:count() < M.config.least then return end
  case = { client = client, count = window:count(), since = window:first(), last = ctx.now, users = {}, names = 0 }
  case.told = case.count
  for name, number in ailogger.sorted_pairs(tally_of(window:values())) do add_user(case, name, number) end
  cases:set(client, case)
  ctx:after(client, M.config.window)
  ctx:alert {
    id = "client", key = client, status = "raised", level = "error", title = "Password guessing from one address",
    message = describe(case, ctx.now),
    cause = "Somebody, or rather a program, tries one password after the other.", fix = advice,
    fields = { client = client, count = case.count }, since = case.since,
  }
end

local function close(ctx, client, case, ending)
  ctx:alert {
    id = "client", key = client, status = "cleared", level = "error", title = "Password guessing from one address",
    message = describe(case, case.last) .. ending, sample = false,
    fields = { client = client, count = case.count }, since = case.since, until_ = case.last,
  }
end

-- Addresses of a user's case that are kept, by far more than a report names.
local MOST_CLIENTS = 500

local function add_client(case, client, times)
  if not case.clients[client] then
    if case.names >= MOST_CLIENTS then return end
    case.names = case.names + 1
  end
  case.clients[client] = (case.clients[client] or 0) + times
end

local function describe_user(user, case)
  return ("%s as %s %s from %d%s addresses: %s"):format(readable.count(case.count, "failed login"), named(user),
    readable.within(case.last - case.since), case.names, case.names == MOST_CLIENTS and " or more" or "",
    readable.tally(case.clients, 5))
end

local function failed_for(ctx, user, client, times)
  local window = ctx:window("user " .. user, M.config.window)
  for _ = 1, math.min(times, M.config.least) do window:add(client) end
  local cases = ctx:keyed("users", { max = 2000 })
  local case = cases:get(user)
  if case then
    case.count, case.last = case.count + times, ctx.now
    add_client(case, client, times)
    cases:set(user, case)
    ctx:after("user " .. user, M.config.window)
    return
  end
  local count = window:count()
  if count < M.config.least then return end
  local clients = window:distinct()
  if clients < M.config.clients then return end
  case = { count = count, told = count, since = window:first(), last = ctx.now, clients = {}, names = 0 }
  for name, number in ailogger.sorted_pairs(tally_of(window:values())) do add_client(case, name, number) end
  cases:set(user, case)
  ctx:after("user " .. user, M.config.window)
  ctx:alert {
    id = "user", key = user, status = "raised", level = "error", title = "Password guessing from many addresses",
    message = describe_user(user, case),
    cause = "One user's password is being guessed by several machines, each of which stays below what is blocked.",
    fix = { advice[1], advice[2], "Lock the user out for a while after some failures, wherever they come from." },
    fields = { user = user, clients = clients, count = count }, since = window:first(),
  }
end

local function close_user(ctx, user, case, ending)
  ctx:alert {
    id = "user", key = user, status = "cleared", level = "error", title = "Password guessing from many addresses",
    message = describe_user(user, case) .. ending, sample = false,
    fields = { user = user, clients = case.names, count = case.count }, since = case.since, until_ = case.last,
  }
end

function M.timer(ctx, _, key)
  -- Blanks are in the keys of users alone; both are told once it has been quiet for a window.
  local user = key:match("^user (.*)$")
  local cases = ctx:keyed(user and "users" or "cases")
  local case = cases:get(user or key)
  if not case then return end
  cases:delete(user or key)
  if user then close_user(ctx, user, case, "") else close(ctx, key, case, "") end
end

--- What goes on when the log ends, where there is more to tell than when it was raised.
function M.finish(ctx)
  for client, case in ctx:keyed("cases"):each() do
    if case.count > case.told then close(ctx, client, case, readable.unfinished) end
  end
  for user, case in ctx:keyed("users"):each() do
    if case.count > case.told then close_user(ctx, user, case, readable.unfinished) end
  end
end

local function succeeded(ctx, client, user)
  local window = failures_of(ctx, client)
  local count = window:count()
  if count < M.config.before_success then return end
  local counts = tally_of(window:values())
  ctx:emit {
    id = "success", level = "critical", title = "A login went well after many that failed",
    message = ("%s logged in from %s after %s %s%s"):format(user ~= "" and user or "somebody", client,
      readable.count(count, "failed login"), readable.within(ctx.now - window:first()), with_users(counts)),
    cause = "Either a person found the right password at last, or somebody else did.",
    fix = {
      "Ask the user. If it wasn't them: end the session, change the password, and look at what was done in it.",
      "Look at what else came from this address.",
    },
    fields = { client = client, user = user ~= "" and user or nil, count = count }, since = window:first(),
  }
  window:clear()
end

function M.process(event, ctx)
  local is_success, who = read(event)
  if is_success == nil then return end
  local fields = event.fields
  local client = who.client or fields.client
  local user = who.user or fields.user
  if type(client) ~= "string" then client = nil end
  if type(user) ~= "string" then user = "" end

  -- A daemon that writes "Failed password" does so for each of PAM's lines.
  local daemon = ("%s %s"):format(fields.host or "", event.component or "")
  if who.is_pam then
    if ctx:keyed("own words"):get(daemon) then return end
  elseif not is_success and find(event.message, "Failed password", 1, true) then
    ctx:keyed("own words", { max = 1000 }):set(daemon, true)
  end

  if is_success then
    if client then succeeded(ctx, client, user) end
    return
  end
  if client then failed_from(ctx, client, user, who.times or 1) end
  if client and user ~= "" then failed_for(ctx, user, client, who.times or 1) end
end

local function failed(second, client, user)
  return {
    time = ("2026-11-22T10:%02d:%02dZ"):format(second // 60, second % 60), component = "sshd",
    message = ("Failed password for %s from %s port 41966 ssh2"):format(user, client),
  }
end

local function list(count, make)
  local events = {}
  for i = 1, count do events[i] = make(i) end
  return events
end

M.samples = {
  {
    events = list(10, function(i) return failed(i * 5, "192.0.2.1", i % 2 == 0 and "root" or "invalid user admin") end),
    expect = {
      {
        id = "client", status = "raised", level = "error", title = "Password guessing from one address",
        message = "10 failed logins from 192.0.2.1 within 45s, by user: admin 5, root 5",
        fields = { client = "192.0.2.1", count = 10 },
      },
    },
  },
  -- One less, or spread over more time than the window.
  { events = list(9, function(i) return failed(i * 5, "192.0.2.1", "root") end), expect = {} },
  { events = list(30, function(i) return failed(i * 70, "192.0.2.1", "root") end), expect = {} },
  -- One user from many addresses, none of which is conspicuous.
  {
    events = list(10, function(i) return failed(i, "192.0.2." .. i % 5, "root") end),
    expect = {
      {
        id = "user", fields = { user = "root", clients = 5 },
        message = "10 failed logins as root within 9s from 5 addresses: 192.0.2.0 2, 192.0.2.1 2, 192.0.2.2 2, " ..
          "192.0.2.3 2, 192.0.2.4 2",
      },
    },
  },
  -- sshd's and PAM's lines about the same six failures are six; then the password is right.
  {
    events = list(13, function(i)
      if i == 13 then
        return { time = "2026-11-22T10:00:30Z", component = "sshd",
          message = "Accepted password for root from 192.0.2.1 port 50022 ssh2" }
      end
      if i % 2 == 1 then return failed(i, "192.0.2.1", "root") end
      return {
        time = ("2026-11-22T10:00:%02dZ"):format(i), component = "sshd",
        message = "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= " ..
          "rhost=192.0.2.1  user=root",
      }
    end),
    expect = {
      {
        id = "success", level = "critical",
        message = "root logged in from 192.0.2.1 after 6 failed logins within 29s, by user: root 6",
      },
    },
  },
  -- A typing error or two.
  {
    events = {
      failed(1, "192.0.2.7", "alice"), failed(5, "192.0.2.7", "alice"),
      { time = "2026-11-22T10:00:09Z", component = "sshd",
        message = "Accepted password for alice from 192.0.2.7 port 50022 ssh2" },
    },
    expect = {},
  },
}

return M
