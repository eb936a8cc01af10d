#include "plain.h"

#include <math.h>

// `ailogger.json`: strict RFC 8259, and nothing lost on the way through a script: integers of 64 bits, 1.0 against 1,
// an empty list against an empty map, null, and bytes that are no UTF-8. Also how fields that hold lists and maps come
// into a script and out of it.

// MARK: Reading

typedef struct {
    plain_meter meter;
    const char *at;
    const char *end;
    /// What is wrong at `at`.
    const char *problem;
    /// Where on the stack the mark of lists lies.
    int mark;
    int depth;
} json_reader;

static bool read_value(json_reader *reader);

static bool fail(json_reader *reader, const char *problem) {
    reader->problem = problem;
    return false;
}

static bool fail_at(json_reader *reader, const char *at, const char *problem) {
    reader->at = at;
    return fail(reader, problem);
}

/// The next byte; -1 at the end.
static inline int peek(const json_reader *reader) {
    return reader->at < reader->end ? (unsigned char)*reader->at : -1;
}

static inline int peek_solid(json_reader *reader) {
    int byte;
    while ((byte = peek(reader)) == ' ' || byte == '\n' || byte == '\t' || byte == '\r') reader->at++;
    return byte;
}

/// Skips blanks, and `byte` if it comes next.
static inline bool take(json_reader *reader, int byte) {
    if (peek_solid(reader) != byte) return false;
    reader->at++;
    return true;
}

static bool take_word(json_reader *reader, const char *word, size_t length) {
    if ((size_t)(reader->end - reader->at) < length || memcmp(reader->at, word, length) != 0) {
        return fail(reader, "expected a value");
    }
    reader->at += length;
    return true;
}

/// Pushes the string between `start` and `end`, which holds escapes; its control characters have been looked for.
static bool push_unescaped(json_reader *reader, const char *start, const char *end) {
    luaL_Buffer buffer;
    // No escape is shorter than its text.
    char *out = luaL_buffinitsize(reader->meter.L, &buffer, (size_t)(end - start));
    char *first = out;
    while (start < end) {
        const char *run = memchr(start, '\\', (size_t)(end - start));
        size_t plain = (size_t)((run != NULL ? run : end) - start);
        memcpy(out, start, plain);
        out += plain;
        if (run == NULL) break;
        start = plain_unescape(run, end, &out);
        if (start == NULL) return fail_at(reader, run, "no such escape");
    }
    luaL_pushresultsize(&buffer, (size_t)(out - first));
    return true;
}

static bool read_string(json_reader *reader) {
    const char *start = ++reader->at;
    const char *at = start;
    bool escaped = false;
    for (; at < reader->end && *at != '"'; at++) {
        if ((unsigned char)*at < 0x20) return fail_at(reader, at, "a control character must be escaped");
        if (*at != '\\') continue;
        escaped = true;
        if (++at == reader->end) break;
    }
    if (at >= reader->end) return fail_at(reader, start - 1, "the string never ends");
    plain_spend(&reader->meter, (size_t)(at - start) / 16);
    reader->at = at + 1;
    if (escaped) return push_unescaped(reader, start, at);
    lua_pushlstring(reader->meter.L, start, (size_t)(at - start));
    return true;
}

/// Takes digits, at least one.
static bool take_digits(json_reader *reader) {
    const char *start = reader->at;
    while (peek(reader) >= '0' && peek(reader) <= '9') reader->at++;
    return reader->at > start || fail(reader, "expected a digit");
}

/// The digits between `at` and `end` as an integer; false if they are more than 64 bits hold.
static bool read_integer(const char *at, const char *end, bool negative, lua_Integer *value) {
    lua_Unsigned sum = 0, most = (lua_Unsigned)LUA_MAXINTEGER + negative;
    for (; at < end; at++) {
        lua_Unsigned digit = (lua_Unsigned)(*at - '0');
        if (sum > (most - digit) / 10) return false;
        sum = sum * 10 + digit;
    }
    *value = (lua_Integer)(negative ? 0 - sum : sum);
    return true;
}

static bool read_number(json_reader *reader) {
    lua_State *L = reader->meter.L;
    const char *start = reader->at;
    bool negative = *start == '-', whole = true;
    reader->at += negative;
    const char *digits = reader->at;
    if (!take_digits(reader)) return false;
    if (*digits == '0' && reader->at > digits + 1) return fail_at(reader, digits, "a number can't begin with 0");
    const char *end = reader->at;
    if (peek(reader) == '.') {
        whole = false;
        reader->at++;
        if (!take_digits(reader)) return false;
    }
    if (peek(reader) == 'e' || peek(reader) == 'E') {
        whole = false;
        reader->at++;
        if (peek(reader) == '+' || peek(reader) == '-') reader->at++;
        if (!take_digits(reader)) return false;
    }
    lua_Integer integer;
    if (whole && read_integer(digits, end, negative, &integer)) {
        lua_pushinteger(L, integer);
        return true;
    }
    size_t length = (size_t)(reader->at - start);
    plain_spend(&reader->meter, 20 + length / 8);
    lua_pushnumber(L, plain_read_float(L, start, length));
    return true;
}

static bool enter(json_reader *reader) {
    if (reader->depth == PLAIN_DEPTH) return fail(reader, "nested deeper than 64 levels");
    reader->depth++;
    reader->at++;
    luaL_checkstack(reader->meter.L, LUA_MINSTACK, NULL);
    plain_spend(&reader->meter, 10);
    return true;
}

static bool read_list(json_reader *reader) {
    lua_State *L = reader->meter.L;
    if (!enter(reader)) return false;
    lua_createtable(L, 4, 0);
    lua_pushvalue(L, reader->mark);
    lua_setmetatable(L, -2);
    if (!take(reader, ']')) {
        lua_Integer count = 0;
        do {
            if (!read_value(reader)) return false;
            lua_rawseti(L, -2, ++count);
        } while (take(reader, ','));
        if (!take(reader, ']')) return fail(reader, "expected ',' or ']'");
    }
    reader->depth--;
    return true;
}

static bool read_map(json_reader *reader) {
    lua_State *L = reader->meter.L;
    if (!enter(reader)) return false;
    lua_createtable(L, 0, 4);
    if (!take(reader, '}')) {
        do {
            if (peek_solid(reader) != '"') return fail(reader, "expected a key in quotes");
            if (!read_string(reader)) return false;
            if (!take(reader, ':')) return fail(reader, "expected ':'");
            if (!read_value(reader)) return false;
            lua_rawset(L, -3);
        } while (take(reader, ','));
        if (!take(reader, '}')) return fail(reader, "expected ',' or '}'");
    }
    reader->depth--;
    return true;
}

/// Pushes the value that comes next. On failure there may be something left on the stack.
static bool read_value(json_reader *reader) {
    lua_State *L = reader->meter.L;
    plain_spend(&reader->meter, 4);
    int byte = peek_solid(reader);
    switch (byte) {
    case '{': return read_map(reader);
    case '[': return read_list(reader);
    case '"': return read_string(reader);
    case 't':
        lua_pushboolean(L, true);
        return take_word(reader, "true", 4);
    case 'f':
        lua_pushboolean(L, false);
        return take_word(reader, "false", 5);
    case 'n':
        lua_pushlightuserdata(L, NULL);
        return take_word(reader, "null", 4);
    default:
        if (byte == '-' || (byte >= '0' && byte <= '9')) return read_number(reader);
        return fail(reader, "expected a value");
    }
}

bool json_push(lua_State *L, const char *text, size_t length) {
    int base = lua_gettop(L);
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    plain_push_list_mark(L);
    json_reader reader = {
        .meter = {L, (int64_t)(length / 32)}, .at = text, .end = text + length, .mark = base + 1};
    bool ok = read_value(&reader);
    if (ok && peek_solid(&reader) >= 0) ok = fail(&reader, "expected nothing more");
    plain_settle(&reader.meter);
    if (ok) {
        lua_remove(L, reader.mark);
    } else {
        lua_settop(L, base);
        lua_pushfstring(L, "json: %s at byte %I", reader.problem, (LUAI_UACINT)(reader.at - text) + 1);
    }
    return ok;
}

// MARK: Writing

typedef struct {
    plain_writer to;
    bool pretty;
} json_writer;

static void put_value(json_writer *writer);

/// Starts the next line, if there are to be lines.
static void put_break(json_writer *writer) {
    if (!writer->pretty) return;
    plain_put_byte(&writer->to, '\n');
    for (int i = 0; i < writer->to.depth; i++) plain_put(&writer->to, "  ", 2);
}

static void put_escape(plain_writer *to, unsigned char byte) {
    static const char letters[] = "btn\0fr";
    static const char digits[] = "0123456789abcdef";
    char escape[] = {'\\', (char)byte, '0', '0', digits[byte >> 4], digits[byte & 15]};
    size_t length = 2;
    if (byte >= '\b' && byte <= '\r' && byte != '\v') {
        escape[1] = letters[byte - '\b'];
    } else if (byte < 0x20) {
        escape[1] = 'u';
        length = 6;
    }
    plain_put(to, escape, length);
}

static void put_string(plain_writer *to, const char *bytes, size_t length) {
    plain_spend(&to->meter, length / 16);
    plain_put_byte(to, '"');
    size_t start = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
        plain_put(to, bytes + start, i - start);
        put_escape(to, byte);
        start = i + 1;
    }
    plain_put(to, bytes + start, length - start);
    plain_put_byte(to, '"');
}

static void put_list(json_writer *writer, lua_Integer count) {
    lua_State *L = writer->to.meter.L;
    plain_put_byte(&writer->to, '[');
    for (lua_Integer i = 1; i <= count; i++) {
        if (i > 1) plain_put_byte(&writer->to, ',');
        put_break(writer);
        plain_at(&writer->to, &(plain_key){.kind = PLAIN_INTEGER, .integer = i});
        lua_rawgeti(L, -1, i);
        put_value(writer);
        lua_pop(L, 1);
    }
    plain_leave(&writer->to);
    if (count > 0) put_break(writer);
    plain_put_byte(&writer->to, ']');
}

static void put_map(json_writer *writer, size_t count) {
    plain_writer *to = &writer->to;
    lua_State *L = to->meter.L;
    size_t first = to->key_count - count;
    plain_sort(to, count);
    plain_put_byte(to, '{');
    for (size_t i = 0; i < count; i++) {
        // Deeper levels move `keys`.
        plain_key key = to->keys[first + i];
        plain_at(to, &key);
        if (i > 0) plain_put_byte(to, ',');
        put_break(writer);
        put_string(to, key.bytes, key.length);
        plain_put(to, ": ", writer->pretty ? 2 : 1);
        plain_push_key(L, &key);
        lua_rawget(L, -2);
        put_value(writer);
        lua_pop(L, 1);
    }
    plain_leave(to);
    if (count > 0) put_break(writer);
    plain_put_byte(to, '}');
}

/// Puts a copy that has text for its keys in the place of a table that has numbers.
static void name_numbers(plain_writer *to, const plain_key *keys, size_t count) {
    lua_State *L = to->meter.L;
    lua_createtable(L, 0, (int)count);
    for (size_t i = 0; i < count; i++) {
        char number[PLAIN_NUMBER_BYTES];
        bool whole = keys[i].kind == PLAIN_INTEGER;
        size_t length = whole ? plain_write_integer(keys[i].integer, number)
                              : plain_write_float(keys[i].number, number);
        plain_spend(&to->meter, whole ? 10 : 50);
        lua_pushlstring(L, number, length);
        plain_push_key(L, &keys[i]);
        lua_rawget(L, -4);
        lua_rawset(L, -3);
    }
    lua_replace(L, -2);
}

/// Refuses what has no place in a list or a map of JSON. A number's text might be a key already, so a table has
/// either numbers or strings.
static void check_keys(plain_writer *to, const plain_key *keys, size_t count, bool list) {
    for (size_t i = 0; i < count; i++) {
        plain_at(to, &keys[i]);
        if (keys[i].kind == PLAIN_BOOLEAN) plain_fail(to, "has a boolean for its key");
        if ((keys[i].kind == PLAIN_STRING) != (keys[0].kind == PLAIN_STRING)) {
            plain_fail(to, "is in a table that has both numbers and strings for keys");
        }
        if (list) plain_fail(to, "is in a list, but not one of its entries 1, 2, 3 …: ailogger.null fills gaps");
    }
}

/// A list is what is marked as one, or has the keys 1 to n and no other.
static void put_table(json_writer *writer) {
    plain_writer *to = &writer->to;
    plain_enter(to);
    size_t first = to->key_count;
    bool marked = plain_is_list(to->meter.L, -1);
    lua_Integer length = plain_sequence(to);
    size_t others = plain_gather(to, length);
    if (others == 0 && (marked || length > 0)) {
        put_list(writer, length);
        return;
    }
    if (length > 0 && !marked) {
        to->key_count = first;
        others = plain_gather(to, 0);
    }
    check_keys(to, to->keys + first, others, marked);
    if (others > 0 && to->keys[first].kind != PLAIN_STRING) {
        name_numbers(to, to->keys + first, others);
        to->key_count = first;
        plain_gather(to, 0);
    }
    put_map(writer, others);
    to->key_count = first;
}

static void put_number(plain_writer *to) {
    lua_State *L = to->meter.L;
    char text[PLAIN_NUMBER_BYTES];
    if (lua_isinteger(L, -1)) {
        plain_put(to, text, plain_write_integer(lua_tointeger(L, -1), text));
        return;
    }
    lua_Number number = lua_tonumber(L, -1);
    plain_spend(&to->meter, 40);
    size_t length = plain_write_float(number, text);
    if (!isfinite(number)) plain_fail(to, "is %s: JSON has no such number", text);
    plain_put(to, text, length);
}

/// The value on top of the stack, which stays there.
static void put_value(json_writer *writer) {
    plain_writer *to = &writer->to;
    lua_State *L = to->meter.L;
    plain_spend(&to->meter, 2);
    switch (lua_type(L, -1)) {
    case LUA_TNIL: plain_put(to, "null", 4); return;
    case LUA_TBOOLEAN:
        if (lua_toboolean(L, -1)) {
            plain_put(to, "true", 4);
        } else {
            plain_put(to, "false", 5);
        }
        return;
    case LUA_TNUMBER: put_number(to); return;
    case LUA_TSTRING: {
        size_t length;
        const char *bytes = lua_tolstring(L, -1, &length);
        put_string(to, bytes, length);
        return;
    }
    case LUA_TTABLE: put_table(writer); return;
    default:
        if (event_copy_fields(L, -1)) {
            put_table(writer);
            lua_pop(L, 1);
            return;
        }
        if (!plain_is_null(L, -1)) plain_fail(to, "is a %s: JSON has no such value", luaL_typename(L, -1));
        plain_put(to, "null", 4);
        return;
    }
}

static void encode(lua_State *L, int index, bool pretty) {
    index = lua_absindex(L, index);
    json_writer writer;
    plain_begin(&writer.to, L, "json: ", HOST_EVENT_BYTES);
    writer.pretty = pretty;
    lua_pushvalue(L, index);
    put_value(&writer);
    plain_finish(&writer.to);
}

void json_encode(lua_State *L, int index) { encode(L, index, false); }

// MARK: Library

/// `json.decode(text)`: the value, or nil and what is wrong where.
static int host_json_decode(lua_State *L) {
    luaL_checktype(L, 1, LUA_TSTRING);
    size_t length;
    const char *text = lua_tolstring(L, 1, &length);
    if (json_push(L, text, length)) return 1;
    lua_pushnil(L);
    lua_insert(L, -2);
    return 2;
}

/// `json.encode(value[, {pretty = true}])`.
static int host_json_encode(lua_State *L) {
    luaL_checkany(L, 1);
    bool pretty = false;
    if (!lua_isnoneornil(L, 2)) {
        static const char *const names[] = {"pretty", NULL};
        plain_check_names(L, 2, "json.encode", names);
        lua_pushliteral(L, "pretty");
        lua_rawget(L, 2);
        pretty = lua_toboolean(L, -1);
        lua_pop(L, 1);
    }
    encode(L, 1, pretty);
    return 1;
}

/// `json.array([t])`: marks the table as a list and returns it.
static int host_json_array(lua_State *L) {
    if (lua_isnoneornil(L, 1)) {
        lua_settop(L, 0);
        lua_newtable(L);
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    if (lua_getmetatable(L, 1) && !plain_is_list(L, 1)) {
        return luaL_error(L, "json: array can't mark a table that has a metatable");
    }
    plain_push_list_mark(L);
    lua_setmetatable(L, 1);
    lua_settop(L, 1);
    return 1;
}

static int null_text(lua_State *L) {
    lua_pushliteral(L, "null");
    return 1;
}

void json_open(lua_State *L) {
    static const luaL_Reg functions[] = {{"decode", host_json_decode}, {"encode", host_json_encode},
        {"array", host_json_array}, {NULL, NULL}};
    lua_pushlightuserdata(L, NULL);
    // For tostring(ailogger.null). All light userdata share one metatable, and scripts see no other.
    lua_createtable(L, 0, 2);
    lua_pushcfunction(L, null_text);
    lua_setfield(L, -2, "__tostring");
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_setfield(L, -2, "null");
    luaL_newlib(L, functions);
    lua_pushlightuserdata(L, NULL);
    lua_setfield(L, -2, "null");
    lua_setfield(L, -2, "json");
}
