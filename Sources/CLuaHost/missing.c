#include "host.h"

#include <string.h>

// Our own tables, asked for what isn't there: nil would be an error only where it is called, in words that say nothing of what
// was meant.

/// What the table on top of the stack has, as "a, b and c": by the order of letters, so that it reads the same in every run.
static void push_names(lua_State *L, int table) {
    const char *names[64];
    size_t count = 0;
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    for (lua_pushnil(L); lua_next(L, table) != 0; lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING || count == sizeof names / sizeof *names) continue;
        const char *name = lua_tostring(L, -2);
        size_t at = count++;
        for (; at > 0 && strcmp(names[at - 1], name) > 0; at--) names[at] = names[at - 1];
        names[at] = name;
    }
    luaL_Buffer all;
    luaL_buffinit(L, &all);
    for (size_t i = 0; i < count; i++) {
        if (i > 0) luaL_addstring(&all, i + 1 == count ? " and " : ", ");
        luaL_addstring(&all, names[i]);
    }
    luaL_pushresult(&all);
}

/// Upvalue: what has the names.
static int refuse(lua_State *L) {
    const char *what = lua_tostring(L, lua_upvalueindex(1));
    if (lua_type(L, 2) != LUA_TSTRING) {
        return luaL_error(L, "%s has no entry that is a %s", what, luaL_typename(L, 2));
    }
    // The table of methods, also where it was reached by way of an object.
    lua_pushvalue(L, 1);
    push_names(L, lua_gettop(L));
    return luaL_error(L, "%s has no \"%s\": it has %s", what, lua_tostring(L, 2), lua_tostring(L, -1));
}

void host_refuse_missing(lua_State *L, const char *what) {
    // One that can be called has a metatable already.
    if (!lua_getmetatable(L, -1)) lua_createtable(L, 0, 2);
    lua_pushstring(L, what);
    lua_pushcclosure(L, refuse, 1);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
}

void missing_open(lua_State *L) {
    int library = lua_gettop(L);
    for (lua_pushnil(L); lua_next(L, library) != 0; lua_pop(L, 1)) {
        if (lua_type(L, -1) != LUA_TTABLE) continue;
        lua_pushfstring(L, "ailogger.%s", lua_tostring(L, -2));
        lua_pushvalue(L, -2);
        host_refuse_missing(L, lua_tostring(L, -2));
        lua_pop(L, 2);
    }
    host_refuse_missing(L, "ailogger");
}
