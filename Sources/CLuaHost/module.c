#include "host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The table that a plugin's chunk returns, read without its metamethods.

static int raw_field(lua_State *L, int table, const char *name) {
    lua_pushstring(L, name);
    return lua_rawget(L, table);
}

static bool is_scalar(int type) {
    return type == LUA_TNIL || type == LUA_TBOOLEAN || type == LUA_TNUMBER || type == LUA_TSTRING;
}

void host_list_value(lua_State *L, host_list *list, int index, uint8_t role, const char *key) {
    ailua_state *host = host_of(L);
    ailua_value *value = list_add(list, role);
    if (value == NULL) luaL_error(L, "more than the host takes at a time");
    if (key != NULL) {
        size_t length = strlen(key);
        value->key = arena_copy(&list->arena, key, length);
        if (value->key == NULL) luaL_error(L, "more than the host takes at a time");
        value->key_length = (uint32_t)length;
    }
    host_copy_value(L, host, &list->arena, index, value);
}

static void read_entry(lua_State *L, ailua_state *host, const char *name, ailua_value *value) {
    memset(value, 0, sizeof *value);
    raw_field(L, SLOT_MODULE, name);
    host_copy_value(L, host, &host->contract_arena, -1, value);
    lua_pop(L, 1);
}

static bool is_kind(const ailua_value *kind, const char *name) {
    return kind->type == AILUA_STRING && kind->length == strlen(name) && memcmp(kind->bytes, name, kind->length) == 0;
}

/// The function that the host calls, by the plugin's kind.
static const char *function_of(const ailua_value *kind) {
    static const struct { const char *kind; const char *function; } functions[] = {
        {"parser", "parse"}, {"filter", "process"}, {"correlator", "process"}, {"sink", "write"}};
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        if (is_kind(kind, functions[i].kind)) return functions[i].function;
    }
    return "parse";
}

static void note_kind(ailua_state *host, const ailua_value *kind) {
    static const char *const early[] = {"parser", "filter", "fluentbit"};
    for (size_t i = 0; i < sizeof early / sizeof *early; i++) {
        if (is_kind(kind, early[i])) host->without_findings = host->without_template = i == 0 ? "parser" : "filter";
    }
    if (is_kind(kind, "correlator")) host->without_template = "correlator";
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
    read_entry(L, host, "name", &host->contract.name);
    read_entry(L, host, "kind", &host->contract.kind);
    read_entry(L, host, "api", &host->contract.api);
    read_entry(L, host, "match", &host->contract.match);
    read_entry(L, host, "multiline", &host->contract.multiline);
    host->contract.has_samples = raw_field(L, SLOT_MODULE, "samples") == LUA_TTABLE && lua_rawlen(L, -1) > 0;
    note_kind(host, &host->contract.kind);
    host->contract.function = function_of(&host->contract.kind);
    if (raw_field(L, SLOT_MODULE, host->contract.function) != LUA_TFUNCTION) host->contract.function = NULL;
    // The function and the table, for the fixed places on the main stack.
    lua_pushvalue(L, 1);
    return 2;
}

// MARK: Samples

static ailua_value *add(lua_State *L, ailua_state *host, uint8_t role) {
    ailua_value *value = list_add(&host->answers, role);
    if (value == NULL) luaL_error(L, "too many samples");
    return value;
}

/// The value on top, which it takes off.
static void add_top(lua_State *L, ailua_state *host, uint8_t role) {
    host_list_value(L, &host->answers, -1, role, NULL);
    lua_pop(L, 1);
}

static void read_fields(lua_State *L, ailua_state *host, int fields, int sample) {
    for (lua_pushnil(L); lua_next(L, fields) != 0;) {
        if (lua_type(L, -2) != LUA_TSTRING) luaL_error(L, "samples[%d]: a field's name must be a string", sample);
        const char *key = lua_tostring(L, -2);
        bool null = lua_type(L, -1) == LUA_TLIGHTUSERDATA && lua_touserdata(L, -1) == NULL;
        if (!null && !is_scalar(lua_type(L, -1)) && lua_type(L, -1) != LUA_TTABLE) {
            luaL_error(L, "samples[%d]: expect.fields.%s can't be a %s", sample, key, luaL_typename(L, -1));
        }
        host_list_value(L, &host->answers, -1, AILUA_SAMPLE_FIELD, key);
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
    list_clear(&host->answers);
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

// MARK: Entries

/// Whether the function was written with a colon, which gives it a parameter before all others.
static bool is_method(lua_State *L, int function) {
    if (lua_type(L, function) != LUA_TFUNCTION || lua_iscfunction(L, function)) return false;
    lua_pushvalue(L, function);
    const char *first = lua_getlocal(L, NULL, 1);
    lua_settop(L, -2);
    return first != NULL && strcmp(first, "self") == 0;
}

/// A key of the plugin's table, and the type of what it stands for: "method" for a function that takes itself first.
static void add_key(lua_State *L, ailua_state *host, int key, int value) {
    char name[64];
    if (lua_type(L, key) == LUA_TSTRING) {
        snprintf(name, sizeof name, "%s", lua_tostring(L, key));
    } else if (lua_isinteger(L, key)) {
        snprintf(name, sizeof name, "[%lld]", (long long)lua_tointeger(L, key));
    } else {
        snprintf(name, sizeof name, "[%s]", luaL_typename(L, key));
    }
    lua_pushstring(L, is_method(L, value) ? "method" : luaL_typename(L, value));
    host_list_value(L, &host->answers, -1, AILUA_ENTRY_KEY, name);
    lua_pop(L, 1);
}

static void add_entry(lua_State *L, ailua_state *host, const char *prefix, const char *key) {
    char name[2 * HOST_KEY_BYTES];
    if (strlen(prefix) + strlen(key) + 2 > sizeof name) luaL_error(L, "a key of the plugin's table is too long");
    size_t length = strlen(prefix);
    memcpy(name, prefix, length);
    if (length > 0) name[length++] = '.';
    strcpy(name + length, key);
    host_list_value(L, &host->answers, -1, AILUA_ENTRY_VALUE, name);
}

/// The entries of the table on top: lists under `key`, maps as "key.name".
static void add_table(lua_State *L, ailua_state *host, const char *key) {
    int table = lua_gettop(L);
    lua_Integer count = (lua_Integer)lua_rawlen(L, table);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, table, i);
        if (is_scalar(lua_type(L, -1))) add_entry(L, host, "", key);
        lua_pop(L, 1);
    }
    for (lua_pushnil(L); lua_next(L, table) != 0; lua_pop(L, 1)) {
        if (lua_type(L, -2) == LUA_TSTRING && is_scalar(lua_type(L, -1))) {
            add_entry(L, host, key, lua_tostring(L, -2));
        }
    }
}

/// Called with the plugin's table as its argument.
int module_entries(lua_State *L) {
    ailua_state *host = host_of(L);
    list_clear(&host->answers);
    for (lua_pushnil(L); lua_next(L, 1) != 0; lua_settop(L, 2)) {
        add_key(L, host, 2, 3);
        if (lua_type(L, 2) != LUA_TSTRING) continue;
        const char *key = lua_tostring(L, 2);
        if (strcmp(key, "samples") == 0) continue;
        int type = lua_type(L, 3);
        if (type == LUA_TTABLE) {
            add_table(L, host, key);
        } else if (is_scalar(type) || type == LUA_TFUNCTION) {
            add_entry(L, host, "", key);
        }
    }
    return 0;
}

/// Called with the plugin's table, a key and a text as its arguments.
int module_configure(lua_State *L) {
    const char *key = lua_tostring(L, 2);
    if (raw_field(L, 1, "config") != LUA_TTABLE) return luaL_error(L, "the plugin has no config, so no \"%s\"", key);
    int config = lua_gettop(L);
    lua_pushvalue(L, 2);
    int type = lua_rawget(L, config);
    lua_pushvalue(L, 2);
    switch (type) {
    case LUA_TSTRING: lua_pushvalue(L, 3); break;
    case LUA_TNUMBER:
        if (lua_stringtonumber(L, lua_tostring(L, 3)) == 0) {
            return luaL_error(L, "config.%s is a number, not \"%s\"", key, lua_tostring(L, 3));
        }
        break;
    case LUA_TBOOLEAN: {
        bool yes = strcmp(lua_tostring(L, 3), "true") == 0;
        if (!yes && strcmp(lua_tostring(L, 3), "false") != 0) {
            return luaL_error(L, "config.%s is true or false, not \"%s\"", key, lua_tostring(L, 3));
        }
        lua_pushboolean(L, yes);
        break;
    }
    case LUA_TTABLE: {
        // A list of texts, as "a,b,c". What is put in the place of anything else would be something else.
        size_t count = 0;
        for (lua_pushnil(L); lua_next(L, config + 1) != 0; lua_pop(L, 1), count++) {
            if (lua_type(L, -1) != LUA_TSTRING) count = SIZE_MAX / 2;
        }
        if (count != lua_rawlen(L, config + 1)) {
            return luaL_error(L, "config.%s is a table that isn't a list of texts: it can't be set", key);
        }
        lua_newtable(L);
        const char *at = lua_tostring(L, 3);
        for (lua_Integer i = 1; *at != 0; i++) {
            size_t length = strcspn(at, ",");
            lua_pushlstring(L, at, length);
            lua_rawseti(L, -2, i);
            at += length;
            if (*at == ',') at++;
        }
        break;
    }
    default: return luaL_error(L, "config has no \"%s\"", key);
    }
    lua_rawset(L, config);
    return 0;
}
