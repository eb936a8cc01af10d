#include "host.h"

#include <string.h>

// `ailogger.url`: splits what logs have for addresses, after RFC 3986. The parts may hold any byte but those that part
// them: servers log what they were sent, not what a client should have sent.

typedef struct {
    const char *bytes;
    size_t length;
} text;

/// Parts that aren't there have no bytes; those that are empty have some, but no length.
typedef struct {
    text scheme;
    text authority;
    text user;
    text password;
    text host;
    text port;
    text path;
    text query;
    text fragment;
} url_parts;

// MARK: Bytes

static bool is_letter(char byte) {
    char lower = byte | 0x20;
    return lower >= 'a' && lower <= 'z';
}

static bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

static int hex_digit(char byte) {
    if (is_digit(byte)) return byte - '0';
    char lower = byte | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// How many bytes of the text come before the first of `stops`, or all of them.
static size_t span_until(text text, const char *stops) {
    size_t length = text.length;
    for (; *stops != 0; stops++) {
        const char *found = memchr(text.bytes, *stops, length);
        if (found != NULL) length = (size_t)(found - text.bytes);
    }
    return length;
}

/// Takes the first `count` bytes off, and gives them.
static text take(text *rest, size_t count) {
    text front = {rest->bytes, count};
    rest->bytes += count;
    rest->length -= count;
    return front;
}

static bool begins_with(text text, const char *prefix) {
    size_t length = strlen(prefix);
    return text.length >= length && memcmp(text.bytes, prefix, length) == 0;
}

// MARK: Splitting

/// "user:password@host:port"; false if there is something else behind the host than a port.
static bool split_authority(url_parts *parts) {
    text rest = parts->authority;
    // The last @ counts: people put theirs into passwords as they are.
    size_t at = rest.length;
    while (at > 0 && rest.bytes[at - 1] != '@') at--;
    if (at > 0) {
        text user = take(&rest, at);
        user.length--;
        parts->user = take(&user, span_until(user, ":"));
        if (user.length > 0) parts->password = (text){user.bytes + 1, user.length - 1};
    }
    if (begins_with(rest, "[")) {
        size_t end = span_until(rest, "]");
        if (end == rest.length) return false;
        text host = take(&rest, end + 1);
        parts->host = (text){host.bytes + 1, host.length - 2};
    } else {
        parts->host = take(&rest, span_until(rest, ":"));
    }
    if (rest.length == 0) return true;
    if (rest.bytes[0] != ':') return false;
    take(&rest, 1);
    unsigned number = 0;
    for (size_t i = 0; i < rest.length; i++) {
        if (!is_digit(rest.bytes[i])) return false;
        number = number * 10 + (unsigned)(rest.bytes[i] - '0');
        if (number > 65535) return false;
    }
    // "host:" is allowed, and says nothing of a port.
    if (rest.length > 0) parts->port = rest;
    return true;
}

/// Whether what stands behind "name:" is a port, up to the end or a path.
static bool is_port(text text) {
    size_t digits = 0;
    while (digits < text.length && is_digit(text.bytes[digits])) digits++;
    return digits > 0 && digits <= 5 && digits == span_until(text, "/?#");
}

static bool is_of_scheme(char byte, bool first) {
    return is_letter(byte) || (!first && (is_digit(byte) || byte == '+' || byte == '-' || byte == '.'));
}

/// Takes "scheme:" off. Names that are no schemes: letters of drives, hosts with a port, and words of a sentence.
static void take_scheme(text *rest, url_parts *parts) {
    size_t end = 0;
    while (end < rest->length && is_of_scheme(rest->bytes[end], end == 0)) end++;
    if (end < 2 || end + 1 >= rest->length || rest->bytes[end] != ':') return;
    text behind = {rest->bytes + end + 1, rest->length - end - 1};
    if (behind.bytes[0] == ' ' || is_port(behind)) return;
    parts->scheme = take(rest, end);
    take(rest, 1);
}

/// False for what is no URL: "host:80/path" is a host with a port, "index.html" can be anything. Paths from the root
/// are taken, as requests have them.
static bool split(text rest, url_parts *parts) {
    memset(parts, 0, sizeof *parts);
    take_scheme(&rest, parts);
    if (begins_with(rest, "//")) {
        take(&rest, 2);
        parts->authority = take(&rest, span_until(rest, "/?#"));
        if (!split_authority(parts)) return false;
    } else if (parts->scheme.bytes == NULL && !begins_with(rest, "/")) {
        return false;
    }
    parts->path = take(&rest, span_until(rest, "?#"));
    if (begins_with(rest, "?")) {
        take(&rest, 1);
        parts->query = take(&rest, span_until(rest, "#"));
    }
    if (begins_with(rest, "#")) {
        take(&rest, 1);
        parts->fragment = rest;
    }
    return true;
}

// MARK: Escapes

/// Pushes the text with its percent escapes, and + for a blank if `plus`, made plain. What is no escape stays.
static void push_decoded(lua_State *L, text text, bool plus) {
    if (span_until(text, plus ? "%+" : "%") == text.length) {
        lua_pushlstring(L, text.bytes, text.length);
        return;
    }
    luaL_Buffer buffer;
    char *out = luaL_buffinitsize(L, &buffer, text.length);
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.bytes[i];
        int high = -1, low = -1;
        if (byte == '%' && text.length - i > 2) {
            high = hex_digit(text.bytes[i + 1]);
            low = hex_digit(text.bytes[i + 2]);
        }
        if (high >= 0 && low >= 0) {
            byte = (char)(high << 4 | low);
            i += 2;
        } else if (plus && byte == '+') {
            byte = ' ';
        }
        out[length++] = byte;
    }
    luaL_pushresultsize(&buffer, length);
}

// MARK: Functions

static int push_nil(lua_State *L) {
    lua_pushnil(L);
    return 1;
}

/// Argument 1, paid for by its length.
static text check_text(lua_State *L, const char *function) {
    text text;
    text.bytes = luaL_checklstring(L, 1, &text.length);
    if (text.length > HOST_BULK) luaL_error(L, "%s: the text has more than %d bytes", function, (int)HOST_BULK);
    limits_charge(L, host_of(L), 5 + (int64_t)(text.length / 8));
    return text;
}

static void set_part(lua_State *L, const char *name, text part) {
    if (part.bytes == NULL) return;
    lua_pushlstring(L, part.bytes, part.length);
    lua_setfield(L, -2, name);
}

/// Schemes and hosts are the same in capitals.
static void set_lower(lua_State *L, const char *name, text part) {
    if (part.length == 0) return;
    luaL_Buffer buffer;
    char *out = luaL_buffinitsize(L, &buffer, part.length);
    for (size_t i = 0; i < part.length; i++) {
        char byte = part.bytes[i];
        out[i] = byte >= 'A' && byte <= 'Z' ? (char)(byte | 0x20) : byte;
    }
    luaL_pushresultsize(&buffer, part.length);
    lua_setfield(L, -2, name);
}

/// Parts that aren't there are absent, and so are a host and a path without a byte.
static int url_parse(lua_State *L) {
    if (lua_type(L, 1) != LUA_TSTRING) return push_nil(L);
    url_parts parts;
    if (!split(check_text(L, "url.parse"), &parts)) return push_nil(L);
    lua_createtable(L, 0, 8);
    set_lower(L, "scheme", parts.scheme);
    set_part(L, "user", parts.user);
    set_part(L, "password", parts.password);
    set_lower(L, "host", parts.host);
    if (parts.port.length > 0) {
        lua_Integer port = 0;
        for (size_t i = 0; i < parts.port.length; i++) port = port * 10 + (parts.port.bytes[i] - '0');
        lua_pushinteger(L, port);
        lua_setfield(L, -2, "port");
    }
    if (parts.path.length > 0) set_part(L, "path", parts.path);
    set_part(L, "query", parts.query);
    set_part(L, "fragment", parts.fragment);
    return 1;
}

/// The path alone, as it is written.
static int url_path(lua_State *L) {
    if (lua_type(L, 1) != LUA_TSTRING) return push_nil(L);
    url_parts parts;
    if (!split(check_text(L, "url.path"), &parts)) return push_nil(L);
    lua_pushlstring(L, parts.path.bytes, parts.path.length);
    return 1;
}

/// Names and values of a query, or of the query of a URL.
static int url_query(lua_State *L) {
    text query = check_text(L, "url.query");
    url_parts parts;
    if (split(query, &parts) && (parts.scheme.bytes == NULL || parts.authority.bytes != NULL)) {
        query = parts.query;
    } else if (begins_with(query, "?")) {
        take(&query, 1);
    }
    lua_newtable(L);
    while (query.length > 0) {
        text value = take(&query, span_until(query, "&"));
        if (query.length > 0) take(&query, 1);
        if (value.length == 0) continue;
        limits_charge(L, host_of(L), 4);
        text name = take(&value, span_until(value, "="));
        if (value.length > 0) take(&value, 1);
        push_decoded(L, name, true);
        push_decoded(L, value, true);
        lua_rawset(L, -3);
    }
    return 1;
}

static int url_decode(lua_State *L) {
    push_decoded(L, check_text(L, "url.decode"), false);
    return 1;
}

/// Everything but what RFC 3986 calls unreserved is escaped.
static int url_encode(lua_State *L) {
    static const char hex[] = "0123456789ABCDEF";
    text text = check_text(L, "url.encode");
    size_t length = 0;
    if (text.length > HOST_BULK / 3) {
        return luaL_error(L, "url.encode: the text has more than %d bytes", (int)HOST_BULK / 3);
    }
    luaL_Buffer buffer;
    char *out = luaL_buffinitsize(L, &buffer, text.length * 3);
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.bytes[i];
        if (is_letter(byte) || is_digit(byte) || (byte != 0 && strchr("-._~", byte) != NULL)) {
            out[length++] = byte;
        } else {
            out[length++] = '%';
            out[length++] = hex[(unsigned char)byte >> 4];
            out[length++] = hex[byte & 0xF];
        }
    }
    luaL_pushresultsize(&buffer, length);
    return 1;
}

void url_open(lua_State *L) {
    static const luaL_Reg functions[] = {{"parse", url_parse}, {"path", url_path}, {"query", url_query},
        {"decode", url_decode}, {"encode", url_encode}, {NULL, NULL}};
    luaL_newlib(L, functions);
    lua_setfield(L, -2, "url");
}
