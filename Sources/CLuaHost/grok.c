#include "luaregex.h"
#include "plain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// `ailogger.grok(pattern, options)`: patterns as Logstash's users write them. The host knows the library of names and
// makes one PCRE2 pattern of it all (`ailua_services.grok`); what is done here is to match it and to name the values.
//
// What the service returns: a line for each `%{NAME:field}` in the order of the pattern, made of the letter of its type
// (s text, i integer, f float), a space and the field's name; an empty line; the pattern. The first of these groups is
// called `_1` in the pattern, the second `_2`, and so on: PCRE2's names have at most 32 characters and occur once,
// fields have longer names and may be named in each branch of an alternative. Groups that the pattern's author named
// himself, `(?<field>…)`, are fields of type text.

typedef struct {
    /// Null if it is too long to be learnt, or there are too many.
    host_name *name;
    uint32_t group;
    /// 's', 'i' or 'f'.
    char type;
    uint8_t member;
    /// The field of the same name before it in the list, counted from 1; 0 if there is none.
    uint16_t twin;
} grok_field;

/// The user values: the regex, and the list of the fields' names.
typedef struct {
    uint32_t magic;
    uint32_t count;
    lua_regex *regex;
    /// In the order of their groups.
    grok_field fields[];
} lua_grok;

enum { GROK_REGEX = 1, GROK_NAMES, GROK_VALUES = GROK_NAMES };

/// What a field of this name is of the event, where it can be.
enum { MEMBER_NONE, MEMBER_MESSAGE, MEMBER_COMPONENT, MEMBER_LEVEL, MEMBER_TIME };

static const struct { const char *name; uint8_t member; } members[] = {{"message", MEMBER_MESSAGE},
    {"component", MEMBER_COMPONENT}, {"level", MEMBER_LEVEL}, {"loglevel", MEMBER_LEVEL}, {"time", MEMBER_TIME},
    {"timestamp", MEMBER_TIME}};

/// The event's own names, by member.
static const char *const keys[] = {NULL, "message", "component", "level", "time"};

// MARK: Making one

static bool is_word(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++) {
        char byte = text[i];
        bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
        if (!letter && !(byte >= '0' && byte <= '9') && byte != '_') return false;
    }
    return length > 0;
}

static void check_options(lua_State *L, int options) {
    if (lua_isnoneornil(L, options)) return;
    static const char *const names[] = {"library", "patterns", NULL};
    plain_check_names(L, options, "grok", names);
    for (lua_pushnil(L); lua_next(L, options) != 0; lua_pop(L, 1)) {
        int type = lua_type(L, -1);
        if (strcmp(lua_tostring(L, -2), "library") == 0) {
            if (type != LUA_TSTRING) luaL_error(L, "grok: library is a text, not a %s", luaL_typename(L, -1));
        } else if (type != LUA_TTABLE) {
            luaL_error(L, "grok: patterns is a table { NAME = \"regex\" }, not a %s", luaL_typename(L, -1));
        }
    }
}

/// Bytes that the definitions of the table at `patterns` take as lines. With `at`, also writes them there.
static size_t write_patterns(lua_State *L, int patterns, char *at) {
    size_t total = 0;
    for (lua_pushnil(L); lua_next(L, patterns) != 0; lua_pop(L, 1)) {
        size_t name_length = 0, length = 0;
        const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tolstring(L, -2, &name_length) : "";
        if (!is_word(name, name_length)) {
            luaL_error(L, "grok: a pattern's name is made of letters, digits and _, as in { NAME = \"regex\" }");
        }
        if (lua_type(L, -1) != LUA_TSTRING) {
            luaL_error(L, "grok: patterns.%s is a string, not a %s", name, luaL_typename(L, -1));
        }
        const char *text = lua_tolstring(L, -1, &length);
        if (memchr(text, '\n', length) != NULL) luaL_error(L, "grok: patterns.%s has a line break", name);
        if (at != NULL) {
            memcpy(at, name, name_length);
            at[name_length] = ' ';
            memcpy(at + name_length + 1, text, length);
            at += name_length + length + 2;
            at[-1] = '\n';
        }
        total += name_length + length + 2;
        if (total > HOST_BULK) luaL_error(L, "grok: the patterns are over %d bytes", (int)HOST_BULK);
    }
    return total;
}

/// Pushes a block with the lines of `options.library` and, behind them as they count for more, of `options.patterns`.
static const char *push_library(lua_State *L, int options, size_t *total) {
    *total = 0;
    if (lua_isnoneornil(L, options)) {
        lua_pushnil(L);
        return NULL;
    }
    size_t length = 0;
    lua_pushliteral(L, "library");
    lua_rawget(L, options);
    const char *library = lua_tolstring(L, -1, &length);
    lua_pushliteral(L, "patterns");
    int patterns = lua_rawget(L, options) == LUA_TTABLE ? lua_gettop(L) : 0;
    size_t size = patterns > 0 ? write_patterns(L, patterns, NULL) : 0;
    *total = length + 1 + size;
    if (*total > HOST_BULK) luaL_error(L, "grok: the library is over %d bytes", (int)HOST_BULK);
    limits_charge(L, host_of(L), (int64_t)(*total / 4));
    char *block = lua_newuserdatauv(L, *total, 0);
    if (length > 0) memcpy(block, library, length);
    block[length] = '\n';
    if (patterns > 0) write_patterns(L, patterns, block + length + 1);
    return block;
}

/// Pushes a block with what the service makes of the pattern.
static const char *push_expansion(lua_State *L, size_t *length) {
    ailua_state *host = host_of(L);
    size_t pattern_length, library_length, capacity = 16 * 1024;
    const char *pattern = luaL_checklstring(L, 1, &pattern_length);
    if (host->services.grok == NULL) luaL_error(L, "grok: there is no library of patterns here");
    if (pattern_length > HOST_BULK) luaL_error(L, "grok: the pattern is over %d bytes", (int)HOST_BULK);
    const char *library = push_library(L, 2, &library_length);
    limits_charge(L, host, 2000 + (int64_t)pattern_length);
    for (;;) {
        char *block = lua_newuserdatauv(L, capacity, 0);
        bool failed = false;
        *length = host->services.grok((const uint8_t *)pattern, pattern_length, (const uint8_t *)library,
            library_length, block, capacity, &failed);
        if (*length <= capacity) {
            if (!failed) return block;
            lua_pushlstring(L, block, *length);
            luaL_error(L, "grok: %s", lua_tostring(L, -1));
        }
        if (*length > HOST_BULK) luaL_error(L, "grok: the pattern becomes more than %d bytes", (int)HOST_BULK);
        capacity = *length;
    }
}

/// Adds a field, whose name is on top of the stack, at its group's place. `names` is the index of their list.
static void add_field(lua_State *L, lua_grok *grok, int names, grok_field field) {
    const char *name = lua_tostring(L, -1);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (strcmp(members[i].name, name) == 0) field.member = members[i].member;
    }
    uint32_t at = grok->count++;
    for (; at > 0 && grok->fields[at - 1].group > field.group; at--) {
        grok->fields[at] = grok->fields[at - 1];
        lua_rawgeti(L, names, (lua_Integer)at);
        lua_rawseti(L, names, (lua_Integer)at + 1);
    }
    grok->fields[at] = field;
    lua_rawseti(L, names, (lua_Integer)at + 1);
}

/// Learns the names of the fields and chains those that share one, once all are at their places.
static void learn_names(lua_State *L, lua_grok *grok, int names) {
    lua_newtable(L);
    for (uint32_t i = 0; i < grok->count; i++) {
        lua_rawgeti(L, names, (lua_Integer)i + 1);
        host_name *name = name_find(host_of(L), lua_tostring(L, -1));
        grok->fields[i].name = name != NULL ? name : name_learn(L, host_of(L), -1);
        lua_pushvalue(L, -1);
        lua_rawget(L, -3);
        grok->fields[i].twin = (uint16_t)lua_tointeger(L, -1);
        lua_pop(L, 1);
        lua_pushinteger(L, (lua_Integer)i + 1);
        lua_rawset(L, -3);
    }
    lua_pop(L, 1);
}

/// The line of the field whose group is called `name` in the pattern; null for a group of the author's own.
static const char *find_line(const char *lines, const char *end, const char *name) {
    char *rest;
    if (name[0] != '_' || name[1] < '1' || name[1] > '9') return NULL;
    unsigned long number = strtoul(name + 1, &rest, 10);
    if (*rest != 0) return NULL;
    for (; number > 1 && lines < end; number--) lines = (const char *)memchr(lines, '\n', (size_t)(end - lines)) + 1;
    return lines < end ? lines : NULL;
}

/// `ailogger.grok(pattern[, options])`. Upvalue 1 is the metatable.
static int host_grok(lua_State *L) {
    lua_settop(L, 2);
    check_options(L, 2);
    size_t length;
    const char *text = push_expansion(L, &length), *end = text + length;
    const char *lines_end = text;
    while (lines_end < end && *lines_end != '\n') {
        const char *line_end = memchr(lines_end, '\n', (size_t)(end - lines_end));
        lines_end = line_end != NULL ? line_end + 1 : end;
    }
    const char *pattern = lines_end < end ? lines_end + 1 : end;
    lua_regex *regex = luaregex_push(L, pattern, (size_t)(end - pattern), "grok: the expanded pattern");
    int regex_index = lua_gettop(L);
    lua_getiuservalue(L, regex_index, REGEX_NAMES);
    if (regex->name_count > HOST_FIELDS) return luaL_error(L, "grok: more than %d fields", (int)HOST_FIELDS);

    lua_grok *grok = lua_newuserdatauv(L, sizeof *grok + regex->name_count * sizeof(grok_field), GROK_VALUES);
    int index = lua_gettop(L);
    grok->magic = MAGIC_GROK;
    grok->count = 0;
    grok->regex = regex;
    lua_pushvalue(L, regex_index);
    lua_setiuservalue(L, index, GROK_REGEX);
    lua_createtable(L, (int)regex->name_count, 0);
    int names = lua_gettop(L);
    for (uint32_t i = 0; i < regex->name_count; i++) {
        grok_field field = {NULL, regex->names[i].group, 's', MEMBER_NONE, 0};
        const char *line = find_line(text, lines_end, regex->names[i].bytes);
        if (line != NULL) {
            const char *name = line + 2;
            field.type = *line;
            lua_pushlstring(L, name, (size_t)((const char *)memchr(line, '\n', (size_t)(end - line)) - name));
        } else {
            lua_rawgeti(L, regex_index + 1, (lua_Integer)i + 1);
        }
        add_field(L, grok, names, field);
    }
    learn_names(L, grok, names);
    lua_setiuservalue(L, index, GROK_NAMES);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_setmetatable(L, index);
    return 1;
}

// MARK: Matching

/// The text of a field in the match at hand; 0 bytes if it is empty or its group took no part.
static size_t text_of(const lua_grok *grok, const grok_field *field, const char *subject, const char **text) {
    const PCRE2_SIZE *found = grok->regex->pattern.spans + 2 * field->group;
    if (found[0] == PCRE2_UNSET || found[1] <= found[0]) return 0;
    *text = subject + found[0];
    return found[1] - found[0];
}

/// The same; also 0 where a field before it has the same name and isn't empty.
static size_t first_text_of(const lua_grok *grok, const grok_field *field, const char *subject, const char **text) {
    for (uint16_t twin = field->twin; twin != 0; twin = grok->fields[twin - 1].twin) {
        if (text_of(grok, &grok->fields[twin - 1], subject, text) > 0) return 0;
    }
    return text_of(grok, field, subject, text);
}

/// Pushes the number that the text is, of the type wanted; false if it is none. A fraction that should be an integer is
/// cut off, as Logstash does. Digits too many for an integer are no number, and so stay exact.
static bool push_number(lua_State *L, char type, const char *text, size_t length) {
    char copy[64];
    if (length >= sizeof copy) return false;
    memcpy(copy, text, length);
    copy[length] = 0;
    // No hexadecimal numbers, no blanks around, which Lua would take too.
    if (strspn(copy, "+-0123456789.eE") != length || lua_stringtonumber(L, copy) == 0) return false;
    if (type == 'i' && lua_isinteger(L, -1)) return true;
    lua_Number number = lua_tonumber(L, -1);
    lua_Integer integer = 0;
    lua_pop(L, 1);
    if (type == 'f') {
        if (isfinite(number)) lua_pushnumber(L, number);
        return isfinite(number);
    }
    bool has_point = strcspn(copy, ".eE") < length;
    if (!has_point || !lua_numbertointeger(trunc(number), &integer)) return false;
    lua_pushinteger(L, integer);
    return true;
}

/// Matches the text at `index`, from the place at `index` + 1 if there is one, and leaves the names behind it.
static bool match(lua_State *L, const lua_grok *grok, int index) {
    size_t length;
    const char *subject = luaL_checklstring(L, index, &length);
    if (!luaregex_match(L, grok->regex, subject, length, luaregex_start(L, index + 1, length))) return false;
    limits_charge(L, host_of(L), grok->count);
    lua_settop(L, index);
    lua_getiuservalue(L, 1, GROK_NAMES);
    return true;
}

static int grok_test(lua_State *L) {
    const lua_grok *grok = host_check(L, 1, MAGIC_GROK, "grok");
    lua_pushboolean(L, match(L, grok, 2));
    return 1;
}

/// `g:match(text[, init])`: a table of the fields that aren't empty, or nil. Of two of one name the first counts.
static int grok_match(lua_State *L) {
    const lua_grok *grok = host_check(L, 1, MAGIC_GROK, "grok");
    if (!match(L, grok, 2)) {
        lua_pushnil(L);
        return 1;
    }
    const char *subject = lua_tostring(L, 2);
    lua_createtable(L, 0, (int)grok->count);
    for (uint32_t i = 0; i < grok->count; i++) {
        const grok_field *field = &grok->fields[i];
        const char *text;
        size_t length = first_text_of(grok, field, subject, &text);
        if (length == 0) continue;
        lua_rawgeti(L, 3, (lua_Integer)i + 1);
        if (field->type == 's' || !push_number(L, field->type, text, length)) {
            luaregex_push_group(L, grok->regex, subject, field->group);
        }
        lua_rawset(L, 4);
    }
    return 1;
}

/// Whether the text of a field is what its member of the event can be.
static bool fits(const ailua_state *host, uint8_t member, const char *text, size_t length) {
    ailua_time time;
    switch (member) {
    case MEMBER_NONE: return false;
    case MEMBER_LEVEL: return host->services.level((const uint8_t *)text, length) != 0;
    case MEMBER_TIME: return host->services.time((const uint8_t *)text, length, &time);
    default: return true;
    }
}

/// Where a field of the event at hand is written; null for one too many.
static ailua_value *written_field(ailua_state *host, host_name *name) {
    if (name->stamp == host->stamp) return &host->fields[name->field];
    if (host->event.field_count == HOST_FIELDS) return NULL;
    ailua_value *value = &host->fields[host->event.field_count];
    value->key = name->bytes;
    value->key_length = name->length;
    value->name = name->id;
    name->stamp = host->stamp;
    name->field = (uint16_t)host->event.field_count++;
    return value;
}

/// What `event.fields.NAME = text` does, without a string of Lua between the line and the event.
static void write_text(lua_State *L, ailua_state *host, host_name *name, const char *subject, const char *text,
    size_t length) {
    const char *bytes = subject == host->line_in_lua ? host->line + (text - subject)
                                                     : arena_copy(&host->arena, text, length);
    if (bytes == NULL) luaL_error(L, "more than %d MiB written to one event", (int)(HOST_EVENT_BYTES / 1024 / 1024));
    ailua_value *value = written_field(host, name);
    if (value == NULL) luaL_error(L, "more than %d fields in one event", (int)HOST_FIELDS);
    value->type = AILUA_STRING;
    value->bytes = bytes;
    value->length = length;
}

/// `g:apply(event, text[, init])`: writes the fields to the event, `message` and its like to the event's own members
/// where they can be such. Nothing and `-` make no field, as in formats.
static int grok_apply(lua_State *L) {
    const lua_grok *grok = host_check(L, 1, MAGIC_GROK, "grok");
    ailua_state *host = event_check(L, 2);
    if (!match(L, grok, 3)) {
        lua_pushboolean(L, false);
        return 1;
    }
    lua_getfield(L, 2, "fields");
    const char *subject = lua_tostring(L, 3);
    unsigned written = 0;
    for (uint32_t i = 0; i < grok->count; i++) {
        const grok_field *field = &grok->fields[i];
        const char *text;
        size_t length = first_text_of(grok, field, subject, &text);
        if (length == 0 || (length == 1 && *text == '-')) continue;
        unsigned member = 1u << field->member;
        bool is_number = field->type != 's' && push_number(L, field->type, text, length);
        if (is_number || (written & member) != 0 || !fits(host, field->member, text, length)) {
            if (!is_number && field->name != NULL) {
                write_text(L, host, field->name, subject, text, length);
                continue;
            }
            if (!is_number) luaregex_push_group(L, grok->regex, subject, field->group);
            lua_rawgeti(L, 4, (lua_Integer)i + 1);
            lua_insert(L, -2);
            lua_settable(L, 5);
        } else {
            written |= member;
            luaregex_push_group(L, grok->regex, subject, field->group);
            lua_setfield(L, 2, keys[field->member]);
        }
    }
    lua_pushboolean(L, true);
    return 1;
}

void grok_open(lua_State *L) {
    static const luaL_Reg methods[] = {{"match", grok_match}, {"apply", grok_apply}, {"test", grok_test},
        {NULL, NULL}};
    lua_createtable(L, 0, 3);
    luaL_newlib(L, methods);
    host_refuse_missing(L, "a grok pattern");
    lua_setfield(L, -2, "__index");
    lua_pushliteral(L, "grok");
    lua_setfield(L, -2, "__name");
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_pushcclosure(L, host_grok, 1);
    lua_setfield(L, -2, "grok");
}
