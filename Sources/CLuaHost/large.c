#include "host.h"

#include <math.h>
#include <string.h>

// What a single instruction can do with a large block, where no hook goes off in between.
//
// Comparing two strings takes about 12 ns for each zero byte in them: 25 ms for 2 MB. So the longer the longest string
// is, the sooner the script is looked at again.
//
// A table that grows puts its entries into their new places one by one, each at the end of its chain: with 65,536
// numbers that all belong at the same place that takes seconds. A script finds such numbers easily. Before it gets the
// memory for the larger table, the places of its numbers are counted. Strings are safe, Lua mixes a seed into theirs.

enum {
    /// Bytes of strings that may be compared between two looks.
    COMPARED = 2 * 1024 * 1024,
    COUNTERS = 4096,
    /// Steps along chains that growing may take, about 10 ms.
    CHAIN_STEPS = 10 * 1000 * 1000
};

/// An entry of a table as Lua 5.4 keeps it; the tests of numbers that collide fail where this isn't so.
typedef struct {
    uint64_t value;
    uint8_t value_kind;
    uint8_t key_kind;
    int32_t next;
    union {
        lua_Unsigned integer;
        lua_Number number;
    } key;
} entry;

enum { KIND_MASK = 0x0F, KIND_INTEGER = LUA_TNUMBER, KIND_FLOAT = LUA_TNUMBER | 1 << 4 };

/// The entries of a table come in one block, of a power of two of them.
static size_t slots_of(size_t kind, size_t size) {
    size_t slots = size / sizeof(entry);
    return kind == 0 && size % sizeof(entry) == 0 && (slots & (slots - 1)) == 0 ? slots : 0;
}

/// Where Lua looks for the key first; as ltable.c has it.
static size_t place(const entry *at, size_t slots) {
    size_t divisor = (slots - 1) | 1;
    if (at->key_kind == KIND_INTEGER) {
#if LUA_VERSION_RELEASE_NUM < 50403
        return at->key.integer & (slots - 1);
#else
        return at->key.integer % divisor;
#endif
    }
    int exponent;
    lua_Number number = frexp(at->key.number, &exponent) * -(lua_Number)INT32_MIN;
    if (!(number >= -0x1p63 && number < 0x1p63)) return 0;
    unsigned hash = (unsigned)exponent + (unsigned)(lua_Integer)number;
    return (hash <= INT32_MAX ? hash : ~hash) % divisor;
}

/// Steps that it takes to put the numbers of a table into one of `slots` places, counted a little too high; less what
/// numbers take that have nothing against us.
static double chain_steps(const large_block *table, size_t slots) {
    uint32_t counts[COUNTERS];
    memset(counts, 0, sizeof counts);
    const entry *entries = table->block;
    size_t count = table->size / sizeof *entries;
    for (size_t i = 0; i < count; i++) {
        const entry *at = &entries[i];
        if ((at->value_kind & KIND_MASK) == 0) continue;
        if (at->key_kind != KIND_INTEGER && at->key_kind != KIND_FLOAT) continue;
        counts[(uint32_t)place(at, slots) * 2654435761u >> 20]++;
    }
    double steps = 0;
    for (size_t i = 0; i < COUNTERS; i++) steps += (double)counts[i] * counts[i] / 2;
    return steps - (double)count * (double)count / COUNTERS;
}

bool large_fits(ailua_state *host, size_t kind, size_t size) {
    const host_large *large = &host->heap.large;
    if (kind == LUA_TSTRING) return size <= host->heap.string_limit && large->string_count < LARGE_BLOCKS;
    size_t slots = slots_of(kind, size);
    if (slots == 0 || host->limits.instructions >= AILUA_UNLIMITED) return true;
    if (large->table_count == LARGE_BLOCKS) return false;
    for (uint32_t i = 0; i < large->table_count; i++) {
        const large_block *table = &large->tables[i];
        // It is one of them that grows, which doubles it; all the others would only cost time.
        if (table->size < size / 4) continue;
        if (chain_steps(table, slots) > CHAIN_STEPS) {
            // What it would take, it is told for.
            host->is_late = true;
            return false;
        }
    }
    return true;
}

void large_note(ailua_state *host, size_t kind, const void *block, size_t size) {
    host_large *large = &host->heap.large;
    if (kind == LUA_TSTRING) {
        large->strings[large->string_count++] = (large_block){block, size};
        if (host->running != NULL) limits_run(host, host->running);
    } else if (slots_of(kind, size) > 0 && large->table_count < LARGE_BLOCKS) {
        large->tables[large->table_count++] = (large_block){block, size};
    }
}

static void forget(large_block *blocks, uint32_t *count, const void *block) {
    for (uint32_t i = *count; i > 0; i--) {
        if (blocks[i - 1].block != block) continue;
        blocks[i - 1] = blocks[--*count];
        return;
    }
}

void large_forget(host_large *large, const void *block) {
    forget(large->strings, &large->string_count, block);
    forget(large->tables, &large->table_count, block);
}

int large_interval(const host_large *large) {
    size_t longest = 0;
    for (uint32_t i = 0; i < large->string_count; i++) {
        if (large->strings[i].size > longest) longest = large->strings[i].size;
    }
    // Two instructions are one comparison.
    size_t most = longest == 0 ? HOST_INTERVAL : 2 * COMPARED / longest;
    return most < 2 ? 2 : most > HOST_INTERVAL ? HOST_INTERVAL : (int)most;
}
