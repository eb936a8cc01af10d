import Glibc
import LogLua
import Testing

/// A corpus of attacks. Each is a line's worth of code in a plugin that is otherwise sound: it must end by itself, as
/// an error or stopped by a limit, and cost one event; the lines before and after it and other plugins feel nothing.
/// What `SandboxTests` has isn't repeated here.
enum Attack {
    /// Runs `attack` on one line. Returns how many calls a limit has stopped: 0 if it ended as an ordinary error.
    static func kills(by attack: String, milliseconds: Int = 100) throws -> Int {
        var limits = LuaLimits()
        limits.millisecondsPerCall = Int64(milliseconds)
        let fixture = try Fixture(
            "if line == 'attack' then \(attack) end event.fields.ok = line:gsub('e', '3')", limits: limits)
        let other = try Fixture("event.fields.ok = line:gsub('e', '3')")
        #expect(fixture.parse("before")?.text("ok") == "b3for3")
        let start = processorMilliseconds()
        #expect(fixture.parse("attack") == nil, "neither stopped nor refused")
        // The limit is 100 ms of processor time, which no attack passed in a debug build when measured. The rest is for
        // the sanitizers, under which what is done between two looks at the clock takes three times as long.
        let took = processorMilliseconds() - start
        #expect(took < 4 * milliseconds, "\(took) ms")
        #expect(fixture.parser.errors.count == 1)
        #expect(fixture.parse("after")?.text("ok") == "aft3r", "\(fixture.parser.errors)")
        #expect(other.parse("other")?.text("ok") == "oth3r")
        #expect(fixture.parser.errors.count == 1)
        return fixture.parser.errors.kills
    }

    static func processorMilliseconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }
}
