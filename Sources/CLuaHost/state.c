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
    if (host->killed == KILL_NONE) limits_note_line(L, host);
    return 1;
}

bool host_has_file(const ailua_state *host, const char *shown, size_t length) {
    bool is_own = length == strlen(host->file) && memcmp(shown, host->file, length) == 0;
    bool is_test = length == strlen(host->tests_file) && memcmp(shown, host->tests_file, length) == 0;
    return is_own || is_test || module_path(host, shown, length) != NULL;
}

/// Turns "file:12: text" into the text, noting file and line if they are of the plugin; false if it doesn't begin so.
static bool split_position(ailua_state *host, const char **text, size_t *length) {
    const char *at = *text, *end = at + *length;
    const char *colon = at;
    while (colon < end && *colon != ':' && *colon != ' ' && *colon != '\n') colon++;
    size_t prefix = (size_t)(colon - at);
    if (colon == end || *colon != ':' || prefix == 0 || prefix >= sizeof host->error_file) return false;
    const char *digit = colon + 1;
    int number = 0;
    while (digit < end && *digit >= '0' && *digit <= '9' && number < 100000000) number = number * 10 + (*digit++ - '0');
    if (digit == colon + 1 || end - digit < 2 || digit[0] != ':' || digit[1] != ' ') return false;
    if (!host_has_file(host, at, prefix) && at[0] != '[') return false;
    if (at[0] != '[') {
        memcpy(host->error_file, at, prefix);
        host->error_file[prefix] = 0;
        host->error_line = number;
    }
    *length -= (size_t)(digit + 2 - at);
    *text = digit + 2;
    return true;
}

/// Where the plugin's function begins, for a limit of which no line is known.
static void note_function(ailua_state *host) {
    lua_State *L = host->L;
    if (host->error_line > 0 || !lua_isfunction(L, SLOT_FUNCTION) || lua_iscfunction(L, SLOT_FUNCTION)) return;
    lua_Debug function;
    lua_pushvalue(L, SLOT_FUNCTION);
    lua_getinfo(L, ">S", &function);
    if (!host_has_file(host, function.short_src, strlen(function.short_src))) return;
    host->error_line = function.linedefined;
    snprintf(host->error_file, sizeof host->error_file, "%s", function.short_src);
}

/// After a protected call that failed: takes the error off the stack and makes it a status.
static ailua_status failed(ailua_state *host, int status) {
    lua_State *L = host->L;
    if (status == LUA_ERRMEM) limits_note_memory(host);
    if (host->killed != KILL_NONE) {
        lua_settop(L, SLOTS);
        note_function(host);
        return AILUA_KILLED;
    }
    char number[64];
    const char *text;
    size_t length;
    switch (lua_type(L, -1)) {
    case LUA_TSTRING:
        text = lua_tolstring(L, -1, &length);
        while (split_position(host, &text, &length)) {}
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
    set_error(host, text, length, host->error_line);
    lua_settop(L, SLOTS);
    return AILUA_ERROR;
}

ailua_status host_call(ailua_state *host, int count, int results, int scale) {
    ailua_limits limits = host->limits;
    host->limits.instructions *= scale;
    host->limits.nanoseconds *= scale;
    host->error_line = 0;
    host->error_file[0] = 0;
    limits_begin(host);
    limits_run(host, host->L);
    int status = lua_pcall(host->L, count, results, SLOT_HANDLER);
    host->limits = limits;
    return status != LUA_OK || host->killed != KILL_NONE ? failed(host, status) : AILUA_OK;
}

const char *ailua_error(const ailua_state *state, size_t *length) {
    *length = state->error_length;
    return state->error;
}

int ailua_error_line(const ailua_state *state) { return state->error_line; }

const char *ailua_error_file(const ailua_state *state) {
    bool is_own = state->error_file[0] == 0 || strcmp(state->error_file, state->file) == 0;
    if (is_own) return NULL;
    // Lua shows the beginning of a long path.
    const char *path = module_path(state, state->error_file, strlen(state->error_file));
    return path != NULL ? path : state->error_file;
}

size_t ailua_memory(const ailua_state *state) { return state->heap.used; }

uint64_t ailua_allocations(const ailua_state *state, uint64_t *bytes) {
    *bytes = state->heap.allocated;
    return state->heap.allocations;
}

// MARK: Life

/// The body of every parse: makes the line a string and calls the script, all of it protected.
static int call_parse(lua_State *L) {
    ailua_state *host = host_of(L);
    lua_pushvalue(L, lua_upvalueindex(1));
    host->line_in_lua = lua_pushlstring(L, host->line, host->line_length);
    host_piece *piece = piece_slot(host, host->line_in_lua);
    piece->bytes = host->line_in_lua;
    piece->offset = 0;
    event_hand(L, host, lua_upvalueindex(2));
    // Keeps the line alive while its address stands for it.
    lua_pushvalue(L, 2);
    lua_insert(L, 1);
    lua_call(L, 2, 1);
    host->accepted = !(lua_isboolean(L, -1) && !lua_toboolean(L, -1));
    return 0;
}

/// Returns the events and what adapters may call.
static int open_all(lua_State *L) {
    static void (*const parts[])(lua_State *) = {luaregex_open, grok_open, json_open, kv_open, csv_open, url_open,
        ip_open, hash_open, luatime_open, metric_open, cache_open, log_open, sorted_open, output_open};
    names_open(L);
    library_open(L);
    require_open(L);
    lua_newtable(L);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) parts[i](L);
    static const struct { const char *name; int number; } levels[] = {
        {"trace", 1}, {"debug", 5}, {"info", 9}, {"warning", 13}, {"error", 17}, {"critical", 21}};
    missing_open(L);
    // Not among these: a word that is no level is looked up there too.
    lua_createtable(L, 0, 6);
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        lua_pushinteger(L, levels[i].number);
        lua_setfield(L, -2, levels[i].name);
    }
    lua_setfield(L, -2, "severity");
    lua_setglobal(L, "ailogger");
    lua_settop(L, 0);
    events_push(L);
    adapter_push_host(L);
    return 2;
}

static bool is_late(void *host) { return limits_is_late(host); }

ailua_state *ailua_open(ailua_limits limits, ailua_services services) {
    ailua_state *host = calloc(1, sizeof *host);
    if (host == NULL) return NULL;
    host->limits = limits;
    host->services = services;
    host->heap.limit = limits.memory;
    host->heap.block_limit = limits.memory / 4;
    host->heap.string_limit = limits.memory / 8;
    host->heap.host = host;
    host->L = lua_newstate(heap_allocate, &host->heap);
    if (host->L == NULL || !regex_scratch_init(&host->scratch)) {
        ailua_close(host);
        return NULL;
    }
    host->scratch.is_late = is_late;
    host->scratch.owner = host;
    lua_State *L = host->L;
    *(ailua_state **)lua_getextraspace(L) = host;
    // None of these allocates: light functions, and places on a stack that is there from the start.
    lua_pushcfunction(L, note_line);
    lua_pushcfunction(L, open_all);
    host->now = INT64_MIN;
    arena_begin(&host->arena);
    arena_begin(&host->contract_arena);
    if (lua_pcall(L, 0, 2, SLOT_HANDLER) != LUA_OK) {
        ailua_close(host);
        return NULL;
    }
    // handler, events, host -> each at its place
    lua_settop(L, SLOTS);
    lua_copy(L, SLOT_HANDLER + 2, SLOT_HOST);
    lua_copy(L, SLOT_HANDLER + 1, SLOT_EVENTS);
    static const int empty[] = {SLOT_CALL, SLOT_FUNCTION, SLOT_MODULE, SLOT_ADAPTER};
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
        lua_pushnil(L);
        lua_replace(L, empty[i]);
    }
    // With a hook every instruction goes the long way round, which takes half of the time again.
    if (limits.instructions < AILUA_UNLIMITED) lua_sethook(L, limits_hook, LUA_MASKCOUNT, HOST_INTERVAL);
    // A script's garbage is small and short-lived: a collection for every 40 KiB of it, as by default, costs 6 %.
    lua_gc(L, LUA_GCINC, 400, 0, 0);
    return host;
}

void ailua_close(ailua_state *host) {
    if (host == NULL) return;
    // What is left of a script in suspended coroutines does not run any more; our own finalizers do.
    if (host->L != NULL) lua_close(host->L);
    regex_scratch_free(&host->scratch);
    metrics_free(host->metrics);
    modules_free(host->modules);
    heap_free(&host->heap);
    arena_free(&host->arena);
    arena_free(&host->contract_arena);
    list_free(&host->findings);
    list_free(&host->answers);
    for (uint32_t i = 0; i < host->output_count; i++) {
        free(host->outputs[i].name);
        free(host->outputs[i].bytes);
    }
    free(host->changes);
    free(host->change_fields);
    free(host);
}

// MARK: Loading

typedef struct {
    const char *source;
    size_t length;
} load_request;

/// Runs the chunk; returns the plugin's function, the module's table, and a closure that calls the first.
static int load_chunk(lua_State *L) {
    ailua_state *host = host_of(L);
    const load_request *request = lua_touserdata(L, 1);
    char name[sizeof host->file + 1];
    snprintf(name, sizeof name, "=%s", host->file);
    int status = chunk_load_file(L, request->source, request->length, name);
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
    lua_pushvalue(L, SLOT_EVENTS);
    ailua_status status = host_call(host, 2, 3, 1);
    if (status != AILUA_OK) return status;
    lua_replace(L, SLOT_CALL);
    lua_replace(L, SLOT_MODULE);
    lua_replace(L, SLOT_FUNCTION);
    host->has_module = true;
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
    ailua_status status = host_call(host, 1, 0, 10);
    if (status != AILUA_OK) return status;
    *values = host->answers.values;
    *count = host->answers.count;
    return AILUA_OK;
}

ailua_status ailua_entries(ailua_state *host, const ailua_value **values, size_t *count) {
    *values = NULL;
    *count = 0;
    if (host->killed != KILL_NONE) return AILUA_KILLED;
    if (!host->has_module) return AILUA_OK;
    lua_pushcfunction(host->L, module_entries);
    lua_pushvalue(host->L, SLOT_MODULE);
    ailua_status status = host_call(host, 1, 0, 10);
    if (status != AILUA_OK) return status;
    *values = host->answers.values;
    *count = host->answers.count;
    return AILUA_OK;
}

/// Arguments: the plugin's table, key and value as light userdata.
static int configure(lua_State *L) {
    const ailua_text *key = lua_touserdata(L, 2), *value = lua_touserdata(L, 3);
    lua_pushcfunction(L, module_configure);
    lua_pushvalue(L, 1);
    lua_pushlstring(L, (const char *)key->bytes, key->length);
    lua_pushlstring(L, (const char *)value->bytes, value->length);
    lua_call(L, 3, 0);
    return 0;
}

ailua_status ailua_configure(ailua_state *host, ailua_text key, ailua_text value) {
    if (host->killed != KILL_NONE) return AILUA_KILLED;
    lua_State *L = host->L;
    lua_pushcfunction(L, configure);
    lua_pushvalue(L, SLOT_MODULE);
    lua_pushlightuserdata(L, &key);
    lua_pushlightuserdata(L, &value);
    return host_call(host, 3, 0, 1);
}

// MARK: Parsing

ailua_status ailua_parse(ailua_state *host, const uint8_t *line, size_t length) {
    if (host->killed != KILL_NONE) return AILUA_KILLED;
    lua_State *L = host->L;
    event_begin(host, length > 0 ? (const char *)line : "", length);
    host->has_event = true;
    lua_pushvalue(L, SLOT_CALL);
    ailua_status status = host_call(host, 0, 0, 1);
    host->has_event = false;
    if (status != AILUA_OK) return status;
    return host->accepted ? AILUA_OK : AILUA_REFUSED;
}

const ailua_event *ailua_result(const ailua_state *state) { return &state->event; }
