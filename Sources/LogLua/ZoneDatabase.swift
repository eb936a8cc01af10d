import CLuaHost
package import LogCore
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The zones that scripts and users name: what `ailogger.time` and `--tz` ask for "Europe/Berlin" or "+02:00".
///
/// This is the one place of LogLua that opens files: those of the system's zone database and no others. Each is read
/// once, for whichever worker asks first, and a name that isn't there is remembered too.
package enum ZoneDatabase {
    /// The database has some 600 names, the longest of 32 bytes, and no file over 4 KiB.
    private static let mostNames = 2000
    private static let longestName = 64
    private static let largestFile = 64 * 1024

    /// Nil for a name that isn't in the database.
    private static let known = Mutex<[String: ZoneRules?]>([:])

    /// TZDIR is where other programs look too.
    private static let folder: String = {
        guard let set = getenv("TZDIR"), set.pointee != 0 else { return "/usr/share/zoneinfo" }
        return String(cString: set)
    }()

    /// The rules of a zone, by its name or as an offset.
    package static func rules(of zone: Span<UInt8>) -> ZoneRules? {
        if let fixed = ZoneRules(fixed: zone) { return fixed }
        guard isName(zone) else { return nil }
        let name = zone.string(0..<zone.count)
        return known.withLock { known in
            if let rules = known[name] { return rules }
            // Somebody makes names up: better to forget all than to keep all.
            if known.count >= mostNames { known.removeAll() }
            let rules = readFile(name).flatMap { ZoneRules(tzif: $0) }
            known[name] = .some(rules)
            return rules
        }
    }

    /// The rules of the zone that this machine is set to.
    package static func local() -> ZoneRules? { readFile(at: "/etc/localtime").flatMap { ZoneRules(tzif: $0) } }

    /// Names of the database, for who mistyped one; empty where it isn't installed.
    package static func names() -> [String] {
        guard let bytes = readFile(at: "\(folder)/zone.tab") ?? readFile(at: "\(folder)/zone1970.tab") else {
            return []
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }
        return lines.compactMap { line in
            let columns = line.split(separator: "\t")
            return columns.count > 2 ? String(columns[2]) : nil
        } + ["UTC", "GMT", "CET", "EET", "WET", "MET", "EST5EDT", "CST6CDT", "MST7MDT", "PST8PDT"]
    }

    /// Without dots and without a slash in front, so that no name leads out of the folder.
    private static func isName(_ zone: Span<UInt8>) -> Bool {
        guard (1...longestName).contains(zone.count), zone[0] != UInt8(ascii: "/") else { return false }
        for i in zone.indices {
            switch zone[i] {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "-"),
                UInt8(ascii: "/"):
                continue
            default:
                return false
            }
        }
        return true
    }

    /// The bytes of a file of the database; nil if it can't be read or is no such file.
    private static func readFile(_ name: String) -> [UInt8]? { readFile(at: "\(folder)/\(name)") }

    private static func readFile(at path: String) -> [UInt8]? {
        // Whatever lies there instead of a file, opening it must not wait.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return nil }
        defer { close(file) }
        let bytes = [UInt8](unsafeUninitializedCapacity: largestFile + 1) { buffer, count in
            while count < buffer.count {
                let got = read(file, buffer.baseAddress.map { $0 + count }, buffer.count - count)
                if got > 0 { count += got } else if got == 0 || errno != EINTR { break }
            }
        }
        return bytes.count <= largestFile ? bytes : nil
    }
}

/// The service `zone` of `ailua_services`. `local`: the time is what the zone's clocks show.
func luaZone(
    _ zone: UnsafePointer<UInt8>?, _ length: Int, _ nanoseconds: Int64, _ local: Bool,
    _ offset: UnsafeMutablePointer<Int32>?, _ abbreviation: UnsafeMutablePointer<CChar>?
) -> Bool {
    let name = Span(_unsafeElements: UnsafeBufferPointer(start: zone, count: length))
    guard let offset, let abbreviation, let rules = ZoneDatabase.rules(of: name) else { return false }
    // Rounded down, also before 1970.
    let seconds = Int(nanoseconds / Timestamp.second - (nanoseconds % Timestamp.second < 0 ? 1 : 0))
    let found = local ? rules.offset(atLocal: seconds) : rules.offset(atUTC: seconds)
    offset.pointee = Int32(found.seconds)
    // Eight bytes with the 0 at their end.
    var place = 0
    for byte in found.abbreviation.utf8.prefix(7) {
        abbreviation[place] = CChar(bitPattern: byte)
        place += 1
    }
    abbreviation[place] = 0
    return true
}
