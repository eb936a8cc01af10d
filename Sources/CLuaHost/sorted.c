#include "plain.h"

// `ailogger.sorted_pairs(t)`: Lua hashes texts with a seed from the clock and an address, so that `pairs` goes another way in
// every run.

/// Upvalues: the table, its keys in order, the place of the last one.
static int sorted_next(lua_State *L) {
    lua_Integer at = lua_tointeger(L, lua_upvalueindex(3));
    for (;;) {
        limits_charge(L, host_of(L), 1);
        lua_settop(L, 0);
        if (lua_rawgeti(L, lua_upvalueindex(2), ++at) == LUA_TNIL) return 0;
        lua_pushvalue(L, 1);
        // An entry may be gone since.
        if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) break;
    }
    lua_pushinteger(L, at);
    lua_replace(L, lua_upvalueindex(3));
    return 2;
}

static int host_sorted_pairs(lua_State *L) {
    lua_settop(L, 1);
    if (event_copy_fields(L, 1)) lua_replace(L, 1);
    luaL_checktype(L, 1, LUA_TTABLE);
    plain_writer writer;
    plain_begin(&writer, L, "sorted_pairs: ", 0);
    lua_pushvalue(L, 1);
    plain_enter(&writer);
    size_t count = plain_gather(&writer, 0);
    plain_sort(&writer, count);
    plain_settle(&writer.meter);
    // More would be more than the state's memory.
    lua_createtable(L, (int)count, 0);
    for (size_t i = 0; i < count; i++) {
        plain_push_key(L, &writer.keys[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, sorted_next, 3);
    return 1;
}

void sorted_open(lua_State *L) {
    lua_pushcfunction(L, host_sorted_pairs);
    lua_setfield(L, -2, "sorted_pairs");
}
