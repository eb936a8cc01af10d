#include "host.h"

// Everything in Lua that catches an error, written anew so that it doesn't catch a kill or an out-of-memory.

/// Results of a protected call; also where Lua goes on after a yield across it.
static int finish_pcall(lua_State *L, int status, lua_KContext hidden) {
    limits_after_catch(L, host_of(L), status);
    if (status == LUA_OK || status == LUA_YIELD) return lua_gettop(L) - (int)hidden;
    lua_pushboolean(L, false);
    lua_insert(L, -2);
    return 2;
}

static int host_pcall(lua_State *L) {
    luaL_checkany(L, 1);
    lua_pushboolean(L, true);
    lua_insert(L, 1);
    int status = lua_pcallk(L, lua_gettop(L) - 2, LUA_MULTRET, 0, 0, finish_pcall);
    return finish_pcall(L, status, 0);
}

/// Stands before the script's own handler. A kill is raised inside the hook, where no further hook goes off:
/// a handler that ran there could never be stopped.
static int handle_error(lua_State *L) {
    ailua_state *host = host_of(L);
    if (host->killed != KILL_NONE) return 1;
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, 1, 1);
    return 1;
}

static int host_xpcall(lua_State *L) {
    int count = lua_gettop(L);
    luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_pushvalue(L, 2);
    lua_pushcclosure(L, handle_error, 1);
    lua_replace(L, 2);
    // function, handler, arguments -> handler, true, function, arguments
    lua_pushvalue(L, 2);
    lua_pushboolean(L, true);
    lua_pushvalue(L, 1);
    lua_rotate(L, 3, 3);
    lua_remove(L, 1);
    lua_remove(L, 1);
    int status = lua_pcallk(L, count - 2, LUA_MULTRET, 1, 1, finish_pcall);
    return finish_pcall(L, status, 1);
}

/// Resumes `thread` with the topmost `count` values of L. Returns the number of results, moved to L, or -1 with
/// the error on top.
static int resume(lua_State *L, lua_State *thread, int count) {
    if (!lua_checkstack(thread, count)) {
        lua_pushliteral(L, "too many arguments to resume");
        return -1;
    }
    // Threads share the budget by looking at it every few hundred instructions; a switch counts as well, or many
    // short threads would go by unseen.
    limits_charge(L, host_of(L), 10);
    lua_xmove(L, thread, count);
    int results = 0;
    limits_run(host_of(L), thread);
    int status = lua_resume(thread, L, count, &results);
    limits_run(host_of(L), L);
    limits_after_catch(L, host_of(L), status);
    if (status != LUA_OK && status != LUA_YIELD) {
        lua_xmove(thread, L, 1);
        return -1;
    }
    if (!lua_checkstack(L, results + 1)) {
        lua_pop(thread, results);
        lua_pushliteral(L, "too many results to resume");
        return -1;
    }
    lua_xmove(thread, L, results);
    return results;
}

static lua_State *check_thread(lua_State *L, int index) {
    lua_State *thread = lua_tothread(L, index);
    if (thread == NULL) luaL_typeerror(L, index, "coroutine");
    return thread;
}

/// Why `thread` can't be resumed; null if it can.
static const char *refusal(lua_State *L, lua_State *thread) {
    if (thread == L) return "cannot resume non-suspended coroutine";
    switch (lua_status(thread)) {
    case LUA_YIELD: return NULL;
    case LUA_OK: {
        lua_Debug frame;
        if (lua_getstack(thread, 0, &frame)) return "cannot resume non-suspended coroutine";
        return lua_gettop(thread) == 0 ? "cannot resume dead coroutine" : NULL;
    }
    default: return "cannot resume dead coroutine";
    }
}

static int host_resume(lua_State *L) {
    lua_State *thread = check_thread(L, 1);
    const char *reason = refusal(L, thread);
    int results = -1;
    if (reason != NULL) {
        lua_pushstring(L, reason);
    } else {
        results = resume(L, thread, lua_gettop(L) - 1);
    }
    lua_pushboolean(L, results >= 0);
    lua_insert(L, results >= 0 ? -(results + 1) : -2);
    return results >= 0 ? results + 1 : 2;
}

static int wrapped(lua_State *L) {
    lua_State *thread = lua_tothread(L, lua_upvalueindex(1));
    const char *reason = refusal(L, thread);
    if (reason != NULL) return luaL_error(L, "%s", reason);
    int results = resume(L, thread, lua_gettop(L));
    return results >= 0 ? results : lua_error(L);
}

static int host_create(lua_State *L) {
    luaL_checktype(L, 1, LUA_TFUNCTION);
    // A new thread comes with the hook of its creator and a fresh count: it pays for that count here.
    limits_charge(L, host_of(L), HOST_INTERVAL);
    lua_State *thread = lua_newthread(L);
    lua_pushvalue(L, 1);
    lua_xmove(L, thread, 1);
    return 1;
}

static int host_wrap(lua_State *L) {
    host_create(L);
    lua_pushcclosure(L, wrapped, 1);
    return 1;
}

static int host_close(lua_State *L) {
    lua_State *thread = check_thread(L, 1);
    lua_Debug frame;
    bool alive = thread == L || (lua_status(thread) == LUA_OK && lua_getstack(thread, 0, &frame));
    if (alive) return luaL_error(L, "cannot close a running coroutine");
    limits_charge(L, host_of(L), 10);
    limits_run(host_of(L), thread);
    int status = lua_resetthread(thread);
    limits_run(host_of(L), L);
    limits_after_catch(L, host_of(L), status);
    lua_pushboolean(L, status == LUA_OK);
    if (status == LUA_OK) return 1;
    lua_xmove(thread, L, 1);
    return 2;
}

void coroutine_open(lua_State *L) {
    static const luaL_Reg base[] = {{"pcall", host_pcall}, {"xpcall", host_xpcall}, {NULL, NULL}};
    static const luaL_Reg threads[] = {{"create", host_create}, {"resume", host_resume}, {"wrap", host_wrap},
        {"close", host_close}, {NULL, NULL}};
    lua_pushglobaltable(L);
    luaL_setfuncs(L, base, 0);
    lua_pop(L, 1);
    luaL_requiref(L, LUA_COLIBNAME, luaopen_coroutine, true);
    luaL_setfuncs(L, threads, 0);
    lua_pop(L, 1);
}
