import CLuaHost
import LogCore
import LogPatterns

/// Why a call failed: the message, and the line of the plugin's file where known (0 where not).
struct LuaFailure: Error {
    var message: String
    var line: Int
    /// The path of a module, if the line isn't in the plugin's own file.
    var file: String?
    /// A limit was hit: the state is of no use any more.
    var isKill: Bool
    /// A pattern's search hit its limit, which takes some 20 ms as well.
    var isSearch: Bool { message.contains("regex: match limit hit") }
    /// An entry of the plugin's table names what isn't there.
    var isOfTable = false

    init(message: String, line: Int = 0, file: String? = nil, isKill: Bool = false) {
        self.message = message
        self.line = line
        self.file = file
        self.isKill = isKill
    }

    /// `path:line: message`.
    func rendered(path: String) -> String {
        line > 0 ? "\(file ?? path):\(line): \(message)" : "\(path): \(message)"
    }

    /// `plugin:line: message`; in a module of it, `plugin: path:line: message`.
    func rendered(plugin: String) -> String {
        file == nil ? rendered(path: plugin) : "\(plugin): \(rendered(path: ""))"
    }
}

/// One sandboxed Lua state with a plugin's chunk in it, ready to be called. Closes itself.
///
/// All work is done by `CLuaHost`, whose functions return a status: no Lua error ever passes a Swift frame.
struct LuaState: ~Copyable {
    let handle: OpaquePointer

    /// Runs the plugin's chunk, sets what the user configured, and puts the adapter of its kind around it.
    static func running(_ script: LuaScript, limits: LuaLimits) throws(LuaFailure) -> LuaState {
        // What a correlator keeps between events is as much again as its bounds on keys and windows allow.
        let memory = limits.memory(ofCorrelator: script.isCorrelator)
        let cLimits = ailua_limits(
            memory: memory, instructions: limits.instructions,
            nanoseconds: limits.millisecondsPerCall * 1_000_000, lpeg: script.allowsLPeg)
        guard let handle = ailua_open(cLimits, luaServices) else {
            throw LuaFailure(message: "no memory for a Lua state", isKill: true)
        }
        let state = LuaState(handle: handle)
        for module in script.modules {
            let added = module.source.withUnsafeBytes { bytes in
                ailua_add_module(
                    handle, module.name, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count,
                    module.path)
            }
            if !added { throw LuaFailure(message: "no memory for the module \(module.name)", isKill: true) }
        }
        try state.check(
            script.source.withUnsafeBytes { bytes in
                ailua_load(handle, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, script.file)
            })
        for (key, value) in script.settings {
            try state.check(withText(key) { key in withText(value) { ailua_configure(handle, key, $0) } })
        }
        switch state.kind {
        case .correlator: try state.adapt(CorrelationMachine.source, "[correlation]")
        case .fluentbit: try state.adapt(fluentBitAdapter, "[fluentbit]")
        case .parser, .filter, .sink, nil: break
        }
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

    private var kind: LuaKind? {
        guard let value = ailua_module(handle)?.pointee.kind, value.type == LuaType.string else { return nil }
        return LuaKind(rawValue: LuaState.text(value.bytes, value.length))
    }

    private func adapt(_ adapter: String, _ name: String) throws(LuaFailure) {
        do throws(LuaFailure) {
            try check(withText(adapter) { ailua_adapt(handle, $0, name) })
        } catch {
            var failure = error
            // What an adapter misses is something that the plugin's table names.
            if failure.line == 0, !failure.isKill { failure.isOfTable = true }
            throw failure
        }
    }

    private func check(_ status: ailua_status) throws(LuaFailure) {
        if status != AILUA_OK { throw failure(status) }
    }

    /// The outputs that the chunk asked for.
    var outputs: [String] {
        var names: [String] = []
        while let bytes = ailua_output_name(handle, names.count).bytes {
            names.append(LuaState.text(bytes, ailua_output_name(handle, names.count).length))
        }
        return names
    }

    /// What the samples of a filter, correlator or sink say that isn't so.
    func sampleFailures() throws(LuaFailure) -> [String] { try verify(text: nil, name: "") }

    /// The same for a file of tests.
    func testFailures(_ source: [UInt8], name: String) throws(LuaFailure) -> [String] {
        try verify(text: source, name: name)
    }

    private func verify(text: [UInt8]?, name: String) throws(LuaFailure) -> [String] {
        var values: UnsafePointer<ailua_value>?
        var count = 0
        let status = withText(sampleCheck) { check in
            (text ?? []).withUnsafeBufferPointer { bytes in
                // An empty file is one without tests, not none.
                let start = text == nil ? nil : bytes.baseAddress ?? check.bytes
                return ailua_verify(
                    handle, check, ailua_text(bytes: start, length: bytes.count), name, &values, &count)
            }
        }
        try self.check(status)
        return (0..<count).compactMap { index in
            values.map { LuaState.text($0[index].bytes, $0[index].length) }
        }
    }

    /// The reason of the status that a call has just returned.
    func failure(_ status: ailua_status) -> LuaFailure { Self.failure(status, of: handle) }

    static func failure(_ status: ailua_status, of handle: OpaquePointer) -> LuaFailure {
        var length = 0
        let text = ailua_error(handle, &length)
        let file = ailua_error_file(handle).map { String(cString: $0) }
        return LuaFailure(
            message: plain(LuaState.text(text, length)), line: Int(ailua_error_line(handle)), file: file,
            isKill: status == AILUA_KILLED)
    }

    /// Lua puts an article before whatever a value is called.
    private static func plain(_ message: String) -> String {
        message.replacing(" a event", with: " an event").replacing("not a nil", with: "not nil")
            .replacing("is a nil", with: "is nil").replacing("be a nil", with: "be nil")
    }

    /// Bytes from Lua as text, with U+FFFD for what isn't UTF-8.
    static func text(_ bytes: UnsafePointer<CChar>?, _ length: Int) -> String {
        let raw = UnsafeRawBufferPointer(start: bytes, count: bytes == nil ? 0 : length)
        return String(decoding: raw, as: UTF8.self)
    }

    static func text(_ bytes: UnsafePointer<UInt8>?, _ length: Int) -> String {
        String(decoding: UnsafeBufferPointer(start: bytes, count: bytes == nil ? 0 : length), as: UTF8.self)
    }
}

/// Lends a string's bytes to C.
func withText<R>(_ text: String, _ body: (ailua_text) -> R) -> R {
    var text = text
    return text.withUTF8 { body(ailua_text(bytes: $0.baseAddress, length: $0.count)) }
}

/// What scripts borrow from the engine. Called from C in the middle of a script; none calls back into Lua.
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
    },
    zone: luaZone,
    grok: luaGrok,
    key: { keys, name, length in
        // The batch that is at hand lends its table for the length of the call: see LuaBatch.
        guard let table = keys?.assumingMemoryBound(to: KeyTable.self) else { return Key.overflow.index }
        return table.pointee.intern(Span(_unsafeElements: UnsafeBufferPointer(start: name, count: length))).index
    },
    key_name: { keys, key in
        guard let table = keys?.assumingMemoryBound(to: KeyTable.self) else { return ailua_text() }
        let name = table.pointee.name(Key(index: key))
        // The table keeps the array alive, and C reads the bytes before it calls anything else.
        return name.withUnsafeBufferPointer { ailua_text(bytes: $0.baseAddress, length: $0.count) }
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
