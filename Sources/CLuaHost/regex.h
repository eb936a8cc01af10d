/// PCRE2 with our limits, without Lua: what the guard and `ailogger.regex` share.
#ifndef AILOGGER_REGEX_H
#define AILOGGER_REGEX_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Limits and JIT stack: one a thread, shared by its patterns.
typedef struct {
    pcre2_match_context *context;
    /// Made the first time that the 32 KiB on the machine stack don't do.
    pcre2_jit_stack *stack;
    uint32_t match_limit;
    /// What a watched search may still cost, in about nanoseconds; where in the subject it was last seen.
    int64_t left;
    size_t position;
    /// What the last search has cost as far as it was watched.
    int64_t cost;
    /// Asked now and then by watched searches whether they must end; may be null.
    bool (*is_late)(void *owner);
    void *owner;
} regex_scratch;

typedef struct {
    pcre2_code *code;
    /// The same with callouts, that a search can be watched by: compiled for the first subject that needs it. Its text
    /// is kept for that.
    pcre2_code *metered;
    char *text;
    size_t text_length;
    pcre2_match_data *data;
    const PCRE2_SIZE *spans;
    /// Capture groups, the whole match not counted.
    uint32_t groups;
    bool jit;
    bool metered_jit;
    /// Searches to do before it is worth the JIT, which takes nine tenths of the time to compile a pattern.
    uint32_t searches_left;
    bool utf;
    /// PCRE2 refuses it with callouts.
    bool unmeterable;
} regex_pattern;

/// What `regex_match` returns below 0 and PCRE2 doesn't: a limit was hit, which is never "no match".
enum { REGEX_NO_MATCH = 0, REGEX_MATCH = 1, REGEX_LIMIT = -1 };

bool regex_scratch_init(regex_scratch *scratch);
void regex_scratch_free(regex_scratch *scratch);

/// False with a message and the offset in the pattern if it doesn't compile. The JIT comes after so many searches.
bool regex_compile(
    regex_pattern *pattern, const char *text, size_t length, uint32_t searches, char *error, size_t capacity,
    size_t *offset);
void regex_free(regex_pattern *pattern);
/// Bytes held by a compiled pattern, machine code included.
size_t regex_size(const regex_pattern *pattern);

/// Whether the bytes, or some text that begins with them, may match; true also where that isn't known.
bool regex_may_match(const regex_pattern *pattern, regex_scratch *scratch, const char *beginning, size_t length);
/// After REGEX_MATCH, `spans` holds start and end of each group, PCRE2_UNSET for one that took no part.
int regex_match(
    regex_pattern *pattern, regex_scratch *scratch, const char *subject, size_t length, size_t start);

#endif
