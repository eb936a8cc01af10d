#include "host.h"

#include <string.h>

// Scripts write the same few names over and over: fields, members of the event, level words. Lua keeps one copy of
// each short string, so once a name is anchored its address stands for it, and what is known of it is found by
// address: no hash of the bytes, no copy.

enum { SLOT_MASK = HOST_NAME_SLOTS - 1 };

static size_t slot_of(const char *bytes) {
    return (size_t)((((uintptr_t)bytes >> 4) * 0x9E3779B97F4A7C15u) >> 40) & SLOT_MASK;
}

host_name *name_find(ailua_state *host, const char *bytes) {
    for (size_t slot = slot_of(bytes);; slot = (slot + 1) & SLOT_MASK) {
        uint16_t entry = host->name_slots[slot];
        if (entry == 0) return NULL;
        if (host->names[entry - 1].bytes == bytes) return &host->names[entry - 1];
    }
}

host_name *name_learn(lua_State *L, ailua_state *host, int index) {
    size_t length;
    const char *bytes = lua_tolstring(L, index, &length);
    // Longer strings aren't unique in Lua.
    if (length > HOST_NAME_BYTES || host->name_count == HOST_NAMES) return NULL;
    index = lua_absindex(L, index);
    lua_pushvalue(L, index);
    lua_rawgetp(L, LUA_REGISTRYINDEX, host);
    lua_insert(L, -2);
    lua_pushboolean(L, true);
    lua_rawset(L, -3);
    lua_pop(L, 1);
    host_name *name = &host->names[host->name_count];
    name->bytes = bytes;
    name->length = (uint32_t)length;
    name->id = (uint16_t)host->name_count;
    size_t slot = slot_of(bytes);
    while (host->name_slots[slot] != 0) slot = (slot + 1) & SLOT_MASK;
    host->name_slots[slot] = (uint16_t)++host->name_count;
    return name;
}

void names_open(lua_State *L) {
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, host_of(L));
}
