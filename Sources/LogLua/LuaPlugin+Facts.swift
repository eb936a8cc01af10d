/// What can be said of a plugin besides running it.
extension LuaPlugin {
    /// The entries of `config`, with their values as `--set` takes them.
    package var settings: [(key: String, value: String)] {
        let texts = ask(
            """
            (function()
              local texts = {}
              for key, value in pairs(M.config or {}) do
                local joined, list = pcall(table.concat, value, ",")
                texts[#texts + 1] = tostring(key)
                texts[#texts + 1] = type(value) == "table" and joined and list or tostring(value)
              end
              return table.unpack(texts)
            end)()
            """)
        return stride(from: 0, to: texts.count - 1, by: 2).map { (texts[$0], texts[$0 + 1]) }.sorted { $0.0 < $1.0 }
    }

    package var sampleCount: Int { ask("#M.samples").first.flatMap { Int($0) } ?? 0 }

    private func ask(_ expression: String) -> [String] {
        guard let dialogue = try? LuaDialogue(script), case .values(let values) = dialogue.evaluate(expression) else {
            return []
        }
        return values
    }

    /// The plugin, whatever its samples say; nil if it doesn't keep the contract.
    package static func untested(_ script: LuaScript) -> LuaPlugin? {
        var contract = LuaContract(script)
        guard let state = try? LuaState.running(script, limits: LuaLimits()) else { return nil }
        return contract.check(state, limits: LuaLimits())
    }
}
