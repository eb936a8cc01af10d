--- klog and glog, as Kubernetes' components and many C++ programs write them: a letter, month and day, time, thread,
--- file and line. What klog calls structured is a quoted message and key="value" behind it.
--- The format: https://www.bookstack.cn/read/kubernetes-1.22-en/5bef3fb785254c90.md
--- There is no year but in newer versions of glog.

local M = {
  name = "klog",
  kind = "parser",
  api = 1,
  description = "klog and glog (Kubernetes components)",
  multiline = true,
  match = [=[^[IWEF](?:\d{4})?\d{4} \d\d:\d\d:\d\d\.\d{6}Z? +\d+ [^ :\]]+:\d+\] ]=],
}

local entry = ailogger.regex(
  [=[^(?<level>.)(?<year>\d{4}(?=\d{4}))?(?<month>\d\d)(?<day>\d\d) (?<clock>[^ ]++) ++(?<thread>\d++) ]=] ..
  [=[(?<file>[^ :]++):(?<line>\d++)\] (?<message>(?:"(?<text>(?:[^"\\]|\\.)*+)"(?= |$))?(?<pairs>.*))$]=])

local pair = ailogger.regex([=[\G( ([\w.\/\-]++)=(?:"((?:[^"\\]|\\.)*+)"|((?:\{[^}]*+\}|\[[^\]]*+\])|[^ "]*+)))]=])

local escapes = { n = "\n", t = "\t", r = "\r" }

local function unescaped(text)
  if not text:find("\\", 1, true) then return text end
  return (text:gsub("\\(.)", function(byte) return escapes[byte] or byte end))
end

-- The pairs as fields; false if they aren't pairs to the end.
local function read(pairs_text, fields)
  local at, failure = 1, nil
  while at <= #pairs_text do
    local taken, key, quoted, bare = pair:captures(pairs_text, at)
    if not taken then return false, failure end
    at = at + #taken
    local value = quoted and unescaped(quoted) or bare
    if key == "err" or key == "error" then failure = value end
    if value ~= "" then fields[key] = bare and bare:find("^%d%d?%d?%d?%d?%d?%d?%d?%d?$") and tonumber(bare) or value end
  end
  return true, failure
end

function M.parse(line, event)
  local level, year, month, day, clock, thread, file, number, message, text, pairs_text = entry:captures(line)
  if not level then return false end
  local fields = event.fields

  event.time = year and ("%s-%s-%s %s"):format(year, month, day, clock) or ("%s-%s %s"):format(month, day, clock)
  event.level = level
  fields.thread = tonumber(thread)
  fields.file = file
  fields.line = tonumber(number)
  event.message = message
  if text then
    local whole, failure = read(pairs_text, fields)
    -- Pairs that go on in the next line stay where they are: that line joins the message.
    if whole then
      text = unescaped(text)
      event.message = failure and text .. ": " .. failure or text
    end
  end
end

M.samples = {
  {
    line = "I1120 04:00:16.525108       1 httplog.go:79] GET /api/v1/nodes: (1.512ms) 200",
    expect = {
      level = "INFO", message = "GET /api/v1/nodes: (1.512ms) 200",
      fields = { thread = 1, file = "httplog.go", line = 79 },
    },
  },
  {
    line = [[E1120 04:00:17.001002    1234 pod_workers.go:1298] "Error syncing pod, skipping" err="failed to \"StartContainer\" for \"api\" with CrashLoopBackOff" pod="shop/api-7d9f5c6b8-x2x9k" podUID="1b2c" attempt=3]],
    expect = {
      level = "ERROR",
      message = [[Error syncing pod, skipping: failed to "StartContainer" for "api" with CrashLoopBackOff]],
      fields = {
        thread = 1234, pod = "shop/api-7d9f5c6b8-x2x9k", podUID = "1b2c", attempt = 3, file = "pod_workers.go",
      },
    },
  },
  {
    line = [[W1120 04:00:18.000000    1234 reflector.go:533] watch of *v1.Pod ended with: too old resource version]],
    expect = { level = "WARNING", message = "watch of *v1.Pod ended with: too old resource version" },
  },
  {
    line = [[F20261120 04:00:19.120340  4711 main.cc:41] Check failed: rc == 0 (28 vs. 0) No space left on device]],
    expect = {
      level = "CRITICAL", time = "2026-11-20T04:00:19.120340Z", fields = { file = "main.cc", line = 41, thread = 4711 },
    },
  },
  {
    line = [[W20261120 04:00:19.120340Z 4711 alert_manager.cc:151] 3 alerts wait]],
    expect = { level = "WARNING", time = "2026-11-20T04:00:19.120340Z", fields = { file = "alert_manager.cc" } },
  },
  {
    line = [[I1120 04:00:20.000000       1 event.go:307] "Event occurred" object="shop/api" labels={"app":"api"} reason="Killing"]],
    expect = {
      message = "Event occurred", fields = { object = "shop/api", labels = '{"app":"api"}', reason = "Killing" },
    },
  },
  { line = "I1120 04:00:16 httplog.go:79] GET /", expect = false },
  { line = "I/ActivityManager( 1702): slow operation", expect = false },
}

return M
