--- MongoDB up to 4.2: time, severity, component, [context] and text; before 3.0 without severity and component. Since
--- 4.4 it writes JSON.
--- The format: https://mongodb.com/docs/v3.0/reference/log-messages/

local M = {
  name = "mongodb_text",
  kind = "parser",
  api = 1,
  description = "MongoDB 2.4 to 4.2",
  multiline = true,
  match = [=[^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(?:Z|[+-]\d\d:?\d\d) (?:[FEWID]\d? +(?:[A-Z_]+|-) +\[[^\]]+\] ]=] ..
    [=[|\[(?:conn\d+|initandlisten|signalProcessingThread|rs[A-Z]\w+|journal|FileAllocator|clientcursormon|]=] ..
    [=[TTLMonitor|PeriodicTask\w*|websvr|interruptThread|DataFileSync|mongosMain|Balancer|LockPinger|repl\w+)\] )]=],
}

local entry = ailogger.regex(
  [=[^(?<time>[^ ]++) (?:(?<level>[FEWID])\d? ++(?:-|(?<component>[A-Z_]++)) ++)?\[(?<context>[^\]]++)\] ]=] ..
  [=[(?<message>(?:(?<operation>command|query|update|insert|remove|getmore) (?<namespace>[^ .]++\.[^ ]++) )?.*)$]=])

local details = ailogger.regex(
  [=[ planSummary: (?<plan>[A-Z_]++)(?:.*? docsExamined:(?<examined>\d++))?(?:.*? nreturned:(?<returned>\d++))?]=])
local peer = ailogger.regex(
  [=[(?:from|to|end connection|connection) \[?(?<client>[\da-f.:]*?[\da-f.])\]?:(?<port>\d++)(?: #]=] ..
  [=[(?<number>\d++))?]=])

function M.parse(line, event)
  local time, level, component, context, message, operation, namespace = entry:captures(line)
  if not time then return false end
  local fields = event.fields

  event.time = time
  event.level = level
  event.component = component
  event.message = message
  fields.context = context
  if operation then
    fields.operation = operation
    fields.namespace = namespace
    local plan, examined, returned = details:captures(message)
    fields.plan = plan
    fields.rows_examined = tonumber(examined)
    fields.rows_sent = tonumber(returned)
  elseif component == "NETWORK" or not component then
    local client, port, number = peer:captures(message)
    fields.client = client
    fields.port = tonumber(port)
    fields.connection = tonumber(number)
  end
  -- A duration ends the line of an operation.
  local taken = message:match(" (%d+)ms$", -14)
  if taken then fields.duration = tonumber(taken) / 1000 end
end

M.samples = {
  {
    line = "2026-11-20T00:04:00.111+0100 [conn1] end connection 192.0.2.35:53276 (0 connections now open)",
    expect = {
      message = "end connection 192.0.2.35:53276 (0 connections now open)", time = "2026-11-19T23:04:00.111Z",
      fields = { context = "conn1", client = "192.0.2.35", port = 53276 },
    },
  },
  {
    line = "2026-11-20T04:00:16.120+0000 I NETWORK  [listener] connection accepted from 192.0.2.21:40022 #12 (3 connections now open)",
    expect = {
      level = "INFO", component = "NETWORK", time = "2026-11-20T04:00:16.120Z",
      message = "connection accepted from 192.0.2.21:40022 #12 (3 connections now open)",
      fields = { context = "listener", client = "192.0.2.21", port = 40022, connection = 12 },
    },
  },
  {
    line = [=[2026-11-20T03:55:40.120+0000 I COMMAND  [conn12] command shop.orders appName: "shop-api" command: find { find: "orders" } planSummary: COLLSCAN keysExamined:0 docsExamined:1543720 cursorExhausted:1 nreturned:4 reslen:812 locks:{} protocol:op_msg 7725ms]=],
    expect = {
      level = "INFO",
      fields = {
        operation = "command", namespace = "shop.orders", plan = "COLLSCAN", rows_examined = 1543720, rows_sent = 4,
        duration = 7.725, context = "conn12",
      },
    },
  },
  {
    line = "2026-11-20T04:00:17.000+0000 E STORAGE  [WTJournalFlusher] WiredTiger error (28) [1795147217:0]: No space left on device",
    expect = { level = "ERROR", component = "STORAGE" },
  },
  {
    line = "2026-11-20T04:00:17.100+0000 F -        [WTJournalFlusher] Fatal assertion 50853 at src/mongo/db/storage/wiredtiger/wiredtiger_util.cpp 409",
    expect = {
      level = "CRITICAL", message = "Fatal assertion 50853 at src/mongo/db/storage/wiredtiger/wiredtiger_util.cpp 409",
    },
  },
  {
    line = "2026-11-20T04:00:18.000+0000 D2 NETWORK  [conn13] end connection [2001:db8::21]:40023 (2 connections now open)",
    expect = { level = "DEBUG", fields = { client = "2001:db8::21", port = 40023 } },
  },
  { line = "2026-11-20T04:00:16.120+0000 I NETWORK  connection accepted", expect = false },
  { line = "2026-11-20T04:00:16.120Z INFO [main] started", expect = false },
}

return M
