#include "plain.h"

#include <string.h>

// `ailogger.cache{ size =, expire = }`: values by key, of which the least recently used goes first.
//
// Keys and values stand in two Lua lists, by slot. Everything else about a slot is an entry in C: two lists in which it
// is linked, by use and by age, and the chain of its hash. A Lua table from key to slot would do for the last, but one
// that is full and sees a key go for each that comes is made anew time and again.

enum { CACHE_SIZE = 1000, CACHE_LIMIT = 100000, CACHE_START = 64, NONE = UINT32_MAX };

/// The order of use, and that of expiry: newest first.
enum { BY_USE, BY_AGE, ORDERS };

/// The user values.
enum { KEYS = 1, VALUES, ENTRIES, USER_VALUES = ENTRIES };

typedef struct {
    uint32_t before;
    uint32_t after;
} links;

typedef struct {
    uint32_t hash;
    /// The next entry of the same chain, or of the free ones.
    uint32_t next;
    links orders[ORDERS];
    /// Event time from which on it is gone; INT64_MAX for never. Only those that expire are linked by age.
    int64_t expires;
} entry;

typedef struct {
    uint32_t magic;
    uint32_t limit;
    /// Entries that there is room for.
    uint32_t capacity;
    /// The number of chains, a power of two, less 1.
    uint32_t mask;
    uint32_t count;
    /// Slots that were ever in use.
    uint32_t used;
    uint32_t free;
    uint32_t newest[ORDERS];
    uint32_t oldest[ORDERS];
    int64_t expire;
    uint64_t seed;
    /// Both lie in one userdata, the third user value.
    entry *entries;
    uint32_t *chains;
} cache;

// MARK: Orders

static void link_newest(cache *cache, int order, uint32_t slot) {
    uint32_t newest = cache->newest[order];
    cache->entries[slot].orders[order] = (links){NONE, newest};
    if (newest != NONE) {
        cache->entries[newest].orders[order].before = slot;
    } else {
        cache->oldest[order] = slot;
    }
    cache->newest[order] = slot;
}

static void unlink_from(cache *cache, int order, uint32_t slot) {
    links around = cache->entries[slot].orders[order];
    if (around.before != NONE) {
        cache->entries[around.before].orders[order].after = around.after;
    } else {
        cache->newest[order] = around.after;
    }
    if (around.after != NONE) {
        cache->entries[around.after].orders[order].before = around.before;
    } else {
        cache->oldest[order] = around.before;
    }
}

static bool has_expired(const entry *entry, int64_t now) {
    return entry->expires <= now && entry->expires != INT64_MAX;
}

/// From now on it has its full time again.
static void renew(cache *cache, int64_t now, uint32_t slot) {
    entry *entry = &cache->entries[slot];
    if (entry->expires != INT64_MAX) unlink_from(cache, BY_AGE, slot);
    entry->expires = INT64_MAX;
    if (cache->expire == 0 || now == INT64_MIN || now > INT64_MAX - cache->expire) return;
    entry->expires = now + cache->expire;
    link_newest(cache, BY_AGE, slot);
}

// MARK: Keys

static uint64_t mix(uint64_t hash, uint64_t word) {
    hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 32;
}

/// The hash of the key at 2, which is made an integer if it is a float without a fraction: Lua takes them for the same.
static uint32_t hash_key(lua_State *L, const cache *cache) {
    uint64_t hash = cache->seed;
    switch (lua_type(L, 2)) {
    case LUA_TSTRING: {
        size_t length;
        const char *bytes = lua_tolstring(L, 2, &length);
        limits_charge(L, host_of(L), (int64_t)(length / 32));
        hash = mix(hash, length);
        for (; length >= 8; bytes += 8, length -= 8) {
            uint64_t word;
            memcpy(&word, bytes, 8);
            hash = mix(hash, word);
        }
        uint64_t rest = 0;
        memcpy(&rest, bytes, length);
        return (uint32_t)mix(hash, rest);
    }
    case LUA_TNUMBER: {
        lua_Number number = lua_tonumber(L, 2);
        uint64_t word;
        int whole = 0;
        lua_Integer integer = lua_tointegerx(L, 2, &whole);
        if (number != number) luaL_error(L, "cache: a key can't be NaN");
        memcpy(&word, whole ? (void *)&integer : (void *)&number, sizeof word);
        return (uint32_t)mix(hash, word);
    }
    case LUA_TBOOLEAN: return (uint32_t)mix(hash, (uint64_t)lua_toboolean(L, 2));
    default:
        return (uint32_t)luaL_error(L, "cache: a key is a string, number or boolean, not a %s", luaL_typename(L, 2));
    }
}

static uint32_t *chain_of(const cache *cache, uint32_t hash) { return &cache->chains[hash & cache->mask]; }

/// The slot of the key at 2, or NONE.
static uint32_t find(lua_State *L, const cache *cache, uint32_t hash) {
    if (cache->count == 0) return NONE;
    uint32_t slot = *chain_of(cache, hash);
    for (int64_t steps = 0; slot != NONE; slot = cache->entries[slot].next) {
        if (++steps % 16 == 0) limits_charge(L, host_of(L), 16);
        if (cache->entries[slot].hash != hash) continue;
        lua_getiuservalue(L, 1, KEYS);
        lua_rawgeti(L, -1, (lua_Integer)slot + 1);
        bool found = lua_rawequal(L, 2, -1);
        lua_pop(L, 2);
        if (found) return slot;
    }
    return NONE;
}

// MARK: Slots

/// Writes the value on top of the stack, which it takes off, to the slot of a list.
static void store(lua_State *L, int list, uint32_t slot) {
    lua_getiuservalue(L, 1, list);
    lua_insert(L, -2);
    lua_rawseti(L, -2, (lua_Integer)slot + 1);
    lua_pop(L, 1);
}

static void remove_slot(lua_State *L, cache *cache, uint32_t slot) {
    entry *entry = &cache->entries[slot];
    uint32_t *link = chain_of(cache, entry->hash);
    while (*link != slot) link = &cache->entries[*link].next;
    *link = entry->next;
    unlink_from(cache, BY_USE, slot);
    if (entry->expires != INT64_MAX) unlink_from(cache, BY_AGE, slot);
    entry->next = cache->free;
    cache->free = slot;
    cache->count--;
    for (int list = KEYS; list <= VALUES; list++) {
        lua_pushnil(L);
        store(L, list, slot);
    }
}

/// Removes what expired. Where event time jumps back and forth an entry may be kept from this by one that lies before
/// it; `get` looks at each entry's own time.
static void expire(lua_State *L, cache *cache, int64_t now) {
    for (uint32_t slot; (slot = cache->oldest[BY_AGE]) != NONE && has_expired(&cache->entries[slot], now);) {
        limits_charge(L, host_of(L), 4);
        remove_slot(L, cache, slot);
    }
}

/// Twice the room, up to the limit.
static void grow(lua_State *L, cache *cache) {
    uint32_t chains = cache->capacity == 0 ? CACHE_START : (cache->mask + 1) * 2;
    uint32_t capacity = chains < cache->limit ? chains : cache->limit;
    limits_charge(L, host_of(L), chains / 4);
    entry *entries = lua_newuserdatauv(L, capacity * sizeof(entry) + chains * sizeof(uint32_t), 0);
    lua_setiuservalue(L, 1, ENTRIES);
    // The old ones are garbage from here on, but nothing collects it before they are copied.
    if (cache->used > 0) memcpy(entries, cache->entries, cache->used * sizeof *entries);
    cache->entries = entries;
    cache->chains = (uint32_t *)(entries + capacity);
    cache->capacity = capacity;
    cache->mask = chains - 1;
    memset(cache->chains, 0xFF, chains * sizeof *cache->chains);
    for (uint32_t slot = 0; slot < cache->used; slot++) {
        uint32_t *chain = chain_of(cache, entries[slot].hash);
        entries[slot].next = *chain;
        *chain = slot;
    }
}

static uint32_t take_slot(lua_State *L, cache *cache) {
    if (cache->count == cache->limit) remove_slot(L, cache, cache->oldest[BY_USE]);
    uint32_t slot = cache->free;
    if (slot != NONE) {
        cache->free = cache->entries[slot].next;
        return slot;
    }
    // There is no free one among them: all are in their chains.
    if (cache->used == cache->capacity) grow(L, cache);
    return cache->used++;
}

// MARK: Methods

/// Leaves the cache and `count` arguments on the stack.
static cache *check_cache(lua_State *L, int count) {
    lua_settop(L, 1 + count);
    return host_check(L, 1, MAGIC_CACHE, "cache");
}

/// The slot of the key at 2, if it has not expired.
static uint32_t find_live(lua_State *L, cache *cache) {
    uint32_t slot = find(L, cache, hash_key(L, cache));
    if (slot == NONE || !has_expired(&cache->entries[slot], host_of(L)->now)) return slot;
    remove_slot(L, cache, slot);
    return NONE;
}

static int cache_get(lua_State *L) {
    cache *cache = check_cache(L, 1);
    uint32_t slot = find_live(L, cache);
    if (slot == NONE) {
        lua_pushnil(L);
        return 1;
    }
    if (cache->newest[BY_USE] != slot) {
        unlink_from(cache, BY_USE, slot);
        link_newest(cache, BY_USE, slot);
    }
    lua_getiuservalue(L, 1, VALUES);
    lua_rawgeti(L, -1, (lua_Integer)slot + 1);
    return 1;
}

/// True if there was something to delete.
static int cache_delete(lua_State *L) {
    cache *cache = check_cache(L, 1);
    uint32_t slot = find_live(L, cache);
    if (slot != NONE) remove_slot(L, cache, slot);
    lua_pushboolean(L, slot != NONE);
    return 1;
}

static int cache_set(lua_State *L) {
    cache *cache = check_cache(L, 2);
    if (lua_isnil(L, 3)) {
        cache_delete(L);
        return 0;
    }
    int64_t now = host_of(L)->now;
    expire(L, cache, now);
    uint32_t hash = hash_key(L, cache);
    uint32_t slot = find(L, cache, hash);
    if (slot == NONE) {
        slot = take_slot(L, cache);
        entry *entry = &cache->entries[slot];
        uint32_t *chain = chain_of(cache, hash);
        entry->hash = hash;
        entry->next = *chain;
        entry->expires = INT64_MAX;
        *chain = slot;
        cache->count++;
        lua_pushvalue(L, 2);
        store(L, KEYS, slot);
    } else {
        unlink_from(cache, BY_USE, slot);
    }
    link_newest(cache, BY_USE, slot);
    renew(cache, now, slot);
    store(L, VALUES, slot);
    return 0;
}

static int cache_count(lua_State *L) {
    cache *cache = check_cache(L, 0);
    expire(L, cache, host_of(L)->now);
    lua_pushinteger(L, cache->count);
    return 1;
}

// MARK: Making

/// Nanoseconds of the duration on top of the stack: text is left to `ailogger.time.duration`.
static int64_t read_expire(lua_State *L) {
    bool is_number = lua_isinteger(L, -1);
    if (lua_type(L, -1) == LUA_TSTRING && lua_getfield(L, lua_upvalueindex(2), "time") == LUA_TTABLE) {
        lua_getfield(L, -1, "duration");
        lua_pushvalue(L, -3);
        lua_call(L, 1, 1);
    }
    int whole = 0;
    lua_Integer expire = lua_tointegerx(L, -1, &whole);
    if (!whole || expire <= 0 || lua_type(L, -1) != LUA_TNUMBER) {
        luaL_error(L, "cache: expire is a duration as \"5m\", or nanoseconds");
    }
    if (is_number) time_check_length(L, "cache: expire", expire);
    return expire;
}

static int make_cache(lua_State *L) {
    lua_Integer size = CACHE_SIZE;
    int64_t expire = 0;
    lua_settop(L, 1);
    if (!lua_isnil(L, 1)) {
        static const char *const names[] = {"size", "expire", NULL};
        plain_check_names(L, 1, "cache", names);
        for (lua_pushnil(L); lua_next(L, 1) != 0; lua_settop(L, 2)) {
            if (strcmp(lua_tostring(L, 2), "size") == 0) {
                int whole = 0;
                size = lua_tointegerx(L, 3, &whole);
                if (!whole || size < 1 || size > CACHE_LIMIT) {
                    return luaL_error(L, "cache: size is a number from 1 to %d", (int)CACHE_LIMIT);
                }
            } else {
                expire = read_expire(L);
            }
        }
    }
    cache *made = lua_newuserdatauv(L, sizeof *made, USER_VALUES);
    *made = (cache){.magic = MAGIC_CACHE, .limit = (uint32_t)size, .free = NONE, .expire = expire};
    for (int order = 0; order < ORDERS; order++) made->newest[order] = made->oldest[order] = NONE;
    // Its place in memory is another in each run: nobody can write lines whose keys all fall in one chain.
    made->seed = (uint64_t)(uintptr_t)made * 0x9E3779B97F4A7C15u;
    for (int list = KEYS; list <= VALUES; list++) {
        lua_newtable(L);
        lua_setiuservalue(L, -2, list);
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_setmetatable(L, -2);
    return 1;
}

void cache_open(lua_State *L) {
    static const luaL_Reg methods[] = {
        {"get", cache_get}, {"set", cache_set}, {"delete", cache_delete}, {"count", cache_count}, {NULL, NULL}};
    lua_createtable(L, 0, 3);
    luaL_newlib(L, methods);
    host_refuse_missing(L, "a cache");
    lua_setfield(L, -2, "__index");
    lua_pushliteral(L, "cache");
    lua_setfield(L, -2, "__name");
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_pushvalue(L, -2);
    lua_pushcclosure(L, make_cache, 2);
    lua_setfield(L, -2, "cache");
}
