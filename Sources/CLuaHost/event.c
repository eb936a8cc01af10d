#include "host.h"

#include <string.h>

// The event as scripts see it: two userdata made once a state, which stand for whatever event is at hand.
// Reads come from the caller's memory, writes go to an array that the caller reads after the call.

static ailua_state *current(lua_State *L) {
    ailua_state *host = host_of(L);
    if (!host->has_event) luaL_error(L, "there is no event outside of parse");
    return host;
}

static void push_value(lua_State *L, const ailua_value *value) {
    switch (value->type) {
    case AILUA_BOOLEAN: lua_pushboolean(L, value->integer != 0); break;
    case AILUA_INTEGER: lua_pushinteger(L, value->integer); break;
    case AILUA_NUMBER: lua_pushnumber(L, value->number); break;
    case AILUA_STRING: lua_pushlstring(L, value->bytes, value->length); break;
    default: lua_pushnil(L); break;
    }
}

void host_copy_value(lua_State *L, ailua_state *host, int index, ailua_value *value) {
    switch (lua_type(L, index)) {
    case LUA_TNIL: value->type = AILUA_NIL; break;
    case LUA_TBOOLEAN:
        value->type = AILUA_BOOLEAN;
        value->integer = lua_toboolean(L, index);
        break;
    case LUA_TNUMBER:
        if (lua_isinteger(L, index)) {
            value->type = AILUA_INTEGER;
            value->integer = lua_tointeger(L, index);
        } else {
            value->type = AILUA_NUMBER;
            value->number = lua_tonumber(L, index);
        }
        break;
    case LUA_TSTRING: {
        const char *bytes = lua_tolstring(L, index, &value->length);
        if (bytes == host->line_in_lua && value->length == host->line_length) {
            bytes = host->line;
        } else {
            bytes = arena_copy(&host->arena, bytes, value->length);
            if (bytes == NULL) {
                luaL_error(L, "more than %d MiB written to one event", (int)(HOST_EVENT_BYTES / 1024 / 1024));
            }
        }
        value->bytes = bytes;
        value->type = AILUA_STRING;
        break;
    }
    default: value->type = AILUA_OTHER; break;
    }
}

// MARK: event.fields

static ailua_value *find_field(ailua_state *host, const char *key, size_t length) {
    for (uint32_t i = 0; i < host->event.field_count; i++) {
        ailua_value *field = &host->fields[i];
        if (field->key_length == length && memcmp(field->key, key, length) == 0) return field;
    }
    return NULL;
}

static const char *check_key(lua_State *L, size_t *length) {
    if (lua_type(L, 2) != LUA_TSTRING) {
        luaL_error(L, "a field's name is a string, not a %s", luaL_typename(L, 2));
    }
    return lua_tolstring(L, 2, length);
}

static int fields_index(lua_State *L) {
    ailua_state *host = current(L);
    size_t length;
    const char *key = check_key(L, &length);
    const ailua_value *field = find_field(host, key, length);
    if (field == NULL) return 0;
    push_value(L, field);
    return 1;
}

static int fields_newindex(lua_State *L) {
    ailua_state *host = current(L);
    size_t length;
    const char *key = check_key(L, &length);
    ailua_value *field = find_field(host, key, length);
    int type = lua_type(L, 3);
    if (type != LUA_TSTRING && type != LUA_TNUMBER && type != LUA_TBOOLEAN && type != LUA_TNIL) {
        return luaL_error(L, "field \"%s\" can't be a %s", key, luaL_typename(L, 3));
    }
    if (field == NULL) {
        if (type == LUA_TNIL) return 0;
        if (length == 0 || length > HOST_KEY_BYTES) {
            return luaL_error(L, "a field's name has 1 to %d bytes", (int)HOST_KEY_BYTES);
        }
        if (host->event.field_count == HOST_FIELDS) {
            return luaL_error(L, "more than %d fields in one event", (int)HOST_FIELDS);
        }
        const char *copy = arena_copy(&host->arena, key, length);
        if (copy == NULL) return luaL_error(L, "no memory for the event's fields");
        field = &host->fields[host->event.field_count];
        field->key = copy;
        field->key_length = (uint32_t)length;
        field->type = AILUA_NIL;
        host->event.field_count++;
    }
    host_copy_value(L, host, 3, field);
    return 0;
}

// MARK: event

enum { MEMBER_MESSAGE = 1, MEMBER_RAW, MEMBER_LEVEL, MEMBER_COMPONENT, MEMBER_TIME, MEMBER_FIELDS };

static const char *const members[] = {"message", "raw", "level", "component", "time", "fields", NULL};

/// Upvalue 1 maps names to members.
static int member(lua_State *L) {
    lua_pushvalue(L, 2);
    lua_rawget(L, lua_upvalueindex(1));
    int found = (int)lua_tointeger(L, -1);
    lua_pop(L, 1);
    if (found == 0) {
        luaL_error(L, "the event has no \"%s\": message, raw, level, component, time and fields are what it has",
            lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : luaL_typename(L, 2));
    }
    return found;
}

static int event_index(lua_State *L) {
    int found = member(L);
    if (found == MEMBER_FIELDS) {
        lua_pushvalue(L, lua_upvalueindex(2));
        return 1;
    }
    ailua_state *host = current(L);
    const ailua_event *event = &host->event;
    switch (found) {
    case MEMBER_MESSAGE:
        // Until it is written, the message is the whole line.
        if (event->message.type == AILUA_NIL) {
            lua_pushlstring(L, host->line, host->line_length);
        } else {
            push_value(L, &event->message);
        }
        return 1;
    case MEMBER_RAW: lua_pushlstring(L, host->line, host->line_length); return 1;
    case MEMBER_LEVEL:
        if (event->level == 0) return 0;
        lua_pushlstring(L, host->level_word, host->level_length);
        return 1;
    case MEMBER_COMPONENT: push_value(L, &event->component); return 1;
    default:
        if (!event->has_time || !event->time.absolute) return 0;
        lua_pushinteger(L, event->time.nanoseconds);
        return 1;
    }
}

static void write_text(lua_State *L, ailua_state *host, ailua_value *value, const char *name) {
    int type = lua_type(L, 3);
    if (type != LUA_TSTRING && type != LUA_TNIL) {
        luaL_error(L, "event.%s is a string, not a %s", name, luaL_typename(L, 3));
    }
    host_copy_value(L, host, 3, value);
}

static void write_level(lua_State *L, ailua_state *host) {
    if (lua_isnil(L, 3)) {
        host->event.level = 0;
        return;
    }
    if (lua_type(L, 3) != LUA_TSTRING) luaL_error(L, "event.level is a word, not a %s", luaL_typename(L, 3));
    size_t length;
    const char *word = lua_tolstring(L, 3, &length);
    uint8_t level = host->services.level((const uint8_t *)word, length);
    if (level == 0) luaL_error(L, "\"%s\" is no level: trace, debug, info, warning, error or critical", word);
    const char *copy = arena_copy(&host->arena, word, length);
    if (copy == NULL) luaL_error(L, "no memory for the event's level");
    host->event.level = level;
    host->level_word = copy;
    host->level_length = length;
}

static void write_time(lua_State *L, ailua_state *host) {
    ailua_event *event = &host->event;
    ailua_time time = {0};
    bool is_number = false;
    if (lua_isnil(L, 3)) {
        event->has_time = false;
        return;
    }
    if (lua_type(L, 3) == LUA_TNUMBER) {
        int whole = 0;
        time.nanoseconds = lua_tointegerx(L, 3, &whole);
        if (!whole || time.nanoseconds == INT64_MIN) {
            luaL_error(L, "event.time as a number is a count of nanoseconds since 1970, without a fraction");
        }
        time.absolute = true;
        is_number = true;
    } else if (lua_type(L, 3) == LUA_TSTRING) {
        size_t length;
        const char *text = lua_tolstring(L, 3, &length);
        if (!host->services.time((const uint8_t *)text, length, &time)) {
            luaL_error(L, "event.time: no timestamp in \"%s\"", text);
        }
    } else {
        luaL_error(L, "event.time is nanoseconds or text, not a %s", luaL_typename(L, 3));
    }
    event->time = time;
    event->has_time = true;
    event->time_is_number = is_number;
}

static int event_newindex(lua_State *L) {
    int found = member(L);
    ailua_state *host = current(L);
    switch (found) {
    case MEMBER_MESSAGE: write_text(L, host, &host->event.message, "message"); break;
    case MEMBER_COMPONENT: write_text(L, host, &host->event.component, "component"); break;
    case MEMBER_LEVEL: write_level(L, host); break;
    case MEMBER_TIME: write_time(L, host); break;
    case MEMBER_RAW: return luaL_error(L, "event.raw can't be written: it is the line as read");
    default: return luaL_error(L, "event.fields can't be replaced, write event.fields.NAME");
    }
    return 0;
}

// MARK: Life

void event_begin(ailua_state *host, const char *line, size_t length) {
    arena_reset(&host->arena);
    host->line = line;
    host->line_length = length;
    host->line_in_lua = NULL;
    host->event.message.type = AILUA_NIL;
    host->event.component.type = AILUA_NIL;
    host->event.field_count = 0;
    host->event.level = 0;
    host->event.has_time = false;
    host->event.time_is_number = false;
    host->event.fields = host->fields;
}

/// A userdata of nothing but its first word, with a metatable on top of it.
static void push_proxy(lua_State *L, uint32_t magic) {
    uint32_t *head = lua_newuserdatauv(L, sizeof *head, 0);
    *head = magic;
    lua_createtable(L, 0, 3);
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
}

void event_push(lua_State *L) {
    push_proxy(L, MAGIC_FIELDS);
    lua_pushcfunction(L, fields_index);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, fields_newindex);
    lua_setfield(L, -2, "__newindex");
    lua_setmetatable(L, -2);
    int fields = lua_gettop(L);

    lua_newtable(L);
    for (int i = 0; members[i] != NULL; i++) {
        lua_pushinteger(L, i + 1);
        lua_setfield(L, -2, members[i]);
    }
    int names = lua_gettop(L);

    push_proxy(L, MAGIC_EVENT);
    // `event.fields` is found in the table, without a call; all else goes on to the table's own __index.
    lua_newtable(L);
    lua_pushvalue(L, fields);
    lua_setfield(L, -2, "fields");
    lua_newtable(L);
    lua_pushvalue(L, names);
    lua_pushvalue(L, fields);
    lua_pushcclosure(L, event_index, 2);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
    lua_setfield(L, -2, "__index");
    lua_pushvalue(L, names);
    lua_pushcclosure(L, event_newindex, 1);
    lua_setfield(L, -2, "__newindex");
    lua_setmetatable(L, -2);
    lua_replace(L, fields);
    lua_settop(L, fields);
}
