#include "host.h"

#include <stdlib.h>
#include <string.h>

// The table that a plugin's chunk returns, read without its metamethods.

static int raw_field(lua_State *L, int table, const char *name) {
    lua_pushstring(L, name);
    return lua_rawget(L, table);
}

static void read_entry(lua_State *L, ailua_state *host, const char *name, ailua_value *value) {
    memset(value, 0, sizeof *value);
    raw_field(L, SLOT_MODULE, name);
    host_copy_value(L, host, -1, value);
    lua_pop(L, 1);
}

/// Called with the chunk's result as its argument.
int module_read(lua_State *L) {
    ailua_state *host = host_of(L);
    if (lua_type(L, 1) != LUA_TTABLE) {
        return luaL_error(L, "the file must return the plugin's table, not a %s", luaL_typename(L, 1));
    }
    // Its own frame: the table stands where read_entry looks for it.
    lua_settop(L, 1);
    while (lua_gettop(L) < SLOT_MODULE) lua_pushvalue(L, 1);
    arena_reset(&host->arena);
    read_entry(L, host, "name", &host->contract.name);
    read_entry(L, host, "kind", &host->contract.kind);
    read_entry(L, host, "api", &host->contract.api);
    read_entry(L, host, "match", &host->contract.match);
    read_entry(L, host, "multiline", &host->contract.multiline);
    host->contract.has_samples = raw_field(L, SLOT_MODULE, "samples") == LUA_TTABLE;
    host->contract.has_parse = raw_field(L, SLOT_MODULE, "parse") == LUA_TFUNCTION;
    // The function and the table, for the fixed places on the main stack.
    lua_pushvalue(L, 1);
    return 2;
}

// MARK: Samples

static ailua_value *add(lua_State *L, ailua_state *host, uint8_t role) {
    if (host->sample_count == host->sample_capacity) {
        size_t capacity = host->sample_capacity == 0 ? 64 : host->sample_capacity * 2;
        ailua_value *grown = capacity > 65536 ? NULL : realloc(host->samples, capacity * sizeof *grown);
        if (grown == NULL) luaL_error(L, "too many samples");
        host->samples = grown;
        host->sample_capacity = capacity;
    }
    ailua_value *value = &host->samples[host->sample_count++];
    memset(value, 0, sizeof *value);
    value->role = role;
    return value;
}

/// The value on top, which it takes off.
static void add_top(lua_State *L, ailua_state *host, uint8_t role) {
    ailua_value *value = add(L, host, role);
    host_copy_value(L, host, -1, value);
    lua_pop(L, 1);
}

static void read_fields(lua_State *L, ailua_state *host, int fields, int sample) {
    for (lua_pushnil(L); lua_next(L, fields) != 0;) {
        if (lua_type(L, -2) != LUA_TSTRING) luaL_error(L, "samples[%d]: a field's name must be a string", sample);
        size_t length;
        const char *key = lua_tolstring(L, -2, &length);
        const char *copy = arena_copy(&host->arena, key, length);
        if (copy == NULL) luaL_error(L, "the samples are too large");
        ailua_value *value = add(L, host, AILUA_SAMPLE_FIELD);
        value->key = copy;
        value->key_length = (uint32_t)length;
        host_copy_value(L, host, -1, value);
        if (value->type == AILUA_OTHER) {
            luaL_error(L, "samples[%d]: expect.fields.%s can't be a %s", sample, key, luaL_typename(L, -1));
        }
        lua_pop(L, 1);
    }
}

static void read_expectation(lua_State *L, ailua_state *host, int expect, int sample) {
    static const struct { const char *name; uint8_t role; } parts[] = {{"level", AILUA_SAMPLE_LEVEL},
        {"message", AILUA_SAMPLE_MESSAGE}, {"component", AILUA_SAMPLE_COMPONENT}, {"time", AILUA_SAMPLE_TIME}};
    for (lua_pushnil(L); lua_next(L, expect) != 0;) {
        const char *key = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "";
        int type = lua_type(L, -1);
        bool known = false;
        for (size_t i = 0; i < sizeof parts / sizeof *parts && !known; i++) {
            if (strcmp(key, parts[i].name) != 0) continue;
            known = true;
            bool number = type == LUA_TNUMBER && parts[i].role == AILUA_SAMPLE_TIME && lua_isinteger(L, -1);
            if (type != LUA_TSTRING && !number) luaL_error(L, "samples[%d]: expect.%s must be a string", sample, key);
            lua_pushvalue(L, -1);
            add_top(L, host, parts[i].role);
        }
        if (!known) {
            if (strcmp(key, "fields") != 0) {
                luaL_error(L,
                    "samples[%d]: expect has no \"%s\": level, message, component, time and fields are what it has",
                    sample, key);
            }
            if (type != LUA_TTABLE) luaL_error(L, "samples[%d]: expect.fields must be a table", sample);
            read_fields(L, host, lua_gettop(L), sample);
        }
        lua_pop(L, 1);
    }
}

/// Called with the plugin's table as its argument.
int module_samples(lua_State *L) {
    ailua_state *host = host_of(L);
    arena_reset(&host->arena);
    host->sample_count = 0;
    if (raw_field(L, 1, "samples") != LUA_TTABLE) return 0;
    int samples = lua_gettop(L);
    int count = (int)lua_rawlen(L, samples);
    for (int i = 1; i <= count; i++) {
        if (lua_rawgeti(L, samples, i) != LUA_TTABLE) return luaL_error(L, "samples[%d] must be a table", i);
        int sample = lua_gettop(L);
        if (raw_field(L, sample, "line") != LUA_TSTRING) {
            return luaL_error(L, "samples[%d].line must be a string", i);
        }
        add_top(L, host, AILUA_SAMPLE_LINE);
        int type = raw_field(L, sample, "expect");
        if (type == LUA_TBOOLEAN && !lua_toboolean(L, -1)) {
            add(L, host, AILUA_SAMPLE_REFUSED);
        } else if (type == LUA_TTABLE) {
            read_expectation(L, host, lua_gettop(L), i);
        } else {
            return luaL_error(L, "samples[%d].expect must be a table, or false for a line to refuse", i);
        }
        lua_settop(L, samples);
    }
    return 0;
}
