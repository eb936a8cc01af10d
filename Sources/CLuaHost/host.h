/// What the files of CLuaHost share: the state behind `ailua_state`, and the ways to stop a script.
///
/// The files: `state.c` life, calls, errors; `limits.c` budget and kill; `memory.c` allocator; `names.c` names by address;
/// `library.c` the reduced library; `coroutine.c` what could swallow an error; `event.c` the lazy event;
/// `luaregex.c` patterns and logging for scripts; `module.c` the plugin's table; `regex.c` PCRE2 without Lua.
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
    /// Names that are known by address; further ones work, only slower.
    HOST_NAMES = 1024,
    HOST_NAME_SLOTS = 4096,
    /// Up to here Lua keeps one copy of a string (LUAI_MAXSHORTLEN).
    HOST_NAME_BYTES = 40,
    HOST_PIECES = 128,
    /// The longest result of string.rep, and the most elements that table.move and table.concat touch.
    HOST_BULK = 1024 * 1024
};

/// Fixed places on the main thread's stack, so that a call needs no look-up.
enum { SLOT_HANDLER = 1, SLOT_CALL = 2, SLOT_PARSE = 3, SLOT_EVENT = 4, SLOT_MODULE = 5, SLOTS = 5 };

// MARK: Memory

enum { CLASS_STEP = 16, CLASS_LIMIT = 512, CLASSES = CLASS_LIMIT / CLASS_STEP, SLAB_BYTES = 32 * 1024 };

typedef struct slab {
    struct slab *next;
    /// Keeps what follows at 16 bytes.
    size_t padding;
} slab;

/// Lua's memory: small blocks from slabs by size, the rest from malloc; all of it counted against `limit`.
typedef struct {
    size_t used;
    size_t limit;
    /// The largest single block: bounds the time of any one C function that walks a string or a table.
    size_t block_limit;
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
} host_arena;

/// Null without memory or past HOST_EVENT_BYTES.
char *arena_copy(host_arena *arena, const char *bytes, size_t length);
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
} host_name;

/// A string that was cut from the line: where, and where Lua keeps it. Always checked against the line's bytes
/// before it is believed, so an entry that is out of date does no harm.
typedef struct {
    const char *bytes;
    size_t offset;
} host_piece;

// MARK: State

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

    char error[2048];
    size_t error_length;
    int error_line;
    /// As Lua shows it in positions, without "=".
    char file[48];

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
    bool accepted;
    /// The level word as written, for scripts that read it back.
    const char *level_word;
    size_t level_length;

    host_name names[HOST_NAMES];
    /// By address: an index into `names` plus 1.
    uint16_t name_slots[HOST_NAME_SLOTS];
    uint32_t name_count;
    /// Counts events, so that the marks in `names` need no clearing.
    uint32_t stamp;

    ailua_contract contract;
    ailua_value *samples;
    size_t sample_count;
    size_t sample_capacity;

    char log[HOST_LOG_BYTES];
    size_t log_used;
    size_t log_dropped;
};

static inline ailua_state *host_of(lua_State *L) { return *(ailua_state **)lua_getextraspace(L); }

// MARK: Limits

/// A full budget and a new deadline.
void limits_begin(ailua_state *host);
void limits_hook(lua_State *L, lua_Debug *where);
/// Takes `cost` instructions for work done in C; does not return if that was the last.
void limits_charge(lua_State *L, ailua_state *host, int64_t cost);
/// Does not return past the deadline.
void limits_clock(lua_State *L, ailua_state *host);
/// Raises what no script can catch. Never returns.
int limits_kill(lua_State *L, ailua_state *host, host_kill_reason reason);
/// Raises again after a C function caught an error: returns only if the error was an ordinary one.
void limits_after_catch(lua_State *L, ailua_state *host, int status);
/// The line that the script stands at, 0 if none of its functions runs.
int limits_line(lua_State *L, const ailua_state *host);

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
void coroutine_open(lua_State *L);
void luaregex_open(lua_State *L);
/// Pushes the event.
void event_push(lua_State *L);
/// The severity number of the word at `index`; an error for a word that is none.
uint8_t event_level(lua_State *L, ailua_state *host, int index);
void event_begin(ailua_state *host, const char *line, size_t length);

int module_read(lua_State *L);
int module_samples(lua_State *L);

/// Copies a value for the host; raises an error if it doesn't fit.
void host_copy_value(lua_State *L, ailua_state *host, int index, ailua_value *value);

/// First word of each of our userdata. Scripts can't get at any other kind, so the word is proof enough.
enum { MAGIC_EVENT = 0x41494576, MAGIC_FIELDS = 0x41494664, MAGIC_REGEX = 0x41495265, MAGIC_MATCH = 0x41494d61 };

static inline void *host_check(lua_State *L, int index, uint32_t magic, const char *what) {
    uint32_t *head = lua_touserdata(L, index);
    if (head == NULL || *head != magic) luaL_typeerror(L, index, what);
    return head;
}

#endif
