--- Logs that Kubernetes' container runtimes (containerd, CRI-O) write for each container: time, stream, a tag, and the
--- line that the program printed. P marks a line that was cut and goes on in the next, F the end of one.
--- The format: https://grafana.com/docs/loki/next/send-data/promtail/stages/cri/
--- The program's line stays as it is, whatever its format; its level is read from the places where lines have one.

local M = {
  name = "cri",
  kind = "parser",
  api = 1,
  description = "Kubernetes container logs (containerd, CRI-O)",
  match = [[^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d) (?:stdout|stderr) [FP](?::[^ ]+)? ]],
}

local entry = ailogger.regex(
  [=[^(?<time>[^ ]++) (?<stream>[^ ]++) (?<tag>[FP])[^ ]*+ (?<message>.*)]=])

-- The letter of klog; a member of JSON or a pair of logfmt; a word behind at most a time and a thread in brackets.
local inner = ailogger.regex(
  [=[^(?|([IWEF])(?:\d{4})?\d{4} \d\d:\d\d:\d\d|\{(?:.*?[,{ ])?"(?:level|severity|lvl|log\.level|levelname)" ?: ?"]=] ..
  [=[([A-Za-z]++)"|(?:[^ ]*+ )*?(?:level|lvl|severity)="?([A-Za-z]++)"?(?= |$)|]=] ..
  [=[(?:[\[(]?(?:\d[\d\-:.,TZ+\/]*+|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d)[\])]? ++){0,2}(?:\[[^\]]*+\] ++)?]=] ..
  [=[[\[(<|]?((?i)TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|FATAL|CRITICAL|PANIC)(?=[\])>|: ]))]=])

-- Loggers have words of their own besides; those say nothing certain.
local known = {
  trace = true, debug = true, info = true, information = true, notice = true, warn = true, warning = true, error = true,
  err = true, fatal = true, critical = true, crit = true, panic = true, alert = true, emergency = true, dpanic = true,
  i = true, w = true, e = true, f = true, verbose = true,
}

function M.parse(line, event)
  local time, stream, tag, message = entry:captures(line)
  if not time then return false end
  local fields = event.fields

  event.time = time
  event.message = message
  local level = inner:captures(message)
  if level and known[level:lower()] then event.level = level end
  fields.stream = stream
  if tag == "P" then fields.partial = true end
end

M.samples = {
  {
    line = "2026-11-20T04:00:16.120340050Z stdout F cart 7 stored",
    expect = { time = "2026-11-20T04:00:16.120340050Z", message = "cart 7 stored", fields = { stream = "stdout" } },
  },
  {
    line = '2026-11-20T04:00:16.300000001Z stderr F {"time":"2026-11-20T04:00:16.3Z","level":"error","msg":"query failed"}',
    expect = {
      level = "ERROR", message = '{"time":"2026-11-20T04:00:16.3Z","level":"error","msg":"query failed"}',
      fields = { stream = "stderr" },
    },
  },
  {
    line = "2026-11-20T05:00:17.5+01:00 stderr F E1120 04:00:17.500000       1 leaderelection.go:327] error retrieving lock",
    expect = { level = "ERROR", time = "2026-11-20T04:00:17.5Z" },
  },
  {
    line = "2026-11-20T04:00:18.000000000Z stdout F 2026-11-20 04:00:18.000  WARN 1 --- [main] c.e.Pool : no connection",
    expect = { level = "WARNING" },
  },
  {
    line = "2026-11-20T04:00:18.100000000Z stderr F ts=2026-11-20T04:00:18.1Z caller=main.go:7 level=info msg=ready",
    expect = { level = "INFO" },
  },
  {
    line = "2026-11-20T04:00:19.000000000Z stdout P a very long line that goes",
    expect = { message = "a very long line that goes", fields = { partial = true } },
  },
  { line = "2026-11-20T04:00:19.000000000Z stdout a line without a tag", expect = false },
  { line = "2026-11-20T04:00:16.120Z error: connect ECONNREFUSED 192.0.2.5:5432", expect = false },
}

return M
