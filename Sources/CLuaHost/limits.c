#define _GNU_SOURCE
#include "host.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

// A script is stopped by an error that it can't swallow: `killed` is set, everything that catches errors looks
// at it and raises again (coroutine.c), and the hook goes off at every further instruction, whichever thread
// runs it. The state is of no use afterwards and its owner throws it away.

static int64_t read_clock(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int64_t now(void) {
#ifdef CLOCK_MONOTONIC_COARSE
    // A few milliseconds of grain: fine for a limit of 100 ms, and cheaper on most machines.
    return read_clock(CLOCK_MONOTONIC_COARSE);
#else
    return read_clock(CLOCK_MONOTONIC);
#endif
}

void limits_begin(ailua_state *host) {
    host->budget = host->limits.instructions;
    host->deadline = 0;
    host->processor_mark = 0;
    host->is_late = false;
}

// On a busy machine 100 ms go by without the script running at all. Processor time would tell, but asking for it
// is a system call; so it is asked for when half of the time is over by the wall clock, and from then on the script
// has to use up the other half itself.
bool limits_is_late(ailua_state *host) {
    int64_t time = now();
    int64_t half = host->limits.nanoseconds / 2;
    if (host->deadline == 0) host->deadline = time + half;
    if (time < host->deadline) return false;
    int64_t used = read_clock(CLOCK_THREAD_CPUTIME_ID);
    if (host->processor_mark == 0) host->processor_mark = used;
    int64_t left = half - (used - host->processor_mark);
    host->is_late = left <= 0;
    if (!host->is_late) host->deadline = time + left;
    return host->is_late;
}

void limits_clock(lua_State *L, ailua_state *host) {
    if (limits_is_late(host)) limits_kill(L, host, KILL_TIME);
}

/// Each frame is found by a walk from the top, so that all of a deep stack would take minutes.
enum { FRAMES = 64 };

void limits_note_line(lua_State *L, ailua_state *host) {
    lua_Debug frame;
    host->error_line = 0;
    host->error_file[0] = 0;
    for (int level = 0; level < FRAMES && lua_getstack(L, level, &frame); level++) {
        lua_getinfo(L, "Sl", &frame);
        // Functions in C have no line, and the names of our own chunks begin with a bracket.
        if (frame.currentline <= 0 || frame.short_src[0] == '[') continue;
        if (!host_has_file(host, frame.short_src, strlen(frame.short_src))) continue;
        host->error_line = frame.currentline;
        snprintf(host->error_file, sizeof host->error_file, "%s", frame.short_src);
        return;
    }
}

/// The state is of no use from here on.
static void note_kill(ailua_state *host, host_kill_reason reason) {
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
    host->killed = reason;
    host->error_length = length > 0 ? (size_t)length : 0;
}

void limits_note_memory(ailua_state *host) {
    if (host->killed == KILL_NONE) note_kill(host, host->is_late ? KILL_TIME : KILL_MEMORY);
}

int limits_kill(lua_State *L, ailua_state *host, host_kill_reason reason) {
    if (host->killed == KILL_NONE) {
        note_kill(host, reason);
        limits_note_line(L, host);
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
    host->budget -= lua_gethookcount(L);
    if (host->budget <= 0) limits_kill(L, host, KILL_INSTRUCTIONS);
    limits_clock(L, host);
    limits_run(host, L);
}

void limits_run(ailua_state *host, lua_State *thread) {
    host->running = thread;
    if (host->killed != KILL_NONE || lua_gethook(thread) == NULL) return;
    int interval = large_interval(&host->heap.large);
    if (interval != lua_gethookcount(thread)) lua_sethook(thread, limits_hook, LUA_MASKCOUNT, interval);
}

void limits_charge(lua_State *L, ailua_state *host, int64_t cost) {
    if (host->killed != KILL_NONE) limits_kill(L, host, host->killed);
    host->budget -= cost;
    if (host->budget <= 0) limits_kill(L, host, KILL_INSTRUCTIONS);
    // Short work in C is cheaper than a look at the clock; the hook sees to it.
    if (cost > HOST_INTERVAL) limits_clock(L, host);
}

void limits_after_catch(lua_State *L, ailua_state *host, int status) {
    if (status == LUA_ERRMEM) limits_note_memory(host);
    if (host->killed != KILL_NONE) limits_kill(L, host, host->killed);
}
