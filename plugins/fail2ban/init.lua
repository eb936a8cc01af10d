--- fail2ban's log: 2026-11-20 04:00:16,120 fail2ban.actions [745]: NOTICE [sshd] Ban 203.0.113.66
--- With examples: https://support.smseagle.eu/hc/en-us/articles/10494029837597-Fail2ban

local M = {
  name = "fail2ban",
  kind = "parser",
  api = 1,
  description = "fail2ban.log",
  multiline = true,
  match = [=[^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} fail2ban(?:\.[\w.\-]+)? *(?:\[\d+\])?: (?:[A-Z]*DEBUG|INFO]=] ..
    [=[|NOTICE|WARNING|ERROR|CRITICAL|MSG) ]=],
}

local entry = ailogger.regex(
  [=[^(?<time>[^ ]++ [^ ]++) (?<component>fail2ban[\w.\-]*+) *+(?:\[(?<pid>\d++)\])?: (?<level>[A-Z]++) ++]=] ..
  [=[(?<message>(?:\[(?<jail>[^\]]++)\] )?]=] ..
  [=[(?:(?<action>Found|Ban|Unban|Restore Ban|Ignore|Increase Ban|Already banned) )?]=] ..
  [=[(?<client>(?:\d{1,3}\.){3}\d{1,3}|[\da-f]*+:[\da-f:.]*[\da-f])?.*)]=])

function M.parse(line, event)
  local time, component, pid, level, message, jail, action, client = entry:captures(line)
  if not time then return false end
  local fields = event.fields

  event.time = time
  event.component = component
  event.message = message
  -- HEAVYDEBUG, TRACEDEBUG and MSG are fail2ban's own words.
  if level:find("DEBUG", 1, true) then level = "debug" elseif level == "MSG" then level = "info" end
  event.level = (action == "Ban" or action == "Increase Ban") and "warning" or level
  fields.pid = tonumber(pid)
  if client then
    fields.jail = jail
    fields.action = action and action:lower()
    fields.client = client
  elseif jail then
    fields.jail = jail
  end
end

M.samples = {
  {
    line = "2026-11-20 04:00:16,120 fail2ban.actions        [745]: NOTICE  [sshd] Ban 203.0.113.66",
    expect = {
      level = "WARNING", component = "fail2ban.actions", message = "[sshd] Ban 203.0.113.66",
      time = "2026-11-20T04:00:16.120Z", fields = { pid = 745, jail = "sshd", action = "ban", client = "203.0.113.66" },
    },
  },
  {
    line = "2026-11-20 04:00:15,900 fail2ban.filter         [745]: INFO    [sshd] Found 2001:db8::66 - 2026-11-20 04:00:15",
    expect = { level = "INFO", fields = { action = "found", client = "2001:db8::66" } },
  },
  {
    line = "2026-11-20 04:10:16,500 fail2ban.actions        [745]: NOTICE  [sshd] Unban 203.0.113.66",
    expect = { level = "INFO", fields = { action = "unban" } },
  },
  {
    line = "2026-11-20 04:00:17,000 fail2ban.utils          [745]: ERROR   7f2c -- stderr: 'iptables: No chain/target/match by that name.'",
    expect = { level = "ERROR", component = "fail2ban.utils" },
  },
  {
    line = "2026-11-20 04:00:18,000 fail2ban.jail           [745]: INFO    Jail 'sshd' uses systemd {}",
    expect = { level = "INFO", message = "Jail 'sshd' uses systemd {}" },
  },
  { line = "2026-11-20 04:00:16,120 - fail2ban.actions - NOTICE - [sshd] Ban 203.0.113.66", expect = false },
  { line = "2026-11-20 04:00:16,120 INFO svs.main: fail2ban started", expect = false },
}

return M
