import LogLua
import Testing

extension Fixture {
    /// What a Lua expression is, as text. `line` is the line at hand.
    static func text(of lua: String, before: String = "", line: String = "x") throws -> String {
        let fixture = try Fixture("event.fields.v = tostring(\(lua))", before: before)
        let event = fixture.parse(line)
        try #require(event != nil, "\(fixture.parser.errors)")
        return event?.text("v") ?? ""
    }

    /// The message of the error that a Lua expression raises; empty if it raises none.
    static func error(of lua: String, before: String = "") throws -> String {
        let fixture = try Fixture("local _ = \(lua)", before: before)
        guard fixture.parse("x") == nil, let first = fixture.parser.errors.first else { return "" }
        return first.replacing("plugins/fixture/init.lua:5: ", with: "")
    }
}

/// Against the vectors of the standards.
@Suite(.timeLimit(.minutes(20)))
struct HashLibraryTests {
    @Test(
        arguments: [
            ("", "d41d8cd98f00b204e9800998ecf8427e"), ("a", "0cc175b9c0f1b6a831c399e269772661"),
            ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
        ])
    func `MD5 is that of RFC 1321`(text: String, hex: String) throws {
        #expect(try Fixture.text(of: "ailogger.hash.md5('\(text)')") == hex)
    }

    @Test(
        arguments: [
            ("''", "da39a3ee5e6b4b0d3255bfef95601890afd80709"), ("'abc'", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            ("('a'):rep(1000000)", "34aa973cd4c4daa4f61eeb2bdbad27316534016f"),
        ])
    func `SHA-1 is that of RFC 3174`(lua: String, hex: String) throws {
        #expect(try Fixture.text(of: "ailogger.hash.sha1(\(lua))") == hex)
    }

    @Test(
        arguments: [
            ("sha256", "''", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("sha256", "'abc'", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "sha256", "('a'):rep(1000000)", "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
            ),
            (
                "sha512", "'abc'",
                "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                    + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
            ),
        ])
    func `SHA-2 is that of FIPS 180-4`(name: String, lua: String, hex: String) throws {
        #expect(try Fixture.text(of: "ailogger.hash.\(name)(\(lua))") == hex)
    }

    @Test(
        arguments: [
            (
                #"('\x0b'):rep(20), 'Hi There'"#, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                "'Jefe', 'what do ya want for nothing?'",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            (
                #"('\xaa'):rep(20), ('\xdd'):rep(50)"#,
                "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
            ),
            (
                #"('\xaa'):rep(131), 'Test Using Larger Than Block-Size Key - Hash Key First'"#,
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
            ),
        ])
    func `HMAC is that of RFC 4231, with keys longer than a block too`(arguments: String, hex: String) throws {
        #expect(try Fixture.text(of: "ailogger.hash.hmac_sha256(\(arguments))") == hex)
    }

    @Test(
        arguments: [
            ("crc32('123456789')", "0xCBF43926"), ("crc32('')", "0"), ("fnv1a('')", "0xcbf29ce484222325"),
            ("fnv1a('a')", "0xaf63dc4c8601ec8c"), ("fnv1a('foobar')", "0x85944171f73967e8"),
        ])
    func `checksums are integers`(lua: String, number: String) throws {
        #expect(try Fixture.text(of: "ailogger.hash.\(lua) == \(number)") == "true")
        #expect(try Fixture.text(of: "math.type(ailogger.hash.\(lua))") == "integer")
    }

    @Test func `FNV-1a of a template's text is the template's id`() throws {
        let lua = "('%016x'):format(ailogger.hash.fnv1a(line))"
        let id = try Fixture.text(of: lua, line: "connection to <*> refused after <*> ms")
        #expect(id == "86e6a247002b19e0")
    }

    @Test func `every byte counts, NUL too`() throws {
        #expect(try Fixture.text(of: #"ailogger.hash.sha256('a\0b') == ailogger.hash.sha256('a')"#) == "false")
        #expect(try Fixture.text(of: #"ailogger.hash.md5('\xff\0')"#) == "e0e8bfafbb0689563b2fba789c97b3cc")
    }

    @Test func `hashing is paid for: a loop over large texts is stopped`() throws {
        let fixture = try Fixture("local s = ('x'):rep(1 << 20) while true do ailogger.hash.sha256(s) end")
        #expect(fixture.parse("x") == nil)
        #expect(fixture.parser.errors.kills == 1)
    }
}
