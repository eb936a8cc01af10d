import CLuaHost

/// A line that a script wrote with `ailogger.log`.
package struct LuaLogLine: Sendable, Equatable {
    package var text: String
    /// The number of a `Severity`, as the script's word named it.
    package var level: UInt8

    package init(text: String, level: UInt8) {
        self.text = text
        self.level = level
    }
}

/// What scripts have to say besides events: log lines and metrics.
package struct LuaOutput: Sendable {
    package var log: [LuaLogLine] = []
    /// Lines that found no room.
    package var droppedLines = 0
    package var metrics: [LuaMetric] = []
    /// Series that found no room.
    package var droppedSeries: Int64 = 0

    private static let lineLimit = 1000

    package init() {}

    /// Takes what a state has gathered since the last time.
    mutating func take(from handle: OpaquePointer) {
        var cursor = 0
        var level: UInt8 = 0
        var text: UnsafePointer<CChar>?
        var length = 0
        while ailua_log_next(handle, &cursor, &level, &text, &length) {
            guard log.count < Self.lineLimit else {
                droppedLines += 1
                continue
            }
            log.append(LuaLogLine(text: LuaState.text(text, length), level: level))
        }
        droppedLines += ailua_log_clear(handle)
        LuaMetric.take(from: handle, into: &self)
    }
}
