/// The one place that runs Lua: a sandboxed state, called from Swift through plain functions.
///
/// Nothing here raises an error towards the caller or unwinds through its frames: every function returns a
/// status and runs its Lua work under a protected call. lua.h and pcre2.h stay out of this header on purpose.
///
/// Ownership: a state and a guard belong to one thread at a time. Pointers handed out are good until the next
/// call on the same state.
#ifndef AILOGGER_CLUAHOST_H
#define AILOGGER_CLUAHOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ailua_state ailua_state;
typedef struct ailua_guard ailua_guard;

/// What a plugin may use. All of them hold for a single call but `memory`, which the state as a whole keeps to.
typedef struct {
    /// Bytes of the state: Lua's objects, compiled patterns.
    size_t memory;
    /// Instructions of the Lua machine in one call, summed over all coroutines.
    int64_t instructions;
    /// Nanoseconds of one call: wall clock, of which the script must have had the processor for at least half.
    int64_t nanoseconds;
} ailua_limits;

typedef enum {
    /// The call went through; for a parser: the line is its own.
    AILUA_OK = 0,
    /// The parser returned false: not its line.
    AILUA_REFUSED = 1,
    /// The script raised an error; the state stays usable.
    AILUA_ERROR = 2,
    /// A limit was hit. The state does nothing any more: close it and open another.
    AILUA_KILLED = 3
} ailua_status;

/// Types of a value that came out of Lua.
typedef enum {
    AILUA_NIL = 0,
    AILUA_BOOLEAN = 1,
    AILUA_INTEGER = 2,
    AILUA_NUMBER = 3,
    AILUA_STRING = 4,
    /// A table, function or anything else that can't leave Lua.
    AILUA_OTHER = 5
} ailua_type;

/// What an entry of `ailua_samples` says.
typedef enum {
    AILUA_SAMPLE_LINE = 0,
    /// `expect = false`: the line must be refused.
    AILUA_SAMPLE_REFUSED = 1,
    AILUA_SAMPLE_LEVEL = 2,
    AILUA_SAMPLE_MESSAGE = 3,
    AILUA_SAMPLE_COMPONENT = 4,
    AILUA_SAMPLE_TIME = 5,
    AILUA_SAMPLE_FIELD = 6
} ailua_role;

enum { AILUA_NO_NAME = 0xFFFF };

/// A value with its name. Strings have lengths and may hold any byte.
typedef struct {
    const char *key;
    const char *bytes;
    size_t length;
    /// Also 0 or 1 for a boolean.
    int64_t integer;
    double number;
    uint32_t key_length;
    /// Stands for `key` as long as the state lives; AILUA_NO_NAME for one of too many names.
    uint16_t name;
    uint8_t type;
    uint8_t role;
} ailua_value;

/// A time as written in text. The caller's own scanner fills it in and reads it back; C only carries it.
typedef struct {
    int64_t nanoseconds;
    uint8_t shape;
    bool has_zone;
    uint8_t month;
    uint8_t day;
    /// Nanoseconds since the epoch, so that a script can read them back.
    bool absolute;
} ailua_time;

/// What the host lends to scripts. Both are called in the middle of a script: they must not call back.
typedef struct {
    /// The severity number of a level word; 0 for a word that isn't one.
    uint8_t (*level)(const uint8_t *word, size_t length);
    /// Reads a timestamp; false if there is none.
    bool (*time)(const uint8_t *text, size_t length, ailua_time *time);
} ailua_services;

/// What a parser wrote in the call just made. Whatever it left alone is `AILUA_NIL`, 0 or false.
typedef struct {
    ailua_value message;
    ailua_value component;
    ailua_time time;
    const ailua_value *fields;
    uint32_t field_count;
    /// A severity number; 0 if none was written.
    uint8_t level;
    bool has_time;
    /// The time is `time.nanoseconds` since the epoch, given as a number.
    bool time_is_number;
} ailua_event;

/// The plugin's table, as its chunk returned it.
typedef struct {
    ailua_value name;
    ailua_value kind;
    ailua_value api;
    ailua_value match;
    /// Whether lines that the parser refuses belong to the event before them; nil means no.
    ailua_value multiline;
    bool has_parse;
    bool has_samples;
} ailua_contract;

// MARK: State

/// A fresh state with the reduced library; null without memory for one.
ailua_state *ailua_open(ailua_limits limits, ailua_services services);
void ailua_close(ailua_state *state);

/// Runs a plugin's text (never bytecode) and keeps the table it returns. `file` is what error positions name.
ailua_status ailua_load(ailua_state *state, const char *source, size_t length, const char *file);
/// The table's entries; good until the next call on the state.
const ailua_contract *ailua_module(const ailua_state *state);
/// Flattens `samples`: each AILUA_SAMPLE_LINE begins another sample. Good until the next call on the state.
ailua_status ailua_samples(ailua_state *state, const ailua_value **values, size_t *count);

/// Calls the plugin's `parse` with one line.
ailua_status ailua_parse(ailua_state *state, const uint8_t *line, size_t length);
const ailua_event *ailua_result(const ailua_state *state);

/// The last error's text, without its position; never null.
const char *ailua_error(const ailua_state *state, size_t *length);
/// The line in the plugin's file where the last error was raised; 0 if unknown.
int ailua_error_line(const ailua_state *state);
/// Bytes in use, compiled patterns included.
size_t ailua_memory(const ailua_state *state);

/// What the script logged: call with `*cursor` 0 first; false at the end.
bool ailua_log_next(const ailua_state *state, size_t *cursor, uint8_t *level, const char **text, size_t *length);
/// Forgets what was logged; returns how many lines found no room.
size_t ailua_log_clear(ailua_state *state);

// MARK: Guard

/// A PCRE2 pattern that is tried before Lua is entered. On failure null, with the reason in `error` and
/// where in the pattern, from 0.
ailua_guard *ailua_guard_open(
    const char *pattern, size_t length, char *error, size_t capacity, size_t *offset);
void ailua_guard_close(ailua_guard *guard);
/// 1 if the line matches, 0 if not, -1 if a match limit was hit.
int ailua_guard_test(ailua_guard *guard, const uint8_t *line, size_t length);

#endif
