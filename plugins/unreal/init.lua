--- Unreal Engine's logs: [2026.11.20-04.00.16:120][ 42]LogTemp: Warning: no answer
--- The number counts frames. Lines from before the clock runs have neither; a line without a verbosity is of Log.

local M = {
  name = "unreal",
  kind = "parser",
  api = 1,
  description = "Unreal Engine",
  multiline = true,
  match = [=[^(?:\[\d{4}\.\d\d\.\d\d-\d\d\.\d\d\.\d\d:\d{3}\]\[ *\d+\]|Log[A-Z]\w*:(?: |(?:Fatal|Error|Warning|Display|Log|Verbose|VeryVerbose): )|Log file open, |Signal \d+ caught\.$|\[S_API FAIL\] )]=],
}

local entry = ailogger.regex(
  [=[^(?:\[(?<date>\d{4}\.\d\d\.\d\d)-(?<hour>\d\d)\.(?<minute>\d\d)\.(?<second>\d\d):(?<millisecond>\d{3})\]\[ *(?<frame>\d++)\])?]=] ..
  [=[(?:(?<component>[A-Z]\w*+):(?: |(?=(?:Fatal|Error|Warning|Display|Log|Verbose|VeryVerbose): ))(?:(?<level>Fatal|Error|Warning|Display|Log|Verbose|VeryVerbose): ?)?)?(?<message>.*)$]=])

local levels = {
  Fatal = "critical", Error = "error", Warning = "warning", Display = "info", Log = "info", Verbose = "debug",
  VeryVerbose = "trace",
}

function M.parse(line, event)
  local signal = line:match("^Signal (%d+) caught%.$")
  if signal then
    event.level = (signal == "15" or signal == "2") and "info" or "critical"
    event.message = line
    return
  end
  if line:sub(1, 12) == "[S_API FAIL]" then
    event.level = "error"
    event.component = "S_API"
    event.message = line:sub(14)
    return
  end
  local date, hour, minute, second, millisecond, frame, component, level, message = entry:captures(line)
  if date then event.time = ("%s %s:%s:%s.%s"):format(date, hour, minute, second, millisecond) end
  event.component = component
  event.level = levels[level or "Log"]
  -- the last words before the callstack have no category
  if not component and (message:find("^Fatal error!") or message:find("^Critical error:") or message:find("^Assertion failed:")) then
    event.level = "critical"
  end
  event.message = message
  event.fields.frame = tonumber(frame)
end

M.samples = {
  {
    line = "[2026.11.20-04.00.16:120][ 42]LogHttp: Warning: no answer from db1.example.com",
    expect = {
      level = "WARNING", component = "LogHttp", message = "no answer from db1.example.com",
      time = "2026-11-20T04:00:16.120Z", fields = { frame = 42 },
    },
  },
  { line = "LogInit: Display: Running engine for game: Pump", expect = { level = "INFO", component = "LogInit" } },
  { line = "LogInit:Warning: no GPU", expect = { level = "WARNING", component = "LogInit", message = "no GPU" } },
  {
    line = "[2026.11.20-04.00.17:000][412]LogBlueprintUserMessages: [BP_Pump_C_0] dry",
    expect = { level = "INFO", message = "[BP_Pump_C_0] dry", fields = { frame = 412 } },
  },
  { line = "[2026.11.20-04.00.17:000][412]Fatal error!", expect = { level = "CRITICAL", message = "Fatal error!" } },
  { line = "Signal 11 caught.", expect = { level = "CRITICAL", message = "Signal 11 caught." } },
  { line = "[S_API FAIL] Tried to access Steam before init.", expect = { level = "ERROR", component = "S_API" } },
  { line = "Logging to syslog: ready", expect = false },
  { line = "[2026-11-20 04:00:16.120] [info] ready", expect = false },
}

return M
