#define _GNU_SOURCE
#include "host.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// `require`: further files of a plugin, which the host has read beforehand. Nothing is looked up on disk while a script
// runs, but for LPeg where it is allowed.

struct host_module {
    host_module *next;
    char *name;
    char *source;
    size_t length;
    /// The position's file, with the "=" that tells Lua to show it as it is.
    char *chunk;
};

// MARK: Modules of the host

static bool is_name(const char *name, size_t length) {
    for (size_t i = 0; i < length; i++) {
        char byte = name[i];
        bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
        if (!letter && !(byte >= '0' && byte <= '9') && byte != '_' && byte != '.') return false;
    }
    return length > 0;
}

void modules_free(host_module *modules) {
    while (modules != NULL) {
        host_module *next = modules->next;
        free(modules->name);
        free(modules->source);
        free(modules->chunk);
        free(modules);
        modules = next;
    }
}

bool ailua_add_module(ailua_state *state, const char *name, const char *source, size_t length, const char *file) {
    if (!is_name(name, strlen(name))) return false;
    host_module *module = calloc(1, sizeof *module);
    if (module == NULL) return false;
    size_t chunk = strlen(file) + 2;
    module->name = malloc(strlen(name) + 1);
    module->source = malloc(length + 1);
    module->chunk = malloc(chunk);
    if (module->name == NULL || module->source == NULL || module->chunk == NULL) {
        modules_free(module);
        return false;
    }
    strcpy(module->name, name);
    snprintf(module->chunk, chunk, "=%s", file);
    if (length > 0) memcpy(module->source, source, length);
    module->length = length;
    // In the order of adding, which is the order in which errors list them.
    host_module **end = &state->modules;
    while (*end != NULL) end = &(*end)->next;
    *end = module;
    return true;
}

const char *module_path(const ailua_state *host, const char *shown, size_t length) {
    for (const host_module *module = host->modules; module != NULL; module = module->next) {
        size_t size = strlen(module->chunk + 1);
        if (size >= LUA_IDSIZE) size = LUA_IDSIZE - 1;
        if (size == length && memcmp(shown, module->chunk + 1, size) == 0) return module->chunk + 1;
    }
    return NULL;
}

static const host_module *find_module(const ailua_state *host, const char *name) {
    const host_module *module = host->modules;
    while (module != NULL && strcmp(module->name, name) != 0) module = module->next;
    return module;
}

/// Raises the error for a name that isn't there.
static int unknown(lua_State *L, const ailua_state *host, const char *name) {
    enum { SHOWN = 20 };
    luaL_Buffer buffer;
    luaL_buffinit(L, &buffer);
    luaL_addstring(&buffer, host->modules != NULL ? ", only " : ": the plugin is a single file");
    int shown = 0;
    for (const host_module *module = host->modules; module != NULL && shown <= SHOWN; module = module->next) {
        if (shown > 0) luaL_addstring(&buffer, ", ");
        luaL_addstring(&buffer, shown++ < SHOWN ? module->name : "…");
    }
    luaL_pushresult(&buffer);
    return luaL_error(L, "require: there is no module \"%s\"%s", name, lua_tostring(L, -1));
}

/// Argument 1 is the module. Its chunk gets name and file, as from Lua's own `require`.
static int run_module(lua_State *L) {
    ailua_state *host = host_of(L);
    const host_module *module = lua_touserdata(L, 1);
    int status = chunk_load_file(L, module->source, module->length, module->chunk);
    limits_after_catch(L, host, status);
    if (status != LUA_OK) return lua_error(L);
    lua_pushstring(L, module->name);
    lua_pushstring(L, module->chunk + 1);
    lua_call(L, 2, 1);
    return 1;
}

// MARK: LPeg

/// Opens `folder`/lpeg.so; null if there is none, or with an error if it is none for this program.
static lua_CFunction open_lpeg(const char *folder, size_t length, char *error, size_t capacity) {
    char path[1024];
    int size = snprintf(path, sizeof path, "%.*s/lpeg.so", (int)length, folder);
    if (size >= (int)sizeof path || access(path, F_OK) != 0) return NULL;
    // Never closed: as long as the process lives, some state may have its functions.
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    lua_CFunction open = NULL;
    // The way that POSIX gives to make a function of an address.
    if (library != NULL) *(void **)&open = dlsym(library, "luaopen_lpeg");
    if (open == NULL) {
        const char *reason = dlerror();
        snprintf(error, capacity, "%.*s", (int)capacity - 1, reason != NULL ? reason : path);
    }
    return open;
}

static lua_CFunction find_lpeg(char *error, size_t capacity) {
    static const char *const folders[] = {"/usr/local/lib/lua/5.4", "/usr/lib/x86_64-linux-gnu/lua/5.4",
        "/usr/lib/aarch64-linux-gnu/lua/5.4", "/usr/lib64/lua/5.4", "/usr/lib/lua/5.4"};
    static const char *const variables[] = {"LUA_CPATH_5_4", "LUA_CPATH"};
    lua_CFunction open = NULL;
    for (size_t i = 0; i < sizeof variables / sizeof *variables && open == NULL; i++) {
        // Templates such as /opt/lua/?.so; parted by semicolons. Relative ones would depend on where the user stands.
        const char *at = getenv(variables[i]);
        while (at != NULL && *at != 0 && open == NULL) {
            size_t length = strcspn(at, ";");
            const char *mark = memchr(at, '?', length);
            if (*at == '/' && mark != NULL && mark[-1] == '/') {
                open = open_lpeg(at, (size_t)(mark - 1 - at), error, capacity);
            }
            at += length + (at[length] == ';');
        }
    }
    for (size_t i = 0; i < sizeof folders / sizeof *folders && open == NULL; i++) {
        open = open_lpeg(folders[i], strlen(folders[i]), error, capacity);
    }
    return open;
}

/// The function that makes the library's table; an error where it isn't allowed or isn't there.
static lua_CFunction check_lpeg(lua_State *L, const ailua_state *host) {
    if (!host->limits.lpeg) {
        luaL_error(L, "require: \"lpeg\" is a native library without a limit of steps; allow it with --allow lpeg");
    }
    char error[300] = "";
    lua_CFunction open = find_lpeg(error, sizeof error);
    if (open == NULL && error[0] != 0) luaL_error(L, "require: \"lpeg\" can't be loaded: %s", error);
    if (open == NULL) {
        luaL_error(L, "require: \"lpeg\" is not installed; install LPeg for Lua 5.4 (Debian's package lua-lpeg), or "
            "name its folder in LUA_CPATH");
    }
    return open;
}

// MARK: require

/// What `require` keeps, as upvalues: results by name, and the names of the modules that are running, outermost first.
enum { RESULTS = 1, RUNNING = 2 };

/// Raises an error if the module called `name` is running already.
static void check_loop(lua_State *L, int running, const char *name) {
    lua_Integer count = (lua_Integer)lua_rawlen(L, running);
    lua_Integer first = 1;
    for (; first <= count; first++) {
        lua_rawgeti(L, running, first);
        bool same = strcmp(lua_tostring(L, -1), name) == 0;
        lua_pop(L, 1);
        if (same) break;
    }
    if (first > count) return;
    luaL_Buffer buffer;
    luaL_buffinit(L, &buffer);
    for (; first <= count; first++) {
        lua_rawgeti(L, running, first);
        luaL_addvalue(&buffer);
        luaL_addstring(&buffer, " -> ");
    }
    luaL_addstring(&buffer, name);
    luaL_pushresult(&buffer);
    luaL_error(L, "require: %s requires itself: %s", name, lua_tostring(L, -1));
}

static int host_require(lua_State *L) {
    ailua_state *host = host_of(L);
    size_t length;
    const char *name = luaL_checklstring(L, 1, &length);
    if (!is_name(name, length)) {
        return luaL_error(L, "require: \"%s\" is no module's name: letters, digits, _ and . are, as in \"util.text\"",
            name);
    }
    lua_settop(L, 1);
    lua_pushvalue(L, 1);
    if (lua_rawget(L, lua_upvalueindex(RESULTS)) != LUA_TNIL) return 1;
    lua_Integer depth = (lua_Integer)lua_rawlen(L, lua_upvalueindex(RUNNING)) + 1;
    check_loop(L, lua_upvalueindex(RUNNING), name);
    const host_module *module = find_module(host, name);
    if (module != NULL) {
        if (module->length > 0 && module->source[0] == LUA_SIGNATURE[0]) {
            return luaL_error(L, "require: \"%s\" is bytecode, which is not allowed in a plugin", name);
        }
        lua_pushcfunction(L, run_module);
        lua_pushlightuserdata(L, (void *)module);
    } else if (strcmp(name, "lpeg") == 0) {
        lua_pushcfunction(L, check_lpeg(L, host));
        lua_pushvalue(L, 1);
    } else {
        return unknown(L, host, name);
    }
    // Caught and raised again, so that the list is right whatever happens to the module.
    lua_pushvalue(L, 1);
    lua_rawseti(L, lua_upvalueindex(RUNNING), depth);
    int status = lua_pcall(L, 1, 1, 0);
    limits_after_catch(L, host, status);
    lua_pushnil(L);
    lua_rawseti(L, lua_upvalueindex(RUNNING), depth);
    if (status != LUA_OK) return lua_error(L);
    if (lua_isnil(L, -1)) lua_pushboolean(L, true);
    lua_pushvalue(L, 1);
    lua_pushvalue(L, -2);
    lua_rawset(L, lua_upvalueindex(RESULTS));
    return 1;
}

void require_open(lua_State *L) {
    lua_newtable(L);
    lua_newtable(L);
    lua_pushcclosure(L, host_require, 2);
    lua_setglobal(L, "require");
}
