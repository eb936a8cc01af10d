package import LogLua

/// A new plugin that works as it is, for someone to go on from.
package struct PluginDraft {
    /// The text of its `init.lua`.
    package let source: String
    /// How many of the given lines it reads; nil where none were given.
    package private(set) var read: Int?

    /// Kinds that there are drafts of.
    package static let kinds: [LuaKind] = [.parser, .filter, .correlator, .sink]
    /// Lines that are worth giving.
    package static let mostLines = ParserDraft.mostLines

    /// `lines`: of the log that a parser is for; made up if there are none.
    package init(_ name: String, _ kind: LuaKind, lines: [[UInt8]] = []) {
        switch kind {
        case .filter, .fluentbit: source = Self.filter(name)
        case .correlator: source = Self.correlator(name)
        case .sink: source = Self.sink(name)
        case .parser:
            let draft = ParserDraft(name, lines.isEmpty ? Self.madeUpLines : lines, isExample: lines.isEmpty)
            source = draft.source
            read = lines.isEmpty ? nil : draft.read
        }
    }

    private static let madeUpLines = [
        "2026-11-20 04:00:16.120 INFO  till-7 [pay.card] order 88112 took 31 ms",
        "2026-11-20 04:00:17.003 WARN  till-7 [pay.card] order 88113 took 904 ms",
        "2026-11-20 04:00:19.870 ERROR till-2 [pay.cash] drawer is open",
    ].map { Array($0.utf8) }

    private static func filter(_ name: String) -> String {
        """
        --- What this filter does to which events, and why: say it here. `--use \(name)` lets it run.

        local M = {
          name = "\(name)",
          kind = "filter",
          api = 1,
          description = "Hides passwords and tokens, and drops what watchdogs ask for",
          -- Tried before Lua is entered: only events whose message matches come here. level = "warning" and
          -- formats = { "access" } narrow it further. Without any of them every event comes.
          match = [[(?i)password|token|/healthz]],
          -- What --set \(name).mask=… changes.
          config = { mask = "***", drop = "/healthz" },
        }

        local secret = ailogger.regex([[(?i)\\b(?<name>password|token)(?<sign>[=:] ?+)[^\\s,;&"]++]])

        function M.process(event)
          local message = event.message
          -- false drops the event.
          if message:find(M.config.drop, 1, true) then return false end
          local hidden, count = secret:gsub(message, function(m) return m.name .. m.sign .. M.config.mask end)
          if count > 0 then
            event.message = hidden
            event.fields.hidden = count
          end
        end

        M.samples = {
          {
            event = { message = "login of bob: password=hunter2, token: 77ab" },
            expect = { message = "login of bob: password=***, token: ***", fields = { hidden = 2 } },
          },
          -- ailogger.null: the field isn't there.
          { event = { message = "password changed" }, expect = { message = "password changed", fields = { hidden = ailogger.null } } },
          { event = { message = "GET /healthz 200" }, expect = false },
        }

        return M

        """
    }

    private static func correlator(_ name: String) -> String {
        """
        --- What this correlator finds between events: say it here. `--use \(name)` lets it run.

        local M = {
          name = "\(name)",
          kind = "correlator",
          api = 1,
          description = "Many errors of one component within a minute",
          -- Which events come here; match, formats and rules = { "sshd.*" } narrow it further.
          level = "error",
          -- What --set \(name).count=… changes.
          config = { count = 5, within = "1m" },
        }

        -- Events come in the order of their times. What is to be remembered lies in ctx, which is kept over the end of a run.
        function M.process(event, ctx)
          local component = event.component or "unknown"
          local change, count = ctx:threshold(component, { count = M.config.count, within = M.config.within })
          if change == "raised" then
            ctx:emit {
              title = "Many errors of one component",
              level = "error",
              message = ("%d errors of %s within %s"):format(count, component, M.config.within),
              cause = "Say what is behind it most of the time.",
              fix = { "Say what to do first." },
              fields = { component = component },
            }
          end
        end

        local function errors(count, component)
          local events = {}
          for i = 1, count do
            events[i] = {
              time = ("2026-11-20T04:00:%02dZ"):format(i), level = "error", component = component, message = "no answer",
            }
          end
          return events
        end

        M.samples = {
          {
            events = errors(6, "pay"),
            expect = { { title = "Many errors of one component", level = "error", fields = { component = "pay" } } },
          },
          { events = errors(4, "pay"), expect = {} },
        }

        return M

        """
    }

    private static func sink(_ name: String) -> String {
        """
        --- What this sink writes where, and who reads it: say it here. It runs with
        ---   --use \(name) --allow file:\(name).csv

        local M = {
          name = "\(name)",
          kind = "sink",
          api = 1,
          description = "Warnings and errors as a table for a spreadsheet",
          -- Which events come here; match, formats and rules = { "sshd.*" } narrow it further.
          level = "warning",
          -- All that it may write to; "tcp:HOST:PORT" and "udp:HOST:PORT" are possible too.
          permissions = { "file:\(name).csv" },
        }

        local out = ailogger.output("file:\(name).csv")

        -- Called once, before the first event.
        function M.start() out:write("time,level,component,message\\n") end

        function M.write(event)
          local time = event.time and ailogger.time.format(event.time) or ""
          out:write(ailogger.csv.format { time, event.level or "", event.component or "", event.message }, "\\n")
        end

        M.samples = {
          {
            event = {
              time = "2026-11-20T04:00:16Z", level = "error", component = "pay", message = 'card "Visa", no answer',
            },
            expect = { ["file:\(name).csv"] = '2026-11-20T04:00:16Z,error,pay,"card ""Visa"", no answer"\\n' },
          },
        }

        return M

        """
    }
}
