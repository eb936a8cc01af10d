#include "host.h"

#include <stdlib.h>
#include <string.h>

// `ailogger.regex(pattern)` and `ailogger.log(level, text)`.
//
// A match is a small userdata with a copy of the spans and the subject as its user value: substrings are made
// only for the captures that a script reads. Each pattern has its own metatable for its matches, which knows the
// names of the groups.

/// A group's name. Short strings are unique in Lua, and the pattern keeps its own alive: the address will do.
typedef struct {
    const char *bytes;
    uint32_t group;
} group_name;

typedef struct {
    uint32_t magic;
    uint32_t name_count;
    group_name *names;
    size_t bytes;
    regex_pattern pattern;
} lua_regex;

typedef struct {
    uint32_t start;
    uint32_t end;
} span;

typedef struct {
    uint32_t magic;
    uint32_t groups;
    /// Alive as the match's user value.
    const char *subject;
    /// Alive through the match's metatable.
    const lua_regex *regex;
    span spans[];
} lua_match;

enum { UNSET = UINT32_MAX, REGEX_LIMIT_COUNT = 1000, PATTERN_BYTES = 64 * 1024 };

// MARK: Matches

static lua_Integer group_of(lua_State *L, const lua_match *match) {
    if (lua_type(L, 2) == LUA_TSTRING) {
        const lua_regex *regex = match->regex;
        const char *key = lua_tostring(L, 2);
        for (uint32_t i = 0; i < regex->name_count; i++) {
            if (regex->names[i].bytes == key) return regex->names[i].group;
        }
        // Lua keeps several copies of a long name.
        for (uint32_t i = 0; i < regex->name_count; i++) {
            if (strcmp(regex->names[i].bytes, key) == 0) return regex->names[i].group;
        }
        return luaL_error(L, "the pattern has no group named \"%s\"", key);
    }
    int whole = 0;
    lua_Integer group = lua_tointegerx(L, 2, &whole);
    if (!whole || group < 0 || group > (lua_Integer)match->groups) {
        return luaL_error(L, "the pattern's groups are 0 to %d", (int)match->groups);
    }
    return group;
}

/// Notes where in the line a string on its way to the script was cut, so that a field made of it needs no copy.
static void note_piece(ailua_state *host, const char *subject, const char *bytes, size_t offset) {
    if (subject != host->line_in_lua) return;
    host_piece *piece = piece_slot(host, bytes);
    piece->bytes = bytes;
    piece->offset = offset;
}

/// Pushes a group of the match just made, or nil.
static void push_group(lua_State *L, ailua_state *host, const char *subject, const PCRE2_SIZE *found) {
    if (found[0] == PCRE2_UNSET) {
        lua_pushnil(L);
        return;
    }
    size_t length = found[1] > found[0] ? found[1] - found[0] : 0;
    note_piece(host, subject, lua_pushlstring(L, subject + found[0], length), found[0]);
}

/// `m.NAME`, `m[1]`, `m[0]` for the whole match; nil for a group that took no part.
static int match_index(lua_State *L) {
    const lua_match *match = host_check(L, 1, MAGIC_MATCH, "match");
    span found = match->spans[group_of(L, match)];
    if (found.start == UNSET) return 0;
    // \K can put the start behind the end.
    size_t length = found.end > found.start ? found.end - found.start : 0;
    const char *bytes = lua_pushlstring(L, match->subject + found.start, length);
    note_piece(host_of(L), match->subject, bytes, found.start);
    return 1;
}

/// Runs the pattern on argument 2, from argument 3 if there is one. A limit that was hit is an error, never
/// "no match".
static bool run(lua_State *L, lua_regex **regex, const char **subject, size_t *length) {
    ailua_state *host = host_of(L);
    *regex = host_check(L, 1, MAGIC_REGEX, "regex");
    *subject = luaL_checklstring(L, 2, length);
    size_t start = 0;
    if (lua_gettop(L) > 2) {
        lua_Integer from = luaL_checkinteger(L, 3);
        if (from < 1) from = 1;
        if ((size_t)from > *length + 1) return false;
        start = (size_t)from - 1;
    }
    int result = regex_match(&(*regex)->pattern, &host->scratch, *subject, *length, start);
    // A pattern that backtracks may take milliseconds for what is one instruction to Lua.
    // Short subjects are left to the hook: at worst some fifty of them go by before it looks at the clock.
    limits_charge(L, host, result == REGEX_LIMIT ? 50000 : (int64_t)(*length / 32) + 1);
    if (result == REGEX_LIMIT || *length > 4096) limits_clock(L, host);
    if (result == REGEX_LIMIT) luaL_error(L, "regex: match limit hit on %d bytes", (int)*length);
    return result == REGEX_MATCH;
}

static int host_regex_match(lua_State *L) {
    lua_regex *regex;
    const char *subject;
    size_t length;
    if (!run(L, &regex, &subject, &length)) return 0;
    uint32_t groups = regex->pattern.groups;
    lua_match *match = lua_newuserdatauv(L, sizeof *match + (groups + 1) * sizeof(span), 1);
    match->magic = MAGIC_MATCH;
    match->groups = groups;
    match->subject = subject;
    match->regex = regex;
    const PCRE2_SIZE *spans = regex->pattern.spans;
    for (uint32_t i = 0; i <= groups; i++) {
        bool set = spans[2 * i] != PCRE2_UNSET;
        match->spans[i].start = set ? (uint32_t)spans[2 * i] : UNSET;
        match->spans[i].end = set ? (uint32_t)spans[2 * i + 1] : UNSET;
    }
    lua_pushvalue(L, 2);
    lua_setiuservalue(L, -2, 1);
    lua_getiuservalue(L, 1, 1);
    lua_setmetatable(L, -2);
    return 1;
}

/// The captures as results, one for each group, without a match object: the quick way for many fields.
static int host_regex_captures(lua_State *L) {
    lua_regex *regex;
    const char *subject;
    size_t length;
    if (!run(L, &regex, &subject, &length)) return 0;
    int groups = (int)regex->pattern.groups;
    luaL_checkstack(L, groups, "too many groups");
    for (int i = 1; i <= groups; i++) push_group(L, host_of(L), subject, regex->pattern.spans + 2 * i);
    return groups;
}

static int host_regex_find(lua_State *L) {
    lua_regex *regex;
    const char *subject;
    size_t length;
    if (!run(L, &regex, &subject, &length)) return 0;
    lua_pushinteger(L, (lua_Integer)regex->pattern.spans[0] + 1);
    lua_pushinteger(L, (lua_Integer)regex->pattern.spans[1]);
    return 2;
}

static int host_regex_test(lua_State *L) {
    lua_regex *regex;
    const char *subject;
    size_t length;
    lua_pushboolean(L, run(L, &regex, &subject, &length));
    return 1;
}

// MARK: Patterns

static int regex_gc(lua_State *L) {
    lua_regex *regex = lua_touserdata(L, 1);
    ailua_state *host = host_of(L);
    free(regex->names);
    regex->names = NULL;
    regex->name_count = 0;
    if (regex->pattern.code == NULL) return 0;
    regex_free(&regex->pattern);
    host->heap.used -= regex->bytes;
    host->regexes--;
    return 0;
}

/// Reads the names of the groups of the pattern on top of the stack and pushes a table that keeps them alive.
static void push_names(lua_State *L, lua_regex *regex) {
    uint32_t count = 0, size = 0;
    PCRE2_SPTR entry = NULL;
    pcre2_pattern_info(regex->pattern.code, PCRE2_INFO_NAMECOUNT, &count);
    pcre2_pattern_info(regex->pattern.code, PCRE2_INFO_NAMEENTRYSIZE, &size);
    pcre2_pattern_info(regex->pattern.code, PCRE2_INFO_NAMETABLE, &entry);
    lua_createtable(L, 0, (int)count);
    if (count == 0) return;
    regex->names = calloc(count, sizeof *regex->names);
    if (regex->names == NULL) luaL_error(L, "regex: no memory for the names of the groups");
    for (uint32_t i = 0; i < count; i++, entry += size) {
        // An entry is the group's number in two bytes and the name, ended by 0.
        uint32_t group = (uint32_t)entry[0] << 8 | entry[1];
        const char *name = lua_pushstring(L, (const char *)(entry + 2));
        lua_pushvalue(L, -1);
        if (lua_rawget(L, -3) != LUA_TNIL && lua_tointeger(L, -1) != (lua_Integer)group) {
            luaL_error(L, "regex: two groups are named \"%s\"", name);
        }
        lua_pop(L, 1);
        lua_pushinteger(L, (lua_Integer)group);
        lua_rawset(L, -3);
        regex->names[i].bytes = name;
        regex->names[i].group = group;
        regex->name_count = i + 1;
    }
}

/// Pushes the metatable for the matches of the pattern on top of the stack.
static void push_match_metatable(lua_State *L, lua_regex *regex) {
    lua_createtable(L, 0, 3);
    lua_pushliteral(L, "match");
    lua_setfield(L, -2, "__name");
    lua_pushvalue(L, -2);
    push_names(L, regex);
    // The function's upvalues keep pattern and names alive as long as there is a match.
    lua_pushcclosure(L, match_index, 2);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
}

/// Upvalue 1 is the metatable of patterns.
static int host_regex(lua_State *L) {
    ailua_state *host = host_of(L);
    size_t length;
    const char *text = luaL_checklstring(L, 1, &length);
    if (length > PATTERN_BYTES) return luaL_error(L, "regex: a pattern has at most %d bytes", (int)PATTERN_BYTES);
    // Compiling takes tens of microseconds, most of them for machine code.
    limits_charge(L, host, 2000 + (int64_t)length * 20);
    lua_regex *regex = lua_newuserdatauv(L, sizeof *regex, 1);
    memset(regex, 0, sizeof *regex);
    regex->magic = MAGIC_REGEX;
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_setmetatable(L, -2);
    if (host->regexes >= REGEX_LIMIT_COUNT || host->heap.used > host->heap.limit / 2) {
        lua_gc(L, LUA_GCCOLLECT);
        if (host->regexes >= REGEX_LIMIT_COUNT) {
            return luaL_error(L, "regex: more than %d patterns", (int)REGEX_LIMIT_COUNT);
        }
    }
    char error[200];
    size_t offset = 0;
    if (!regex_compile(&regex->pattern, text, length, error, sizeof error, &offset)) {
        return luaL_error(L, "regex: %s at offset %d", error, (int)offset);
    }
    regex->bytes = regex_size(&regex->pattern);
    host->heap.used += regex->bytes;
    host->regexes++;
    if (host->heap.used > host->heap.limit) limits_kill(L, host, KILL_MEMORY);
    push_match_metatable(L, regex);
    lua_setiuservalue(L, -2, 1);
    return 1;
}

// MARK: Log

/// Level, length and bytes of each line, one behind the other.
static int host_log(lua_State *L) {
    ailua_state *host = host_of(L);
    uint8_t level = event_level(L, host, 1);
    size_t length;
    const char *text = luaL_checklstring(L, 2, &length);
    uint32_t size = (uint32_t)length;
    if (length > HOST_LOG_BYTES - 5 || host->log_used > HOST_LOG_BYTES - 5 - length) {
        host->log_dropped++;
        return 0;
    }
    char *at = host->log + host->log_used;
    at[0] = (char)level;
    memcpy(at + 1, &size, sizeof size);
    memcpy(at + 5, text, length);
    host->log_used += 5 + length;
    return 0;
}

bool ailua_log_next(const ailua_state *state, size_t *cursor, uint8_t *level, const char **text, size_t *length) {
    if (*cursor >= state->log_used) return false;
    const char *at = state->log + *cursor;
    uint32_t size;
    memcpy(&size, at + 1, sizeof size);
    *level = (uint8_t)at[0];
    *text = at + 5;
    *length = size;
    *cursor += 5 + size;
    return true;
}

size_t ailua_log_clear(ailua_state *state) {
    size_t dropped = state->log_dropped;
    state->log_used = 0;
    state->log_dropped = 0;
    return dropped;
}

void luaregex_open(lua_State *L) {
    static const luaL_Reg methods[] = {{"match", host_regex_match}, {"find", host_regex_find},
        {"test", host_regex_test}, {"captures", host_regex_captures}, {NULL, NULL}};
    lua_createtable(L, 0, 2);
    lua_createtable(L, 0, 4);
    luaL_newlib(L, methods);
    lua_setfield(L, -2, "__index");
    lua_pushliteral(L, "regex");
    lua_setfield(L, -2, "__name");
    lua_pushcfunction(L, regex_gc);
    lua_setfield(L, -2, "__gc");
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_pushcclosure(L, host_regex, 1);
    lua_setfield(L, -2, "regex");
    lua_pushcfunction(L, host_log);
    lua_setfield(L, -2, "log");
    lua_setglobal(L, "ailogger");
}
