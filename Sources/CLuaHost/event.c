#include "host.h"
#include "plain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The event as scripts see it: a few pairs of userdata made once a state, which stand in turn for the event at hand.
// Reads come from the batch in place, or from the line; writes go to `host->event` and `host->fields`, which the caller
// applies after the call. What was written is what is read from then on. A script that keeps an event is told so with
// the next one, which has another pair; only every EVENT_SLOTS-th has the same.

enum { EVENT_SLOTS = 8 };

/// The event, or its fields.
typedef struct {
    uint32_t magic;
    uint32_t slot;
} proxy;

void event_push(lua_State *L, const ailua_state *host, int events) {
    lua_rawgeti(L, events, (lua_Integer)host->event_slot + 1);
}

void event_hand(lua_State *L, ailua_state *host, int events) {
    host->event_slot = (host->event_slot + 1) % EVENT_SLOTS;
    event_push(L, host, events);
}

/// The state, if the event of that slot is the one at hand; else an error.
static ailua_state *check_slot(lua_State *L, uint32_t slot) {
    ailua_state *host = host_of(L);
    if (!host->has_event) luaL_error(L, "there is no event outside of the call that it was given to");
    if (slot != host->event_slot) {
        luaL_error(L, "this event is over: it lasts for the call that it was given to, so keep what is needed of it");
    }
    return host;
}

/// The state, if the event that a function belongs to is the one at hand. Upvalue 1 is its slot.
static ailua_state *current(lua_State *L) {
    return check_slot(L, (uint32_t)lua_tointeger(L, lua_upvalueindex(1)));
}

ailua_state *event_check(lua_State *L, int index) {
    const proxy *event = host_check(L, index, MAGIC_EVENT, "event");
    return check_slot(L, event->slot);
}

// MARK: Values

static void push_value(lua_State *L, const ailua_value *value) {
    switch (value->type) {
    case AILUA_BOOLEAN: lua_pushboolean(L, value->integer != 0); break;
    case AILUA_INTEGER: lua_pushinteger(L, value->integer); break;
    case AILUA_NUMBER: lua_pushnumber(L, value->number); break;
    case AILUA_STRING: lua_pushlstring(L, value->bytes, value->length); break;
    case AILUA_NULL: lua_pushlightuserdata(L, NULL); break;
    case AILUA_JSON:
        if (!json_push(L, value->bytes, value->length)) lua_error(L);
        break;
    default: lua_pushnil(L); break;
    }
}

static const char *copy_bytes(lua_State *L, host_arena *arena, const char *bytes, size_t length) {
    const char *copy = arena_copy(arena, bytes, length);
    if (copy == NULL) luaL_error(L, "more than %d MiB written to one event", (int)(HOST_EVENT_BYTES / 1024 / 1024));
    return copy;
}

void host_copy_value(lua_State *L, ailua_state *host, host_arena *arena, int index, ailua_value *value) {
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
        bool is_piece = piece->bytes == bytes && offset <= host->line_length
            && value->length <= host->line_length - offset
            && memcmp(host->line + offset, bytes, value->length) == 0;
        value->bytes = is_piece ? host->line + offset : copy_bytes(L, arena, bytes, value->length);
        value->type = AILUA_STRING;
        break;
    }
    case LUA_TTABLE:
        json_encode(L, index);
        value->bytes = lua_tolstring(L, -1, &value->length);
        value->bytes = copy_bytes(L, arena, value->bytes, value->length);
        value->type = AILUA_JSON;
        lua_pop(L, 1);
        break;
    case LUA_TLIGHTUSERDATA: value->type = AILUA_NULL; break;
    case LUA_TFUNCTION: value->type = AILUA_FUNCTION; break;
    default: value->type = AILUA_OTHER; break;
    }
}

static const char *text_at(const ailua_batch *batch, ailua_range range) {
    return range.end <= batch->raw_count ? (const char *)batch->raw + range.start
                                         : (const char *)batch->decoded + (range.start - batch->raw_count);
}

static void push_range(lua_State *L, const ailua_batch *batch, ailua_range range) {
    lua_pushlstring(L, range.end == range.start ? "" : text_at(batch, range), range.end - range.start);
}

/// A JSON number: an integer if it has neither point nor exponent and fits.
static void push_number(lua_State *L, const char *text, size_t length) {
    size_t at = length > 0 && text[0] == '-';
    if (length - at > 0 && length - at <= 18) {
        int64_t number = 0;
        size_t i = at;
        while (i < length && text[i] >= '0' && text[i] <= '9') number = number * 10 + (text[i++] - '0');
        if (i == length) {
            lua_pushinteger(L, at == 1 ? -number : number);
            return;
        }
    }
    char copy[400];
    if (length >= sizeof copy) {
        lua_pushlstring(L, text, length);
        return;
    }
    memcpy(copy, text, length);
    copy[length] = 0;
    if (lua_stringtonumber(L, copy) == 0) lua_pushlstring(L, text, length);
}

static void push_field(lua_State *L, const ailua_batch *batch, const ailua_field *field) {
    size_t length = field->value.end - field->value.start;
    const char *text = length == 0 ? "" : text_at(batch, field->value);
    switch (field->kind) {
    case 1: push_number(L, text, length); break;
    case 2:
        if (!json_push(L, text, length)) lua_error(L);
        break;
    default: lua_pushlstring(L, text, length); break;
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

static ailua_value *find_written(ailua_state *host, const host_name *name, const char *key, size_t length) {
    if (name != NULL) return name->stamp == host->stamp ? &host->fields[name->field] : NULL;
    for (uint32_t i = 0; i < host->event.field_count; i++) {
        ailua_value *field = &host->fields[i];
        if (field->name == AILUA_NO_NAME && field->key_length == length && memcmp(field->key, key, length) == 0) {
            return field;
        }
    }
    return NULL;
}

static uint16_t key_number(ailua_state *host, host_name *name, const char *key, size_t length) {
    if (name != NULL && name->key_known) return name->key;
    uint16_t number = host->services.key(host->batch->keys, (const uint8_t *)key, length);
    if (name != NULL) {
        name->key = number;
        name->key_known = true;
    }
    return number;
}

/// The record's own field, the last one of that name.
static const ailua_field *find_own(ailua_state *host, host_name *name, const char *key, size_t length) {
    const ailua_record *record = host->record;
    if (record == NULL || record->field_count == 0) return NULL;
    uint16_t number = key_number(host, name, key, length);
    const ailua_field *fields = host->batch->fields + record->first_field;
    for (size_t i = record->field_count; i > 0; i--) {
        if (fields[i - 1].key == number) return &fields[i - 1];
    }
    return NULL;
}

static int fields_index(lua_State *L) {
    ailua_state *host = current(L);
    const char *key;
    size_t length;
    host_name *name = check_key(L, host, &key, &length);
    const ailua_value *written = find_written(host, name, key, length);
    if (written != NULL) {
        push_value(L, written);
        return 1;
    }
    const ailua_field *own = find_own(host, name, key, length);
    if (own == NULL) return 0;
    push_field(L, host->batch, own);
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
        field->key = copy_bytes(L, &host->arena, key, length);
        field->name = AILUA_NO_NAME;
    }
    field->key_length = (uint32_t)length;
    field->type = AILUA_NIL;
    host->event.field_count++;
    return field;
}

/// Whether the float at `index` is what reading the record's own field gives: written back, the field keeps its text. A
/// number beyond 64 bits or of more digits than a float holds would lose them.
static bool is_own_float(lua_State *L, const ailua_batch *batch, const ailua_field *own, int index) {
    if (own == NULL || own->kind != 1) return false;
    push_field(L, batch, own);
    bool same = lua_rawequal(L, index, -1);
    lua_pop(L, 1);
    return same;
}

static int fields_newindex(lua_State *L) {
    ailua_state *host = current(L);
    const char *key;
    size_t length;
    host_name *name = check_key(L, host, &key, &length);
    ailua_value *field = find_written(host, name, key, length);
    int type = lua_type(L, 3);
    bool fits = type <= LUA_TTABLE && (type != LUA_TLIGHTUSERDATA || lua_touserdata(L, 3) == NULL);
    if (!fits) return luaL_error(L, "field \"%s\" can't be a %s", key, luaL_typename(L, 3));
    if (field == NULL) {
        if (type == LUA_TNIL && find_own(host, name, key, length) == NULL) return 0;
        if (type == LUA_TNUMBER && !lua_isinteger(L, 3)
            && is_own_float(L, host->batch, find_own(host, name, key, length), 3)) {
            return 0;
        }
        field = add_field(L, host, name, key, length);
    }
    host_copy_value(L, host, &host->arena, 3, field);
    return 0;
}

/// Steps through the record's own fields that aren't written over, then through the written ones. Pushes name and value of
/// the next one from `*place` on; false at the end.
static bool push_next(lua_State *L, ailua_state *host, lua_Integer *place) {
    lua_Integer at = *place;
    lua_Integer own = host->record != NULL ? host->record->field_count : 0;
    lua_Integer end = own + host->event.field_count;
    for (; at < end; at++) {
        if (at < own) {
            const ailua_field *field = host->batch->fields + host->record->first_field + at;
            ailua_text key = host->services.key_name(host->batch->keys, field->key);
            const char *bytes = lua_pushlstring(L, (const char *)key.bytes, key.length);
            if (find_written(host, name_find(host, bytes), bytes, key.length) == NULL) {
                push_field(L, host->batch, field);
                break;
            }
            lua_pop(L, 1);
        } else if (host->fields[at - own].type != AILUA_NIL) {
            const ailua_value *value = &host->fields[at - own];
            lua_pushlstring(L, value->key, value->key_length);
            push_value(L, value);
            break;
        }
    }
    *place = at + 1;
    return at < end;
}

/// Upvalue 2 is the place.
static int fields_next(lua_State *L) {
    lua_Integer at = lua_tointeger(L, lua_upvalueindex(2));
    if (!push_next(L, current(L), &at)) return 0;
    lua_pushinteger(L, at);
    lua_replace(L, lua_upvalueindex(2));
    return 2;
}

bool event_copy_fields(lua_State *L, int index) {
    const proxy *fields = lua_touserdata(L, index);
    if (lua_type(L, index) != LUA_TUSERDATA || fields->magic != MAGIC_FIELDS) return false;
    ailua_state *host = check_slot(L, fields->slot);
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    lua_newtable(L);
    for (lua_Integer at = 0; push_next(L, host, &at);) {
        limits_charge(L, host, 2);
        lua_rawset(L, -3);
    }
    return true;
}

static int fields_pairs(lua_State *L) {
    current(L);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, fields_next, 2);
    return 1;
}

// MARK: event

enum {
    MEMBER_MESSAGE = 1,
    MEMBER_RAW,
    MEMBER_LEVEL,
    MEMBER_COMPONENT,
    MEMBER_TIME,
    MEMBER_FIELDS,
    MEMBER_SAMPLE,
    MEMBER_SEVERITY,
    MEMBER_FORMAT,
    MEMBER_SOURCE,
    MEMBER_LINE,
    MEMBER_OFFSET,
    MEMBER_FINDINGS,
    MEMBER_TEMPLATE
};

static const char *const members[] = {"message", "raw", "level", "component", "time", "fields", "sample", "severity",
    "format", "source", "line", "offset", "findings", "template", NULL};

enum { SAMPLE_BYTES = 2000 };

/// Four months of nanoseconds: numbers below are times in another unit.
#define EARLIEST ((int64_t)10000000000000000)

static int member(lua_State *L, ailua_state *host) {
    const char *key = lua_tostring(L, 2);
    const host_name *name = key != NULL ? name_find(host, key) : NULL;
    if (name == NULL || name->member == 0) {
        luaL_error(L,
            "the event has no \"%s\": message, level, component, time, fields, raw, severity, format, source, line, "
            "offset, findings, template and sample() are what it has",
            key != NULL ? key : luaL_typename(L, 2));
    }
    return name->member;
}

static const char *level_name(uint8_t rank) {
    static const char *const names[] = {NULL, "trace", "debug", "info", "warning", "error", "critical"};
    return rank < sizeof names / sizeof *names ? names[rank] : NULL;
}

static void push_message(lua_State *L, ailua_state *host) {
    if (host->event.wrote & AILUA_WROTE_MESSAGE) {
        push_value(L, &host->event.message);
    } else if (host->record != NULL) {
        push_range(L, host->batch, host->record->message);
    } else {
        // Until a parser writes it, the message is the whole line.
        lua_pushlstring(L, host->line, host->line_length);
    }
}

static void push_level(lua_State *L, ailua_state *host) {
    if (host->event.wrote & AILUA_WROTE_LEVEL) {
        if (host->event.level == 0) {
            lua_pushnil(L);
        } else {
            lua_pushlstring(L, host->level_word, host->level_length);
        }
        return;
    }
    lua_pushstring(L, host->record != NULL ? level_name(host->record->severity) : NULL);
}

static void push_component(lua_State *L, ailua_state *host) {
    if (host->event.wrote & AILUA_WROTE_COMPONENT) {
        push_value(L, &host->event.component);
    } else if (host->record != NULL && host->record->component.end > host->record->component.start) {
        push_range(L, host->batch, host->record->component);
    } else {
        lua_pushnil(L);
    }
}

/// False if the event's time isn't known.
static bool event_time(const ailua_state *host, int64_t *time) {
    if (host->event.wrote & AILUA_WROTE_TIME) {
        *time = host->event.time.nanoseconds;
        return host->event.has_time && host->event.time.absolute;
    }
    if (host->record == NULL || host->record->time == INT64_MIN) return false;
    *time = host->record->time;
    return true;
}

/// What a made-up event is said to be: a table in the registry, by an address that nothing else uses.
static void push_made_up(lua_State *L, const char *member) {
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &host_of(L)->is_split) == LUA_TTABLE) lua_getfield(L, -1, member);
}

/// A list also where it is empty.
static void push_list(lua_State *L) {
    lua_newtable(L);
    plain_push_list_mark(L);
    lua_setmetatable(L, -2);
}

static void check_seen(lua_State *L, const char *kind, const char *member, const char *has) {
    if (kind == NULL) return;
    luaL_error(L, "event.%s isn't there in a %s: it is known only when all filters are done, to %s", member, kind, has);
}

static void push_findings(lua_State *L, ailua_state *host) {
    const ailua_batch *batch = host->batch;
    check_seen(L, host->without_findings, "findings", "correlators and sinks");
    if (batch == NULL || host->record == NULL) {
        push_made_up(L, "findings");
        if (!lua_istable(L, -1)) push_list(L);
        return;
    }
    uint32_t record = (uint32_t)(host->record - batch->records);
    // Hits are in the order of records.
    size_t low = 0, high = batch->hit_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (batch->hits[middle].record < record) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    push_list(L);
    for (lua_Integer i = 1; low < batch->hit_count && batch->hits[low].record == record; low++, i++) {
        ailua_text id = batch->rules[batch->hits[low].rule];
        lua_pushlstring(L, (const char *)id.bytes, id.length);
        lua_rawseti(L, -2, i);
    }
}

static void push_template(lua_State *L, ailua_state *host) {
    const ailua_batch *batch = host->batch;
    check_seen(L, host->without_template, "template", "sinks");
    if (batch == NULL || host->record == NULL || batch->templates == NULL) {
        lua_pushnil(L);
        return;
    }
    ailua_text text = batch->template_texts[batch->templates[host->record - batch->records]];
    lua_pushlstring(L, (const char *)text.bytes, text.length);
}

static void push_format(lua_State *L, ailua_state *host) {
    const ailua_batch *batch = host->batch;
    if (batch == NULL || host->record == NULL) {
        push_made_up(L, "format");
    } else if (host->record->parser < batch->format_count) {
        ailua_text name = batch->formats[host->record->parser];
        lua_pushlstring(L, (const char *)name.bytes, name.length);
    } else {
        lua_pushliteral(L, "generic");
    }
}

static void push_place(lua_State *L, ailua_state *host, int which) {
    const ailua_batch *batch = host->batch;
    if (batch == NULL || host->record == NULL) {
        static const char *const names[] = {"source", "line", "offset"};
        push_made_up(L, names[which - MEMBER_SOURCE]);
    } else if (which == MEMBER_SOURCE) {
        lua_pushlstring(L, (const char *)batch->path.bytes, batch->path.length);
    } else if (which == MEMBER_LINE) {
        lua_pushinteger(L, batch->first_line + host->record->line + 1);
    } else {
        lua_pushinteger(L, batch->offsets != NULL ? batch->offsets[host->record - batch->records]
                                                  : batch->offset + host->record->raw.start);
    }
}

/// `event:sample()`: a plain table that stands for the event as evidence.
static int event_sample(lua_State *L) {
    ailua_state *host = current(L);
    lua_createtable(L, 0, 5);
    static const struct { const char *name; int member; } places[] = {
        {"source", MEMBER_SOURCE}, {"line", MEMBER_LINE}, {"offset", MEMBER_OFFSET}};
    int table = lua_gettop(L);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        push_place(L, host, places[i].member);
        lua_setfield(L, table, places[i].name);
        lua_settop(L, table);
    }
    int64_t time;
    if (event_time(host, &time)) {
        lua_pushinteger(L, time);
        lua_setfield(L, table, "time");
    }
    lua_pushlstring(L, host->line, host->line_length < SAMPLE_BYTES ? host->line_length : SAMPLE_BYTES);
    lua_setfield(L, table, "text");
    return 1;
}

static int event_index(lua_State *L) {
    ailua_state *host = current(L);
    int64_t time;
    int found = member(L, host);
    switch (found) {
    case MEMBER_MESSAGE: push_message(L, host); break;
    case MEMBER_RAW: lua_pushlstring(L, host->line, host->line_length); break;
    case MEMBER_LEVEL: push_level(L, host); break;
    case MEMBER_COMPONENT: push_component(L, host); break;
    case MEMBER_SEVERITY:
        if (host->event.wrote & AILUA_WROTE_LEVEL) {
            lua_pushinteger(L, host->event.level);
        } else {
            // OpenTelemetry's numbers: each level is the first of four.
            int rank = host->record != NULL ? host->record->severity : 0;
            lua_pushinteger(L, rank > 0 ? 4 * rank - 3 : 0);
        }
        break;
    case MEMBER_FORMAT: push_format(L, host); break;
    case MEMBER_FINDINGS: push_findings(L, host); break;
    case MEMBER_TEMPLATE: push_template(L, host); break;
    case MEMBER_TIME:
        if (!event_time(host, &time)) return 0;
        lua_pushinteger(L, time);
        break;
    default: push_place(L, host, found); break;
    }
    return 1;
}

static void write_text(lua_State *L, ailua_state *host, ailua_value *value, const char *name, uint8_t bit) {
    int type = lua_type(L, 3);
    if (type != LUA_TSTRING && type != LUA_TNIL) {
        luaL_error(L, "event.%s is a string, not a %s", name, luaL_typename(L, 3));
    }
    host->event.wrote |= bit;
    if (type == LUA_TSTRING && bit == AILUA_WROTE_MESSAGE) {
        // A message that is the line's end runs on over lines that join it; so it must be known for that for certain,
        // whatever became of its piece.
        size_t length;
        const char *bytes = lua_tolstring(L, 3, &length);
        if (length <= host->line_length && memcmp(host->line + host->line_length - length, bytes, length) == 0) {
            value->type = AILUA_STRING;
            value->bytes = host->line + host->line_length - length;
            value->length = length;
            return;
        }
    }
    host_copy_value(L, host, &host->arena, 3, value);
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
    host->event.level = 0;
    if (!lua_isnil(L, 3)) {
        host->event.level = event_level(L, host, 3);
        const char *word = lua_tolstring(L, 3, &host->level_length);
        // A learnt word stays where it is; one of too many is copied.
        host->level_word
            = name_find(host, word) != NULL ? word : copy_bytes(L, &host->arena, word, host->level_length);
    }
    host->event.wrote |= AILUA_WROTE_LEVEL;
}

/// A number of seconds, milliseconds or microseconds of today is one of nanoseconds in the first days of 1970.
static void check_unit(lua_State *L, int64_t time) {
    enum { SECOND = 1000000000 };
    if (time == 0 || time <= -EARLIEST || time >= EARLIEST) return;
    char shown[48];
    double seconds = (double)(time < 0 ? -time : time) / SECOND;
    bool is_long = seconds >= 2 * 86400;
    snprintf(shown, sizeof shown, "%.2g %s %s", is_long ? seconds / 86400 : seconds, is_long ? "days" : "s",
        time < 0 ? "before" : "after");
    luaL_error(L, "event.time: %I is %s 1970: it counts nanoseconds, which are seconds * 1000000000", (LUAI_UACINT)time,
        shown);
}

void event_set_time(ailua_state *host, int64_t nanoseconds) {
    host->event.time = (ailua_time){.nanoseconds = nanoseconds, .absolute = true};
    host->event.wrote |= AILUA_WROTE_TIME;
    host->event.has_time = true;
    host->event.time_is_number = true;
}

static void write_time(lua_State *L, ailua_state *host) {
    ailua_event *event = &host->event;
    ailua_time time = {0};
    bool is_number = false;
    event->wrote |= AILUA_WROTE_TIME;
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
        check_unit(L, time.nanoseconds);
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
    int found = member(L, host);
    switch (found) {
    case MEMBER_MESSAGE: write_text(L, host, &host->event.message, "message", AILUA_WROTE_MESSAGE); break;
    case MEMBER_COMPONENT: write_text(L, host, &host->event.component, "component", AILUA_WROTE_COMPONENT); break;
    case MEMBER_LEVEL: write_level(L, host); break;
    case MEMBER_TIME: write_time(L, host); break;
    case MEMBER_FIELDS: return luaL_error(L, "event.fields can't be replaced, write event.fields.NAME");
    case MEMBER_RAW: return luaL_error(L, "event.raw can't be written: it is the line as read");
    default: return luaL_error(L, "event.%s can't be written", members[found - 1]);
    }
    return 0;
}

// MARK: Life

static void begin(ailua_state *host, const char *line, size_t length) {
    arena_begin(&host->arena);
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
    host->event.wrote = 0;
    host->event.level = 0;
    host->event.has_time = false;
    host->event.time_is_number = false;
    host->event.fields = host->fields;
}

void event_begin(ailua_state *host, const char *line, size_t length) {
    arena_reset(&host->arena);
    host->batch = NULL;
    host->record = NULL;
    begin(host, line, length);
}

void event_begin_record(ailua_state *host, const ailua_record *record) {
    host->record = record;
    if (record->time != INT64_MIN) host->now = record->time;
    ailua_range range = record->flags & AILUA_REWRITTEN ? record->message : record->raw;
    begin(host, range.end == range.start ? "" : text_at(host->batch, range), range.end - range.start);
}

/// Room for one more element behind `count`; null without memory.
static void *grown(void *elements, size_t count, size_t *capacity, size_t more, size_t size) {
    if (count + more <= *capacity) return elements;
    size_t wanted = *capacity == 0 ? 256 : *capacity * 2;
    while (wanted < count + more) wanted *= 2;
    void *moved = realloc(elements, wanted * size);
    if (moved != NULL) *capacity = wanted;
    return moved;
}

/// Bytes that the batch must keep for a value: none for a text that is in what was read.
static size_t kept_bytes(const ailua_batch *batch, const ailua_value *value) {
    // Any number as text.
    enum { NUMBER_BYTES = 24 };
    if (value->type == AILUA_NIL) return 0;
    if (value->type != AILUA_STRING && value->type != AILUA_JSON) return NUMBER_BYTES;
    uintptr_t start = (uintptr_t)value->bytes, raw = (uintptr_t)batch->raw;
    bool was_read = start >= raw && start + value->length <= raw + batch->raw_count;
    return was_read ? 0 : value->length;
}

/// Takes what the event at hand was given from what the batch has room for.
static void charge_room(lua_State *L, ailua_state *host) {
    const ailua_event *event = &host->event;
    size_t cost = kept_bytes(host->batch, &event->message) + kept_bytes(host->batch, &event->component);
    for (uint32_t i = 0; i < event->field_count; i++) {
        cost += sizeof(ailua_field) + kept_bytes(host->batch, &host->fields[i]);
    }
    // One of several is a record of its own, with a copy of the fields.
    if (host->is_split) cost += sizeof(ailua_record) + host->record->field_count * sizeof(ailua_field);
    if (cost > host->room) {
        luaL_error(L, "more than %d MiB written to the events of one batch", (int)(HOST_BATCH_BYTES / 1024 / 1024));
    }
    host->room -= cost;
}

void event_log(lua_State *L, ailua_state *host, ailua_verdict verdict) {
    if (verdict == AILUA_KEEP) charge_room(L, host);
    ailua_change *changes = grown(
        host->changes, host->change_count, &host->change_capacity, 1, sizeof *host->changes);
    if (changes == NULL) luaL_error(L, "no memory for what was written");
    host->changes = changes;
    size_t count = verdict == AILUA_DROP ? 0 : host->event.field_count;
    ailua_value *fields = grown(
        host->change_fields, host->change_field_count, &host->change_field_capacity, count, sizeof *host->fields);
    if (fields == NULL && count > 0) luaL_error(L, "no memory for what was written");
    if (count > 0) {
        host->change_fields = fields;
        memcpy(fields + host->change_field_count, host->fields, count * sizeof *host->fields);
    }
    ailua_change *change = &host->changes[host->change_count++];
    change->record = (uint32_t)(host->record - host->batch->records);
    change->verdict = (uint8_t)verdict;
    change->event = host->event;
    change->first_field = host->change_field_count;
    host->change_field_count += count;
}

/// A userdata with a metatable on top of it.
static void push_proxy(lua_State *L, uint32_t magic, uint32_t slot, const char *name) {
    proxy *made = lua_newuserdatauv(L, sizeof *made, 0);
    *made = (proxy){magic, slot};
    lua_createtable(L, 0, 5);
    lua_pushstring(L, name);
    lua_setfield(L, -2, "__name");
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
}

/// Sets a function that belongs to the event of `slot` in the table on top.
static void set_function(lua_State *L, const char *name, lua_CFunction function, uint32_t slot) {
    lua_pushinteger(L, (lua_Integer)slot);
    lua_pushcclosure(L, function, 1);
    lua_setfield(L, -2, name);
}

static void push_fields(lua_State *L, uint32_t slot) {
    push_proxy(L, MAGIC_FIELDS, slot, "event.fields");
    set_function(L, "__index", fields_index, slot);
    set_function(L, "__newindex", fields_newindex, slot);
    set_function(L, "__pairs", fields_pairs, slot);
    lua_setmetatable(L, -2);
}

static void push_event(lua_State *L, uint32_t slot) {
    push_proxy(L, MAGIC_EVENT, slot, "event");
    // `event.fields` is found in the table, without a call; all else goes on to the table's own __index.
    lua_createtable(L, 0, 2);
    push_fields(L, slot);
    lua_setfield(L, -2, "fields");
    set_function(L, "sample", event_sample, slot);
    lua_createtable(L, 0, 1);
    set_function(L, "__index", event_index, slot);
    lua_setmetatable(L, -2);
    lua_setfield(L, -2, "__index");
    set_function(L, "__newindex", event_newindex, slot);
    lua_setmetatable(L, -2);
}

void events_push(lua_State *L) {
    ailua_state *host = host_of(L);
    for (int i = 0; members[i] != NULL; i++) {
        lua_pushstring(L, members[i]);
        // The first names of a state: there is room for them.
        name_learn(L, host, -1)->member = (uint8_t)(i + 1);
        lua_pop(L, 1);
    }
    lua_createtable(L, EVENT_SLOTS, 0);
    for (uint32_t slot = 0; slot < EVENT_SLOTS; slot++) {
        push_event(L, slot);
        lua_rawseti(L, -2, (lua_Integer)slot + 1);
    }
}
