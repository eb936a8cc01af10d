import LogCore
import LogLua
import Testing

struct LuaMemoryTests {
    @Test(arguments: [("", 0, 0), ("local t = {}", 1, 40), ("local t = { {}, {} }", 4, 140)])
    func `blocks that calls take are counted`(body: String, blocks: Int, least: Int) throws {
        let plugin = try PluginFailureTests.plugin("filter", "function M.process(event) \(body) end")
        var batch = PluginFailureTests.batch((0..<1_000).map { "event \($0)" })
        let memory = try #require(LuaMemory.measure(plugin, &batch, LuaBatchFacts(), formats: []))
        #expect(memory.calls == 1_000)
        // What a state takes once, such as a longer stack, is little beside.
        #expect((blocks * 1_000..<blocks * 1_000 + 50).contains(memory.allocations), "\(memory)")
        #expect(memory.allocated >= least * 1_000)
    }
}
