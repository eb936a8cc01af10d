import CLuaHost
import LogPatterns

/// The service `grok` of `ailua_services`: a line for each field, made of the letter of its type, a space and its name; an
/// empty line; the pattern. `grok.c` says what becomes of it.
func luaGrok(
    _ pattern: UnsafePointer<UInt8>?, _ length: Int, _ library: UnsafePointer<UInt8>?, _ libraryLength: Int,
    _ out: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ failed: UnsafeMutablePointer<Bool>?
) -> Int {
    let source = String(decoding: UnsafeBufferPointer(start: pattern, count: length), as: UTF8.self)
    let definitions = String(
        decoding: UnsafeBufferPointer(start: library, count: library == nil ? 0 : libraryLength), as: UTF8.self)
    var bytes: [UInt8] = []
    do throws(GrokError) {
        let expansion = try GrokExpansion(source, library: definitions)
        for field in expansion.fields { bytes += Array("\(field.kind.rawValue) \(field.name)\n".utf8) }
        bytes.append(0x0A)
        bytes += expansion.pattern
        failed?.pointee = false
    } catch {
        bytes = Array("\(error.message) at offset \(error.offset): \(error.help)".utf8)
        failed?.pointee = true
    }
    guard bytes.count <= capacity, let out else { return bytes.count }
    UnsafeMutableRawPointer(out).copyMemory(from: bytes, byteCount: bytes.count)
    return bytes.count
}
