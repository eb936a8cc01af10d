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

/// So many instructions that nobody counts them: also a fiftyfold of it is a number of 64 bits.
#define AILUA_UNLIMITED ((int64_t)1 << 52)

/// What a plugin may use. All of them hold for a single call but `memory`, which the state as a whole keeps to.
typedef struct {
    /// Bytes of the state: Lua's objects, compiled patterns.
    size_t memory;
    /// Instructions of the Lua machine in one call, summed over all coroutines; AILUA_UNLIMITED for scripts of our own.
    int64_t instructions;
    /// Nanoseconds of one call: wall clock, of which the script must have had the processor for at least half.
    int64_t nanoseconds;
    /// Whether `require "lpeg"` loads the native library. It knows no instructions: only memory and time bound it, and
    /// the time only between two of its calls.
    bool lpeg;
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
    /// A function, coroutine or anything else that can't leave Lua.
    AILUA_OTHER = 5,
    /// A list or map, as the bytes of its JSON text.
    AILUA_JSON = 6,
    AILUA_NULL = 7,
    /// Only in what `ailua_entries` gives.
    AILUA_FUNCTION = 8
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

/// What an entry of `ailua_findings` says; each finding begins with AILUA_FINDING_KIND.
typedef enum {
    AILUA_FINDING_KIND = 0,
    AILUA_FINDING_ID,
    AILUA_FINDING_TITLE,
    AILUA_FINDING_LEVEL,
    AILUA_FINDING_MESSAGE,
    AILUA_FINDING_CAUSE,
    AILUA_FINDING_FIX,
    AILUA_FINDING_DOC_TITLE,
    AILUA_FINDING_DOC_URL,
    AILUA_FINDING_FIELD,
    AILUA_FINDING_KEY,
    AILUA_FINDING_STATUS,
    AILUA_FINDING_SINCE,
    AILUA_FINDING_UNTIL,
    AILUA_FINDING_SAMPLE_SOURCE,
    AILUA_FINDING_SAMPLE_LINE,
    AILUA_FINDING_SAMPLE_OFFSET,
    AILUA_FINDING_SAMPLE_TIME,
    AILUA_FINDING_SAMPLE_TEXT
} ailua_finding_role;

enum { AILUA_NO_NAME = 0xFFFF };

/// Bytes that belong to somebody else.
typedef struct {
    const uint8_t *bytes;
    size_t length;
} ailua_text;

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

/// What the host lends to scripts. All are called in the middle of a script: they must not call back.
typedef struct {
    /// The severity number of a level word; 0 for a word that isn't one.
    uint8_t (*level)(const uint8_t *word, size_t length);
    /// Reads a timestamp; false if there is none.
    bool (*time)(const uint8_t *text, size_t length, ailua_time *time);
    /// The offset from UTC in seconds of a zone ("Europe/Berlin", "+02:00") at a time. `local`: `nanoseconds` is the
    /// zone's own time. False for a zone that isn't known. `name` gets the abbreviation, ended by 0.
    bool (*zone)(const uint8_t *zone, size_t length, int64_t nanoseconds, bool local, int32_t *offset, char name[8]);
    /// Expands `%{NAME:field:type}` to a PCRE2 pattern, with `library` (lines of "NAME regex") before the built-in
    /// names. Returns the length of the pattern, or of the message in its place if `*failed`; nothing is written if it is
    /// longer than `capacity`.
    size_t (*grok)(const uint8_t *pattern, size_t length, const uint8_t *library, size_t library_length, char *out,
        size_t capacity, bool *failed);
    /// The number of a field's name in the table behind `keys`, which is the batch's; a new one gets one.
    uint16_t (*key)(void *keys, const uint8_t *name, size_t length);
    /// The name of a number that a field of the batch bears.
    ailua_text (*key_name)(void *keys, uint16_t key);
} ailua_services;

/// Which members of the event a script wrote, as bits of `ailua_event.wrote`.
enum { AILUA_WROTE_MESSAGE = 1, AILUA_WROTE_COMPONENT = 2, AILUA_WROTE_LEVEL = 4, AILUA_WROTE_TIME = 8 };

/// What a script wrote to an event. What it left alone isn't in `wrote`; what it set to nil is AILUA_NIL, 0 or false.
typedef struct {
    ailua_value message;
    ailua_value component;
    ailua_time time;
    const ailua_value *fields;
    uint32_t field_count;
    uint8_t wrote;
    /// A severity number; 0 if none was written.
    uint8_t level;
    bool has_time;
    /// The time is `time.nanoseconds` since the epoch, given as a number.
    bool time_is_number;
} ailua_event;

// MARK: Batches

// The layouts of LogCore's ByteRange, Record, Field and RuleHit, so that a batch is read in place. A test of LogLua
// holds them together.

typedef struct {
    uint32_t start;
    uint32_t end;
} ailua_range;

typedef struct {
    int64_t time;
    ailua_range raw;
    ailua_range message;
    ailua_range component;
    uint32_t first_field;
    uint32_t line;
    uint16_t field_count;
    /// Not the severity's number but its rank, from 0 for none to 6 for critical: how Swift keeps the enumeration.
    uint8_t severity;
    uint8_t time_source;
    uint8_t parser;
    /// AILUA_REWRITTEN and others.
    uint8_t flags;
} ailua_record;

/// A filter wrote the message: what the line says may not be shown.
enum { AILUA_REWRITTEN = 64 };

typedef struct {
    ailua_range value;
    uint16_t key;
    /// 0 string, 1 number, 2 JSON: FieldKind.
    uint8_t kind;
} ailua_field;

typedef struct {
    uint32_t record;
    uint32_t rule;
    uint32_t first_capture;
    uint16_t capture_count;
} ailua_hit;

/// The events of some bytes of one source, and where what is known about them lies.
typedef struct {
    const uint8_t *raw;
    /// Ranges that end behind `raw_count` lie here, counted from there.
    const uint8_t *decoded;
    size_t raw_count;
    const ailua_record *records;
    size_t count;
    const ailua_field *fields;
    const ailua_hit *hits;
    size_t hit_count;
    /// Ids by the numbers in `hits`.
    const ailua_text *rules;
    /// By record; null before templates are known.
    const uint32_t *templates;
    const ailua_text *template_texts;
    /// Names by `ailua_record.parser`; a number beyond is the generic format.
    const ailua_text *formats;
    size_t format_count;
    ailua_text path;
    int64_t first_line;
    int64_t offset;
    /// Where each record begins in its source, if that isn't `offset` and the start of its raw range; else null.
    const int64_t *offsets;
    /// For the services `key` and `key_name`.
    void *keys;
    /// Tells one table of keys from another.
    uint64_t key_table;
} ailua_batch;

/// Which events of a batch a plugin wants to see.
typedef struct {
    /// The least rank of severity; 0 for all.
    uint8_t level;
    /// Only events of some formats: bit n for parser n, bit 63 for the generic one.
    bool by_format;
    uint64_t formats;
    /// Tried on the message; null for all.
    ailua_guard *match;
    /// By number of a rule, whether what it finds is wanted; null for events that no rule found as well.
    const bool *rules;
    /// Only events from `since` on and before `until`; INT64_MIN and INT64_MAX for all, those without a time as well.
    int64_t since;
    int64_t until;
} ailua_wanted;

typedef enum { AILUA_KEEP = 0, AILUA_DROP = 1 } ailua_verdict;

/// What an entry of `ailua_entries` says: one that a key is there and of which type, further ones what it holds.
typedef enum { AILUA_ENTRY_VALUE = 0, AILUA_ENTRY_KEY = 1 } ailua_entry_role;

/// What a filter did to one event. Several for one record are several events instead of the one.
typedef struct {
    uint32_t record;
    uint8_t verdict;
    ailua_event event;
    /// `event.fields` before the array moved for the last time: use `first_field` in `ailua_change_fields`.
    size_t first_field;
} ailua_change;

/// The plugin's table, as its chunk returned it.
typedef struct {
    ailua_value name;
    ailua_value kind;
    ailua_value api;
    ailua_value match;
    /// Whether lines that the parser refuses belong to the event before them; nil means no.
    ailua_value multiline;
    /// The function that its kind asks for (parse, process or write), if it has it; null if not.
    const char *function;
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

// MARK: Modules

/// Gives the plugin a further file: `require "name"` runs its text (never bytecode) the first time that it is asked for.
/// `name` is made of letters, digits, _ and . as in "util.text"; `file` is what error positions name, as much of it as
/// Lua shows (59 bytes). Copies all of them. To be called before `ailua_load`; of two with one name the first counts.
/// False without memory, or for a name that `require` couldn't be given.
bool ailua_add_module(ailua_state *state, const char *name, const char *source, size_t length, const char *file);

// MARK: Filters and sinks

/// Calls the plugin's function on the records of a batch from `*position` on. `*position` is left where the next call
/// begins: behind the last record, behind one whose call failed, or behind one that filled the memory for changes.
/// `*room` is how many bytes the batch still takes, less what it is given: an event that asks for more fails.
ailua_status ailua_process(
    ailua_state *state, const ailua_batch *batch, const ailua_wanted *wanted, size_t *position, size_t *room);
/// What the last `ailua_process` changed, in the order of records; good until the next call on the state.
const ailua_change *ailua_changes(const ailua_state *state, size_t *count);
const ailua_value *ailua_change_fields(const ailua_state *state);
/// Calls a sink's `start` or `flush`, if it has one.
ailua_status ailua_call_sink(ailua_state *state, const char *function);

/// The name of an output that the plugin asked for while its chunk ran; no bytes behind the last. Whether it may have it
/// is the caller's to decide, before it takes what is written there.
ailua_text ailua_output_name(const ailua_state *state, size_t number);
/// What was written to an output since `ailua_outputs_clear`.
ailua_text ailua_output(const ailua_state *state, size_t number);
void ailua_outputs_clear(ailua_state *state);

// MARK: Adapters

// Parts of the platform that are Lua themselves, run in the plugin's own state and budget: correlation, Fluent Bit's
// contract, samples. Each is a chunk, called with the plugin's table, a table of host functions, and what is said.

/// Runs an adapter, whose result is a table of functions: `process` takes the place of the plugin's own.
ailua_status ailua_adapt(ailua_state *state, ailua_text source, const char *name);
/// Hands record `index` to the adapter's `process` at event time `now`. If a timer failed on the way, `*is_pending` is true:
/// the record is still to be handed over, by another call.
ailua_status ailua_correlate(
    ailua_state *state, const ailua_batch *batch, size_t index, int64_t now, bool *is_pending);
/// Lets event time go on to `now` without an event. If a timer failed on the way, `*is_pending` is true.
ailua_status ailua_advance(ailua_state *state, int64_t now, bool *is_pending);
/// The input is at its end, and nothing more will come: calls the plugin's `finish`, if it has one.
ailua_status ailua_finish(ailua_state *state);
/// All that the correlator knows, as bytes; good until the next call.
ailua_status ailua_save(ailua_state *state, ailua_text *bytes);
/// What the correlator had to forget for want of room, as a list of texts.
ailua_status ailua_lost(ailua_state *state, const ailua_value **values, size_t *count);
/// Goes on from what `ailua_save` gave.
ailua_status ailua_restore(ailua_state *state, ailua_text bytes);
/// What was emitted since `ailua_findings_clear`: each entry's `role` is an `ailua_finding_role`.
const ailua_value *ailua_findings(const ailua_state *state, size_t *count);
void ailua_findings_clear(ailua_state *state);

/// Runs a chunk that checks the plugin: called with the plugin's table, the host functions, the adapter's functions
/// (or nil) and `text`'s chunk (or nil); it returns a list of strings, which are handed out like entries.
ailua_status ailua_verify(ailua_state *state, ailua_text source, ailua_text text, const char *text_name,
    const ailua_value **failures, size_t *count);
/// Runs a line of Lua as in a dialogue; the results, as shown, in the same way. `line` becomes the event at hand.
ailua_status ailua_evaluate(ailua_state *state, ailua_text chunk, ailua_text line, const ailua_value **results, size_t *count);

// MARK: What the plugin's table says

/// All entries of the plugin's table, flat: first a key with its type as text, then, but for `samples`, what it holds: a
/// list gives one value for each element under its key, a map gives "key.name". Good until the next call on the state.
ailua_status ailua_entries(ailua_state *state, const ailua_value **values, size_t *count);
/// Sets `config[key]`, which must be there, from text, keeping the type of what is there.
ailua_status ailua_configure(ailua_state *state, ailua_text key, ailua_text value);

// MARK: Errors and limits

/// The last error's text, without its position; never null.
const char *ailua_error(const ailua_state *state, size_t *length);
/// The line where the last error was raised, in the plugin's file or in that which `ailua_error_file` names; 0 if unknown.
int ailua_error_line(const ailua_state *state);
/// The file of a module, if the last error was raised there; null if it was in the plugin's own.
const char *ailua_error_file(const ailua_state *state);
/// Bytes in use, compiled patterns included.
size_t ailua_memory(const ailua_state *state);
/// Blocks that Lua was given, or that grew, since the state began; `*bytes` is how much in all.
uint64_t ailua_allocations(const ailua_state *state, uint64_t *bytes);

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
/// Whether the bytes, or some line that begins with them, may match; true also where that isn't known.
bool ailua_guard_may_match(ailua_guard *guard, const uint8_t *beginning, size_t length);
/// 1 if the line matches, 0 if not, -1 if a match limit was hit.
int ailua_guard_test(ailua_guard *guard, const uint8_t *line, size_t length);

// MARK: Metrics

typedef enum { AILUA_COUNTER = 0, AILUA_GAUGE = 1, AILUA_HISTOGRAM = 2 } ailua_metric_kind;

typedef struct {
    ailua_text name;
    ailua_text value;
} ailua_label;

/// One metric under one set of labels.
typedef struct {
    ailua_text name;
    ailua_text help;
    /// In the order of their names, no two of which are the same.
    const ailua_label *labels;
    size_t label_count;
    /// What a counter or a gauge stands at; the sum of what a histogram was given.
    double value;
    /// Event time at which a gauge was set; INT64_MIN for others and where there is none.
    int64_t time;
    /// A histogram's bounds, rising, and how many values lie at or below each but above the one before it. One more
    /// bucket, the last, has what lies above all bounds.
    const double *bounds;
    size_t bound_count;
    const uint64_t *buckets;
    /// Values that a histogram was given.
    uint64_t count;
    /// An `ailua_metric_kind`.
    uint8_t kind;
} ailua_series;

/// Everything that the plugin counted, set and observed, also if it was stopped since. Call with `*cursor` 0 first; false
/// at the end. What `series` points to is good until the next call on the state.
bool ailua_metrics_next(const ailua_state *state, size_t *cursor, ailua_series *series);
/// How often a value found no room, because its labels would have made one series too many.
uint64_t ailua_metrics_dropped(const ailua_state *state);
/// Forgets every series, and what was dropped.
void ailua_metrics_clear(ailua_state *state);

#endif
