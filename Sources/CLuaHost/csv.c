#include "plain.h"

// `ailogger.csv`: one record of RFC 4180 as a list of strings and back, with other separators and quotes on demand.

typedef struct {
    const char *at;
    const char *end;
    int separator;
    int quote;
} csv_reader;

/// The options of argument 2.
static csv_reader check_options(lua_State *L) {
    plain_option options[] = {{"separator", ','}, {"quote", '"'}};
    plain_options(L, 2, "csv", options, 2);
    for (int i = 0; i < 2; i++) {
        if (options[i].byte != '\n' && options[i].byte != '\r') continue;
        luaL_error(L, "csv: the option %s can't be a line break", options[i].name);
    }
    return (csv_reader){.separator = options[0].byte, .quote = options[1].byte};
}

// MARK: Reading

/// Pushes the field whose first byte, behind the quote, is at `at`; false if it never ends.
static bool push_quoted(lua_State *L, csv_reader *reader) {
    const char *start = reader->at, *quote;
    size_t doubled = 0;
    for (;; doubled++, reader->at++) {
        quote = memchr(reader->at, reader->quote, (size_t)(reader->end - reader->at));
        if (quote == NULL) return false;
        reader->at = quote + 1;
        if (reader->at == reader->end || (unsigned char)*reader->at != reader->quote) break;
    }
    size_t length = (size_t)(quote - start) - doubled;
    if (doubled == 0) {
        lua_pushlstring(L, start, length);
        return true;
    }
    luaL_Buffer buffer;
    char *out = luaL_buffinitsize(L, &buffer, length);
    for (const char *at = start; at < quote; at++) {
        *out++ = *at;
        if ((unsigned char)*at == reader->quote) at++;
    }
    luaL_pushresultsize(&buffer, length);
    return true;
}

/// Pushes a field; null, or what is wrong at `at`.
static const char *push_field(lua_State *L, csv_reader *reader) {
    const char *start = reader->at;
    if (start < reader->end && (unsigned char)*start == reader->quote) {
        reader->at++;
        if (!push_quoted(L, reader)) {
            reader->at = start;
            return "the quote is never closed";
        }
        bool ended = reader->at == reader->end || (unsigned char)*reader->at == reader->separator;
        return ended ? NULL : "expected a separator behind the closing quote";
    }
    for (; reader->at < reader->end && (unsigned char)*reader->at != reader->separator; reader->at++) {
        if (*reader->at == '\n') return "a line break must be in quotes";
    }
    lua_pushlstring(L, start, (size_t)(reader->at - start));
    return NULL;
}

/// `csv.parse(line[, options])`: a list of strings, or nil and what is wrong where.
static int host_csv_parse(lua_State *L) {
    size_t length;
    const char *text = luaL_checklstring(L, 1, &length);
    csv_reader reader = check_options(L);
    plain_meter meter = {L, (int64_t)(length / 16)};
    // The end of the line is not part of the last field.
    if (length > 0 && text[length - 1] == '\n') length--;
    if (length > 0 && text[length - 1] == '\r') length--;
    reader.at = text;
    reader.end = text + length;
    lua_createtable(L, 8, 0);
    for (lua_Integer count = 1; count <= HOST_BULK; count++) {
        plain_spend(&meter, 4);
        const char *problem = push_field(L, &reader);
        if (problem != NULL) {
            lua_pushnil(L);
            lua_pushfstring(L, "csv: %s at byte %I", problem, (LUAI_UACINT)(reader.at - text) + 1);
            return 2;
        }
        lua_rawseti(L, -2, count);
        if (reader.at == reader.end) {
            plain_settle(&meter);
            return 1;
        }
        reader.at++;
    }
    return luaL_error(L, "csv: more than %d fields", (int)HOST_BULK);
}

// MARK: Writing

/// The text of an entry of the list at index 1; `number` is room for that of a number.
static const char *entry_text(lua_State *L, lua_Integer i, char number[PLAIN_NUMBER_BYTES], size_t *length) {
    const char *text = "";
    *length = 0;
    switch (lua_rawgeti(L, 1, i)) {
    // The list keeps the string alive.
    case LUA_TSTRING: text = lua_tolstring(L, -1, length); break;
    case LUA_TNUMBER:
        *length = lua_isinteger(L, -1) ? plain_write_integer(lua_tointeger(L, -1), number)
                                       : plain_write_float(lua_tonumber(L, -1), number);
        text = number;
        break;
    case LUA_TBOOLEAN:
        text = lua_toboolean(L, -1) ? "true" : "false";
        *length = strlen(text);
        break;
    default:
        if (!plain_is_null(L, -1)) luaL_error(L, "csv: value %I is a %s", (LUAI_UACINT)i, luaL_typename(L, -1));
        break;
    }
    lua_pop(L, 1);
    return text;
}

static void add_field(luaL_Buffer *buffer, const csv_reader *options, const char *text, size_t length) {
    bool plain = true;
    for (size_t i = 0; i < length && plain; i++) {
        int byte = (unsigned char)text[i];
        plain = byte != options->separator && byte != options->quote && byte != '\n' && byte != '\r';
    }
    if (plain) {
        luaL_addlstring(buffer, text, length);
        return;
    }
    if (options->quote < 0) luaL_error(buffer->L, "csv: a value needs quotes, and the option quote is empty");
    luaL_addchar(buffer, (char)options->quote);
    for (const char *end = text + length; text < end;) {
        const char *quote = memchr(text, options->quote, (size_t)(end - text));
        const char *behind = quote != NULL ? quote + 1 : end;
        luaL_addlstring(buffer, text, (size_t)(behind - text));
        if (quote != NULL) luaL_addchar(buffer, (char)options->quote);
        text = behind;
    }
    luaL_addchar(buffer, (char)options->quote);
}

/// `csv.format(list[, options])`: the line, without its end. Quotes stand only where they must.
static int host_csv_format(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    csv_reader options = check_options(L);
    lua_settop(L, 2);
    plain_meter meter = {L, 0};
    lua_Integer count = (lua_Integer)lua_rawlen(L, 1);
    luaL_Buffer buffer;
    luaL_buffinit(L, &buffer);
    for (lua_Integer i = 1; i <= count; i++) {
        char number[PLAIN_NUMBER_BYTES];
        size_t length;
        const char *text = entry_text(L, i, number, &length);
        if (luaL_bufflen(&buffer) + length > HOST_BULK) {
            return luaL_error(L, "csv: the line is over %d bytes", (int)HOST_BULK);
        }
        plain_spend(&meter, 4 + length / 8);
        if (i > 1) luaL_addchar(&buffer, (char)options.separator);
        add_field(&buffer, &options, text, length);
    }
    plain_settle(&meter);
    luaL_pushresult(&buffer);
    return 1;
}

void csv_open(lua_State *L) {
    static const luaL_Reg functions[] = {{"parse", host_csv_parse}, {"format", host_csv_format}, {NULL, NULL}};
    luaL_newlib(L, functions);
    lua_setfield(L, -2, "csv");
}
