/// What `luaregex.c` lends to `grok.c`: patterns as values of Lua, matched under the budget.
#ifndef AILOGGER_LUAREGEX_H
#define AILOGGER_LUAREGEX_H

#include "host.h"

/// A group's name. Short strings are unique in Lua, and the pattern keeps its own alive: mostly the address will do.
typedef struct {
    const char *bytes;
    uint32_t length;
    uint32_t group;
} regex_name;

typedef struct {
    uint32_t magic;
    uint32_t name_count;
    /// In the order of the names.
    regex_name *names;
    /// What the host's memory is charged for.
    size_t bytes;
    regex_pattern pattern;
} lua_regex;

/// The user values of a pattern: the metatable of its matches, and the list of its names.
enum { REGEX_MATCHES = 1, REGEX_NAMES, REGEX_VALUES = REGEX_NAMES };

/// Compiles a pattern and pushes it. `function` is whom errors speak of.
lua_regex *luaregex_push(lua_State *L, const char *text, size_t length, const char *function);
/// Where matching starts: the number at `index`, counted from 1, or the start. Past `length` if nothing can match.
size_t luaregex_start(lua_State *L, int index, size_t length);
/// A limit that was hit is an error, never "no match". Afterwards `pattern.spans` has the groups.
bool luaregex_match(lua_State *L, lua_regex *regex, const char *subject, size_t length, size_t start);
/// Pushes a group of the match just made, or nil.
void luaregex_push_group(lua_State *L, const lua_regex *regex, const char *subject, uint32_t group);

#endif
