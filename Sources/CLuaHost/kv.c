#include "plain.h"

// `ailogger.kv`: texts like `user=bob status="not found" took=12`, with other separators on demand. Made for logs:
// words without a value are passed over, and where a line was cut off in a quoted value, what there is counts.

typedef struct {
    plain_meter meter;
    const char *at;
    const char *end;
    int pair;
    int value;
    int quote;
} kv_reader;

static bool is_blank(char byte) { return byte == ' ' || byte == '\t'; }

static inline bool is(char byte, int option) { return (unsigned char)byte == option; }

/// Skips blanks, but not one that ends the pair.
static void skip_blanks(kv_reader *reader) {
    while (reader->at < reader->end && is_blank(*reader->at) && !is(*reader->at, reader->pair)) reader->at++;
}

static const char *pair_end(const kv_reader *reader, const char *at) {
    const char *found = memchr(at, reader->pair, (size_t)(reader->end - at));
    return found != NULL ? found : reader->end;
}

/// The quote that ends the text whose first byte is at `at`; null if it has none.
static const char *closing_quote(kv_reader *reader, const char *at, bool *escaped) {
    const char *start = at;
    *escaped = false;
    while (at < reader->end && !is(*at, reader->quote)) {
        bool escape = *at == '\\' && at + 1 < reader->end;
        *escaped = *escaped || escape;
        at += escape ? 2 : 1;
    }
    plain_spend(&reader->meter, (size_t)(at - start) / 16);
    return at < reader->end ? at : NULL;
}

/// A backslash stands before the quote, a backslash, or what JSON escapes; before anything else it's just a backslash.
static void push_unescaped(kv_reader *reader, const char *at, const char *end) {
    luaL_Buffer buffer;
    char *out = luaL_buffinitsize(reader->meter.L, &buffer, (size_t)(end - at));
    char *first = out;
    while (at < end) {
        const char *behind = NULL;
        if (*at == '\\' && at + 1 < end && is(at[1], reader->quote)) {
            at++;
        } else if (*at == '\\') {
            behind = plain_unescape(at, end, &out);
        }
        if (behind != NULL) {
            at = behind;
        } else {
            *out++ = *at++;
        }
    }
    luaL_pushresultsize(&buffer, (size_t)(out - first));
}

/// Pushes the value that begins here and goes on to the end of its pair.
static void push_value(kv_reader *reader) {
    lua_State *L = reader->meter.L;
    skip_blanks(reader);
    const char *start = reader->at;
    if (start == reader->end || !is(*start, reader->quote)) {
        const char *end = reader->at = pair_end(reader, start);
        while (end > start && is_blank(end[-1])) end--;
        lua_pushlstring(L, start, (size_t)(end - start));
        return;
    }
    bool escaped;
    const char *end = closing_quote(reader, ++start, &escaped);
    reader->at = end != NULL ? pair_end(reader, end + 1) : reader->end;
    if (end == NULL) end = reader->end;
    if (escaped) {
        push_unescaped(reader, start, end);
    } else {
        lua_pushlstring(L, start, (size_t)(end - start));
    }
}

/// Passes over a word that is no key; a quoted text is one word.
static void skip_word(kv_reader *reader, const char *start) {
    bool escaped;
    const char *end = is(*start, reader->quote) ? closing_quote(reader, start + 1, &escaped) : NULL;
    reader->at = pair_end(reader, end != NULL ? end + 1 : reader->at);
}

/// Pushes the next key and its value; false at the end.
static bool next_pair(kv_reader *reader) {
    for (;;) {
        const char *from = reader->at;
        while (reader->at < reader->end && (is_blank(*reader->at) || is(*reader->at, reader->pair))) reader->at++;
        const char *key = reader->at;
        int stop = -1;
        for (; reader->at < reader->end; reader->at++) {
            stop = (unsigned char)*reader->at;
            if (stop == reader->pair || stop == reader->value || stop == reader->quote) break;
        }
        plain_spend(&reader->meter, 2 + (size_t)(reader->at - from) / 8);
        if (key == reader->end) return false;
        const char *end = reader->at;
        while (end > key && is_blank(end[-1])) end--;
        if (reader->at == reader->end || stop != reader->value || end == key) {
            skip_word(reader, key);
            continue;
        }
        reader->at++;
        lua_pushlstring(reader->meter.L, key, (size_t)(end - key));
        push_value(reader);
        plain_spend(&reader->meter, (size_t)(reader->at - end) / 16);
        return true;
    }
}

// MARK: Library

/// A reader of argument 1 with the options of argument 2.
static kv_reader check_reader(lua_State *L) {
    size_t length;
    const char *text = luaL_checklstring(L, 1, &length);
    plain_option options[] = {{"pair", ' '}, {"value", '='}, {"quote", '"'}};
    plain_options(L, 2, "kv", options, 3);
    return (kv_reader){.meter = {L, 0}, .at = text, .end = text + length, .pair = options[0].byte,
        .value = options[1].byte, .quote = options[2].byte};
}

/// `kv.parse(text[, options])`: a table; the last of several values of one key counts.
static int host_kv_parse(lua_State *L) {
    kv_reader reader = check_reader(L);
    lua_createtable(L, 0, 8);
    while (next_pair(&reader)) lua_rawset(L, -3);
    plain_settle(&reader.meter);
    return 1;
}

/// Upvalues: the text, where in it to go on, and the options' bytes.
static int each_next(lua_State *L) {
    size_t length;
    const char *text = lua_tolstring(L, lua_upvalueindex(1), &length);
    kv_reader reader = {.meter = {L, 0}, .at = text + lua_tointeger(L, lua_upvalueindex(2)), .end = text + length,
        .pair = (int)lua_tointeger(L, lua_upvalueindex(3)), .value = (int)lua_tointeger(L, lua_upvalueindex(4)),
        .quote = (int)lua_tointeger(L, lua_upvalueindex(5))};
    bool found = next_pair(&reader);
    plain_settle(&reader.meter);
    lua_pushinteger(L, reader.at - text);
    lua_replace(L, lua_upvalueindex(2));
    return found ? 2 : 0;
}

/// `kv.each(text[, options])`: an iterator of key and value, in the text's order.
static int host_kv_each(lua_State *L) {
    kv_reader reader = check_reader(L);
    lua_settop(L, 1);
    lua_pushinteger(L, 0);
    lua_pushinteger(L, reader.pair);
    lua_pushinteger(L, reader.value);
    lua_pushinteger(L, reader.quote);
    lua_pushcclosure(L, each_next, 5);
    return 1;
}

void kv_open(lua_State *L) {
    static const luaL_Reg functions[] = {{"parse", host_kv_parse}, {"each", host_kv_each}, {NULL, NULL}};
    luaL_newlib(L, functions);
    lua_setfield(L, -2, "kv");
}
