#include "host.h"

#include <string.h>

// `ailogger.log(level, text)`: lines that the host fetches after the call, as many as the buffer holds.

/// In front of each line's text: its level and its length.
enum { HEADER = 1 + sizeof(uint32_t) };

static int host_log(lua_State *L) {
    ailua_state *host = host_of(L);
    uint8_t level = event_level(L, host, 1);
    size_t length;
    const char *text = luaL_checklstring(L, 2, &length);
    limits_charge(L, host, (int64_t)(length / 32) + 1);
    if (length > HOST_LOG_BYTES - HEADER || host->log_used > HOST_LOG_BYTES - HEADER - length) {
        host->log_dropped++;
        return 0;
    }
    uint32_t size = (uint32_t)length;
    char *at = host->log + host->log_used;
    at[0] = (char)level;
    memcpy(at + 1, &size, sizeof size);
    memcpy(at + HEADER, text, length);
    host->log_used += HEADER + length;
    return 0;
}

bool ailua_log_next(const ailua_state *state, size_t *cursor, uint8_t *level, const char **text, size_t *length) {
    if (*cursor >= state->log_used) return false;
    const char *at = state->log + *cursor;
    uint32_t size;
    memcpy(&size, at + 1, sizeof size);
    *level = (uint8_t)at[0];
    *text = at + HEADER;
    *length = size;
    *cursor += HEADER + size;
    return true;
}

size_t ailua_log_clear(ailua_state *state) {
    size_t dropped = state->log_dropped;
    state->log_used = 0;
    state->log_dropped = 0;
    return dropped;
}

void log_open(lua_State *L) {
    lua_pushcfunction(L, host_log);
    lua_setfield(L, -2, "log");
}
