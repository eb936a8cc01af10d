--- Records of the Linux audit daemon, raw or enriched: type=SYSCALL msg=audit(1795147218.120:24287): key=value …
--- How to read them: https://docs.redhat.com/en/documentation/Red_Hat_Enterprise_Linux/7/html/security_guide/sec-understanding_audit_log_files
--- The fields: https://access.redhat.com/node/6970251
--- What a user could have written (a command, a path) is in hexadecimal where it holds a space or worse. An enriched
--- record repeats numbers as names in capitals behind a byte 29.

local M = {
  name = "auditd",
  kind = "parser",
  api = 1,
  description = "Linux audit daemon, raw and enriched",
  match = [=[^(?:node=[^ ]+ )?type=[A-Z\d_\[\]]+ msg=audit\(\d+\.\d{3}:\d+\)]=],
}

local entry = ailogger.regex(
  [=[^(?:node=(?<host>[^ ]++) )?type=(?<type>[^ ]++) msg=audit\((?<seconds>\d{9,10})\.(?<millis>\d{3}):]=] ..
  [=[(?<event>\d++)\) ?: *+(?<text>[^\x1d]*+)\x1d?(?<names>.*)]=])

-- The next pair, with whatever stands before it: words of SELinux, or the quote that opens a program's own record,
-- msg='op=login acct="anna" …'.
local pair = ailogger.regex([=[\G([^=]*?(?<![\w\-])([\w\-]++)=("[^"]*+"|[^ ']*+))]=])

-- Fields that hold what users wrote.
local untrusted = {
  proctitle = true, cmd = true, comm = true, exe = true, name = true, cwd = true, acct = true, path = true, data = true,
}

local numeric = {
  pid = true, ppid = true, uid = true, gid = true, euid = true, auid = true, ses = true, exit = true, syscall = true,
  items = true, item = true, argc = true, inode = true, sig = true, ["old-auid"] = true, ["old-ses"] = true,
  suid = true, fsuid = true, egid = true, sgid = true, fsgid = true,
}

local renamed = { addr = "client", acct = "user", res = "result", hostname = "client_name", ses = "session" }

-- What these records are called says how grave they are; others follow their result.
local by_type = {
  AVC = "warning", USER_AVC = "warning", SECCOMP = "warning", SELINUX_ERR = "error", USER_SELINUX_ERR = "error", KERN_MODULE = "info",
  DAEMON_ABORT = "critical", DAEMON_ERR = "error", SYSTEM_SHUTDOWN = "warning",
}

local function level_of(kind, result)
  local level = by_type[kind]
  if level then return level end
  if kind:find("^ANOM_") then return "error" end
  return (result == "no" or result == "failed" or result == "0") and "warning" or "info"
end

-- The arguments of a process are separated by NUL.
local function byte_of(digits)
  local byte = tonumber(digits, 16)
  return byte == 0 and " " or string.char(byte)
end

local function decoded(key, value, kind)
  if value:byte() == 0x22 then return value:sub(2, -2) end
  -- The arguments of a program are words, those of a system call numbers.
  if (untrusted[key] or kind == "EXECVE" and key:find("^a%d+$")) and #value > 1 and #value % 2 == 0
    and not value:find("%X") then
    return (value:gsub("%x%x", byte_of))
  end
  return value
end

local nothing = { [""] = true, ["?"] = true, ["(null)"] = true, ["4294967295"] = true, ['"?"'] = true, unset = true }

local function read(text, kind, values, fields)
  local at = 1
  while true do
    local taken, key, value = pair:captures(text, at)
    if not taken then return end
    at = at + #taken
    if not nothing[value] then
      value = decoded(key, value, kind)
      values[key] = value
      fields[renamed[key] or key] = numeric[key] and tonumber(value) or value
    end
  end
end

local summaries = {
  SYSCALL = function(v)
    local text = ("%s: %s"):format(v.comm or v.exe or "?", v.SYSCALL or "system call " .. (v.syscall or "?"))
    if v.success == "no" then text = text .. " failed, exit " .. (v.exit or "?") end
    return v.key and text .. " (" .. v.key .. ")" or text
  end,
  PROCTITLE = function(v) return v.proctitle end,
  CWD = function(v) return v.cwd end,
  PATH = function(v)
    if not v.name then return end
    return (v.nametype == "CREATE" or v.nametype == "DELETE") and v.nametype:lower() .. " " .. v.name or v.name
  end,
  ANOM_ABEND = function(v) return (v.exe or v.comm or "?") .. ": signal " .. (v.sig or "?") end,
  EXECVE = function(v)
    local words = {}
    for i = 0, math.min(tonumber(v.argc) or 0, 32) - 1 do words[#words + 1] = v["a" .. i] end
    return table.concat(words, " ")
  end,
}

-- op=… of a program with who, from where and how it ended.
local function told(v)
  local text = v.op or v.cmd or v.unit or v.comm
  if not text then return end
  if v.op and v.cmd then text = text .. " " .. v.cmd end
  if v.acct then text = text .. " " .. v.acct end
  if v.addr then text = text .. " from " .. v.addr end
  local result = v.res or v.result
  if result == "1" then result = "success" elseif result == "0" then result = "failed" end
  return result and text .. ": " .. result or text
end

function M.parse(line, event)
  local host, kind, seconds, millis, number, text, names = entry:captures(line)
  if not kind then return false end
  local fields, values = event.fields, {}

  event.time = tonumber(seconds) * 1000000000 + tonumber(millis) * 1000000
  event.component = "auditd"
  fields.host = host
  fields.type = kind
  fields.event = tonumber(number)
  read(text, kind, values, fields)
  event.level = level_of(kind, values.success or values.res)
  -- UID="root" says more than uid=0 does; both are kept.
  for key, value in names:gmatch('(%w+)="?([^ "]+)"?') do
    if value ~= "unset" then
      values[key] = value
      fields[key] = value
    end
  end

  local summary = summaries[kind]
  summary = summary and summary(values)
  -- SELinux's messages are sentences.
  if text:find("^avc: ") then
    event.message = text
    return
  end
  summary = summary or told(values)
  event.message = kind .. " " .. (summary and summary ~= "" and summary or text)
end

M.samples = {
  {
    line = 'type=SYSCALL msg=audit(1795147218.243:24287): arch=c000003e syscall=2 success=no exit=-13 a0=7fffd19c5592 a1=0 a2=7fffd19c4b50 a3=a items=1 ppid=2686 pid=3538 auid=1000 uid=1000 gid=1000 tty=pts0 ses=1 comm="cat" exe="/bin/cat" subj=unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023 key="sshd_config"',
    expect = {
      level = "WARNING", component = "auditd", time = "2026-11-20T04:00:18.243Z",
      message = "SYSCALL cat: system call 2 failed, exit -13 (sshd_config)",
      fields = {
        type = "SYSCALL", event = 24287, syscall = 2, success = "no", exit = -13, a0 = "7fffd19c5592", ppid = 2686,
        pid = 3538, auid = 1000, uid = 1000, comm = "cat", exe = "/bin/cat", key = "sshd_config", session = 1,
      },
    },
  },
  {
    line = "type=PROCTITLE msg=audit(1795147218.243:24287): proctitle=636174002F6574632F7373682F737368645F636F6E666967",
    expect = {
      level = "INFO", message = "PROCTITLE cat /etc/ssh/sshd_config",
      fields = { proctitle = "cat /etc/ssh/sshd_config" },
    },
  },
  {
    line = "type=USER_LOGIN msg=audit(1795147220.001:24291): pid=1977 uid=0 auid=4294967295 ses=4294967295 msg='op=login acct=\"root\" exe=\"/usr/sbin/sshd\" hostname=? addr=203.0.113.66 terminal=ssh res=failed'\29UID=\"root\" AUID=\"unset\"",
    expect = {
      level = "WARNING", message = "USER_LOGIN login root from 203.0.113.66: failed",
      fields = {
        pid = 1977, uid = 0, user = "root", client = "203.0.113.66", result = "failed", UID = "root", terminal = "ssh",
      },
    },
  },
  {
    line = 'node=db1 type=AVC msg=audit(1795147221.500:24300): avc:  denied  { read } for  pid=4242 comm="java" name="shadow" dev="vda1" ino=409248 scontext=system_u:system_r:report_t:s0 tcontext=system_u:object_r:shadow_t:s0 tclass=file permissive=0',
    expect = {
      level = "WARNING",
      message = 'avc:  denied  { read } for  pid=4242 comm="java" name="shadow" dev="vda1" ino=409248 scontext=system_u:system_r:report_t:s0 tcontext=system_u:object_r:shadow_t:s0 tclass=file permissive=0',
      fields = { host = "db1", comm = "java", name = "shadow", tclass = "file", pid = 4242 },
    },
  },
  {
    line = 'type=EXECVE msg=audit(1795147222.000:24301): argc=3 a0="rm" a1="-f" a2=2F7661722F6C69622F6A6176612064756D70',
    expect = { message = "EXECVE rm -f /var/lib/java dump", fields = { argc = 3, a2 = "/var/lib/java dump" } },
  },
  {
    line = 'type=ANOM_ABEND msg=audit(1795147213.884:24280): auid=4294967295 uid=110 gid=115 ses=4294967295 pid=2231 comm="postgres" exe="/usr/lib/postgresql/16/bin/postgres" sig=6 res=1',
    expect = {
      level = "ERROR", message = "ANOM_ABEND /usr/lib/postgresql/16/bin/postgres: signal 6",
      fields = { sig = 6, comm = "postgres" },
    },
  },
  {
    line = "type=SERVICE_START msg=audit(1795146000.100:24100): pid=1 uid=0 auid=4294967295 ses=4294967295 msg='unit=report-builder comm=\"systemd\" exe=\"/usr/lib/systemd/systemd\" hostname=? addr=? terminal=? res=success'",
    expect = {
      level = "INFO", message = "SERVICE_START report-builder: success", fields = { unit = "report-builder" },
    },
  },
  { line = "type=SYSCALL audit(1795147218.243:24287): arch=c000003e syscall=2", expect = false },
  { line = 'type=traffic level=notice msg="audit(1)"', expect = false },
}

return M
