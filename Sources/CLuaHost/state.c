#include "host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// MARK: Errors

static void set_error(ailua_state *host, const char *text, size_t length, int line) {
    if (length >= sizeof host->error) length = sizeof host->error - 1;
    memcpy(host->error, text, length);
    host->error[length] = 0;
    host->error_length = length;
    host->error_line = line;
}

/// Runs where the error was raised, with the script's frames still there. Notes the line and nothing else:
/// the value may be anything, and its metamethods are the script's own code.
static int note_line(lua_State *L) {
    ailua_state *host = host_of(L);
    if (host->killed == KILL_NONE) host->error_line = limits_line(L, host);
    return 1;
}

/// Turns "file:12: text" into the text and 12; false if it doesn't begin so.
static bool split_position(const ailua_state *host, const char **text, size_t *length, int *line) {
    size_t prefix = strlen(host->file);
    const char *at = *text;
    if (*length <= prefix + 1 || memcmp(at, host->file, prefix) != 0 || at[prefix] != ':') return false;
    size_t i = prefix + 1;
    int number = 0;
    while (i < *length && at[i] >= '0' && at[i] <= '9' && number < 100000000) number = number * 10 + (at[i++] - '0');
    if (i == prefix + 1 || i + 1 >= *length || at[i] != ':' || at[i + 1] != ' ') return false;
    *text = at + i + 2;
    *length -= i + 2;
    *line = number;
    return true;
}

/// After a protected call that failed: takes the error off the stack and makes it a status.
static ailua_status failed(ailua_state *host, int status) {
    lua_State *L = host->L;
    if (status == LUA_ERRMEM && host->killed == KILL_NONE) {
        char text[80];
        int length = snprintf(text, sizeof text, "stopped: more memory than %zu KiB", host->limits.memory / 1024);
        set_error(host, text, (size_t)length, 0);
        host->killed = KILL_MEMORY;
    }
    if (host->killed != KILL_NONE) {
        lua_settop(L, SLOTS);
        return AILUA_KILLED;
    }
    int line = host->error_line;
    char number[64];
    const char *text;
    size_t length;
    switch (lua_type(L, -1)) {
    case LUA_TSTRING:
        text = lua_tolstring(L, -1, &length);
        split_position(host, &text, &length, &line);
        break;
    case LUA_TNUMBER:
        // Not lua_tolstring: it would make a string here, outside of any protected call.
        length = (size_t)(lua_isinteger(L, -1)
            ? snprintf(number, sizeof number, "%lld", (long long)lua_tointeger(L, -1))
            : snprintf(number, sizeof number, "%.14g", (double)lua_tonumber(L, -1)));
        text = number;
        break;
    default:
        length = (size_t)snprintf(number, sizeof number, "the error is a %s", luaL_typename(L, -1));
        text = number;
        break;
    }
    set_error(host, text, length, line);
    lua_settop(L, SLOTS);
    return AILUA_ERROR;
}

/// Calls the function that lies below its `count` arguments, with a fresh budget.
static int protected_call(ailua_state *host, int count, int results) {
    host->error_line = 0;
    limits_begin(host);
    return lua_pcall(host->L, count, results, SLOT_HANDLER);
}

const char *ailua_error(const ailua_state *state, size_t *length) {
    *length = state->error_length;
    return state->error;
}

int ailua_error_line(const ailua_state *state) { return state->error_line; }

size_t ailua_memory(const ailua_state *state) { return state->heap.used; }

// MARK: Life

/// The body of every parse: makes the line a string and calls the script, all of it protected.
static int call_parse(lua_State *L) {
    ailua_state *host = host_of(L);
    lua_pushvalue(L, lua_upvalueindex(1));
    host->line_in_lua = lua_pushlstring(L, host->line, host->line_length);
    host_piece *piece = piece_slot(host, host->line_in_lua);
    piece->bytes = host->line_in_lua;
    piece->offset = 0;
    lua_pushvalue(L, lua_upvalueindex(2));
    // Keeps the line alive while its address stands for it.
    lua_pushvalue(L, 2);
    lua_insert(L, 1);
    lua_call(L, 2, 1);
    host->accepted = !(lua_isboolean(L, -1) && !lua_toboolean(L, -1));
    return 0;
}

static int open_all(lua_State *L) {
    names_open(L);
    library_open(L);
    luaregex_open(L);
    event_push(L);
    return 1;
}

ailua_state *ailua_open(ailua_limits limits, ailua_services services) {
    ailua_state *host = calloc(1, sizeof *host);
    if (host == NULL) return NULL;
    host->limits = limits;
    host->services = services;
    host->heap.limit = limits.memory;
    host->heap.block_limit = limits.memory / 4;
    host->L = lua_newstate(heap_allocate, &host->heap);
    if (host->L == NULL || !regex_scratch_init(&host->scratch)) {
        ailua_close(host);
        return NULL;
    }
    lua_State *L = host->L;
    *(ailua_state **)lua_getextraspace(L) = host;
    // None of these allocates: light functions, and places on a stack that is there from the start.
    lua_pushcfunction(L, note_line);
    lua_pushcfunction(L, open_all);
    if (lua_pcall(L, 0, 1, SLOT_HANDLER) != LUA_OK) {
        ailua_close(host);
        return NULL;
    }
    // handler, event -> handler, nil, nil, event, nil
    lua_pushnil(L);
    lua_insert(L, SLOT_CALL);
    lua_pushnil(L);
    lua_insert(L, SLOT_PARSE);
    lua_pushnil(L);
    lua_sethook(L, limits_hook, LUA_MASKCOUNT, HOST_INTERVAL);
    return host;
}

void ailua_close(ailua_state *host) {
    if (host == NULL) return;
    // What is left of a script in suspended coroutines does not run any more; our own finalizers do.
    if (host->L != NULL) lua_close(host->L);
    regex_scratch_free(&host->scratch);
    heap_free(&host->heap);
    arena_free(&host->arena);
    free(host->samples);
    free(host);
}

// MARK: Loading

typedef struct {
    const char *source;
    size_t length;
} load_request;

/// Runs the chunk; returns the parse function, the module's table, and a closure that calls the first.
static int load_chunk(lua_State *L) {
    ailua_state *host = host_of(L);
    const load_request *request = lua_touserdata(L, 1);
    char name[sizeof host->file + 1];
    snprintf(name, sizeof name, "=%s", host->file);
    int status = luaL_loadbufferx(L, request->source, request->length, name, "t");
    limits_after_catch(L, host, status);
    if (status != LUA_OK) return lua_error(L);
    lua_call(L, 0, 1);
    lua_pushcfunction(L, module_read);
    lua_insert(L, -2);
    lua_call(L, 1, 2);
    lua_pushvalue(L, -2);
    lua_pushvalue(L, 2);
    lua_pushcclosure(L, call_parse, 2);
    return 3;
}

ailua_status ailua_load(ailua_state *host, const char *source, size_t length, const char *file) {
    if (host->killed != KILL_NONE) return AILUA_KILLED;
    lua_State *L = host->L;
    snprintf(host->file, sizeof host->file, "%s", file);
    if (length > 0 && source[0] == LUA_SIGNATURE[0]) {
        static const char text[] = "bytecode is not allowed in a plugin";
        set_error(host, text, sizeof text - 1, 0);
        return AILUA_ERROR;
    }
    load_request request = {source, length};
    lua_pushcfunction(L, load_chunk);
    lua_pushlightuserdata(L, &request);
    lua_pushvalue(L, SLOT_EVENT);
    int status = protected_call(host, 2, 3);
    if (status != LUA_OK || host->killed != KILL_NONE) return failed(host, status);
    lua_replace(L, SLOT_CALL);
    lua_replace(L, SLOT_MODULE);
    lua_replace(L, SLOT_PARSE);
    return AILUA_OK;
}

const ailua_contract *ailua_module(const ailua_state *state) { return &state->contract; }

ailua_status ailua_samples(ailua_state *host, const ailua_value **values, size_t *count) {
    *values = NULL;
    *count = 0;
    if (host->killed != KILL_NONE) return AILUA_KILLED;
    lua_State *L = host->L;
    lua_pushcfunction(L, module_samples);
    lua_pushvalue(L, SLOT_MODULE);
    int status = protected_call(host, 1, 0);
    if (status != LUA_OK || host->killed != KILL_NONE) return failed(host, status);
    *values = host->samples;
    *count = host->sample_count;
    return AILUA_OK;
}

// MARK: Parsing

ailua_status ailua_parse(ailua_state *host, const uint8_t *line, size_t length) {
    if (host->killed != KILL_NONE) return AILUA_KILLED;
    lua_State *L = host->L;
    event_begin(host, length > 0 ? (const char *)line : "", length);
    host->has_event = true;
    lua_pushvalue(L, SLOT_CALL);
    int status = protected_call(host, 0, 0);
    host->has_event = false;
    if (status != LUA_OK || host->killed != KILL_NONE) return failed(host, status);
    return host->accepted ? AILUA_OK : AILUA_REFUSED;
}

const ailua_event *ailua_result(const ailua_state *state) { return &state->event; }
