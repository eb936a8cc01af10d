import LogLua
import Testing

@Suite(.timeLimit(.minutes(20)))
struct IPLibraryTests {
    private static let shown = """
        local function shown(address)
          local found = ailogger.ip.parse(address)
          if not found then return 'nil' end
          local words = { found.version, found.text }
          for _, kind in ipairs{ 'private', 'loopback', 'link_local', 'multicast', 'documentation' } do
            if found[kind] then words[#words + 1] = kind end
          end
          return table.concat(words, ' ')
        end
        """

    private func parsed(_ address: String) throws -> String {
        try Fixture.text(of: "shown(line)", before: Self.shown, line: address)
    }

    @Test(
        arguments: [
            ("8.8.8.8", "4 8.8.8.8"), ("::", "6 ::"), ("2001:DB8:0:0:1:0:0:1", "6 2001:db8::1:0:0:1 documentation"),
            ("2606:4700:0:1:1:1:1:1", "6 2606:4700:0:1:1:1:1:1"), ("FE80::1%eth0", "6 fe80::1 link_local"),
            ("::FFFF:102:304", "6 ::ffff:1.2.3.4"), ("64:ff9b::1.2.3.4", "6 64:ff9b::102:304"),
        ])
    func `an address has one text, whatever it was written like`(address: String, expected: String) throws {
        #expect(try parsed(address) == expected)
    }

    @Test(
        arguments: [
            ("10.0.0.1", "private"), ("172.16.0.0", "private"), ("172.31.255.255", "private"), ("172.32.0.0", ""),
            ("192.168.1.1", "private"), ("fd00::1", "private"), ("::ffff:10.0.0.1", "private"),
            ("127.9.9.9", "loopback"), ("::1", "loopback"), ("169.254.1.1", "link_local"), ("febf::1", "link_local"),
            ("fec0::1", ""), ("224.0.0.1", "multicast"), ("ff02::1", "multicast"), ("192.0.2.1", "documentation"),
            ("198.51.100.7", "documentation"), ("203.0.113.255", "documentation"), ("3fff:fff::1", "documentation"),
            ("3fff:1000::1", ""),
        ])
    func `what is set apart is told`(address: String, kind: String) throws {
        let words = try parsed(address).split(separator: " ").dropFirst(2)
        #expect(words.joined(separator: " ") == kind)
    }

    @Test(
        arguments: [
            "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4 ", "1.2.3.4\0", "0x1.2.3.4", "1.2.3.4%eth0",
            "1.2.3.4/8", ":::", "1::2::3", "12345::", "fe80::1%", "[::1]", "g::", "::1.2.3", "1:2:3:4:5:6:7", "-",
        ])
    func `what is no address is nil`(text: String) throws {
        #expect(try parsed(text) == "nil")
        #expect(try Fixture.text(of: "ailogger.ip.contains('0.0.0.0/0', line)", line: text) == "false")
        #expect(try Fixture.text(of: "ailogger.ip.mask(line)", line: text) == "nil")
    }

    @Test(
        arguments: [
            ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.0", false), ("10.9.9.9/8", "10.0.0.0", true),
            ("0.0.0.0/0", "1.2.3.4", true), ("0.0.0.0/0", "::1", false), ("::/0", "1.2.3.4", false),
            ("10.0.0.0/8", "::ffff:10.0.0.1", true), ("::ffff:10.0.0.0/104", "10.3.3.3", true),
            ("1.2.3.4", "1.2.3.4", true), ("1.2.3.4", "1.2.3.5", false), ("2001:db8::/33", "2001:db8:7fff::", true),
            ("2001:db8::/33", "2001:db8:8000::", false), ("192.0.2.128/25", "192.0.2.127", false),
        ])
    func `a network contains its addresses`(network: String, address: String, expected: Bool) throws {
        let found = try Fixture.text(of: "ailogger.ip.contains('\(network)', line)", line: address)
        #expect(found == String(expected))
    }

    @Test(arguments: ["10.0.0.0/33", "10.0.0.0/", "10.0.0.0/08", "10.0.0.0/-1", "::/129", "x/8", "10.0.0.0/8/8", ""])
    func `what is no network is an error`(text: String) throws {
        let message = "ip.contains: \"\(text)\" is no network: an address, / and a number of bits"
        #expect(try Fixture.error(of: "ailogger.ip.contains('\(text)', '10.0.0.1')") == message)
        #expect(
            try Fixture.error(of: "ailogger.ip.set{ '::1', '\(text)' }")
                == "ip.set: entry 2, \"\(text)\", is no network")
    }

    @Test(
        arguments: [
            ("10.2.0.1", "10.0.0.0/8"), ("10.1.9.1", "10.1.0.0/16"), ("10.1.2.9", "10.1.2.0/24"),
            ("10.1.2.3", "10.1.2.3"), ("::ffff:10.1.2.3", "10.1.2.3"), ("9.255.255.255", "nil"), ("11.0.0.0", "nil"),
            ("2001:db8::1", "2001:db8::/32"), ("2002::1", "::/0"), ("192.168.77.1", "192.168.0.1/16"), ("-", "nil"),
        ])
    func `a set gives the narrowest network, as it was written`(address: String, network: String) throws {
        let before = """
            local set = ailogger.ip.set{ '10.0.0.0/8', '10.1.0.0/16', '10.1.2.0/24', '10.1.2.3', '::/0',
              '2001:db8::/32', '10.9.9.9/8', '192.168.0.1/16' }
            """
        let found = try Fixture.text(of: "set:contains(line)", before: before, line: address)
        #expect(found == network)
    }

    /// Addresses of few bits, so that networks lie within one another and apart.
    @Test(arguments: 1...8)
    func `a set finds what a plain search finds`(seed: Int) throws {
        let before = """
            local seed = \(seed) * 7919
            local function random(n) seed = (seed * 1103515245 + 12345) & 0x7fffffff return (seed >> 8) % n end
            local function text(n) return ('%d.0.%d.%d'):format(n >> 16 & 255, n >> 8 & 255, n & 255) end
            local function differences()
              local list, plain = {}, {}
              for i = 1, 40 do
                local bits = ({ 0, 4, 7, 8, 20, 22, 24, 25, 28, 30, 31, 32 })[random(12) + 1]
                plain[i] = { random(3) << 16 | random(4) << 8 | random(256), bits }
                list[i] = text(plain[i][1]) .. '/' .. bits
              end
              local set = ailogger.ip.set(list)
              for _ = 1, 200 do
                local address, best = text(random(3) << 16 | random(4) << 8 | random(256)), nil
                for i, entry in ipairs(plain) do
                  local narrower = not best or entry[2] > plain[best][2]
                  if narrower and ailogger.ip.contains(list[i], address) then best = i end
                end
                if set:contains(address) ~= list[best] then return address end
              end
              return 'none'
            end
            """
        #expect(try Fixture.text(of: "differences()", before: before) == "none")
    }

    @Test func `a set of many networks is built within the limits of a call`() throws {
        let before = """
            local list = {}
            for i = 1, 20000 do list[i] = ('%d.%d.%d.0/24'):format(i >> 16 & 255, i >> 8 & 255, i & 255) end
            """
        let found = try Fixture.text(of: "ailogger.ip.set(list):contains(line)", before: before, line: "0.78.32.9")
        #expect(found == "0.78.32.0/24")
    }

    @Test(
        arguments: [
            ("network('10.1.2.3', 16)", "10.1.0.0/16"), ("network('255.255.255.255', 13)", "255.248.0.0/13"),
            ("network('2001:db8:1:2::3', 48)", "2001:db8:1::/48"), ("network('1.2.3.4', 0)", "0.0.0.0/0"),
            ("network('-', 8)", "nil"), ("mask('10.1.2.3')", "10.1.2.0"), ("mask('10.1.2.3', 16)", "10.1.0.0"),
            ("mask('2001:db8:1:2::3')", "2001:db8:1::"), ("mask('2001:db8:1:2::3', 24, 32)", "2001:db8::"),
            ("mask('::ffff:10.1.2.3')", "::ffff:10.1.2.0"), ("mask(nil)", "nil"),
        ])
    func `addresses are cut to networks`(lua: String, expected: String) throws {
        #expect(try Fixture.text(of: "ailogger.ip.\(lua)") == expected)
    }

    @Test func `an address has no more bits than it has`() throws {
        #expect(
            try Fixture.error(of: "ailogger.ip.network('1.2.3.4', 33)")
                == "ip.network: an IPv4 address has 0 to 32 bits, not 33")
        #expect(
            try Fixture.error(of: "ailogger.ip.mask('::1', 24, -1)")
                == "ip.mask: an IPv6 address has 0 to 128 bits, not -1")
    }
}
