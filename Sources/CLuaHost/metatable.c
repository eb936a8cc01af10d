#include "host.h"

#include <string.h>

// `setmetatable` and `rawset` without what a script could stop the collector with: finalizers, and weak tables. A chain
// of weak keys takes the collector quadratic time, minutes in 16 MB, and nothing can stop it there.
//
// The collector reads `__mode` when it runs, not when the metatable is set. So a metatable gets a metatable of its own,
// whose `__newindex` refuses that one key; `getmetatable` doesn't show it. It is a copy of the one that the script gave
// it: what the script changes in that one later is seen in all tables but those that are metatables themselves.

/// Marks our copies: true if the script must not change them.
static const char copy_key;

static int refuse_mode(lua_State *L) {
    return luaL_error(L, "weak tables are not allowed in a plugin: ailogger.cache forgets what is old");
}

static bool is_mode(lua_State *L, int index) {
    return lua_type(L, index) == LUA_TSTRING && strcmp(lua_tostring(L, index), "__mode") == 0;
}

/// Upvalue: the `__newindex` of the script's own metatable, or nil.
static int watched_newindex(lua_State *L) {
    if (is_mode(L, 2)) return refuse_mode(L);
    lua_settop(L, 3);
    lua_pushvalue(L, lua_upvalueindex(1));
    switch (lua_type(L, -1)) {
    case LUA_TNIL:
        lua_pop(L, 1);
        lua_rawset(L, 1);
        break;
    case LUA_TFUNCTION:
        lua_insert(L, 1);
        lua_call(L, 3, 0);
        break;
    default:
        lua_replace(L, 1);
        lua_settable(L, 1);
        break;
    }
    return 0;
}

static int host_rawset(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_checkany(L, 2);
    luaL_checkany(L, 3);
    if (is_mode(L, 2)) return refuse_mode(L);
    lua_settop(L, 3);
    lua_rawset(L, 1);
    return 1;
}

/// Whether the table has a metatable that is our copy; `*is_protected` is set if so.
static bool has_copy(lua_State *L, int index, bool *is_protected) {
    if (!lua_getmetatable(L, index)) return false;
    bool found = lua_rawgetp(L, -1, &copy_key) != LUA_TNIL;
    *is_protected = lua_toboolean(L, -1);
    lua_pop(L, 2);
    return found;
}

/// Puts a copy in the place of the metatable of the table at `index`, or where there is none.
static void set_copy(lua_State *L, int index) {
    static const char *const events[] = {"__index", "__len", "__eq", "__add", "__sub", "__mul", "__mod", "__pow", "__div",
        "__idiv", "__band", "__bor", "__bxor", "__shl", "__shr", "__unm", "__bnot", "__lt", "__le", "__concat", "__call",
        "__tostring", "__name", "__pairs"};
    bool has = lua_getmetatable(L, index);
    if (!has) lua_pushboolean(L, false);
    int own = lua_gettop(L);
    lua_createtable(L, 0, 4);
    for (size_t i = 0; has && i < sizeof events / sizeof *events; i++) {
        lua_pushstring(L, events[i]);
        lua_pushvalue(L, -1);
        lua_rawget(L, own);
        lua_rawset(L, own + 1);
    }
    lua_pushliteral(L, "__newindex");
    lua_pushnil(L);
    if (has) {
        lua_pop(L, 1);
        lua_pushvalue(L, -1);
        lua_rawget(L, own);
    }
    lua_pushcclosure(L, watched_newindex, 1);
    lua_rawset(L, own + 1);
    // What `getmetatable` gives: the script's own, or false.
    lua_pushliteral(L, "__metatable");
    bool is_protected = false;
    if (has) {
        lua_pushvalue(L, -1);
        is_protected = lua_rawget(L, own) != LUA_TNIL;
        if (!is_protected) lua_pop(L, 1);
    }
    if (!is_protected) lua_pushvalue(L, own);
    lua_rawset(L, own + 1);
    lua_pushboolean(L, is_protected);
    lua_rawsetp(L, own + 1, &copy_key);
    lua_setmetatable(L, index);
    lua_settop(L, own - 1);
}

static void check_metatable(lua_State *L, int index) {
    static const char *const refused[] = {"__gc", "__close"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        lua_pushstring(L, refused[i]);
        if (lua_rawget(L, index) != LUA_TNIL) {
            luaL_error(L, "%s is not allowed in a plugin's metatable", refused[i]);
        }
        lua_pop(L, 1);
    }
    // Also "v": a value that is there can be overwritten unseen.
    lua_pushliteral(L, "__mode");
    if (lua_rawget(L, index) != LUA_TNIL) refuse_mode(L);
    // Lua moves the whole stack for each object that it finds to be called in place of another.
    lua_pushliteral(L, "__call");
    int call = lua_rawget(L, index);
    if (call != LUA_TNIL && call != LUA_TFUNCTION) {
        luaL_error(L, "__call must be a function in a plugin, not a %s", lua_typename(L, call));
    }
    lua_pop(L, 2);
}

static int host_setmetatable(lua_State *L) {
    int type = lua_type(L, 2);
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_argexpected(L, type == LUA_TNIL || type == LUA_TTABLE, 2, "nil or table");
    bool is_protected = false;
    bool is_watched = has_copy(L, 1, &is_protected);
    if (is_watched ? is_protected : luaL_getmetafield(L, 1, "__metatable") != LUA_TNIL) {
        return luaL_error(L, "cannot change a protected metatable");
    }
    lua_settop(L, 2);
    if (type == LUA_TTABLE) {
        check_metatable(L, 2);
        bool ignored;
        if (!lua_rawequal(L, 1, 2) && !has_copy(L, 2, &ignored)) set_copy(L, 2);
        is_watched = is_watched || lua_rawequal(L, 1, 2);
    }
    lua_setmetatable(L, 1);
    // A table that is a metatable itself stays watched under its new one.
    if (is_watched) set_copy(L, 1);
    return 1;
}

void metatable_open(lua_State *L) {
    static const luaL_Reg functions[] = {{"setmetatable", host_setmetatable}, {"rawset", host_rawset}, {NULL, NULL}};
    lua_pushglobaltable(L);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
