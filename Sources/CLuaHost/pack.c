#include "plain.h"

// Plain values as bytes and back, bit by bit the same: what a correlator keeps between two runs. The same value always
// gives the same bytes, so the order of a table's entries is that of their keys.
//
// A version, "1", and one value:
//
//     n t f z        nil, true, false, ailogger.null
//     i-42;          an integer
//     d3ff8…         a float: the 16 hexadecimal digits of its bits
//     s5:bytes       a string with its length
//     {2:1:v v k v   a table: the values of the keys 1 and 2, then one more key with its value
//     [2:1:v v k v   the same, marked as a list

enum { PACK_VERSION = '1' };

// MARK: Packing

static void put_value(plain_writer *to);

static void put_number(plain_writer *to, lua_Integer number, char terminator) {
    char text[PLAIN_NUMBER_BYTES];
    size_t length = plain_write_integer(number, text);
    text[length++] = terminator;
    plain_put(to, text, length);
}

static void put_float(plain_writer *to, lua_Number number) {
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    char text[17] = {'d'};
    for (int i = 16; i > 0; i--, bits >>= 4) text[i] = "0123456789abcdef"[bits & 15];
    plain_put(to, text, sizeof text);
}

static void put_string(plain_writer *to, const char *bytes, size_t length) {
    plain_spend(&to->meter, length / 32);
    plain_put_byte(to, 's');
    put_number(to, (lua_Integer)length, ':');
    plain_put(to, bytes, length);
}

static void put_table(plain_writer *to) {
    lua_State *L = to->meter.L;
    bool list = plain_is_list(L, -1);
    if (!list && lua_getmetatable(L, -1)) plain_fail(to, "has a metatable: only plain data can be kept");
    plain_enter(to);
    lua_Integer length = plain_sequence(to);
    size_t first = to->key_count;
    size_t others = plain_gather(to, length);
    plain_sort(to, others);
    plain_put_byte(to, list ? '[' : '{');
    put_number(to, length, ':');
    put_number(to, (lua_Integer)others, ':');
    for (lua_Integer i = 1; i <= length; i++) {
        plain_at(to, &(plain_key){.kind = PLAIN_INTEGER, .integer = i});
        lua_rawgeti(L, -1, i);
        put_value(to);
        lua_pop(L, 1);
    }
    for (size_t i = 0; i < others; i++) {
        // Deeper levels move `keys`.
        plain_key key = to->keys[first + i];
        plain_at(to, &key);
        plain_push_key(L, &key);
        put_value(to);
        lua_rawget(L, -2);
        put_value(to);
        lua_pop(L, 1);
    }
    to->key_count = first;
    plain_leave(to);
}

/// The value on top of the stack, which stays there.
static void put_value(plain_writer *to) {
    lua_State *L = to->meter.L;
    plain_spend(&to->meter, 2);
    switch (lua_type(L, -1)) {
    case LUA_TNIL: plain_put_byte(to, 'n'); return;
    case LUA_TBOOLEAN: plain_put_byte(to, lua_toboolean(L, -1) ? 't' : 'f'); return;
    case LUA_TNUMBER:
        if (lua_isinteger(L, -1)) {
            plain_put_byte(to, 'i');
            put_number(to, lua_tointeger(L, -1), ';');
        } else {
            put_float(to, lua_tonumber(L, -1));
        }
        return;
    case LUA_TSTRING: {
        size_t length;
        const char *bytes = lua_tolstring(L, -1, &length);
        put_string(to, bytes, length);
        return;
    }
    case LUA_TTABLE: put_table(to); return;
    default:
        if (!plain_is_null(L, -1)) plain_fail(to, "is a %s: only plain data can be kept", luaL_typename(L, -1));
        plain_put_byte(to, 'z');
        return;
    }
}

void pack_value(lua_State *L, int index) {
    index = lua_absindex(L, index);
    plain_writer writer;
    plain_begin(&writer, L, "", SIZE_MAX);
    plain_put_byte(&writer, PACK_VERSION);
    lua_pushvalue(L, index);
    put_value(&writer);
    plain_finish(&writer);
}

// MARK: Unpacking

typedef struct {
    plain_meter meter;
    const char *at;
    const char *end;
    int mark;
    int depth;
} pack_reader;

/// Reads an integer up to `terminator`.
static bool read_integer(pack_reader *reader, char terminator, lua_Integer *value) {
    bool negative = reader->at < reader->end && *reader->at == '-';
    const char *digits = reader->at += negative;
    lua_Unsigned sum = 0, most = (lua_Unsigned)LUA_MAXINTEGER + negative;
    for (; reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9'; reader->at++) {
        lua_Unsigned digit = (lua_Unsigned)(*reader->at - '0');
        if (sum > (most - digit) / 10) return false;
        sum = sum * 10 + digit;
    }
    if (reader->at == digits || reader->at == reader->end || *reader->at != terminator) return false;
    reader->at++;
    *value = (lua_Integer)(negative ? 0 - sum : sum);
    return true;
}

/// Reads how many things of `least` bytes or more come, no more than there can be.
static bool read_count(pack_reader *reader, size_t least, lua_Integer *count) {
    return read_integer(reader, ':', count) && *count >= 0
        && (size_t)*count <= (size_t)(reader->end - reader->at) / least;
}

static bool read_float(pack_reader *reader) {
    if (reader->end - reader->at < 16) return false;
    uint64_t bits = 0;
    for (int i = 0; i < 16; i++) {
        char byte = *reader->at++;
        bool digit = byte >= '0' && byte <= '9';
        if (!digit && (byte < 'a' || byte > 'f')) return false;
        bits = bits << 4 | (uint64_t)(digit ? byte - '0' : byte - 'a' + 10);
    }
    lua_Number number;
    memcpy(&number, &bits, sizeof number);
    lua_pushnumber(reader->meter.L, number);
    return true;
}

static bool read_string(pack_reader *reader) {
    lua_Integer length;
    if (!read_count(reader, 1, &length)) return false;
    plain_spend(&reader->meter, (size_t)length / 32);
    lua_pushlstring(reader->meter.L, reader->at, (size_t)length);
    reader->at += length;
    return true;
}

static bool is_key(lua_State *L, int index) {
    switch (lua_type(L, index)) {
    case LUA_TNUMBER: return lua_rawequal(L, index, index);
    case LUA_TSTRING: case LUA_TBOOLEAN: return true;
    default: return false;
    }
}

static bool read_value(pack_reader *reader);

static bool read_table(pack_reader *reader, bool list) {
    lua_State *L = reader->meter.L;
    lua_Integer length, others;
    if (reader->depth == PLAIN_DEPTH) return false;
    if (!read_count(reader, 1, &length) || !read_count(reader, 2, &others)) return false;
    reader->depth++;
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    // Counts of damaged bytes may be anything: a table grows by itself from here on.
    lua_createtable(L, length < 1024 ? (int)length : 1024, others < 1024 ? (int)others : 1024);
    plain_spend(&reader->meter, 10);
    if (list) {
        lua_pushvalue(L, reader->mark);
        lua_setmetatable(L, -2);
    }
    for (lua_Integer i = 1; i <= length; i++) {
        if (!read_value(reader)) return false;
        lua_rawseti(L, -2, i);
    }
    for (; others > 0; others--) {
        if (!read_value(reader) || !is_key(L, -1) || !read_value(reader)) return false;
        lua_rawset(L, -3);
    }
    reader->depth--;
    return true;
}

/// Pushes the value that comes next. On failure there may be something left on the stack.
static bool read_value(pack_reader *reader) {
    lua_State *L = reader->meter.L;
    if (reader->at == reader->end) return false;
    plain_spend(&reader->meter, 2);
    lua_Integer integer;
    switch (*reader->at++) {
    case 'n': lua_pushnil(L); return true;
    case 't': lua_pushboolean(L, true); return true;
    case 'f': lua_pushboolean(L, false); return true;
    case 'z': lua_pushlightuserdata(L, NULL); return true;
    case 'i':
        if (!read_integer(reader, ';', &integer)) return false;
        lua_pushinteger(L, integer);
        return true;
    case 'd': return read_float(reader);
    case 's': return read_string(reader);
    case '{': return read_table(reader, false);
    case '[': return read_table(reader, true);
    default: reader->at--; return false;
    }
}

bool unpack_value(lua_State *L, const char *bytes, size_t length) {
    int base = lua_gettop(L);
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    if (length == 0 || bytes[0] != PACK_VERSION) {
        lua_pushliteral(L, "these are no bytes of a kept value, or a newer version's");
        return false;
    }
    plain_push_list_mark(L);
    pack_reader reader = {.meter = {L, 0}, .at = bytes + 1, .end = bytes + length, .mark = base + 1};
    bool ok = read_value(&reader) && reader.at == reader.end;
    plain_settle(&reader.meter);
    if (ok) {
        lua_remove(L, reader.mark);
    } else {
        lua_settop(L, base);
        lua_pushfstring(L, "a kept value is damaged at byte %I", (LUAI_UACINT)(reader.at - bytes) + 1);
    }
    return ok;
}
