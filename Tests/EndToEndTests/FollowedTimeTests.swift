import Foundation
import Testing

/// How time goes on while `parse --follow` follows logs that lag, and what it tells of what is left out.
@Suite struct FollowedTimeTests {
    private static let count = """
        local M = { name = "count", kind = "correlator", api = 1 }
        function M.process(event, ctx) ctx:emit({ title = "count", message = event.message }) end
        M.samples = { { events = {}, expect = {} } }
        return M
        """
    private static let beat = """
        local M = { name = "beat", kind = "correlator", api = 1 }
        function M.process(event, ctx) ctx:heartbeat(event.message, "2s") end
        function M.absent(ctx, key) ctx:emit({ title = "absent", message = key .. " is absent" }) end
        M.samples = { { events = {}, expect = {} } }
        return M
        """

    private static let begin = #"""
        say() { echo "$(date -u -d "-$1 seconds" +%Y-%m-%dT%H:%M:%S.%3NZ) web1 app: $2" >> a.log; }
        until_said() { for i in $(seq 100); do grep -q "$1" "$2" && return; sleep 0.2; done; }
        : > a.log
        """#

    @Test(arguments: [("500ms", 0, "1.5"), ("1s", 6, "3")])
    func `a log that lags behind the clock on the wall loses nothing`(lateness: String, lag: Int, rest: String)
        async throws
    {
        let folder = try Folder()
        try folder.write(Self.count, "plugins/count/init.lua")
        let script =
            Self.begin + """

                "$AILOGGER" parse --follow --lateness \(lateness) --plugins plugins --use count a.log > out &
                sleep 4
                for i in 1 2 3 4; do say \(lag) e$i; sleep \(rest); done
                until_said e4 out; kill %1; wait %1
                grep -c '"finding"' out
                """
        let run = try await Command.shell(script, in: folder.path, seconds: 100)
        #expect(run.text == "4\n")
        #expect(run.errors == "")
    }

    @Test func `what is late is told while the log is followed`() async throws {
        let folder = try Folder()
        try folder.write(Self.count, "plugins/count/init.lua")
        let script =
            Self.begin + #"""

                "$AILOGGER" parse --follow --lateness 1s --plugins plugins --use count a.log > out 2> err &
                sleep 1
                say 0 one; say 600 old; say 0 two
                until_said 'left out' err; kill %1; wait %1
                cat err
                """#
        let run = try await Command.shell(script, in: folder.path, seconds: 100)
        #expect(
            run.text.contains("left out 1 event that came more than 1 s behind newer ones of the same log"),
            "\(run.text)")
    }

    @Test func `timers go off while a log that lags is silent`() async throws {
        let folder = try Folder()
        try folder.write(Self.beat, "plugins/beat/init.lua")
        let script =
            Self.begin + #"""

                "$AILOGGER" parse --follow --lateness 1s --plugins plugins --use beat a.log > out &
                sleep 1
                say 5 one
                until_said absent out; grep -c absent out; kill %1; wait %1
                """#
        let run = try await Command.shell(script, in: folder.path, seconds: 100)
        #expect(run.text == "1\n")
    }
}
