--- Postfix behind syslog: queue id, recipient, relay, delays and status as fields, and a level from what became of the
--- mail.
--- A delivery explained: https://www.mattzeunert.com/2012/08/08/a-postfix-maillog-entry-explained.html
--- The message stays as Postfix wrote it.

local M = {
  name = "postfix",
  kind = "parser",
  api = 1,
  description = "Postfix behind syslog",
  match = [=[^(?:<\d+> ?)?(?:[A-Z][a-z][a-z] [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[^ ]*) [^ ]+ ]=] ..
    [=[postfix[\w.\-]*/[\w/\-]+\[\d+\]: ]=],
}

local entry = ailogger.regex(
  [=[^(?:<\d++> ?+)?(?<time>(?:[A-Z][a-z][a-z] [ \d]\d )?[^ ]++) (?<host>[^ ]++) (?<component>postfix[^\[]*+)\[]=] ..
  [=[(?<pid>\d++)\]: (?<message>(?:(?<word>warning|error|fatal|panic): |(?<queue>NOQUEUE|[0-9A-F]{6,15}|]=] ..
  [=[[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{10,20}): )?(?<rest>.*))$]=])

-- to=<…>, relay=…, delay=…, delays=…, dsn=…, status=… (…): the delivery agents'.
local delivery = ailogger.regex(
  [=[^to=<(?<to>[^>]*+)>, (?:orig_to=<[^>]*+>, )?(?:relay=(?<relay>[^,]++), )?(?:conn_use=\d++, )?]=] ..
  [=[(?:delay=(?<delay>[\d.]++), )?(?:delays=(?<delays>[\d./]++), )?(?:dsn=(?<dsn>[\d.]++), )?status=]=] ..
  [=[(?<status>[\w\-]++)]=])

local incoming = ailogger.regex(
  [=[^(?:from=<(?<from>[^>]*+)>(?:, size=(?<size>\d++), nrcpt=(?<count>\d++)|, status=(?<status>\w++))|]=] ..
  [=[message-id=<?(?<id>[^>]*+)|client=(?<name>[^\[]*+)\[(?<client>[^\]]++)\](?:.*?sasl_username=(?<user>[^ ,]++))?)]=])

local refused = ailogger.regex(
  [=[^(?:milter-)?(?:reject|reject_warning|hold|discard|redirect): \w++ from (?<name>[^\[ ]*+)]=] ..
  [=[(?:\[(?<client>[^\]]++)\])?(?::\d++)?: (?<code>\d{3})?(?: (?<dsn>\d\.\d++\.\d++))?.*?]=] ..
  [=[(?:from=<(?<from>[^>]*+)>)?,?(?: to=<(?<to>[^>]*+)>)?,?(?: proto=\w++)?,?(?: helo=<(?<helo>[^>]*+)>)?$]=])

local peer = ailogger.regex([=[^(?:dis)?connect(?:ed)? from (?<name>[^\[ ]*+)\[(?<client>[^\]]++)\]]=])

local by_word = { warning = "warning", error = "error", fatal = "critical", panic = "critical" }
local by_status = {
  sent = "info", deliverable = "info", deferred = "warning", bounced = "error", expired = "error",
  undeliverable = "warning",
  ["force-expired"] = "error",
}

-- postfix/smtpd's "unknown" is a client without a name.
local function named(name)
  if name ~= "unknown" and name ~= "" then return name end
end

-- Fields of what stands behind the queue id, and a level if that says one.
local function read(rest, fields)
  local first = rest:byte()
  if first == 0x74 then  -- to=
    local to, relay, delay, delays, dsn, status = delivery:captures(rest)
    if not status then return end
    fields.to = to
    if relay ~= "none" then fields.relay = relay end
    fields.duration = tonumber(delay)
    fields.delays = delays
    fields.dsn = dsn
    fields.status = status
    return by_status[status]
  end
  -- client=, connect, disconnect, from=, message-id=
  if first == 0x63 or first == 0x64 or first == 0x66 or first == 0x6D then
    local name, client = peer:captures(rest)
    if client then
      fields.client = client
      fields.client_name = named(name)
      return "info"
    end
    local from, size, count, status, id, user
    from, size, count, status, id, name, client, user = incoming:captures(rest)
    fields.from = from
    fields.bytes = tonumber(size)
    fields.recipients = tonumber(count)
    fields.message_id = id
    fields.client = client
    fields.client_name = name and named(name)
    fields.user = user
    fields.status = status
    if status then return by_status[status] end
    if from or id or client then return "info" end
  end
  local name, client, code, dsn, from, to, helo = refused:captures(rest)
  if name then
    fields.client = client
    fields.client_name = named(name)
    fields.code = tonumber(code)
    fields.dsn = dsn
    fields.from = from
    fields.to = to
    fields.helo = helo
    return "warning"
  end
end

function M.parse(line, event)
  local time, host, component, pid, message, word, queue, rest = entry:captures(line)
  if not time then return false end
  local fields = event.fields

  event.time = time
  event.component = component
  event.message = message
  fields.host = host
  fields.pid = tonumber(pid)
  if queue ~= "NOQUEUE" then fields.queue = queue end
  if word then
    event.level = by_word[word]
  else
    event.level = read(rest, fields)
  end
end

M.samples = {
  {
    line = "Nov 20 04:00:18 mx1 postfix/smtp[14389]: 4F2A81C0055: to=<anna@example.com>, relay=mail.example.com[198.51.100.25]:25, delay=1.2, delays=0.1/0/0.5/0.6, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 7B4A0)",
    expect = {
      level = "INFO", component = "postfix/smtp",
      message = "4F2A81C0055: to=<anna@example.com>, relay=mail.example.com[198.51.100.25]:25, delay=1.2, delays=0.1/0/0.5/0.6, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 7B4A0)",
      fields = {
        host = "mx1", pid = 14389, queue = "4F2A81C0055", to = "anna@example.com",
        relay = "mail.example.com[198.51.100.25]:25", duration = 1.2, delays = "0.1/0/0.5/0.6", dsn = "2.0.0",
        status = "sent",
      },
    },
  },
  {
    line = "2026-11-20T04:01:00.120500+00:00 mx1 postfix/error[14401]: 4Vd6Yx0FxHz9s0P: to=<b@example.net>, relay=none, delay=6000, delays=5920/0.1/80/0, dsn=4.4.1, status=deferred (connect to mx.example.net[203.0.113.25]:25: Connection timed out)",
    expect = {
      level = "WARNING", time = "2026-11-20T04:01:00.120500Z",
      fields = { queue = "4Vd6Yx0FxHz9s0P", status = "deferred", duration = 6000 },
    },
  },
  {
    line = "Nov 20 04:01:02 mx1 postfix/local[14410]: 4F2A81C0056: to=<nobody@example.com>, orig_to=<root>, relay=local, delay=0.02, delays=0.01/0/0/0.01, dsn=5.1.1, status=bounced (unknown user: \"nobody\")",
    expect = { level = "ERROR", fields = { to = "nobody@example.com", relay = "local", dsn = "5.1.1" } },
  },
  {
    line = "Nov 20 04:01:03 mx1 postfix/smtpd[14420]: NOQUEUE: reject: RCPT from unknown[203.0.113.66]: 554 5.7.1 <x@example.org>: Relay access denied; from=<spam@example.net> to=<x@example.org> proto=ESMTP helo=<evil>",
    expect = {
      level = "WARNING", component = "postfix/smtpd",
      fields = {
        client = "203.0.113.66", code = 554, dsn = "5.7.1", from = "spam@example.net", to = "x@example.org",
        helo = "evil",
      },
    },
  },
  {
    line = "Nov 20 04:01:04 mx1 postfix/qmgr[812]: 4F2A81C0055: from=<shop@example.com>, size=5124, nrcpt=2 (queue active)",
    expect = {
      level = "INFO", fields = { from = "shop@example.com", bytes = 5124, recipients = 2, queue = "4F2A81C0055" },
    },
  },
  {
    line = "Nov 20 04:01:05 mx1 postfix-out/smtpd[14421]: 4F2A81C0057: client=web1.example.com[192.0.2.21], sasl_method=PLAIN, sasl_username=shop",
    expect = {
      level = "INFO", component = "postfix-out/smtpd",
      fields = { client = "192.0.2.21", client_name = "web1.example.com", user = "shop" },
    },
  },
  {
    line = "Nov 20 04:01:06 mx1 postfix/smtpd[14422]: connect from unknown[203.0.113.66]",
    expect = { level = "INFO", fields = { client = "203.0.113.66" } },
  },
  {
    line = "Nov 20 04:01:07 mx1 postfix/master[800]: fatal: bind 0.0.0.0 port 25: Address already in use",
    expect = { level = "CRITICAL", message = "fatal: bind 0.0.0.0 port 25: Address already in use" },
  },
  { line = "Nov 20 04:01:08 mx1 dovecot: imap-login: Disconnected (no auth attempts)", expect = false },
  { line = "Nov 20 04:01:08 mx1 systemd[1]: Started postfix/smtp.", expect = false },
}

return M
