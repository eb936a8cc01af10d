--- Minecraft's servers and clients: vanilla, Paper and its like, Fabric, Forge, old and new.
---   [04:00:16] [Server thread/INFO]: Done (4.118s)! For help, type "help"
---   [04:00:16 INFO]: anna joined the game
---   [20Nov2026 04:00:16.120] [Server thread/WARN] [net.minecraft.server.MinecraftServer/]: Can't keep up!

local M = {
  name = "minecraft",
  kind = "parser",
  api = 1,
  description = "Minecraft (vanilla, Paper, Fabric, Forge)",
  multiline = true,
  match = [=[^\[(?:\d{1,2}[A-Za-z]{3}\d{4} |\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d(?:[.,]\d{3})?(?: (?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\](?: \[[\w\-. ]+\])?: ?]=] ..
    [=[|\] \[[^\]\/]+\/(?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\](?: \[[^\]]*\]| \([^)]*\))?:? )]=],
}

local entry = ailogger.regex(
  [=[^\[(?:(?<day>\d{1,2})(?<month>[A-Za-z]{3})(?<year>\d{4}) |(?<date>\d{4}-\d\d-\d\d) )?(?<clock>[\d:.,]++)(?:\] \[(?<thread>[^\]\/]++)\/(?<level>[A-Z]++)\]]=] ..
  [=[(?: [\[(](?<component>[^\]\/)]*+)[^\]):]*+[\])])?:?| (?<short>[A-Z]++)\](?: \[(?<plugin>[^\]]++)\])?:) ?(?<message>.*)$]=])

local overloaded = ailogger.regex([=[^Can't keep up! .*Running (\d+)ms]=])

function M.parse(line, event)
  local day, month, year, date, clock, thread, level, component, short, plugin, message = entry:captures(line)
  if not clock then return false end

  event.time = day and ("%s %s %s %s"):format(#day == 1 and "0" .. day or day, month, year, clock) or date and date .. " " .. clock or clock
  event.level = level or short
  component = component ~= "" and component or plugin
  if component ~= "" then event.component = component end
  event.message = message
  event.fields.thread = thread
  event.fields.behind_ms = tonumber((overloaded:captures(message)))
end

M.samples = {
  {
    line = "[04:00:16] [Server thread/WARN]: Can't keep up! Is the server overloaded? Running 2118ms or 42 ticks behind",
    expect = { level = "WARNING", fields = { thread = "Server thread", behind_ms = 2118 } },
  },
  {
    line = "[20Nov2026 04:00:16.120] [Server thread/ERROR] [net.minecraft.server.MinecraftServer/]: no answer",
    expect = {
      level = "ERROR", component = "net.minecraft.server.MinecraftServer", message = "no answer",
      time = "2026-11-20T04:00:16.120Z",
    },
  },
  {
    line = "[2026-11-20 04:00:16] [Server thread/WARN]: Can't keep up! Is the server overloaded? Running 2012ms or 40 ticks behind",
    expect = { level = "WARNING", time = "2026-11-20T04:00:16Z", fields = { thread = "Server thread", behind_ms = 2012 } },
  },
  { line = "[04:00:16 INFO]: anna joined the game", expect = { level = "INFO", message = "anna joined the game" } },
  { line = "[04:00:16 WARN] [shop]: slow", expect = { level = "WARNING", component = "shop", message = "slow" } },
  { line = "[04:00:16] [main/INFO] (FabricLoader) Loading 41 mods:", expect = { component = "FabricLoader" } },
  { line = "[04:00:16 INF] Now listening", expect = false },
}

return M
