#include "host.h"

#include <stdlib.h>
#include <string.h>

// `ailogger.output(name)`: where a sink writes. A script only ever appends to a buffer; the host takes the buffers after
// each batch and writes them in the order of the input, so no script waits for a disk or a peer.

ailua_text ailua_output_name(const ailua_state *state, size_t number) {
    if (number >= state->output_count) return (ailua_text){NULL, 0};
    return (ailua_text){(const uint8_t *)state->outputs[number].name, state->outputs[number].name_length};
}

ailua_text ailua_output(const ailua_state *state, size_t number) {
    if (number >= state->output_count) return (ailua_text){NULL, 0};
    const host_output *output = &state->outputs[number];
    return (ailua_text){(const uint8_t *)output->bytes, output->length};
}

void ailua_outputs_clear(ailua_state *host) {
    for (uint32_t i = 0; i < host->output_count; i++) host->outputs[i].length = 0;
    host->output_bytes = 0;
}

ailua_status ailua_call_sink(ailua_state *host, const char *function) {
    if (host->killed != KILL_NONE) return AILUA_KILLED;
    lua_State *L = host->L;
    // Interned while the plugin was read, so that this allocates nothing.
    lua_getfield(L, SLOT_MODULE, function);
    if (!lua_isfunction(L, -1)) {
        lua_settop(L, SLOTS);
        return AILUA_OK;
    }
    host->may_write = true;
    host->room = SIZE_MAX;
    ailua_status status = host_call(host, 0, 0, 1);
    host->may_write = false;
    return status;
}

static void append(lua_State *L, ailua_state *host, host_output *output, const char *bytes, size_t length) {
    if (length > HOST_BATCH_BYTES || host->output_bytes > 2 * HOST_BATCH_BYTES) {
        luaL_error(L, "output: more than %d MiB written at a time", (int)(2 * HOST_BATCH_BYTES / 1024 / 1024));
    }
    if (length > host->room) {
        luaL_error(L, "output: more than %d MiB written for one batch", (int)(HOST_BATCH_BYTES / 1024 / 1024));
    }
    if (output->length + length > output->capacity) {
        size_t capacity = output->capacity == 0 ? 64 * 1024 : output->capacity * 2;
        while (capacity < output->length + length) capacity *= 2;
        char *moved = realloc(output->bytes, capacity);
        if (moved == NULL) luaL_error(L, "output: no memory");
        output->bytes = moved;
        output->capacity = capacity;
    }
    memcpy(output->bytes + output->length, bytes, length);
    output->length += length;
    host->output_bytes += length;
    host->room -= length;
}

/// `out:write(…)`: strings and numbers, one behind the other. Returns itself, so that calls can be chained.
static int output_write(lua_State *L) {
    ailua_state *host = host_of(L);
    const uint32_t *head = host_check(L, 1, MAGIC_OUTPUT, "output");
    host_output *output = &host->outputs[head[1]];
    if (!host->may_write) luaL_error(L, "output: write from start(), write(event) or flush()");
    int count = lua_gettop(L);
    for (int i = 2; i <= count; i++) {
        size_t length;
        const char *bytes = luaL_checklstring(L, i, &length);
        limits_charge(L, host, (int64_t)(length / 32));
        append(L, host, output, bytes, length);
    }
    lua_settop(L, 1);
    return 1;
}

static void add(lua_State *L, ailua_state *host, const char *name, size_t length) {
    // Outputs are known before the first event, so that who runs the plugin can say yes or no to each.
    if (host->has_module) luaL_error(L, "output: ask for \"%s\" outside of functions, as the file is read", name);
    if (host->output_count == HOST_OUTPUTS) luaL_error(L, "output: more than %d outputs", (int)HOST_OUTPUTS);
    char *copy = malloc(length + 1);
    if (copy == NULL) luaL_error(L, "output: no memory");
    memcpy(copy, name, length + 1);
    host->outputs[host->output_count].name = copy;
    host->outputs[host->output_count].name_length = length;
    host->output_count++;
}

/// Upvalue 1 is the metatable of outputs.
static int host_output_named(lua_State *L) {
    ailua_state *host = host_of(L);
    size_t length;
    const char *name = luaL_checklstring(L, 1, &length);
    uint32_t number = 0;
    while (number < host->output_count
        && (host->outputs[number].name_length != length || memcmp(host->outputs[number].name, name, length) != 0)) {
        number++;
    }
    if (number == host->output_count) add(L, host, name, length);
    uint32_t *head = lua_newuserdatauv(L, 2 * sizeof *head, 0);
    head[0] = MAGIC_OUTPUT;
    head[1] = number;
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_setmetatable(L, -2);
    return 1;
}

void output_open(lua_State *L) {
    lua_createtable(L, 0, 3);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, output_write);
    lua_setfield(L, -2, "write");
    host_refuse_missing(L, "an output");
    lua_setfield(L, -2, "__index");
    lua_pushliteral(L, "output");
    lua_setfield(L, -2, "__name");
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_pushcclosure(L, host_output_named, 1);
    lua_setfield(L, -2, "output");
}
