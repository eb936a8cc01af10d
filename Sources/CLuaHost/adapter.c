#include "host.h"

#include <stdio.h>
#include <string.h>

// What adapters are and may do. An adapter is a part of the platform that is written in Lua itself (correlation, Fluent
// Bit's contract, samples and tests): it runs in the plugin's state and within its limits, and calls the functions of the
// table `host`, which the plugin never sees.

// MARK: Functions of `host`

/// `host.duration(value)`: nanoseconds of "90s" or of an integer. Upvalue 1 is `ailogger.time.duration`.
static int adapter_duration(lua_State *L) {
    if (lua_isinteger(L, 1)) {
        if (lua_tointeger(L, 1) <= 0) return luaL_error(L, "a duration is more than 0");
        lua_settop(L, 1);
        return 1;
    }
    if (lua_type(L, 1) != LUA_TSTRING) {
        return luaL_error(L, "a duration is text like \"90s\" or nanoseconds, not a %s", luaL_typename(L, 1));
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushvalue(L, 1);
    lua_call(L, 1, 1);
    if (!lua_isinteger(L, -1) || lua_tointeger(L, -1) <= 0) {
        return luaL_error(L, "\"%s\" is no duration: write 90s, 5m, 1h30m", lua_tostring(L, 1));
    }
    return 1;
}

static void add_member(lua_State *L, host_list *list, int table, const char *name, uint8_t role) {
    lua_pushstring(L, name);
    if (lua_rawget(L, table) != LUA_TNIL) {
        int type = lua_type(L, -1);
        if (type != LUA_TSTRING && type != LUA_TNUMBER && type != LUA_TBOOLEAN) {
            luaL_error(L, "emit: %s can't be a %s", name, luaL_typename(L, -1));
        }
        host_list_value(L, list, -1, role, NULL);
    }
    lua_pop(L, 1);
}

/// Pushes `table[name]` if it is a table.
static bool push_table(lua_State *L, int table, const char *name) {
    lua_pushstring(L, name);
    int type = lua_rawget(L, table);
    if (type == LUA_TTABLE) return true;
    if (type != LUA_TNIL) luaL_error(L, "emit: %s is a table, not a %s", name, luaL_typename(L, -1));
    lua_pop(L, 1);
    return false;
}

/// `host.emit(finding)`.
static int adapter_emit(lua_State *L) {
    static const struct { const char *name; uint8_t role; } parts[] = {{"id", AILUA_FINDING_ID},
        {"title", AILUA_FINDING_TITLE}, {"level", AILUA_FINDING_LEVEL}, {"message", AILUA_FINDING_MESSAGE},
        {"cause", AILUA_FINDING_CAUSE}, {"key", AILUA_FINDING_KEY}, {"status", AILUA_FINDING_STATUS},
        {"since", AILUA_FINDING_SINCE}, {"until_", AILUA_FINDING_UNTIL}};
    static const struct { const char *name; uint8_t role; } places[] = {{"source", AILUA_FINDING_SAMPLE_SOURCE},
        {"line", AILUA_FINDING_SAMPLE_LINE}, {"offset", AILUA_FINDING_SAMPLE_OFFSET},
        {"time", AILUA_FINDING_SAMPLE_TIME}, {"text", AILUA_FINDING_SAMPLE_TEXT}};
    ailua_state *host = host_of(L);
    host_list *list = &host->findings;
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    arena_begin(&list->arena);
    size_t count = list->count, used = list->arena.used;
    lua_pushliteral(L, "kind");
    lua_rawget(L, 1);
    host_list_value(L, list, -1, AILUA_FINDING_KIND, NULL);
    lua_settop(L, 1);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) add_member(L, list, 1, parts[i].name, parts[i].role);
    if (push_table(L, 1, "fix")) {
        lua_Integer count = (lua_Integer)lua_rawlen(L, 2);
        for (lua_Integer i = 1; i <= count; i++, lua_settop(L, 2)) {
            if (lua_rawgeti(L, 2, i) == LUA_TSTRING) host_list_value(L, list, -1, AILUA_FINDING_FIX, NULL);
        }
    }
    lua_settop(L, 1);
    if (push_table(L, 1, "docs")) {
        lua_Integer count = (lua_Integer)lua_rawlen(L, 2);
        for (lua_Integer i = 1; i <= count; i++, lua_settop(L, 2)) {
            if (lua_rawgeti(L, 2, i) != LUA_TTABLE) continue;
            add_member(L, list, 3, "title", AILUA_FINDING_DOC_TITLE);
            add_member(L, list, 3, "url", AILUA_FINDING_DOC_URL);
        }
    }
    lua_settop(L, 1);
    if (push_table(L, 1, "fields")) {
        for (lua_pushnil(L); lua_next(L, 2) != 0; lua_settop(L, 3)) {
            if (lua_type(L, 3) == LUA_TSTRING) {
                host_list_value(L, list, 4, AILUA_FINDING_FIELD, lua_tostring(L, 3));
            }
        }
    }
    lua_settop(L, 1);
    if (push_table(L, 1, "sample")) {
        for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
            add_member(L, list, 2, places[i].name, places[i].role);
        }
    }
    size_t bytes = list->arena.used - used;
    if (bytes > HOST_FINDING_BYTES) {
        list->count = count;
        return luaL_error(L, "emit: a finding holds at most %d KiB", (int)(HOST_FINDING_BYTES / 1024));
    }
    limits_charge(L, host, HOST_FINDING_COST + (int64_t)(bytes / 16));
    return 0;
}

/// `host.begin(made_up)`: an event that no log holds, for samples and tests. Returns the event, whose members the caller
/// sets; `line`, or `message`, is what it is made of.
static int adapter_begin(lua_State *L) {
    ailua_state *host = host_of(L);
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    // The table stays in the registry as long as it is the event, and keeps the text alive.
    lua_pushvalue(L, 1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &host->is_split);
    if (lua_getfield(L, 1, "raw") == LUA_TNIL) lua_getfield(L, 1, "message");
    size_t length = 0;
    const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &length) : "";
    event_begin(host, text, length);
    host->split_count = 0;
    if (lua_getfield(L, 1, "time") == LUA_TNUMBER) event_set_time(host, lua_tointeger(L, -1));
    if (lua_getfield(L, 1, "now") == LUA_TNUMBER) host->now = lua_tointeger(L, -1);
    host->has_event = true;
    event_hand(L, host, lua_upvalueindex(1));
    return 1;
}

/// `host.finish()`: the made-up event is over.
static int adapter_finish(lua_State *L) {
    host_of(L)->has_event = false;
    return 0;
}

/// `host.another()`: what was written so far is an event; returns a further one of the same record, to be written next.
static int adapter_another(lua_State *L) {
    ailua_state *host = host_of(L);
    if (++host->split_count == HOST_SPLIT) {
        return luaL_error(L, "more than %d events made of one", (int)HOST_SPLIT);
    }
    if (host->batch == NULL || host->record == NULL) {
        const char *line = host->line;
        event_begin(host, line, host->line_length);
    } else {
        event_log(L, host, AILUA_KEEP);
        host->is_split = true;
        // All of them share what one event may be given.
        size_t limit = host->arena.limit;
        event_begin_record(host, host->record);
        host->arena.limit = limit;
    }
    event_hand(L, host, lua_upvalueindex(1));
    return 1;
}

/// `host.outputs()`: what a sink has written by now, by name; and it is forgotten.
static int adapter_outputs(lua_State *L) {
    ailua_state *host = host_of(L);
    lua_newtable(L);
    for (uint32_t i = 0; i < host->output_count; i++) {
        lua_pushlstring(L, host->outputs[i].bytes != NULL ? host->outputs[i].bytes : "", host->outputs[i].length);
        lua_setfield(L, -2, host->outputs[i].name);
    }
    ailua_outputs_clear(host);
    return 1;
}

/// Called with the events on top.
void adapter_push_host(lua_State *L) {
    static const luaL_Reg functions[] = {{"emit", adapter_emit}, {"begin", adapter_begin}, {"finish", adapter_finish},
        {"another", adapter_another}, {"outputs", adapter_outputs}, {NULL, NULL}};
    int events = lua_gettop(L);
    luaL_newlibtable(L, functions);
    lua_pushvalue(L, events);
    luaL_setfuncs(L, functions, 1);
    lua_pushlightuserdata(L, NULL);
    lua_setfield(L, -2, "null");
    lua_getglobal(L, "ailogger");
    lua_getfield(L, -1, "time");
    lua_getfield(L, -1, "duration");
    lua_pushcclosure(L, adapter_duration, 1);
    lua_setfield(L, events + 1, "duration");
    lua_settop(L, events + 1);
}

// MARK: Running them

typedef struct {
    ailua_text source;
    const char *name;
} chunk;

static void load(lua_State *L, const chunk *what) {
    char name[64];
    snprintf(name, sizeof name, "=%s", what->name);
    int status = chunk_load_file(L, (const char *)what->source.bytes, what->source.length, name);
    limits_after_catch(L, host_of(L), status);
    if (status != LUA_OK) lua_error(L);
}

/// `host.renew(M, host)`: the adapter's functions as they were at first, without a memory.
static int adapter_renew(lua_State *L) {
    lua_settop(L, 2);
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &host_of(L)->contract) != LUA_TFUNCTION) return 0;
    lua_insert(L, 1);
    lua_call(L, 2, 1);
    return 1;
}

/// Arguments: the chunk, the plugin's table, `host`. Returns the adapter's functions and its `process`.
static int call_adapter(lua_State *L) {
    load(L, lua_touserdata(L, 1));
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &host_of(L)->contract);
    lua_pushcfunction(L, adapter_renew);
    lua_setfield(L, 3, "renew");
    lua_insert(L, 2);
    lua_call(L, 2, 1);
    luaL_checktype(L, -1, LUA_TTABLE);
    lua_getfield(L, -1, "process");
    return 2;
}

ailua_status ailua_adapt(ailua_state *host, ailua_text source, const char *name) {
    if (host->killed != KILL_NONE) return AILUA_KILLED;
    lua_State *L = host->L;
    chunk what = {source, name};
    lua_pushcfunction(L, call_adapter);
    lua_pushlightuserdata(L, &what);
    lua_pushvalue(L, SLOT_MODULE);
    lua_pushvalue(L, SLOT_HOST);
    ailua_status status = host_call(host, 3, 2, 1);
    if (status != AILUA_OK) return status;
    lua_replace(L, SLOT_FUNCTION);
    lua_replace(L, SLOT_ADAPTER);
    return AILUA_OK;
}

/// Arguments: the adapter, event time. Each timer has its own budget; there are so many in one go at most, for one that
/// arms itself anew every second would see to it that a log with a gap of years never ends.
static int call_advance(lua_State *L) {
    enum { ROUNDS = 200000 };
    ailua_state *host = host_of(L);
    int rounds = 0;
    do {
        if (++rounds > ROUNDS) return luaL_error(L, "more than %d timers went off in one go", (int)ROUNDS);
        limits_begin(host);
        lua_settop(L, 2);
        lua_getfield(L, 1, "advance");
        lua_pushvalue(L, 2);
        lua_call(L, 1, 1);
    } while (lua_toboolean(L, -1));
    return 0;
}

bool adapter_was_firing(ailua_state *host) {
    lua_State *L = host->L;
    // Interned by the chunk, which has the entry already, so that this allocates nothing.
    lua_getfield(L, SLOT_ADAPTER, "firing");
    bool was_firing = lua_toboolean(L, -1);
    lua_pushboolean(L, false);
    lua_setfield(L, SLOT_ADAPTER, "firing");
    lua_settop(L, SLOTS);
    return was_firing;
}

ailua_status ailua_advance(ailua_state *host, int64_t now, bool *is_pending) {
    *is_pending = false;
    if (host->killed != KILL_NONE) return AILUA_KILLED;
    lua_State *L = host->L;
    host->now = now;
    lua_pushcfunction(L, call_advance);
    lua_pushvalue(L, SLOT_ADAPTER);
    lua_pushinteger(L, now);
    ailua_status status = host_call(host, 2, 0, 1);
    if (status != AILUA_OK) *is_pending = adapter_was_firing(host);
    return status;
}

/// Arguments: the adapter.
static int call_finish(lua_State *L) {
    lua_getfield(L, 1, "finish");
    lua_call(L, 0, 0);
    return 0;
}

ailua_status ailua_finish(ailua_state *host) {
    if (host->killed != KILL_NONE) return AILUA_KILLED;
    lua_pushcfunction(host->L, call_finish);
    lua_pushvalue(host->L, SLOT_ADAPTER);
    return host_call(host, 1, 0, 1);
}

/// Arguments: the adapter.
static int call_save(lua_State *L) {
    ailua_state *host = host_of(L);
    lua_getfield(L, 1, "save");
    lua_call(L, 0, 1);
    pack_value(L, -1);
    list_clear(&host->answers);
    host->answers.arena.limit = host->limits.memory * 2;
    host_list_value(L, &host->answers, -1, 0, NULL);
    return 0;
}

ailua_status ailua_save(ailua_state *host, ailua_text *bytes) {
    *bytes = (ailua_text){NULL, 0};
    if (host->killed != KILL_NONE) return AILUA_KILLED;
    lua_pushcfunction(host->L, call_save);
    lua_pushvalue(host->L, SLOT_ADAPTER);
    // What is saved is a copy of all that the plugin keeps: that isn't its own fault.
    host->heap.limit *= 2;
    ailua_status status = host_call(host, 1, 0, 50);
    host->heap.limit /= 2;
    if (status != AILUA_OK) return status;
    *bytes = (ailua_text){(const uint8_t *)host->answers.values[0].bytes, host->answers.values[0].length};
    return AILUA_OK;
}

/// Arguments: the adapter.
static int call_lost(lua_State *L) {
    ailua_state *host = host_of(L);
    list_clear(&host->answers);
    lua_getfield(L, 1, "lost");
    lua_call(L, 0, 1);
    lua_Integer count = (lua_Integer)lua_rawlen(L, -1);
    for (lua_Integer i = 1; i <= count; i++, lua_settop(L, 2)) {
        lua_rawgeti(L, 2, i);
        lua_getfield(L, 3, "what");
        lua_getfield(L, 3, "count");
        lua_pushfstring(L, "%I %s", (LUAI_UACINT)lua_tointeger(L, 5), lua_tostring(L, 4));
        host_list_value(L, &host->answers, -1, 0, NULL);
    }
    return 0;
}

ailua_status ailua_lost(ailua_state *host, const ailua_value **values, size_t *count) {
    *values = NULL;
    *count = 0;
    if (host->killed != KILL_NONE) return AILUA_KILLED;
    lua_pushcfunction(host->L, call_lost);
    lua_pushvalue(host->L, SLOT_ADAPTER);
    ailua_status status = host_call(host, 1, 0, 1);
    if (status != AILUA_OK) return status;
    *values = host->answers.values;
    *count = host->answers.count;
    return AILUA_OK;
}

/// Arguments: the adapter, the bytes.
static int call_restore(lua_State *L) {
    const ailua_text *bytes = lua_touserdata(L, 2);
    lua_getfield(L, 1, "restore");
    if (!unpack_value(L, (const char *)bytes->bytes, bytes->length)) return lua_error(L);
    lua_call(L, 1, 0);
    return 0;
}

ailua_status ailua_restore(ailua_state *host, ailua_text bytes) {
    if (host->killed != KILL_NONE) return AILUA_KILLED;
    lua_State *L = host->L;
    lua_pushcfunction(L, call_restore);
    lua_pushvalue(L, SLOT_ADAPTER);
    lua_pushlightuserdata(L, &bytes);
    host->heap.limit *= 2;
    ailua_status status = host_call(host, 2, 0, 50);
    host->heap.limit /= 2;
    return status;
}

const ailua_value *ailua_findings(const ailua_state *state, size_t *count) {
    *count = state->findings.count;
    return state->findings.values;
}

void ailua_findings_clear(ailua_state *state) { list_clear(&state->findings); }

// MARK: Checking and trying out

typedef struct {
    chunk check;
    chunk text;
} verification;

/// Arguments: what to run, the plugin's table, `host`, the adapter or nil, the plugin's function.
static int call_verify(lua_State *L) {
    ailua_state *host = host_of(L);
    const verification *what = lua_touserdata(L, 1);
    load(L, &what->check);
    lua_pushvalue(L, 2);
    lua_pushvalue(L, 3);
    if (lua_istable(L, 4)) {
        lua_pushvalue(L, 4);
    } else {
        lua_createtable(L, 0, 1);
        lua_pushvalue(L, 5);
        lua_setfield(L, -2, "process");
    }
    if (what->text.source.bytes != NULL) {
        load(L, &what->text);
    } else {
        lua_pushnil(L);
    }
    lua_call(L, 4, 1);
    luaL_checktype(L, -1, LUA_TTABLE);
    list_clear(&host->answers);
    lua_Integer count = (lua_Integer)lua_rawlen(L, -1);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, -1, i);
        host_list_value(L, &host->answers, -1, 0, NULL);
        lua_pop(L, 1);
    }
    return 0;
}

ailua_status ailua_verify(ailua_state *host, ailua_text source, ailua_text text, const char *text_name,
    const ailua_value **failures, size_t *count) {
    *failures = NULL;
    *count = 0;
    if (host->killed != KILL_NONE) return AILUA_KILLED;
    lua_State *L = host->L;
    verification what = {{source, "[samples]"}, {text, text_name}};
    lua_pushcfunction(L, call_verify);
    lua_pushlightuserdata(L, &what);
    lua_pushvalue(L, SLOT_MODULE);
    lua_pushvalue(L, SLOT_HOST);
    lua_pushvalue(L, SLOT_ADAPTER);
    lua_pushvalue(L, SLOT_FUNCTION);
    host->may_write = true;
    host->room = SIZE_MAX;
    snprintf(host->tests_file, sizeof host->tests_file, "%s", text.bytes != NULL ? text_name : "");
    ailua_status status = host_call(host, 5, 0, 50);
    host->may_write = false;
    host->has_event = false;
    *failures = host->answers.values;
    *count = status == AILUA_OK ? host->answers.count : 0;
    return status;
}

/// The value at the top as text: plain tables as JSON.
static int show_table(lua_State *L) {
    json_encode(L, 1);
    return 1;
}

/// Arguments: the text, the event, the plugin's table. `line`, `event` and `M` are globals of the dialogue.
static int call_evaluate(lua_State *L) {
    ailua_state *host = host_of(L);
    const ailua_text *text = lua_touserdata(L, 1);
    lua_pushvalue(L, 2);
    lua_setglobal(L, "event");
    lua_pushvalue(L, 3);
    lua_setglobal(L, "M");
    lua_pushlstring(L, host->line, host->line_length);
    lua_setglobal(L, "line");
    lua_settop(L, 1);
    // An expression first; then as statements.
    lua_pushfstring(L, "return %s", lua_pushlstring(L, (const char *)text->bytes, text->length));
    size_t length;
    const char *expression = lua_tolstring(L, -1, &length);
    int status = chunk_load(L, expression, length, "=[input]");
    limits_after_catch(L, host, status);
    if (status != LUA_OK) {
        lua_settop(L, 1);
        load(L, &(chunk){*text, "[input]"});
    }
    int base = lua_gettop(L);
    lua_call(L, 0, LUA_MULTRET);
    list_clear(&host->answers);
    for (int i = base; i <= lua_gettop(L); i++) {
        if (lua_istable(L, i)) {
            lua_pushcfunction(L, show_table);
            lua_pushvalue(L, i);
            status = lua_pcall(L, 1, 1, 0);
            limits_after_catch(L, host, status);
            if (status != LUA_OK) {
                lua_pop(L, 1);
                host_push_text(L, i);
            }
        } else {
            host_push_text(L, i);
        }
        host_list_value(L, &host->answers, -1, 0, NULL);
        lua_pop(L, 1);
    }
    return 0;
}

ailua_status ailua_evaluate(
    ailua_state *host, ailua_text text, ailua_text line, const ailua_value **results, size_t *count) {
    *results = NULL;
    *count = 0;
    if (host->killed != KILL_NONE) return AILUA_KILLED;
    lua_State *L = host->L;
    // The event lasts over several lines of a dialogue: it begins anew only with another line.
    bool is_new = host->line != (const char *)line.bytes || host->line_length != line.length;
    if (is_new) event_begin(host, line.length > 0 ? (const char *)line.bytes : "", line.length);
    host->has_event = true;
    lua_pushcfunction(L, call_evaluate);
    lua_pushlightuserdata(L, &text);
    if (is_new) {
        event_hand(L, host, SLOT_EVENTS);
    } else {
        event_push(L, host, SLOT_EVENTS);
    }
    lua_pushvalue(L, SLOT_MODULE);
    ailua_status status = host_call(host, 3, 0, 10);
    host->has_event = false;
    *results = host->answers.values;
    *count = status == AILUA_OK ? host->answers.count : 0;
    return status;
}
