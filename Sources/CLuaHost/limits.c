#define _GNU_SOURCE
#include "host.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

// A script is stopped by an error that it can't swallow: `killed` is set, everything that catches errors looks
// at it and raises again (coroutine.c), and the hook goes off at every further instruction, whichever thread
// runs it. The state is of no use afterwards and its owner throws it away.

static int64_t now(void) {
    struct timespec time;
#ifdef CLOCK_MONOTONIC_COARSE
    // A few milliseconds of grain for a quarter of the price: fine for a limit of 100 ms.
    clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
#else
    clock_gettime(CLOCK_MONOTONIC, &time);
#endif
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

void limits_begin(ailua_state *host) {
    host->budget = host->limits.instructions;
    host->deadline = now() + host->limits.nanoseconds;
}

int limits_line(lua_State *L, const ailua_state *host) {
    lua_Debug frame;
    for (int level = 0; lua_getstack(L, level, &frame); level++) {
        lua_getinfo(L, "Sl", &frame);
        if (frame.currentline > 0 && strcmp(frame.short_src, host->file) == 0) return frame.currentline;
    }
    return 0;
}

int limits_kill(lua_State *L, ailua_state *host, host_kill_reason reason) {
    if (host->killed == KILL_NONE) {
        host->killed = reason;
        host->error_line = limits_line(L, host);
        int length = 0;
        switch (reason) {
        case KILL_INSTRUCTIONS:
            length = snprintf(host->error, sizeof host->error, "stopped after %lld instructions",
                (long long)host->limits.instructions);
            break;
        case KILL_TIME:
            length = snprintf(host->error, sizeof host->error, "stopped after %lld ms",
                (long long)(host->limits.nanoseconds / 1000000));
            break;
        default:
            length = snprintf(host->error, sizeof host->error, "stopped: more memory than %zu KiB",
                host->limits.memory / 1024);
            break;
        }
        host->error_length = length > 0 ? (size_t)length : 0;
    }
    lua_sethook(L, limits_hook, LUA_MASKCOUNT, 1);
    // A light userdata: raising it allocates nothing and runs no metamethod.
    lua_pushlightuserdata(L, host);
    return lua_error(L);
}

void limits_hook(lua_State *L, lua_Debug *where) {
    (void)where;
    ailua_state *host = host_of(L);
    if (host->killed != KILL_NONE) limits_kill(L, host, host->killed);
    host->budget -= HOST_INTERVAL;
    if (host->budget <= 0) limits_kill(L, host, KILL_INSTRUCTIONS);
    limits_clock(L, host);
}

void limits_charge(lua_State *L, ailua_state *host, int64_t cost) {
    if (host->killed != KILL_NONE) limits_kill(L, host, host->killed);
    host->budget -= cost;
    if (host->budget <= 0) limits_kill(L, host, KILL_INSTRUCTIONS);
    // Short work in C is cheaper than a look at the clock; the hook sees to it.
    if (cost > HOST_INTERVAL) limits_clock(L, host);
}

void limits_clock(lua_State *L, ailua_state *host) {
    if (now() > host->deadline) limits_kill(L, host, KILL_TIME);
}

void limits_after_catch(lua_State *L, ailua_state *host, int status) {
    if (status == LUA_ERRMEM && host->killed == KILL_NONE) limits_kill(L, host, KILL_MEMORY);
    if (host->killed != KILL_NONE) limits_kill(L, host, host->killed);
}
