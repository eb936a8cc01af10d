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
        const host_piece *piece = piece_slot(host, bytes);
        size_t offset = piece->offset;
        if (piece->bytes == bytes && offset <= host->line_length && value->length <= host->line_length - offset
            && memcmp(host->line + offset, bytes, value->length) == 0) {
            bytes = host->line + offset;
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

/// The key of an access, as a name if it can be one. Numbers are taken as their text.
static host_name *check_key(lua_State *L, ailua_state *host, const char **key, size_t *length) {
    *key = lua_tolstring(L, 2, length);
    if (*key == NULL) luaL_error(L, "a field's name is a string, not a %s", luaL_typename(L, 2));
    host_name *name = name_find(host, *key);
    return name != NULL ? name : name_learn(L, host, 2);
}

static ailua_value *find_field(ailua_state *host, const host_name *name, const char *key, size_t length) {
    if (name != NULL) return name->stamp == host->stamp ? &host->fields[name->field] : NULL;
    for (uint32_t i = 0; i < host->event.field_count; i++) {
        ailua_value *field = &host->fields[i];
        if (field->name == AILUA_NO_NAME && field->key_length == length && memcmp(field->key, key, length) == 0) {
            return field;
        }
    }
    return NULL;
}

static int fields_index(lua_State *L) {
    ailua_state *host = current(L);
    const char *key;
    size_t length;
    const host_name *name = check_key(L, host, &key, &length);
    const ailua_value *field = find_field(host, name, key, length);
    if (field == NULL) return 0;
    push_value(L, field);
    return 1;
}

static ailua_value *add_field(
    lua_State *L, ailua_state *host, host_name *name, const char *key, size_t length) {
    if (length == 0 || length > HOST_KEY_BYTES) {
        luaL_error(L, "a field's name has 1 to %d bytes", (int)HOST_KEY_BYTES);
    }
    if (host->event.field_count == HOST_FIELDS) {
        luaL_error(L, "more than %d fields in one event", (int)HOST_FIELDS);
    }
    ailua_value *field = &host->fields[host->event.field_count];
    if (name != NULL) {
        field->key = name->bytes;
        field->name = name->id;
        name->stamp = host->stamp;
        name->field = (uint16_t)host->event.field_count;
    } else {
        field->key = arena_copy(&host->arena, key, length);
        field->name = AILUA_NO_NAME;
        if (field->key == NULL) luaL_error(L, "no memory for the event's fields");
    }
    field->key_length = (uint32_t)length;
    field->type = AILUA_NIL;
    host->event.field_count++;
    return field;
}

static int fields_newindex(lua_State *L) {
    ailua_state *host = current(L);
    const char *key;
    size_t length;
    host_name *name = check_key(L, host, &key, &length);
    ailua_value *field = find_field(host, name, key, length);
    int type = lua_type(L, 3);
    if (type > LUA_TSTRING || type == LUA_TLIGHTUSERDATA) {
        return luaL_error(L, "field \"%s\" can't be a %s", key, luaL_typename(L, 3));
    }
    if (field == NULL) {
        if (type == LUA_TNIL) return 0;
        field = add_field(L, host, name, key, length);
    }
    host_copy_value(L, host, 3, field);
    return 0;
}

// MARK: event

enum { MEMBER_MESSAGE = 1, MEMBER_RAW, MEMBER_LEVEL, MEMBER_COMPONENT, MEMBER_TIME, MEMBER_FIELDS };

static const char *const members[] = {"message", "raw", "level", "component", "time", "fields", NULL};

static int member(lua_State *L, ailua_state *host) {
    const char *key = lua_tostring(L, 2);
    const host_name *name = key != NULL ? name_find(host, key) : NULL;
    if (name == NULL || name->member == 0) {
        luaL_error(L, "the event has no \"%s\": message, raw, level, component, time and fields are what it has",
            key != NULL ? key : luaL_typename(L, 2));
    }
    return name->member;
}

static int event_index(lua_State *L) {
    ailua_state *host = current(L);
    int found = member(L, host);
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

uint8_t event_level(lua_State *L, ailua_state *host, int index) {
    if (lua_type(L, index) != LUA_TSTRING) luaL_error(L, "a level is a word, not a %s", luaL_typename(L, index));
    size_t length;
    const char *word = lua_tolstring(L, index, &length);
    host_name *name = name_find(host, word);
    if (name != NULL && name->level_known) return name->level;
    uint8_t level = host->services.level((const uint8_t *)word, length);
    if (level == 0) luaL_error(L, "\"%s\" is no level: trace, debug, info, warning, error or critical", word);
    if (name == NULL) name = name_learn(L, host, index);
    if (name != NULL) {
        name->level = level;
        name->level_known = true;
    }
    return level;
}

static void write_level(lua_State *L, ailua_state *host) {
    if (lua_isnil(L, 3)) {
        host->event.level = 0;
        return;
    }
    host->event.level = event_level(L, host, 3);
    const char *word = lua_tolstring(L, 3, &host->level_length);
    // A learnt word stays where it is; one of too many is copied.
    host->level_word = name_find(host, word) != NULL ? word : arena_copy(&host->arena, word, host->level_length);
    if (host->level_word == NULL) luaL_error(L, "no memory for the event's level");
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
    ailua_state *host = current(L);
    switch (member(L, host)) {
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
    if (++host->stamp == 0) {
        for (uint32_t i = 0; i < host->name_count; i++) host->names[i].stamp = 0;
        host->stamp = 1;
    }
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
static void push_proxy(lua_State *L, uint32_t magic, const char *name) {
    uint32_t *head = lua_newuserdatauv(L, sizeof *head, 0);
    *head = magic;
    lua_createtable(L, 0, 4);
    lua_pushstring(L, name);
    lua_setfield(L, -2, "__name");
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
}

void event_push(lua_State *L) {
    push_proxy(L, MAGIC_FIELDS, "event.fields");
    lua_pushcfunction(L, fields_index);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, fields_newindex);
    lua_setfield(L, -2, "__newindex");
    lua_setmetatable(L, -2);
    int fields = lua_gettop(L);

    ailua_state *host = host_of(L);
    for (int i = 0; members[i] != NULL; i++) {
        lua_pushstring(L, members[i]);
        // The first names of a state: there is room for them.
        name_learn(L, host, -1)->member = (uint8_t)(i + 1);
        lua_pop(L, 1);
    }

    push_proxy(L, MAGIC_EVENT, "event");
    // `event.fields` is found in the table, without a call; all else goes on to the table's own __index.
    lua_newtable(L);
    lua_pushvalue(L, fields);
    lua_setfield(L, -2, "fields");
    lua_newtable(L);
    lua_pushcfunction(L, event_index);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, event_newindex);
    lua_setfield(L, -2, "__newindex");
    lua_setmetatable(L, -2);
    lua_replace(L, fields);
    lua_settop(L, fields);
}
