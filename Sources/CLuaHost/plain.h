/// What json.c, pack.c, kv.c and csv.c share: null and lists, numbers as text, options, and the walk through a value
/// that is to become bytes.
#ifndef AILOGGER_PLAIN_H
#define AILOGGER_PLAIN_H

#include "host.h"

#include <string.h>

enum {
    /// Tables in tables, read and written.
    PLAIN_DEPTH = 64,
    /// Room for any number as text, with a 0 at its end.
    PLAIN_NUMBER_BYTES = 32,
    /// Options that `plain_options` reads at most.
    PLAIN_OPTIONS = 3
};

// MARK: Null and lists

static inline bool plain_is_null(lua_State *L, int index) {
    return lua_type(L, index) == LUA_TLIGHTUSERDATA && lua_touserdata(L, index) == NULL;
}

/// Pushes the metatable that makes a table a list even when it is empty: one a state.
void plain_push_list_mark(lua_State *L);
bool plain_is_list(lua_State *L, int index);

// MARK: Text

/// Both write a 0 behind the text and return its length. A float always has a point or an exponent, and as few digits
/// as read back the same; the locale has no say.
size_t plain_write_integer(lua_Integer value, char out[PLAIN_NUMBER_BYTES]);
size_t plain_write_float(lua_Number value, char out[PLAIN_NUMBER_BYTES]);
/// Reads a number that is known to be well formed.
lua_Number plain_read_float(lua_State *L, const char *text, size_t length);

/// Decodes the escape of JSON whose backslash is at `at`, moves `*out` behind its text (never longer than the escape),
/// and returns what follows; null if it is no escape.
const char *plain_unescape(const char *at, const char *end, char **out);

/// A key of the table at `index` that is none of `names`, which end with a null, is a slip that nobody would see: an
/// error of `function` that tells those that there are.
void plain_check_names(lua_State *L, int index, const char *function, const char *const *names);

/// An option of a library: a single byte; -1 for none.
typedef struct {
    const char *name;
    int byte;
} plain_option;

/// Reads the table at `index`, if there is one, into options that hold their defaults. No two may be the same byte;
/// only the one named "quote" may be empty.
void plain_options(lua_State *L, int index, const char *library, plain_option *options, int count);

// MARK: Budget

/// Work that the budget hasn't been told of yet: small steps are gathered.
typedef struct {
    lua_State *L;
    int64_t cost;
} plain_meter;

static inline void plain_settle(plain_meter *meter) {
    int64_t cost = meter->cost;
    meter->cost = 0;
    limits_charge(meter->L, host_of(meter->L), cost);
}

static inline void plain_spend(plain_meter *meter, size_t cost) {
    meter->cost += (int64_t)cost;
    if (meter->cost > HOST_INTERVAL) plain_settle(meter);
}

// MARK: Walk

/// In the order in which keys are sorted.
typedef enum { PLAIN_INTEGER, PLAIN_FLOAT, PLAIN_STRING, PLAIN_BOOLEAN } plain_kind;

/// A table's key. A string's bytes stay where they are as long as the table does.
typedef struct {
    plain_kind kind;
    union {
        lua_Integer integer;
        lua_Number number;
        struct {
            const char *bytes;
            size_t length;
        };
    };
} plain_key;

/// Writes bytes while it walks through tables: knows where it is, for errors, and keeps the keys to sort.
typedef struct {
    plain_meter meter;
    /// Before each error's text.
    const char *prefix;

    char *bytes;
    size_t count;
    size_t capacity;
    /// More of them are an error.
    size_t limit;

    plain_key *keys;
    size_t key_count;
    size_t key_capacity;

    /// Where on the stack lie the blocks of `bytes` and, behind it, of `keys`; nil while they are the small ones here.
    int slot;

    int depth;
    /// The tables from the root down, and the key at which each is being read.
    const void *tables[PLAIN_DEPTH];
    plain_key steps[PLAIN_DEPTH];

    char first_bytes[512];
    plain_key first_keys[32];
} plain_writer;

void plain_begin(plain_writer *writer, lua_State *L, const char *prefix, size_t limit);
/// Pushes the bytes, in place of what the walk has on the stack.
void plain_finish(plain_writer *writer);

/// Raises "prefix path text"; the path leads to the value at hand.
_Noreturn void plain_fail(plain_writer *writer, const char *format, ...);

/// Before and behind the entries of the table on top of the stack: an error if that is too deep, or within itself.
void plain_enter(plain_writer *writer);
static inline void plain_leave(plain_writer *writer) { writer->depth--; }
/// Notes which entry of the table entered last is the one at hand.
static inline void plain_at(plain_writer *writer, const plain_key *key) { writer->steps[writer->depth - 1] = *key; }

/// The count of entries at 1, 2, 3 … of the table on top of the stack.
lua_Integer plain_sequence(plain_writer *writer);
/// Appends the keys of the table on top of the stack to `keys`, all but 1 to `sequence`; returns how many. The caller
/// takes them off again.
size_t plain_gather(plain_writer *writer, lua_Integer sequence);
/// Sorts the last `count` of `keys`: numbers by value, strings by their bytes.
void plain_sort(plain_writer *writer, size_t count);
void plain_push_key(lua_State *L, const plain_key *key);

/// Makes room for `length` more bytes.
void plain_grow(plain_writer *writer, size_t length);

static inline void plain_put(plain_writer *writer, const char *bytes, size_t length) {
    if (writer->capacity - writer->count < length) plain_grow(writer, length);
    memcpy(writer->bytes + writer->count, bytes, length);
    writer->count += length;
}

static inline void plain_put_byte(plain_writer *writer, char byte) { plain_put(writer, &byte, 1); }

#endif
