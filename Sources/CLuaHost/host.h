/// What the files of CLuaHost share: the state behind `ailua_state`, and the ways to stop a script.
///
/// The files: `state.c` life, calls, errors; `limits.c` budget and kill; `memory.c` allocator; `large.c` what one
/// instruction on a large block may take; `names.c` names by address;
/// `chunk.c` text that becomes code; `library.c` the reduced library; `metatable.c` metatables that aren't weak; `patterns.c` Lua's own patterns with a budget; `coroutine.c` what could swallow an
/// error; `event.c` the lazy event; `module.c` the plugin's table; `require.c` further files of a plugin; `regex.c`
/// PCRE2 without Lua. `ailogger` itself is made of `luaregex.c`, `grok.c`, `json.c`, `kv.c`, `csv.c`, `url.c`, `ip.c`,
/// `hash.c`, `luatime.c`, `metric.c`, `cache.c`, `sorted.c` and `log.c`, each with one function or table; `missing.c` says what
/// they have.
#ifndef AILOGGER_HOST_H
#define AILOGGER_HOST_H

#include "CLuaHost.h"
#include "regex.h"

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

enum {
    HOST_FIELDS = 256,
    HOST_KEY_BYTES = 256,
    /// Instructions between two looks at budget and clock.
    HOST_INTERVAL = 200,
    /// What one event may be given in all, over keys and values.
    HOST_EVENT_BYTES = 4 * 1024 * 1024,
    HOST_LOG_BYTES = 64 * 1024,
    /// What one finding may hold, and the instructions that it counts as besides one for 16 of its bytes: all of them are kept
    /// until the log ends.
    HOST_FINDING_BYTES = 64 * 1024,
    HOST_FINDING_COST = 100,
    /// Names that are known by address; further ones work, only slower.
    HOST_NAMES = 1024,
    HOST_NAME_SLOTS = 4096,
    /// Up to here Lua keeps one copy of a string (LUAI_MAXSHORTLEN).
    HOST_NAME_BYTES = 40,
    HOST_PIECES = 128,
    /// Events that one may become.
    HOST_SPLIT = 4096,
    /// The longest result of string.rep, and the most elements that table.move and table.concat touch.
    HOST_BULK = 1024 * 1024
};

/// Fixed places on the main thread's stack, so that a call needs no look-up: the error handler, the closure that parses,
/// the plugin's function, the events, the plugin's table, the adapter's functions, and what adapters may call.
enum {
    SLOT_HANDLER = 1,
    SLOT_CALL,
    SLOT_FUNCTION,
    SLOT_EVENTS,
    SLOT_MODULE,
    SLOT_ADAPTER,
    SLOT_HOST,
    SLOTS = SLOT_HOST
};

// MARK: Memory

enum { CLASS_STEP = 16, CLASS_LIMIT = 512, CLASSES = CLASS_LIMIT / CLASS_STEP, SLAB_BYTES = 32 * 1024 };

typedef struct slab {
    struct slab *next;
    /// Keeps what follows at 16 bytes.
    size_t padding;
} slab;

enum { LARGE_BYTES = 64 * 1024, LARGE_BLOCKS = 1024 };

typedef struct {
    const void *block;
    size_t size;
} large_block;

/// Strings and tables from LARGE_BYTES on that are alive.
typedef struct {
    large_block strings[LARGE_BLOCKS];
    large_block tables[LARGE_BLOCKS];
    uint32_t string_count;
    uint32_t table_count;
} host_large;

/// Whether Lua may have a block of `size`, at least LARGE_BYTES; `kind` is what it says that it is for.
bool large_fits(ailua_state *host, size_t kind, size_t size);
void large_note(ailua_state *host, size_t kind, const void *block, size_t size);
void large_forget(host_large *large, const void *block);

/// Lua's memory: small blocks from slabs by size, the rest from malloc; all of it counted against `limit`.
typedef struct {
    size_t used;
    size_t limit;
    /// The largest single block: bounds the time of any one C function that walks a string or a table.
    size_t block_limit;
    /// The longest string: one is compared with another in a single instruction.
    size_t string_limit;
    /// Asked for the time before a large block is given.
    ailua_state *host;
    host_large large;
    /// Blocks that were given or grew, and by how much, since the state began.
    uint64_t allocations;
    uint64_t allocated;
    void *free[CLASSES];
    char *bump;
    char *bump_end;
    slab *slabs;
} host_heap;

void *heap_allocate(void *heap, void *block, size_t old_size, size_t new_size);
void heap_free(host_heap *heap);

/// Bytes that live until the next call: chunks that never move.
typedef struct arena_chunk {
    struct arena_chunk *next;
    size_t used;
    size_t capacity;
    char bytes[];
} arena_chunk;

typedef struct {
    arena_chunk *chunks;
    size_t used;
    /// What `used` may grow to.
    size_t limit;
} host_arena;

/// Null without memory or past the limit.
char *arena_copy(host_arena *arena, const char *bytes, size_t length);
/// From here on the arena takes as much as one event may be given.
static inline void arena_begin(host_arena *arena) { arena->limit = arena->used + HOST_EVENT_BYTES; }
void arena_reset(host_arena *arena);
void arena_free(host_arena *arena);

// MARK: Names and pieces

/// A string that scripts use as a name, anchored for the life of the state.
typedef struct {
    const char *bytes;
    uint32_t length;
    /// The event in which this field was last written, and where in `fields`.
    uint32_t stamp;
    uint16_t field;
    uint16_t id;
    /// Which member of the event it names, from 1.
    uint8_t member;
    /// Its severity number, once `level_known`.
    uint8_t level;
    bool level_known;
    /// Its number in the batch's table of keys, once `key_known`.
    bool key_known;
    uint16_t key;
} host_name;

/// Values that grow one by one, with an arena of their own for the bytes.
typedef struct {
    ailua_value *values;
    size_t count;
    size_t capacity;
    host_arena arena;
} host_list;

/// Null if there would be too many of them, or without memory.
ailua_value *list_add(host_list *list, uint8_t role);
void list_clear(host_list *list);
void list_free(host_list *list);

/// What a sink writes to one of its outputs, until the host takes it.
typedef struct {
    char *name;
    size_t name_length;
    char *bytes;
    size_t length;
    size_t capacity;
} host_output;

enum {
    HOST_OUTPUTS = 32,
    /// Bytes written by sinks, or given to events, at which a batch is handed back before its end.
    HOST_BATCH_BYTES = 16 * 1024 * 1024,
    /// Changes, and fields in them, at which it is handed back too.
    HOST_BATCH_CHANGES = 8192,
    HOST_BATCH_FIELDS = 64 * 1024
};

/// A string that was cut from the line: where, and where Lua keeps it. Always checked against the line's bytes
/// before it is believed, so an entry that is out of date does no harm.
typedef struct {
    const char *bytes;
    size_t offset;
} host_piece;

// MARK: State

typedef struct host_metrics host_metrics;
typedef struct host_module host_module;

typedef enum { KILL_NONE, KILL_INSTRUCTIONS, KILL_TIME, KILL_MEMORY } host_kill_reason;

struct ailua_state {
    lua_State *L;
    host_heap heap;
    ailua_limits limits;
    ailua_services services;

    int64_t budget;
    /// 0 until the call has run long enough for a look at the clock.
    int64_t deadline;
    /// The thread's processor time when half of the time was over; 0 before.
    int64_t processor_mark;
    host_kill_reason killed;
    /// A block was refused because the time was over, not because of its size.
    bool is_late;

    char error[2048];
    size_t error_length;
    int error_line;
    /// The file of that line, as Lua shows it; empty if unknown.
    char error_file[64];
    /// As Lua shows it in positions, without "=".
    char file[48];
    /// The same of a file of tests; empty if none is running.
    char tests_file[LUA_IDSIZE];

    /// The thread that runs.
    lua_State *running;

    regex_scratch scratch;
    uint32_t regexes;

    host_arena arena;
    ailua_event event;
    ailua_value fields[HOST_FIELDS];
    const char *line;
    size_t line_length;
    /// The line as the script got it: a value at this address is the whole line.
    const char *line_in_lua;
    host_piece pieces[HOST_PIECES];
    bool has_event;
    uint32_t event_slot;
    bool accepted;
    /// The level word as written, for scripts that read it back.
    const char *level_word;
    size_t level_length;

    /// The batch at hand and the event's record in it; null for a parser and for a made-up event.
    const ailua_batch *batch;
    const ailua_record *record;
    /// The table that `host_name.key` is of.
    uint64_t key_table;
    /// What the events of a batch were given, one after the other; their values lie in `arena`.
    ailua_change *changes;
    size_t change_count;
    size_t change_capacity;
    ailua_value *change_fields;
    size_t change_field_count;
    size_t change_field_capacity;
    /// Bytes that the batch still takes.
    size_t room;

    host_output outputs[HOST_OUTPUTS];
    uint32_t output_count;
    size_t output_bytes;
    /// The chunk has run.
    bool has_module;
    /// The plugin's kind, where it sees neither what rules found nor, in the second, templates; null if it does.
    const char *without_findings;
    const char *without_template;
    /// Within a call that may write to outputs.
    bool may_write;
    /// The event at hand became several.
    bool is_split;
    /// How many besides the first.
    uint32_t split_count;
    /// The event, by its stamp, that the random numbers are those of; and whether the script gave a seed of its own.
    uint32_t random_stamp;
    bool has_own_seed;

    /// What correlators emitted, and what entries, samples and evaluations were last asked for.
    host_list findings;
    host_list answers;

    host_name names[HOST_NAMES];
    /// By address: an index into `names` plus 1.
    uint16_t name_slots[HOST_NAME_SLOTS];
    uint32_t name_count;
    /// Counts events, so that the marks in `names` need no clearing.
    uint32_t stamp;

    ailua_contract contract;
    /// The bytes of `contract`, which stay.
    host_arena contract_arena;

    host_metrics *metrics;
    host_module *modules;
    /// Event time in nanoseconds for what expires; INT64_MIN before the first event with a time.
    int64_t now;

    char log[HOST_LOG_BYTES];
    size_t log_used;
    size_t log_dropped;
};

static inline ailua_state *host_of(lua_State *L) { return *(ailua_state **)lua_getextraspace(L); }

// MARK: Limits

/// A full budget and a new deadline.
void limits_begin(ailua_state *host);
void limits_hook(lua_State *L, lua_Debug *where);
/// Notes which thread runs from here on, and how soon it must be looked at.
void limits_run(ailua_state *host, lua_State *thread);
/// Instructions until the next look: fewer while there are strings that take long to compare.
int large_interval(const host_large *large);
/// Takes `cost` instructions for work done in C; does not return if that was the last.
void limits_charge(lua_State *L, ailua_state *host, int64_t cost);
/// Does not return past the deadline.
void limits_clock(lua_State *L, ailua_state *host);
/// Raises what no script can catch. Never returns.
int limits_kill(lua_State *L, ailua_state *host, host_kill_reason reason);
/// Whether the time is over; for the allocator, which must not raise.
bool limits_is_late(ailua_state *host);
/// Notes what an error of memory stands for: the end of the memory or of the time.
void limits_note_memory(ailua_state *host);
/// Raises again after a C function caught an error: returns only if the error was an ordinary one.
void limits_after_catch(lua_State *L, ailua_state *host, int status);
/// Notes the line that the script stands at as that of the error; 0 if none of its functions runs, or only far down.
void limits_note_line(lua_State *L, ailua_state *host);

// MARK: Files

/// Compiles text, never bytecode: the function or the error is on top. Paid for by the byte, and stopped when the time is
/// over.
int chunk_load(lua_State *L, const char *text, size_t length, const char *name);
/// The same of a file's text.
int chunk_load_file(lua_State *L, const char *text, size_t length, const char *name);
/// Whether a position that Lua shows is in a file of the plugin: any other is a name that a script made up.
bool host_has_file(const ailua_state *host, const char *shown, size_t length);
/// The path of the module that Lua shows so; null if there is none.
const char *module_path(const ailua_state *host, const char *shown, size_t length);
/// Pushes what `tostring` gives, without an address.
void host_push_text(lua_State *L, int index);

// MARK: Names

host_name *name_find(ailua_state *host, const char *bytes);
/// Anchors the string at `index`; null if it is too long or there are too many.
host_name *name_learn(lua_State *L, ailua_state *host, int index);
void names_open(lua_State *L);

static inline host_piece *piece_slot(ailua_state *host, const char *bytes) {
    return &host->pieces[((uintptr_t)bytes >> 4) % HOST_PIECES];
}

// MARK: Parts of the library; each leaves the stack as it was

void library_open(lua_State *L);
/// setmetatable and rawset.
void metatable_open(lua_State *L);
void coroutine_open(lua_State *L);
/// string.find, match, gmatch and gsub under the budget; called after the stock string library is open.
void patterns_open(lua_State *L);
/// The global `require`.
void require_open(lua_State *L);

// Parts of `ailogger`: called with that table on top of the stack, in which each sets its own entry.
void luaregex_open(lua_State *L);
void grok_open(lua_State *L);
void json_open(lua_State *L);
void kv_open(lua_State *L);
void csv_open(lua_State *L);
void url_open(lua_State *L);
void ip_open(lua_State *L);
void hash_open(lua_State *L);
void luatime_open(lua_State *L);
/// os.time and os.date without the machine's clock and zone; called with that table on top of the stack.
void luatime_replace_os(lua_State *L);
void metric_open(lua_State *L);
void cache_open(lua_State *L);
void log_open(lua_State *L);
/// ailogger.sorted_pairs.
void sorted_open(lua_State *L);
/// After all of them: whoever asks for what isn't there gets an error that says what is.
void missing_open(lua_State *L);
/// The same for the table on top of the stack, which errors call `what`.
void host_refuse_missing(lua_State *L, const char *what);

/// Pushes the value of a JSON text (null is the light userdata NULL, a list bears the list's metatable).
/// False with a message on top instead if it is none.
bool json_push(lua_State *L, const char *text, size_t length);
/// Pushes the JSON text of the value at `index`; an error if it has none (a function, a cycle, too deep, too long).
void json_encode(lua_State *L, int index);

/// Metrics of a plugin and modules it may require: owned by the state, made when first needed.
void metrics_free(host_metrics *metrics);
void modules_free(host_module *modules);

void output_open(lua_State *L);
/// Pushes the table of what adapters may call.
void adapter_push_host(lua_State *L);
/// After a call of a correlator's adapter that failed: whether a timer did, and more is left to do.
bool adapter_was_firing(ailua_state *host);

/// Pushes the list of the events that take turns.
void events_push(lua_State *L);
/// Pushes the one at hand from the list at `events`.
void event_push(lua_State *L, const ailua_state *host, int events);
/// Pushes the next of them from the list at `events`: it is the one at hand from now on.
void event_hand(lua_State *L, ailua_state *host, int events);
/// The state, if the value at `index` is the event at hand; else an error.
ailua_state *event_check(lua_State *L, int index);
/// Pushes a table with the fields of the event at hand if the value at `index` is `event.fields`.
bool event_copy_fields(lua_State *L, int index);
/// The time of a made-up event.
void event_set_time(ailua_state *host, int64_t nanoseconds);
/// An error for a length of time that is less than a millisecond as a number: whoever writes one means seconds.
void time_check_length(lua_State *L, const char *what, int64_t length);
/// The severity number of the word at `index`; an error for a word that is none.
uint8_t event_level(lua_State *L, ailua_state *host, int index);
/// A line without a record: what a parser gets.
void event_begin(ailua_state *host, const char *line, size_t length);
/// A record of the batch at hand.
void event_begin_record(ailua_state *host, const ailua_record *record);
/// Appends what was written to the event at hand to the batch's changes.
void event_log(lua_State *L, ailua_state *host, ailua_verdict verdict);

int module_read(lua_State *L);
int module_samples(lua_State *L);
int module_entries(lua_State *L);
int module_configure(lua_State *L);

/// Copies a value for the host to an arena; raises an error if it doesn't fit.
void host_copy_value(lua_State *L, ailua_state *host, host_arena *arena, int index, ailua_value *value);
/// Appends the value at `index` to the list, with a key (or null).
void host_list_value(lua_State *L, host_list *list, int index, uint8_t role, const char *key);
/// A fresh budget for a protected call of the function below its `count` arguments; AILUA_OK or what became of it.
ailua_status host_call(ailua_state *host, int count, int results, int scale);

/// Pushes the bytes of the plain value at `index`; an error that names what isn't plain.
void pack_value(lua_State *L, int index);
/// Pushes what pack_value made bytes of; false with a message on top if they are damaged.
bool unpack_value(lua_State *L, const char *bytes, size_t length);

/// First word of each of our userdata. Scripts can't get at any other kind, so the word is proof enough.
enum {
    MAGIC_EVENT = 0x41494576,
    MAGIC_FIELDS = 0x41494664,
    MAGIC_REGEX = 0x41495265,
    MAGIC_MATCH = 0x41494d61,
    MAGIC_GROK = 0x41494772,
    MAGIC_CACHE = 0x41494361,
    MAGIC_METRIC = 0x41494d65,
    MAGIC_IP_SET = 0x41494970,
    MAGIC_OUTPUT = 0x41494f75
};

static inline void *host_check(lua_State *L, int index, uint32_t magic, const char *what) {
    uint32_t *head = lua_touserdata(L, index);
    if (head == NULL || *head != magic) luaL_typeerror(L, index, what);
    return head;
}

#endif
