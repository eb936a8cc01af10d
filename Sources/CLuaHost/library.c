#include "host.h"

#include <string.h>

// The standard library, less what reaches outside of the state, and with bounds on the functions whose loops
// run in C, where no hook goes off.

static int host_collectgarbage(lua_State *L) {
    const char *option = luaL_optstring(L, 1, "collect");
    if (strcmp(option, "count") != 0) {
        return luaL_error(L, "collectgarbage(\"%s\") is not allowed in a plugin, only \"count\"", option);
    }
    lua_pushnumber(L, (lua_Number)host_of(L)->heap.used / 1024);
    return 1;
}

/// `load` of text; bytecode could break the machine, and a reader function would hide errors from us.
static int host_load(lua_State *L) {
    size_t length;
    const char *text = luaL_checklstring(L, 1, &length);
    const char *name = luaL_optstring(L, 2, "=(load)");
    const char *mode = luaL_optstring(L, 3, "t");
    if (strchr(mode, 't') == NULL || (length > 0 && text[0] == LUA_SIGNATURE[0])) {
        lua_pushnil(L);
        lua_pushliteral(L, "bytecode is not allowed in a plugin");
        return 2;
    }
    int status = chunk_load(L, text, length, name);
    limits_after_catch(L, host_of(L), status);
    if (status != LUA_OK) {
        lua_pushnil(L);
        lua_insert(L, -2);
        return 2;
    }
    if (lua_gettop(L) > 4) {
        lua_pushvalue(L, 4);
        lua_setupvalue(L, -2, 1);
    }
    return 1;
}

static int host_rep(lua_State *L) {
    size_t length, gap;
    const char *text = luaL_checklstring(L, 1, &length);
    lua_Integer count = luaL_checkinteger(L, 2);
    const char *separator = luaL_optlstring(L, 3, "", &gap);
    if (count <= 0) {
        lua_pushliteral(L, "");
        return 1;
    }
    // The sum can't wrap: no string is longer than the state's memory.
    size_t step = length + gap;
    if (count > HOST_BULK || step > HOST_BULK || (size_t)count * step > HOST_BULK) {
        return luaL_error(L, "string.rep: the result is over %d bytes", (int)HOST_BULK);
    }
    size_t total = (size_t)count * step - gap;
    limits_charge(L, host_of(L), (int64_t)(total / 64));
    luaL_Buffer buffer;
    char *at = luaL_buffinitsize(L, &buffer, total);
    for (lua_Integer i = 0; i < count; i++) {
        memcpy(at, text, length);
        at += length;
        if (gap > 0 && i + 1 < count) {
            memcpy(at, separator, gap);
            at += gap;
        }
    }
    luaL_pushresultsize(&buffer, total);
    return 1;
}

// MARK: Text

/// Calls the function that a bound one replaces, its upvalue, in the bound one's own frame.
static int call_stock(lua_State *L) { return lua_tocfunction(L, lua_upvalueindex(1))(L); }

/// For functions that walk a text from end to end: all of the texts they are given are paid for.
static int host_on_text(lua_State *L) {
    size_t bytes = 0;
    for (int i = lua_gettop(L); i > 0; i--) {
        if (lua_type(L, i) == LUA_TSTRING) bytes += lua_rawlen(L, i);
    }
    limits_charge(L, host_of(L), (int64_t)(bytes / 4));
    return call_stock(L);
}

/// Whether `tostring` of the value shows where it lies: that differs from run to run, and is nobody's business.
static bool shows_address(lua_State *L, int index) {
    int type = lua_type(L, index);
    if (type != LUA_TTABLE && type != LUA_TFUNCTION && type != LUA_TTHREAD && type != LUA_TUSERDATA) return false;
    if (luaL_getmetafield(L, index, "__tostring") == LUA_TNIL) return true;
    lua_pop(L, 1);
    return false;
}

void host_push_text(lua_State *L, int index) {
    index = lua_absindex(L, index);
    if (!shows_address(L, index)) {
        luaL_tolstring(L, index, NULL);
        return;
    }
    int type = luaL_getmetafield(L, index, "__name");
    if (type == LUA_TSTRING) return;
    if (type != LUA_TNIL) lua_pop(L, 1);
    lua_pushstring(L, luaL_typename(L, index));
}

static int host_tostring(lua_State *L) {
    luaL_checkany(L, 1);
    host_push_text(L, 1);
    return 1;
}

/// string.format: a digit of a number costs more than a byte that is copied, so the result is what is paid for.
static int host_format(lua_State *L) {
    size_t length;
    const char *at = luaL_checklstring(L, 1, &length), *end = at + length;
    int argument = 1, count = lua_gettop(L);
    while (argument < count && (at = memchr(at, '%', (size_t)(end - at))) != NULL) {
        at++;
        if (*at == '%') {
            at++;
            continue;
        }
        at += strspn(at, "-+ #0123456789.");
        argument++;
        if (*at == 'p') return luaL_error(L, "string.format: %%p is not allowed in a plugin: it shows an address");
        if (*at == 's' && shows_address(L, argument)) {
            host_push_text(L, argument);
            lua_replace(L, argument);
        }
    }
    int results = call_stock(L);
    limits_charge(L, host_of(L), (int64_t)lua_rawlen(L, -1) / 2);
    return results;
}

// MARK: Tables

/// Before a function of `table` runs: no made-up length, and a charge for the elements that it walks.
/// Upvalue 1 is the stock function. Returns the length.
static lua_Integer check_table(lua_State *L, int64_t divisor) {
    luaL_checktype(L, 1, LUA_TTABLE);
    if (luaL_getmetafield(L, 1, "__len") != LUA_TNIL) {
        luaL_error(L, "functions of table refuse a table with __len in a plugin");
    }
    lua_Integer length = (lua_Integer)lua_rawlen(L, 1);
    limits_charge(L, host_of(L), length / divisor);
    return length;
}

/// insert and remove move what lies behind the place, nothing when it is the end.
static int host_insert(lua_State *L) {
    check_table(L, lua_gettop(L) > 2 ? 16 : INT64_MAX);
    return call_stock(L);
}

static int host_remove(lua_State *L) {
    check_table(L, lua_gettop(L) > 1 ? 16 : INT64_MAX);
    return call_stock(L);
}

/// `a < b` for a sort without a function of the script's own; long texts that are alike take long to compare.
static int compare(lua_State *L) {
    size_t left = lua_type(L, 1) == LUA_TSTRING ? lua_rawlen(L, 1) : 0;
    size_t right = lua_type(L, 2) == LUA_TSTRING ? lua_rawlen(L, 2) : 0;
    limits_charge(L, host_of(L), 1 + (int64_t)((left < right ? left : right) / 4));
    lua_pushboolean(L, lua_compare(L, 1, 2, LUA_OPLT));
    return 1;
}

static int host_sort(lua_State *L) {
    check_table(L, 1);
    if (lua_isnoneornil(L, 2)) {
        lua_settop(L, 1);
        lua_pushcfunction(L, compare);
    }
    return call_stock(L);
}

static void check_range(lua_State *L, lua_Integer first, lua_Integer last, const char *name) {
    if (first > last) return;
    lua_Unsigned count = (lua_Unsigned)last - (lua_Unsigned)first;
    if (count >= HOST_BULK) luaL_error(L, "%s: more than %d elements", name, (int)HOST_BULK);
    limits_charge(L, host_of(L), (int64_t)(count / 2));
}

static int host_concat(lua_State *L) {
    lua_Integer length = check_table(L, INT64_MAX);
    check_range(L, luaL_optinteger(L, 3, 1), luaL_optinteger(L, 4, length), "table.concat");
    return call_stock(L);
}

static int host_unpack(lua_State *L) {
    lua_Integer length = lua_isnoneornil(L, 3) ? check_table(L, INT64_MAX) : 0;
    check_range(L, luaL_optinteger(L, 2, 1), luaL_optinteger(L, 3, length), "table.unpack");
    return call_stock(L);
}

static int host_move(lua_State *L) {
    check_range(L, luaL_checkinteger(L, 2), luaL_checkinteger(L, 3), "table.move");
    return call_stock(L);
}

// MARK: Random numbers

/// FNV-1a.
static uint64_t mix(uint64_t hash, const void *bytes, size_t length) {
    const unsigned char *at = bytes;
    for (size_t i = 0; i < length; i++) hash = (hash ^ at[i]) * 0x100000001b3u;
    return hash;
}

/// The seed of an event: its place, and how its text begins. The same whichever worker has it, and after whatever others.
static lua_Integer seed_of(const ailua_state *host) {
    enum { BYTES = 1024 };
    uint64_t hash = mix(0xcbf29ce484222325u, host->line, host->line_length < BYTES ? host->line_length : BYTES);
    if (host->batch != NULL && host->record != NULL) {
        int64_t place = host->batch->offsets != NULL ? host->batch->offsets[host->record - host->batch->records]
                                                     : host->batch->offset + host->record->raw.start;
        hash = mix(hash, &place, sizeof place);
        hash = mix(hash, host->batch->path.bytes, host->batch->path.length);
    }
    return (lua_Integer)hash;
}

/// Calls upvalue 1, the stock function, which has an upvalue of its own: the generator.
static int call_generator(lua_State *L) {
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return lua_gettop(L);
}

/// Upvalue 2 is the stock randomseed.
static int host_random(lua_State *L) {
    ailua_state *host = host_of(L);
    if (host->has_event && !host->has_own_seed && host->random_stamp != host->stamp) {
        host->random_stamp = host->stamp;
        lua_pushvalue(L, lua_upvalueindex(2));
        lua_pushinteger(L, seed_of(host));
        lua_call(L, 1, 0);
    }
    return call_generator(L);
}

/// Without an argument the stock one takes the clock's word and an address.
static int host_randomseed(lua_State *L) {
    host_of(L)->has_own_seed = lua_gettop(L) > 0;
    if (lua_gettop(L) == 0) lua_pushinteger(L, 0);
    return call_generator(L);
}

// MARK: Opening

static void remove_names(lua_State *L, int table, const char *const *names) {
    for (; *names != NULL; names++) {
        lua_pushnil(L);
        lua_setfield(L, table, *names);
    }
}

/// Replaces `table[name]` by `function`, which has the stock one as its upvalue.
static void bound(lua_State *L, const char *name, lua_CFunction function) {
    lua_getfield(L, -1, name);
    lua_pushcclosure(L, function, 1);
    lua_setfield(L, -2, name);
}

static void bound_on_text(lua_State *L, const char *const *names) {
    for (; *names != NULL; names++) bound(L, *names, host_on_text);
}

static void open_base(lua_State *L) {
    static const char *const removed[] = {"dofile", "loadfile", "print", "warn", NULL};
    static const luaL_Reg replaced[] = {{"collectgarbage", host_collectgarbage}, {"load", host_load},
        {"tostring", host_tostring}, {NULL, NULL}};
    luaL_requiref(L, LUA_GNAME, luaopen_base, true);
    remove_names(L, lua_gettop(L), removed);
    static const char *const walkers[] = {"tonumber", NULL};
    luaL_setfuncs(L, replaced, 0);
    bound_on_text(L, walkers);
    lua_pop(L, 1);
}

static void open_string(lua_State *L) {
    luaL_requiref(L, LUA_STRLIBNAME, luaopen_string, true);
    static const char *const removed[] = {"dump", NULL};
    remove_names(L, lua_gettop(L), removed);
    lua_pushcfunction(L, host_rep);
    lua_setfield(L, -2, "rep");
    static const char *const walkers[] = {"lower", "upper", "reverse", "pack", "unpack", "packsize", NULL};
    bound_on_text(L, walkers);
    bound(L, "format", host_format);
    lua_pop(L, 1);
    // All strings of the state share this metatable.
    lua_pushliteral(L, "");
    lua_getmetatable(L, -1);
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 2);
}

static void open_table(lua_State *L) {
    luaL_requiref(L, LUA_TABLIBNAME, luaopen_table, true);
    bound(L, "insert", host_insert);
    bound(L, "remove", host_remove);
    bound(L, "sort", host_sort);
    bound(L, "concat", host_concat);
    bound(L, "unpack", host_unpack);
    bound(L, "move", host_move);
    lua_pop(L, 1);
}

static void open_os(lua_State *L) {
    static const char *const kept[] = {"time", "clock", "date", NULL};
    luaL_requiref(L, LUA_OSLIBNAME, luaopen_os, false);
    lua_newtable(L);
    for (const char *const *name = kept; *name != NULL; name++) {
        lua_getfield(L, -2, *name);
        lua_setfield(L, -2, *name);
    }
    luatime_replace_os(L);
    lua_pushvalue(L, -1);
    lua_setglobal(L, LUA_OSLIBNAME);
    // The registry's table of libraries still holds the whole of it.
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    lua_insert(L, -2);
    lua_setfield(L, -2, LUA_OSLIBNAME);
    lua_pop(L, 2);
}

static void open_math(lua_State *L) {
    luaL_requiref(L, LUA_MATHLIBNAME, luaopen_math, true);
    // The same log gives the same result, so the generator starts from the same place.
    lua_getfield(L, -1, "randomseed");
    lua_pushvalue(L, -1);
    lua_pushinteger(L, 0);
    lua_call(L, 1, 0);
    lua_getfield(L, -2, "random");
    lua_insert(L, -2);
    lua_pushcclosure(L, host_random, 2);
    lua_setfield(L, -2, "random");
    bound(L, "randomseed", host_randomseed);
    lua_pop(L, 1);
}

void library_open(lua_State *L) {
    open_base(L);
    metatable_open(L);
    coroutine_open(L);
    open_string(L);
    patterns_open(L);
    open_table(L);
    open_os(L);
    open_math(L);
    static const char *const walkers[] = {"len", "codepoint", "offset", NULL};
    luaL_requiref(L, LUA_UTF8LIBNAME, luaopen_utf8, true);
    bound_on_text(L, walkers);
    lua_pop(L, 1);
}
