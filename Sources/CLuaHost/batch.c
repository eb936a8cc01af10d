#include "host.h"

#include <stdlib.h>
#include <string.h>

// Filters and sinks: the plugin's function over the records of a batch, in one protected call for as many as go well.
// Entering Lua anew for each event would cost more than a small filter does.

/// Makes `batch` the one at hand. Numbers of keys that were learnt from another table mean nothing in it.
static void batch_begin(ailua_state *host, const ailua_batch *batch) {
    host->batch = batch;
    if (host->key_table == batch->key_table) return;
    host->key_table = batch->key_table;
    for (uint32_t i = 0; i < host->name_count; i++) host->names[i].key_known = false;
}

static bool is_wanted(const ailua_batch *batch, const ailua_record *record, const ailua_wanted *wanted) {
    if (record->severity < wanted->level) return false;
    if (record->time < wanted->since || record->time >= wanted->until) return false;
    if (record->time == INT64_MIN && wanted->until != INT64_MAX) return false;
    if (wanted->by_format) {
        uint8_t bit = record->parser < 63 ? record->parser : 63;
        if ((wanted->formats >> bit & 1) == 0) return false;
    }
    if (wanted->match == NULL) return true;
    ailua_range range = record->message;
    const uint8_t *text = range.end <= batch->raw_count ? batch->raw + range.start
                                                        : batch->decoded + (range.start - batch->raw_count);
    // Where PCRE2 gives up, the plugin looks for itself.
    return ailua_guard_test(wanted->match, text, range.end - range.start) != 0;
}

/// Whether one of the rules that are wanted found the record. `*hit` goes along with the records.
static bool is_found(const ailua_batch *batch, uint32_t record, const bool *rules, size_t *hit) {
    while (*hit < batch->hit_count && batch->hits[*hit].record < record) ++*hit;
    for (size_t i = *hit; i < batch->hit_count && batch->hits[i].record == record; i++) {
        if (rules[batch->hits[i].rule]) return true;
    }
    return false;
}

typedef struct {
    const ailua_wanted *wanted;
    size_t position;
    /// What the batch took before the event at hand.
    size_t room;
} run;

/// Enough for one go: what was changed is taken over, and the memory for it used again.
static bool is_full(const ailua_state *host) {
    return host->arena.used > HOST_BATCH_BYTES || host->output_bytes > HOST_BATCH_BYTES
        || host->change_count >= HOST_BATCH_CHANGES || host->change_field_count >= HOST_BATCH_FIELDS;
}

/// Arguments: the run, the plugin's function, the events.
static int run_batch(lua_State *L) {
    ailua_state *host = host_of(L);
    run *at = lua_touserdata(L, 1);
    const ailua_batch *batch = host->batch;
    size_t hit = 0;
    while (at->position < batch->count) {
        uint32_t index = (uint32_t)at->position++;
        const ailua_record *record = &batch->records[index];
        if (!is_wanted(batch, record, at->wanted)) continue;
        if (at->wanted->rules != NULL && !is_found(batch, index, at->wanted->rules, &hit)) continue;
        at->room = host->room;
        host->is_split = false;
        host->split_count = 0;
        event_begin_record(host, record);
        limits_begin(host);
        lua_pushvalue(L, 2);
        event_hand(L, host, 3);
        lua_call(L, 1, 1);
        bool dropped = lua_isboolean(L, -1) && !lua_toboolean(L, -1);
        lua_pop(L, 1);
        if (dropped) {
            event_log(L, host, AILUA_DROP);
        } else if (host->event.wrote != 0 || host->event.field_count > 0 || host->is_split) {
            event_log(L, host, AILUA_KEEP);
        }
        if (is_full(host)) break;
    }
    return 0;
}

/// The event at hand stays as it came: also those go that were made of it by then.
static void take_back(ailua_state *host, const run *at) {
    uint32_t record = (uint32_t)(at->position - 1);
    while (host->change_count > 0 && host->changes[host->change_count - 1].record == record) host->change_count--;
    // What a sink wrote up to there stays.
    if (host->output_count == 0) host->room = at->room;
}

ailua_status ailua_process(
    ailua_state *host, const ailua_batch *batch, const ailua_wanted *wanted, size_t *position, size_t *room) {
    host->change_count = 0;
    host->change_field_count = 0;
    if (host->killed != KILL_NONE) return AILUA_KILLED;
    lua_State *L = host->L;
    batch_begin(host, batch);
    arena_reset(&host->arena);
    run at = {wanted, *position, *room};
    host->room = *room;
    lua_pushcfunction(L, run_batch);
    lua_pushlightuserdata(L, &at);
    lua_pushvalue(L, SLOT_FUNCTION);
    lua_pushvalue(L, SLOT_EVENTS);
    host->has_event = true;
    host->may_write = true;
    ailua_status status = host_call(host, 3, 0, 1);
    if (status != AILUA_OK && at.position > *position) take_back(host, &at);
    host->has_event = false;
    host->may_write = false;
    host->batch = NULL;
    host->record = NULL;
    *position = at.position;
    *room = host->room;
    return status;
}

const ailua_change *ailua_changes(const ailua_state *state, size_t *count) {
    *count = state->change_count;
    return state->changes;
}

const ailua_value *ailua_change_fields(const ailua_state *state) { return state->change_fields; }

// MARK: Correlation

typedef struct {
    size_t index;
    int64_t now;
} occasion;

static int call_correlate(lua_State *L) {
    ailua_state *host = host_of(L);
    const occasion *at = lua_touserdata(L, 1);
    // The adapter answers true as long as timers are due before the event: each round has its own budget.
    do {
        limits_begin(host);
        event_begin_record(host, &host->batch->records[at->index]);
        host->now = at->now;
        lua_pushvalue(L, 2);
        event_hand(L, host, 3);
        lua_pushinteger(L, at->now);
        lua_call(L, 2, 1);
    } while (lua_toboolean(L, -1) && (lua_pop(L, 1), true));
    return 0;
}

ailua_status ailua_correlate(
    ailua_state *host, const ailua_batch *batch, size_t index, int64_t now, bool *is_pending) {
    *is_pending = false;
    if (host->killed != KILL_NONE) return AILUA_KILLED;
    lua_State *L = host->L;
    batch_begin(host, batch);
    arena_reset(&host->arena);
    occasion at = {index, now};
    lua_pushcfunction(L, call_correlate);
    lua_pushlightuserdata(L, &at);
    lua_pushvalue(L, SLOT_FUNCTION);
    lua_pushvalue(L, SLOT_EVENTS);
    host->has_event = true;
    ailua_status status = host_call(host, 3, 0, 1);
    if (status != AILUA_OK) *is_pending = adapter_was_firing(host);
    host->has_event = false;
    host->batch = NULL;
    host->record = NULL;
    return status;
}
