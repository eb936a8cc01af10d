import CLuaHost
import LogCore

/// Why a call failed: the message, and the line of the plugin's file where known (0 where not).
struct LuaFailure: Error {
    var message: String
    var line: Int
    /// A limit was hit: the state is of no use any more.
    var isKill: Bool
}

/// One sandboxed Lua state with a plugin's chunk in it. Closes itself.
///
/// All work is done by `CLuaHost`, whose functions return a status: no Lua error ever passes a Swift frame.
struct LuaState: ~Copyable {
    let handle: OpaquePointer

    /// Runs the plugin's chunk. `file` is the name that positions in errors carry.
    static func running(_ source: [UInt8], file: String, limits: LuaLimits) throws(LuaFailure) -> LuaState {
        let cLimits = ailua_limits(
            memory: limits.memory, instructions: limits.instructions,
            nanoseconds: limits.millisecondsPerCall * 1_000_000)
        guard let handle = ailua_open(cLimits, luaServices) else {
            throw LuaFailure(message: "no memory for a Lua state", line: 0, isKill: true)
        }
        let state = LuaState(handle: handle)
        let status = source.withUnsafeBytes { bytes in
            ailua_load(handle, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, file)
        }
        if status != AILUA_OK { throw state.failure(status) }
        return state
    }

    private init(handle: OpaquePointer) { self.handle = handle }

    deinit { ailua_close(handle) }

    /// Hands the state over: the caller closes it.
    consuming func release() -> OpaquePointer {
        let handle = handle
        discard self
        return handle
    }

    /// The reason of the status that a call has just returned.
    func failure(_ status: ailua_status) -> LuaFailure { Self.failure(status, of: handle) }

    static func failure(_ status: ailua_status, of handle: OpaquePointer) -> LuaFailure {
        var length = 0
        let text = ailua_error(handle, &length)
        return LuaFailure(
            message: LuaState.text(text, length), line: Int(ailua_error_line(handle)),
            isKill: status == AILUA_KILLED)
    }

    /// Bytes from Lua as text, with U+FFFD for what isn't UTF-8.
    static func text(_ bytes: UnsafePointer<CChar>?, _ length: Int) -> String {
        let raw = UnsafeRawBufferPointer(start: bytes, count: bytes == nil ? 0 : length)
        return String(decoding: raw, as: UTF8.self)
    }
}

/// What scripts borrow from the engine: level words and timestamps. Called from C in the middle of a script;
/// neither calls back into Lua.
private let luaServices = ailua_services(
    level: { word, length in
        let span = Span(_unsafeElements: UnsafeBufferPointer(start: word, count: length))
        return Severity(word: span)?.rawValue ?? 0
    },
    time: { text, length, time in
        let span = Span(_unsafeElements: UnsafeBufferPointer(start: text, count: length))
        guard let time, let scanned = TimestampScanner.scan(span, at: 0) else { return false }
        time.pointee = ailua_time(
            nanoseconds: scanned.nanoseconds, shape: scanned.shape.rawValue, has_zone: scanned.hasZone,
            month: scanned.month, day: scanned.day, absolute: scanned.shape == .full)
        return true
    })

extension ScannedTime {
    /// The time as the scanner found it before C carried it through the script.
    init?(_ time: ailua_time) {
        guard let shape = Shape(rawValue: time.shape) else { return nil }
        self.init(
            end: 0, nanoseconds: time.nanoseconds, shape: shape, hasZone: time.has_zone, month: time.month,
            day: time.day)
    }
}
