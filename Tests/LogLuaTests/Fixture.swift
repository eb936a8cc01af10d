import LogCore
import LogLua

extension LuaLimits {
    /// For what is stopped by something else than time, however slow a build with sanitizers is.
    static var unhurried: LuaLimits {
        var limits = LuaLimits()
        limits.millisecondsPerCall = 5_000
        return limits
    }
}

/// A parser made of the body of `parse(line, event)`, and what it did to lines.
final class Fixture {
    struct Field: Equatable {
        var name: String
        var kind: FieldKind
        var bytes: [UInt8]

        var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    struct Event {
        var record: Record
        var message: [UInt8]
        var component: String
        var fields: [Field]

        func field(_ name: String) -> Field? { fields.first { $0.name == name } }
        func text(_ name: String) -> String? { field(name)?.text }
        var messageText: String { String(decoding: message, as: UTF8.self) }
    }

    let parser: LuaParser
    private let base: Int

    /// `base` is where each line begins in its batch.
    init(
        _ body: String, before: String = "", match: String = ".", limits: LuaLimits = .init(), base: Int = 0
    ) throws {
        let loaded = LuaPlugin.load(
            path: "plugins/fixture/init.lua", source: Array(Self.source(body, before, match).utf8), limits: limits)
        guard let plugin = loaded.plugin else { throw loaded.diagnostics.first ?? Diagnostic("none", path: "") }
        parser = plugin.makeParser()
        self.base = base
    }

    /// The body stands in line 5 of the file. A line "sample" is left alone, for the sample that must be there.
    static func source(_ body: String, _ before: String = "", _ match: String = ".") -> String {
        """
        local M = { name = "fixture", kind = "parser", api = 1, match = [==[\(match)]==] }
        \(before.replacing("\n", with: " "))
        function M.parse(line, event)
          if line == "sample" then return end
          \(body)
        end
        M.samples = { { line = "sample", expect = { message = "sample" } } }
        return M
        """
    }

    func parse(_ line: String) -> Event? { parse(Array(line.utf8)) }

    /// The event that the line gives; nil if it is refused.
    func parse(_ line: [UInt8]) -> Event? {
        var builder = EventBuilder()
        let raw = [UInt8](repeating: 0x23, count: base) + line
        builder.reset(rawCount: raw.count)
        builder.begin()
        guard parser.parse(line.span, at: base, into: &builder) else { return nil }
        func bytes(_ range: ByteRange) -> [UInt8] {
            if range.isEmpty { return [] }
            return range.lower < raw.count
                ? Array(raw[range.lower..<range.upper])
                : Array(builder.decoded[range.lower - raw.count..<range.upper - raw.count])
        }
        var fields: [Field] = []
        for field in builder.fields {
            let name = String(decoding: builder.keys.name(field.key), as: UTF8.self)
            fields.append(Field(name: name, kind: field.kind, bytes: bytes(field.value)))
        }
        let component = String(decoding: bytes(builder.record.component), as: UTF8.self)
        return Event(
            record: builder.record, message: bytes(builder.record.message), component: component, fields: fields)
    }
}
