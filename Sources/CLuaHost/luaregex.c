#include "luaregex.h"

#include <string.h>

// `ailogger.regex(pattern)`.
//
// A match is a small userdata with a copy of the spans and the subject as its user value: substrings are made
// only for the captures that a script reads. Each pattern has its own metatable for its matches, which knows the
// names of the groups.

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

enum {
    UNSET = UINT32_MAX,
    REGEX_LIMIT_COUNT = 1000,
    PATTERN_BYTES = 64 * 1024
};

/// Stands for the metatable of patterns in the registry.
static const char metatable_key;

// MARK: Matching

size_t luaregex_start(lua_State *L, int index, size_t length) {
    if (lua_isnoneornil(L, index)) return 0;
    lua_Integer from = luaL_checkinteger(L, index);
    if (from <= 1) return 0;
    return (lua_Unsigned)from - 1 > length ? length + 1 : (size_t)from - 1;
}

bool luaregex_match(lua_State *L, lua_regex *regex, const char *subject, size_t length, size_t start) {
    if (start > length) return false;
    ailua_state *host = host_of(L);
    int result = regex_match(&regex->pattern, &host->scratch, subject, length, start);
    size_t end = result == REGEX_MATCH ? regex->pattern.spans[1] : length;
    int64_t scanned = end > start ? (int64_t)(end - start) : 0;
    // A pattern that backtracks may take milliseconds for what is one instruction to Lua.
    // Short subjects are left to the hook: at worst some fifty of them go by before it looks at the clock.
    // A watched search says what it has cost, some ten of which are an instruction.
    limits_charge(L, host, result == REGEX_LIMIT ? 50000 : scanned / 32 + 1 + host->scratch.cost / 64);
    if (result == REGEX_LIMIT || length > 4096) limits_clock(L, host);
    if (result == REGEX_LIMIT) luaL_error(L, "regex: match limit hit on %d bytes", (int)length);
    return result == REGEX_MATCH;
}

/// Runs the pattern on argument 2, from argument 3 if there is one.
static bool run(lua_State *L, lua_regex **regex, const char **subject) {
    size_t length;
    *regex = host_check(L, 1, MAGIC_REGEX, "regex");
    *subject = luaL_checklstring(L, 2, &length);
    return luaregex_match(L, *regex, *subject, length, luaregex_start(L, 3, length));
}

/// Notes where in the line a string on its way to the script was cut, so that a field made of it needs no copy.
static void note_piece(ailua_state *host, const char *subject, const char *bytes, size_t offset) {
    if (subject != host->line_in_lua) return;
    host_piece *piece = piece_slot(host, bytes);
    piece->bytes = bytes;
    piece->offset = offset;
}

/// \K can put the start behind the end.
static size_t length_of(size_t start, size_t end) { return end > start ? end - start : 0; }

void luaregex_push_group(lua_State *L, const lua_regex *regex, const char *subject, uint32_t group) {
    const PCRE2_SIZE *found = regex->pattern.spans + 2 * group;
    if (found[0] == PCRE2_UNSET) {
        lua_pushnil(L);
        return;
    }
    const char *bytes = lua_pushlstring(L, subject + found[0], length_of(found[0], found[1]));
    note_piece(host_of(L), subject, bytes, found[0]);
}

/// The captures as results, one for each group, without a match object: the quick way for many fields.
static int regex_captures(lua_State *L) {
    lua_regex *regex;
    const char *subject;
    if (!run(L, &regex, &subject)) return 0;
    uint32_t count = regex->pattern.groups;
    if (count > 16) {
        luaL_checkstack(L, (int)count, "too many groups");
        limits_charge(L, host_of(L), count / 16);
    }
    for (uint32_t i = 1; i <= count; i++) luaregex_push_group(L, regex, subject, i);
    return (int)count;
}

static int regex_find(lua_State *L) {
    lua_regex *regex;
    const char *subject;
    if (!run(L, &regex, &subject)) return 0;
    lua_pushinteger(L, (lua_Integer)regex->pattern.spans[0] + 1);
    lua_pushinteger(L, (lua_Integer)regex->pattern.spans[1]);
    return 2;
}

static int regex_test(lua_State *L) {
    lua_regex *regex;
    const char *subject;
    lua_pushboolean(L, run(L, &regex, &subject));
    return 1;
}

/// The groups with names as a table, in which those that took no part are not; nil if there is no match.
static int regex_named(lua_State *L) {
    lua_regex *regex;
    const char *subject;
    if (!run(L, &regex, &subject)) {
        lua_pushnil(L);
        return 1;
    }
    limits_charge(L, host_of(L), regex->name_count / 4);
    lua_settop(L, 2);
    lua_getiuservalue(L, 1, REGEX_NAMES);
    lua_createtable(L, 0, (int)regex->name_count);
    for (uint32_t i = 0; i < regex->name_count; i++) {
        uint32_t group = regex->names[i].group;
        if (regex->pattern.spans[2 * group] == PCRE2_UNSET) continue;
        lua_rawgeti(L, 3, (lua_Integer)i + 1);
        luaregex_push_group(L, regex, subject, group);
        lua_rawset(L, 4);
    }
    return 1;
}

// MARK: Matches

static uint32_t group_named(lua_State *L, const lua_regex *regex, const char *name, size_t length) {
    for (uint32_t i = 0; i < regex->name_count; i++) {
        if (regex->names[i].bytes == name) return regex->names[i].group;
    }
    // Lua keeps several copies of a long name, and a replacement's are no strings of their own.
    for (uint32_t i = 0; i < regex->name_count; i++) {
        const regex_name *known = &regex->names[i];
        if (known->length == length && memcmp(known->bytes, name, length) == 0) return known->group;
    }
    lua_pushlstring(L, name, length);
    return (uint32_t)luaL_error(L, "the pattern has no group named \"%s\"", lua_tostring(L, -1));
}

/// `m.NAME`, `m[1]`, `m[0]` for the whole match; nil for a group that took no part.
static int match_index(lua_State *L) {
    const lua_match *match = host_check(L, 1, MAGIC_MATCH, "match");
    uint32_t group;
    if (lua_type(L, 2) == LUA_TSTRING) {
        size_t length;
        const char *name = lua_tolstring(L, 2, &length);
        group = group_named(L, match->regex, name, length);
    } else {
        int whole = 0;
        lua_Integer number = lua_tointegerx(L, 2, &whole);
        if (!whole || number < 0 || number > (lua_Integer)match->groups) {
            return luaL_error(L, "the pattern's groups are 0 to %d", (int)match->groups);
        }
        group = (uint32_t)number;
    }
    span found = match->spans[group];
    if (found.start == UNSET) return 0;
    const char *bytes = lua_pushlstring(L, match->subject + found.start, length_of(found.start, found.end));
    note_piece(host_of(L), match->subject, bytes, found.start);
    return 1;
}

/// Pushes the match that was just made by the pattern at index `regex` on the text at index `text`.
static void push_match(lua_State *L, int regex, int text) {
    const lua_regex *pattern = lua_touserdata(L, regex);
    const PCRE2_SIZE *spans = pattern->pattern.spans;
    uint32_t groups = pattern->pattern.groups;
    limits_charge(L, host_of(L), groups / 16);
    lua_match *match = lua_newuserdatauv(L, sizeof *match + (groups + 1) * sizeof(span), 1);
    match->magic = MAGIC_MATCH;
    match->groups = groups;
    match->subject = lua_tostring(L, text);
    match->regex = pattern;
    for (uint32_t i = 0; i <= groups; i++) {
        bool set = spans[2 * i] != PCRE2_UNSET;
        match->spans[i].start = set ? (uint32_t)spans[2 * i] : UNSET;
        match->spans[i].end = set ? (uint32_t)spans[2 * i + 1] : UNSET;
    }
    lua_pushvalue(L, text);
    lua_setiuservalue(L, -2, 1);
    lua_getiuservalue(L, regex, REGEX_MATCHES);
    lua_setmetatable(L, -2);
}

static int regex_match_first(lua_State *L) {
    lua_regex *regex;
    const char *subject;
    if (run(L, &regex, &subject)) {
        push_match(L, 1, 2);
    } else {
        lua_pushnil(L);
    }
    return 1;
}

// MARK: All matches

/// Where to look for the next match: behind this one, or a character further if it was empty.
static size_t next_start(const lua_regex *regex, const char *subject, size_t length) {
    size_t start = regex->pattern.spans[0], end = regex->pattern.spans[1];
    if (end > start) return end;
    size_t next = start + 1;
    if (regex->pattern.utf) {
        while (next < length && ((unsigned char)subject[next] & 0xC0) == 0x80) next++;
    }
    return next;
}

/// Upvalues: pattern, text, and where the next match is looked for.
static int gmatch_next(lua_State *L) {
    size_t length;
    lua_regex *regex = lua_touserdata(L, lua_upvalueindex(1));
    const char *subject = lua_tolstring(L, lua_upvalueindex(2), &length);
    size_t start = (size_t)lua_tointeger(L, lua_upvalueindex(3));
    bool found = luaregex_match(L, regex, subject, length, start);
    lua_pushinteger(L, (lua_Integer)(found ? next_start(regex, subject, length) : length + 1));
    lua_replace(L, lua_upvalueindex(3));
    if (!found) return 0;
    push_match(L, lua_upvalueindex(1), lua_upvalueindex(2));
    return 1;
}

static int regex_gmatch(lua_State *L) {
    host_check(L, 1, MAGIC_REGEX, "regex");
    luaL_checkstring(L, 2);
    lua_settop(L, 2);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, gmatch_next, 3);
    return 1;
}

/// A part of a replacement: `length` bytes as they are, or a group.
typedef struct {
    const char *bytes;
    size_t length;
    bool is_group;
    uint32_t group;
} template_part;

static template_part group_part(lua_State *L, const lua_regex *regex, const char *name, size_t length) {
    template_part part = {name, length, true, 0};
    bool number = true;
    for (size_t i = 0; i < length && number; i++) {
        number = name[i] >= '0' && name[i] <= '9';
        if (part.group < 1000000) part.group = part.group * 10 + (uint32_t)(name[i] - '0');
    }
    if (!number) {
        part.group = group_named(L, regex, name, length);
    } else if (part.group > regex->pattern.groups) {
        luaL_error(L, "gsub: the replacement names group %d, the pattern's groups are 0 to %d (a digit behind "
            "a group: ${1}0)", (int)part.group, (int)regex->pattern.groups);
    }
    return part;
}

/// Reads the part of a replacement that begins at `*at`, and moves on behind it.
static template_part next_part(lua_State *L, const lua_regex *regex, const char **at, const char *end) {
    const char *start = *at;
    if (*start != '$') {
        const char *dollar = memchr(start, '$', (size_t)(end - start));
        *at = dollar != NULL ? dollar : end;
        return (template_part){start, (size_t)(*at - start), false, 0};
    }
    start++;
    if (start < end && *start == '$') {
        *at = start + 1;
        return (template_part){start, 1, false, 0};
    }
    if (start < end && *start == '{') {
        start++;
        const char *close = memchr(start, '}', (size_t)(end - start));
        if (close != NULL && close > start) {
            *at = close + 1;
            return group_part(L, regex, start, (size_t)(close - start));
        }
    } else {
        const char *digit = start;
        while (digit < end && *digit >= '0' && *digit <= '9') digit++;
        if (digit > start) {
            *at = digit;
            return group_part(L, regex, start, (size_t)(digit - start));
        }
    }
    luaL_error(L, "gsub: in a replacement, $ stands before a number, {name} or another $");
    return (template_part){0};
}

static void add(lua_State *L, luaL_Buffer *buffer, const char *bytes, size_t length) {
    if (length > HOST_BULK || luaL_bufflen(buffer) > HOST_BULK - length) {
        luaL_error(L, "gsub: the result is over %d bytes", (int)HOST_BULK);
    }
    limits_charge(L, host_of(L), (int64_t)(length / 32));
    luaL_addlstring(buffer, bytes, length);
}

/// Adds what a replacement that is text says for the match at hand.
static void add_template(lua_State *L, luaL_Buffer *buffer, const lua_regex *regex, const char *subject) {
    size_t length;
    const char *at = lua_tolstring(L, 3, &length);
    for (const char *end = at + length; at < end;) {
        template_part part = next_part(L, regex, &at, end);
        limits_charge(L, host_of(L), 1);
        if (!part.is_group) {
            add(L, buffer, part.bytes, part.length);
            continue;
        }
        const PCRE2_SIZE *found = regex->pattern.spans + 2 * part.group;
        if (found[0] != PCRE2_UNSET) add(L, buffer, subject + found[0], length_of(found[0], found[1]));
    }
}

/// Adds what a function or a table gives for the match at hand; the match itself if that is false or nil.
static void add_value(lua_State *L, luaL_Buffer *buffer, const lua_regex *regex, const char *subject) {
    // The function may match with this very pattern: what is needed later is kept here.
    size_t start = regex->pattern.spans[0], length = length_of(start, regex->pattern.spans[1]);
    if (lua_type(L, 3) == LUA_TFUNCTION) {
        lua_pushvalue(L, 3);
        push_match(L, 1, 2);
        lua_call(L, 1, 1);
    } else {
        const PCRE2_SIZE *key = regex->pattern.spans + (regex->pattern.groups > 0 ? 2 : 0);
        if (key[0] == PCRE2_UNSET) {
            lua_pushnil(L);
        } else {
            lua_pushlstring(L, subject + key[0], length_of(key[0], key[1]));
            lua_rawget(L, 3);
        }
    }
    if (!lua_toboolean(L, -1)) {
        lua_pop(L, 1);
        add(L, buffer, subject + start, length);
        return;
    }
    if (!lua_isstring(L, -1)) {
        luaL_error(L, "gsub: what takes a match's place is a string or a number, not a %s", luaL_typename(L, -1));
    }
    // The buffer has its place on the stack, below the value.
    limits_charge(L, host_of(L), (int64_t)(lua_rawlen(L, -1) / 32));
    luaL_addvalue(buffer);
    if (luaL_bufflen(buffer) > HOST_BULK) luaL_error(L, "gsub: the result is over %d bytes", (int)HOST_BULK);
}

/// `re:gsub(text, replacement[, max])`: the text with every match replaced, and how many there were.
static int regex_gsub(lua_State *L) {
    ailua_state *host = host_of(L);
    lua_regex *regex = host_check(L, 1, MAGIC_REGEX, "regex");
    size_t length;
    const char *subject = luaL_checklstring(L, 2, &length);
    int kind = lua_type(L, 3);
    bool is_text = kind == LUA_TSTRING || kind == LUA_TNUMBER;
    luaL_argexpected(L, is_text || kind == LUA_TTABLE || kind == LUA_TFUNCTION, 3, "string, table or function");
    lua_Integer most = luaL_optinteger(L, 4, LUA_MAXINTEGER);
    lua_settop(L, 3);
    if (is_text) {
        // All of it is checked, whether or not there is a match.
        size_t size;
        const char *at = lua_tolstring(L, 3, &size);
        limits_charge(L, host, (int64_t)(size / 8));
        for (const char *end = at + size; at < end;) next_part(L, regex, &at, end);
    }
    luaL_Buffer buffer;
    luaL_buffinit(L, &buffer);
    size_t copied = 0, from = 0;
    lua_Integer count = 0;
    while (count < most && luaregex_match(L, regex, subject, length, from)) {
        // No hook goes off in this loop.
        limits_charge(L, host, 4);
        limits_clock(L, host);
        size_t start = regex->pattern.spans[0], end = regex->pattern.spans[1];
        from = next_start(regex, subject, length);
        // \K in a group that a lookbehind calls can reach back into what is done.
        if (start < copied) start = copied;
        add(L, &buffer, subject + copied, start - copied);
        copied = end > start ? end : start;
        count++;
        if (is_text) {
            add_template(L, &buffer, regex, subject);
        } else {
            add_value(L, &buffer, regex, subject);
        }
    }
    if (count == 0) {
        lua_pushvalue(L, 2);
    } else {
        add(L, &buffer, subject + copied, length - copied);
        luaL_pushresult(&buffer);
    }
    lua_pushinteger(L, count);
    return 2;
}

// MARK: Patterns

static int regex_gc(lua_State *L) {
    lua_regex *regex = lua_touserdata(L, 1);
    ailua_state *host = host_of(L);
    if (regex->pattern.code == NULL) return 0;
    regex_free(&regex->pattern);
    host->heap.used -= regex->bytes;
    host->regexes--;
    return 0;
}

/// Reads the names of the groups of the pattern on top of the stack, and gives it the list that keeps them alive.
static void add_names(lua_State *L, lua_regex *regex, const char *function) {
    uint32_t count = 0, size = 0;
    PCRE2_SPTR entry = NULL;
    pcre2_pattern_info(regex->pattern.code, PCRE2_INFO_NAMECOUNT, &count);
    pcre2_pattern_info(regex->pattern.code, PCRE2_INFO_NAMEENTRYSIZE, &size);
    pcre2_pattern_info(regex->pattern.code, PCRE2_INFO_NAMETABLE, &entry);
    lua_createtable(L, (int)count, 0);
    // Place 0 is that of the array in C.
    regex->names = lua_newuserdatauv(L, count * sizeof *regex->names, 0);
    lua_rawseti(L, -2, 0);
    for (uint32_t i = 0; i < count; i++, entry += size) {
        // An entry is the group's number in two bytes and the name, ended by 0.
        regex_name *name = &regex->names[i];
        name->group = (uint32_t)entry[0] << 8 | entry[1];
        name->bytes = lua_pushstring(L, (const char *)(entry + 2));
        name->length = (uint32_t)strlen(name->bytes);
        // They come sorted.
        if (i > 0 && strcmp(name->bytes, name[-1].bytes) == 0) {
            luaL_error(L, "%s: two groups are named \"%s\"", function, name->bytes);
        }
        lua_rawseti(L, -2, (lua_Integer)i + 1);
        regex->name_count = i + 1;
    }
    lua_setiuservalue(L, -2, REGEX_NAMES);
}

/// Gives the pattern on top of the stack the metatable of its matches.
static void add_match_metatable(lua_State *L) {
    lua_createtable(L, 0, 3);
    lua_pushliteral(L, "match");
    lua_setfield(L, -2, "__name");
    // The function's upvalue keeps the pattern alive as long as there is a match.
    lua_pushvalue(L, -2);
    lua_pushcclosure(L, match_index, 1);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_setiuservalue(L, -2, REGEX_MATCHES);
}

lua_regex *luaregex_push(lua_State *L, const char *text, size_t length, const char *function) {
    ailua_state *host = host_of(L);
    if (length > PATTERN_BYTES) luaL_error(L, "%s: a pattern has at most %d bytes", function, (int)PATTERN_BYTES);
    // Compiling takes tens of microseconds, most of them for machine code.
    limits_charge(L, host, 2000 + (int64_t)length * 20);
    lua_regex *regex = lua_newuserdatauv(L, sizeof *regex, REGEX_VALUES);
    memset(regex, 0, sizeof *regex);
    regex->magic = MAGIC_REGEX;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &metatable_key);
    lua_setmetatable(L, -2);
    if (host->regexes >= REGEX_LIMIT_COUNT || host->heap.used > host->heap.limit / 2) {
        lua_gc(L, LUA_GCCOLLECT);
        if (host->regexes >= REGEX_LIMIT_COUNT) {
            luaL_error(L, "%s: more than %d patterns", function, (int)REGEX_LIMIT_COUNT);
        }
    }
    char error[200];
    size_t offset = 0;
    if (!regex_compile(&regex->pattern, text, length, 0, error, sizeof error, &offset)) {
        luaL_error(L, "%s: %s at offset %d", function, error, (int)offset);
    }
    regex->bytes = regex_size(&regex->pattern);
    host->heap.used += regex->bytes;
    host->regexes++;
    if (host->heap.used > host->heap.limit) limits_kill(L, host, KILL_MEMORY);
    add_names(L, regex, function);
    add_match_metatable(L);
    return regex;
}

/// Called as `ailogger.regex(pattern)`, which puts the table in front.
static int host_regex(lua_State *L) {
    size_t length;
    lua_remove(L, 1);
    const char *text = luaL_checklstring(L, 1, &length);
    if (!lua_isnoneornil(L, 2)) return luaL_error(L, "regex takes nothing but the pattern: flags stand in it, as in (?i)");
    luaregex_push(L, text, length, "regex");
    return 1;
}

/// The text as a pattern that matches nothing but it, in (?x) and within [ ] as well.
static int regex_escape(lua_State *L) {
    static const char special[] = "\\^$.|?*+()[]{}-# \t\n\v\f\r";
    size_t length;
    const char *text = luaL_checklstring(L, 1, &length);
    if (length > HOST_BULK / 2) return luaL_error(L, "regex.escape: the text is over %d bytes", (int)(HOST_BULK / 2));
    limits_charge(L, host_of(L), (int64_t)(length / 4));
    luaL_Buffer buffer;
    char *at = luaL_buffinitsize(L, &buffer, 2 * length);
    size_t size = 0;
    for (size_t i = 0; i < length; i++) {
        if (memchr(special, text[i], sizeof special - 1) != NULL) at[size++] = '\\';
        at[size++] = text[i];
    }
    luaL_pushresultsize(&buffer, size);
    return 1;
}

void luaregex_open(lua_State *L) {
    static const luaL_Reg methods[] = {{"match", regex_match_first}, {"find", regex_find}, {"test", regex_test},
        {"captures", regex_captures}, {"named", regex_named}, {"gmatch", regex_gmatch}, {"gsub", regex_gsub},
        {NULL, NULL}};
    lua_createtable(L, 0, 4);
    luaL_newlib(L, methods);
    host_refuse_missing(L, "a regex");
    lua_setfield(L, -2, "__index");
    lua_pushliteral(L, "regex");
    lua_setfield(L, -2, "__name");
    lua_pushcfunction(L, regex_gc);
    lua_setfield(L, -2, "__gc");
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &metatable_key);

    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, regex_escape);
    lua_setfield(L, -2, "escape");
    lua_createtable(L, 0, 2);
    lua_pushcfunction(L, host_regex);
    lua_setfield(L, -2, "__call");
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_setfield(L, -2, "regex");
}
