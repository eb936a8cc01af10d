#include "host.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

// `ailogger.ip`: addresses and networks as 128 bits. IPv4 lies where IPv6 maps it, at ::ffff:0:0/96, so that an address
// is found in a network of IPv4 whether a socket wrote it as 10.0.0.1 or as ::ffff:10.0.0.1.

enum { ADDRESS_BYTES = 16, MAPPED_BITS = 96, ZONE_BYTES = 64, SET_LIMIT = 100000 };

typedef struct {
    uint8_t bytes[ADDRESS_BYTES];
    /// 4 or 6, as it was written.
    uint8_t version;
} address;

typedef struct {
    address first;
    /// Of all 128: 10.0.0.0/8 has 104.
    uint8_t bits;
} network;

static const uint8_t mapped_prefix[MAPPED_BITS / 8] = {[10] = 0xFF, [11] = 0xFF};

static bool is_mapped(const address *address) {
    return memcmp(address->bytes, mapped_prefix, sizeof mapped_prefix) == 0;
}

// MARK: Text

/// The name or number of an interface, as in fe80::1%eth0.
static bool is_zone(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++) {
        if (text[i] <= ' ' || text[i] > '~' || text[i] == '/') return false;
    }
    return length > 0;
}

/// Strict as inet_pton is: no leading zeros, no short forms. The zone of an IPv6 address is passed over.
static bool read_address(const char *text, size_t length, address *result) {
    if (length > INET6_ADDRSTRLEN + ZONE_BYTES) return false;
    char copy[INET6_ADDRSTRLEN];
    bool colon = memchr(text, ':', length) != NULL;
    const char *zone = colon ? memchr(text, '%', length) : NULL;
    if (zone != NULL) {
        size_t before = (size_t)(zone - text);
        if (!is_zone(zone + 1, length - before - 1)) return false;
        length = before;
    }
    if (length >= sizeof copy || memchr(text, 0, length) != NULL) return false;
    memcpy(copy, text, length);
    copy[length] = 0;
    result->version = colon ? 6 : 4;
    if (colon) return inet_pton(AF_INET6, copy, result->bytes) == 1;
    memcpy(result->bytes, mapped_prefix, sizeof mapped_prefix);
    return inet_pton(AF_INET, copy, result->bytes + sizeof mapped_prefix) == 1;
}

/// The text of RFC 5952, which the C library writes.
static const char *write_address(const address *address, char text[INET6_ADDRSTRLEN]) {
    return address->version == 4
        ? inet_ntop(AF_INET, address->bytes + sizeof mapped_prefix, text, INET6_ADDRSTRLEN)
        : inet_ntop(AF_INET6, address->bytes, text, INET6_ADDRSTRLEN);
}

// MARK: Bits

static void clear_behind(address *address, unsigned bits) {
    for (unsigned i = bits / 8; i < ADDRESS_BYTES; i++) {
        address->bytes[i] &= i == bits / 8 ? (uint8_t)(0xFF00 >> bits % 8) : 0;
    }
}

static bool contains(const network *network, const address *address) {
    // ::/0 is all of IPv6, and of IPv4 nothing.
    if (address->version == 4 && network->bits < MAPPED_BITS) return false;
    unsigned bytes = network->bits / 8, rest = network->bits % 8;
    if (memcmp(network->first.bytes, address->bytes, bytes) != 0) return false;
    return rest == 0 || ((network->first.bytes[bytes] ^ address->bytes[bytes]) & (0xFF00 >> rest) & 0xFF) == 0;
}

/// "10.0.0.0/8", or an address alone. Bits behind the prefix are cleared.
static bool read_network(const char *text, size_t length, network *result) {
    const char *slash = memchr(text, '/', length);
    size_t end = slash == NULL ? length : (size_t)(slash - text);
    if (!read_address(text, end, &result->first)) return false;
    unsigned most = result->first.version == 4 ? 32 : 128, bits = most;
    if (slash != NULL) {
        size_t digits = length - end - 1;
        if (digits == 0 || digits > 3 || (digits > 1 && slash[1] == '0')) return false;
        bits = 0;
        for (size_t i = 1; i <= digits; i++) {
            if (slash[i] < '0' || slash[i] > '9') return false;
            bits = bits * 10 + (unsigned)(slash[i] - '0');
        }
        if (bits > most) return false;
    }
    result->bits = (uint8_t)(result->first.version == 4 ? bits + MAPPED_BITS : bits);
    clear_behind(&result->first, result->bits);
    return true;
}

// MARK: Kinds of addresses

#define IPV4(a, b, c, d) {{[10] = 0xFF, [11] = 0xFF, [12] = a, [13] = b, [14] = c, [15] = d}, 4}

/// What the registries of IANA set apart, and by what name.
static const struct {
    const char *kind;
    network network;
} kinds[] = {
    {"private", {IPV4(10, 0, 0, 0), 104}},
    {"private", {IPV4(172, 16, 0, 0), 108}},
    {"private", {IPV4(192, 168, 0, 0), 112}},
    {"private", {{{0xFC}, 6}, 7}},
    {"loopback", {IPV4(127, 0, 0, 0), 104}},
    {"loopback", {{{[15] = 1}, 6}, 128}},
    {"link_local", {IPV4(169, 254, 0, 0), 112}},
    {"link_local", {{{0xFE, 0x80}, 6}, 10}},
    {"multicast", {IPV4(224, 0, 0, 0), 100}},
    {"multicast", {{{0xFF}, 6}, 8}},
    {"documentation", {IPV4(192, 0, 2, 0), 120}},
    {"documentation", {IPV4(198, 51, 100, 0), 120}},
    {"documentation", {IPV4(203, 0, 113, 0), 120}},
    {"documentation", {{{0x20, 0x01, 0x0D, 0xB8}, 6}, 32}},
    {"documentation", {{{0x3F, 0xFF}, 6}, 20}},
};

enum { KINDS = sizeof kinds / sizeof *kinds };

// MARK: Functions

/// The address at `index`. What isn't text is no address: fields that are absent need no test in the script.
static bool get_address(lua_State *L, int index, address *result) {
    if (lua_type(L, index) != LUA_TSTRING) return false;
    limits_charge(L, host_of(L), 4);
    size_t length;
    const char *text = lua_tolstring(L, index, &length);
    return read_address(text, length, result);
}

static int push_nil(lua_State *L) {
    lua_pushnil(L);
    return 1;
}

static void push_address(lua_State *L, const address *address) {
    char text[INET6_ADDRSTRLEN];
    lua_pushstring(L, write_address(address, text));
}

static int ip_parse(lua_State *L) {
    address address;
    if (!get_address(L, 1, &address)) return push_nil(L);
    limits_charge(L, host_of(L), 8);
    lua_createtable(L, 0, 7);
    lua_pushinteger(L, address.version);
    lua_setfield(L, -2, "version");
    push_address(L, &address);
    lua_setfield(L, -2, "text");
    for (int i = 0; i < KINDS;) {
        const char *kind = kinds[i].kind;
        bool found = false;
        for (; i < KINDS && strcmp(kinds[i].kind, kind) == 0; i++) {
            found = found || contains(&kinds[i].network, &address);
        }
        lua_pushboolean(L, found);
        lua_setfield(L, -2, kind);
    }
    return 1;
}

static int ip_contains(lua_State *L) {
    size_t length;
    const char *text = luaL_checklstring(L, 1, &length);
    network network;
    if (!read_network(text, length, &network)) {
        return luaL_error(L, "ip.contains: \"%s\" is no network: an address, / and a number of bits", text);
    }
    address address;
    lua_pushboolean(L, get_address(L, 2, &address) && contains(&network, &address));
    return 1;
}

/// The address without the bits behind the first `bits`, which are counted from the first of IPv4 or of IPv6.
static address cut(lua_State *L, const char *function, address address, lua_Integer bits, bool as_ipv4) {
    int most = as_ipv4 ? 32 : 128;
    if (bits < 0 || bits > most) {
        luaL_error(L, "%s: an IPv%d address has 0 to %d bits, not %I", function, as_ipv4 ? 4 : 6, most, bits);
    }
    clear_behind(&address, (unsigned)bits + (as_ipv4 ? MAPPED_BITS : 0));
    return address;
}

static int ip_network(lua_State *L) {
    lua_Integer bits = luaL_checkinteger(L, 2);
    address address;
    if (!get_address(L, 1, &address)) return push_nil(L);
    address = cut(L, "ip.network", address, bits, address.version == 4);
    push_address(L, &address);
    lua_pushfstring(L, "%s/%I", lua_tostring(L, -1), bits);
    return 1;
}

/// An IPv4 address within IPv6 is as telling as one alone.
static int ip_mask(lua_State *L) {
    lua_Integer v4bits = luaL_optinteger(L, 2, 24), v6bits = luaL_optinteger(L, 3, 48);
    address address;
    if (!get_address(L, 1, &address)) return push_nil(L);
    bool as_ipv4 = is_mapped(&address);
    address = cut(L, "ip.mask", address, as_ipv4 ? v4bits : v6bits, as_ipv4);
    push_address(L, &address);
    return 1;
}

// MARK: Sets

// Networks either lie within one another or apart. Sorted by their first address, the wider before the narrower, the
// last one that doesn't begin behind an address is either the narrowest around it, or lies within that one, or within
// the same wider one: so a binary search leads to a chain of networks to walk outwards.

typedef struct {
    network network;
    /// The next wider network around this one.
    uint32_t outer;
    /// From 1, in the list of the texts as written.
    uint32_t text;
} set_entry;

typedef struct {
    uint32_t magic;
    uint32_t count;
    set_entry entries[];
} ip_set;

enum { NO_OUTER = UINT32_MAX };

static int compare_entries(const void *left, const void *right) {
    const set_entry *a = left, *b = right;
    int order = memcmp(a->network.first.bytes, b->network.first.bytes, ADDRESS_BYTES);
    if (order == 0) order = a->network.bits - b->network.bits;
    return order != 0 ? order : (a->text > b->text) - (a->text < b->text);
}

static bool lies_within(const set_entry *inner, const set_entry *outer) {
    address first = inner->network.first;
    first.version = 6;
    return inner->network.bits >= outer->network.bits && contains(&outer->network, &first);
}

/// Finds what each lies within, and drops what is there twice: it would only make the chains longer.
static void link_entries(ip_set *set) {
    set_entry *entries = set->entries;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < set->count; i++) {
        uint32_t outer = kept == 0 ? NO_OUTER : kept - 1;
        while (outer != NO_OUTER && !lies_within(&entries[i], &entries[outer])) outer = entries[outer].outer;
        if (outer != NO_OUTER && entries[outer].network.bits == entries[i].network.bits) continue;
        entries[kept] = entries[i];
        entries[kept++].outer = outer;
    }
    set->count = kept;
}

static int ip_set_make(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    size_t count = lua_rawlen(L, 1);
    if (count > SET_LIMIT) return luaL_error(L, "ip.set: more than %d networks", (int)SET_LIMIT);
    limits_charge(L, host_of(L), 20 + (int64_t)count * 5);
    ip_set *set = lua_newuserdatauv(L, sizeof *set + count * sizeof(set_entry), 1);
    set->magic = MAGIC_IP_SET;
    set->count = (uint32_t)count;
    lua_createtable(L, (int)count, 0);
    for (uint32_t i = 0; i < set->count; i++) {
        set_entry *entry = &set->entries[i];
        bool is_text = lua_rawgeti(L, 1, (lua_Integer)i + 1) == LUA_TSTRING;
        size_t length = 0;
        const char *text = is_text ? lua_tolstring(L, -1, &length) : luaL_typename(L, -1);
        if (!is_text || !read_network(text, length, &entry->network)) {
            return luaL_error(L, "ip.set: entry %d, \"%s\", is no network", (int)i + 1, text);
        }
        entry->text = i + 1;
        lua_rawseti(L, -2, entry->text);
    }
    lua_setiuservalue(L, -2, 1);
    qsort(set->entries, set->count, sizeof *set->entries, compare_entries);
    link_entries(set);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_setmetatable(L, -2);
    return 1;
}

/// The narrowest network that the address lies in, as it was written.
static int ip_set_contains(lua_State *L) {
    const ip_set *set = host_check(L, 1, MAGIC_IP_SET, "ip.set");
    address address;
    if (!get_address(L, 2, &address)) return push_nil(L);
    uint32_t low = 0, high = set->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (memcmp(set->entries[middle].network.first.bytes, address.bytes, ADDRESS_BYTES) <= 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    uint32_t found = low == 0 ? NO_OUTER : low - 1;
    while (found != NO_OUTER && !contains(&set->entries[found].network, &address)) found = set->entries[found].outer;
    if (found == NO_OUTER) return push_nil(L);
    lua_getiuservalue(L, 1, 1);
    lua_rawgeti(L, -1, set->entries[found].text);
    return 1;
}

void ip_open(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"parse", ip_parse}, {"contains", ip_contains}, {"network", ip_network}, {"mask", ip_mask}, {NULL, NULL}};
    luaL_newlib(L, functions);
    lua_createtable(L, 0, 3);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, ip_set_contains);
    lua_setfield(L, -2, "contains");
    host_refuse_missing(L, "an ip.set");
    lua_setfield(L, -2, "__index");
    lua_pushliteral(L, "ip.set");
    lua_setfield(L, -2, "__name");
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_pushcclosure(L, ip_set_make, 1);
    lua_setfield(L, -2, "set");
    lua_setfield(L, -2, "ip");
}
