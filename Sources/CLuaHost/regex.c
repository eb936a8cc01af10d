#include "regex.h"
#include "CLuaHost.h"

#include <stdlib.h>
#include <string.h>

// PCRE2's limit counts anew from every place where a match could start, and what counts as one step may run over all of
// the subject: `a(?=.*b)` takes a second on 64 KiB of "a" within any limit. So the subject is either short, or the
// search is watched: a callout before each item of the pattern pays for the item and for the way from the one before.
// That takes up to ten times as long. LogPatterns/Matcher.swift does the same.
enum {
    /// Subjects up to here are searched without being watched first.
    SHORT_LENGTH = 1024,
    /// What the steps from each of a short subject's starts may add up to: about 20 ms.
    SHORT_STEPS = 4000000,
    /// What a watched search may cost, and more of it per byte of the subject: about nanoseconds. A true match at the end
    /// of a line of a MiB takes its time.
    EFFORT = 20000000,
    EFFORT_PER_BYTE = 256,
    ITEM_COST = 8,
    /// The clock is looked at so often: about every ms.
    LOOK_COST = 1 << 20,
    /// A guard's searches before the JIT: as many as there are lines in the head of a file, of which most guards take none.
    SEARCHES_FIRST = 256,
    /// For watched searches only a second barrier.
    STEPS = 1 << 30,
    DEPTH = 1000000,
    HEAP_KIB = 8 * 1024,
    JIT_STACK = 1024 * 1024
};

static int watch(pcre2_callout_block *block, void *context) {
    regex_scratch *scratch = context;
    size_t next = block->current_position, last = scratch->position;
    int64_t before = scratch->left;
    scratch->position = next;
    scratch->left -= ITEM_COST + (int64_t)(next > last ? next - last : last - next);
    bool looks = before / LOOK_COST != scratch->left / LOOK_COST;
    bool ends = scratch->left <= 0 || (looks && scratch->is_late != NULL && scratch->is_late(scratch->owner));
    return ends ? PCRE2_ERROR_MATCHLIMIT : 0;
}

static void set_limit(regex_scratch *scratch, uint32_t limit) {
    if (limit == scratch->match_limit) return;
    scratch->match_limit = limit;
    pcre2_set_match_limit(scratch->context, limit);
}

bool regex_scratch_init(regex_scratch *scratch) {
    memset(scratch, 0, sizeof *scratch);
    scratch->context = pcre2_match_context_create(NULL);
    if (scratch->context == NULL) return false;
    set_limit(scratch, STEPS);
    pcre2_set_callout(scratch->context, watch, scratch);
    pcre2_set_depth_limit(scratch->context, DEPTH);
    pcre2_set_heap_limit(scratch->context, HEAP_KIB);
    return true;
}

void regex_scratch_free(regex_scratch *scratch) {
    pcre2_jit_stack_free(scratch->stack);
    pcre2_match_context_free(scratch->context);
    memset(scratch, 0, sizeof *scratch);
}

/// Whether a pattern speaks of characters rather than bytes. Most patterns for logs don't, and bytes are faster.
static bool wants_utf(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)text[i] >= 0x80) return true;
        if (text[i] != '\\' || i + 1 == length) continue;
        i++;
        if (strchr("pPX", text[i]) != NULL && text[i] != 0) return true;
        if ((text[i] == 'x' || text[i] == 'N') && i + 1 < length && text[i + 1] == '{') return true;
    }
    return false;
}

static uint32_t options_of(const regex_pattern *pattern) {
    // In byte mode "(*UTF)" inside a pattern would turn every invalid line into an error.
    return PCRE2_NEVER_BACKSLASH_C | (pattern->utf ? PCRE2_UTF | PCRE2_MATCH_INVALID_UTF : PCRE2_NEVER_UTF);
}

bool regex_compile(
    regex_pattern *pattern, const char *text, size_t length, uint32_t searches, char *error, size_t capacity,
    size_t *offset) {
    memset(pattern, 0, sizeof *pattern);
    pattern->utf = wants_utf(text, length);
    int code = 0;
    PCRE2_SIZE at = 0;
    pattern->code = pcre2_compile((PCRE2_SPTR)text, length, options_of(pattern), &code, &at, NULL);
    if (pattern->code == NULL) {
        if (capacity > 0) {
            error[0] = 0;
            pcre2_get_error_message(code, (PCRE2_UCHAR *)error, capacity);
        }
        *offset = at;
        return false;
    }
    pattern->searches_left = searches;
    if (searches == 0) pattern->jit = pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE) == 0;
    pcre2_pattern_info(pattern->code, PCRE2_INFO_CAPTURECOUNT, &pattern->groups);
    pattern->data = pcre2_match_data_create_from_pattern(pattern->code, NULL);
    pattern->text = malloc(length + 1);
    if (pattern->data == NULL || pattern->text == NULL) {
        regex_free(pattern);
        if (capacity > 0) {
            strncpy(error, "no memory for the pattern", capacity - 1);
            error[capacity - 1] = 0;
        }
        *offset = 0;
        return false;
    }
    memcpy(pattern->text, text, length);
    pattern->text_length = length;
    pattern->spans = pcre2_get_ovector_pointer(pattern->data);
    return true;
}

void regex_free(regex_pattern *pattern) {
    pcre2_match_data_free(pattern->data);
    pcre2_code_free(pattern->code);
    pcre2_code_free(pattern->metered);
    free(pattern->text);
    memset(pattern, 0, sizeof *pattern);
}

size_t regex_size(const regex_pattern *pattern) {
    size_t code = 0, jit = 0;
    pcre2_pattern_info(pattern->code, PCRE2_INFO_SIZE, &code);
    pcre2_pattern_info(pattern->code, PCRE2_INFO_JITSIZE, &jit);
    // As much again for the one with callouts, which is made later, at a time when nobody could be told.
    return 3 * (code + jit) + pattern->text_length + (pattern->groups + 1) * 2 * sizeof(PCRE2_SIZE) + 512;
}

static int run_once(const regex_pattern *pattern, const pcre2_code *code, const regex_scratch *scratch,
    const char *subject, size_t length, size_t start) {
    PCRE2_SPTR text = (PCRE2_SPTR)subject;
    // The short way leaves out PCRE2's checks of its arguments; it knows nothing of invalid UTF-8.
    bool quick = pattern->jit && !pattern->utf;
    return (quick ? pcre2_jit_match : pcre2_match)(code, text, length, start, 0, pattern->data, scratch->context);
}

/// Without the JIT. PCRE2 keeps the interpreter's stack, up to HEAP_KIB, with the data of the match for the next one: of a
/// thousand patterns that would be gigabytes that no limit knows of. So these data go with the match.
static int interpret(const regex_pattern *pattern, const pcre2_code *code, const regex_scratch *scratch,
    const char *subject, size_t length, size_t start) {
    pcre2_match_data *data = pcre2_match_data_create_from_pattern(code, NULL);
    if (data == NULL) return PCRE2_ERROR_NOMEMORY;
    int result = pcre2_match(code, (PCRE2_SPTR)subject, length, start, PCRE2_NO_JIT, data, scratch->context);
    size_t bytes = (pattern->groups + 1) * 2 * sizeof(PCRE2_SIZE);
    memcpy(pcre2_get_ovector_pointer(pattern->data), pcre2_get_ovector_pointer(data), bytes);
    pcre2_match_data_free(data);
    return result;
}

static int run(const regex_pattern *pattern, const pcre2_code *code, regex_scratch *scratch, const char *subject,
    size_t length, size_t start) {
    bool is_compiled = code == pattern->code ? pattern->jit : pattern->metered_jit;
    // A guard's first lines are few, and short for the most part.
    if (!is_compiled && pattern->searches_left == 0) return interpret(pattern, code, scratch, subject, length, start);
    int result = run_once(pattern, code, scratch, subject, length, start);
    if (result == PCRE2_ERROR_JIT_STACKLIMIT && scratch->stack == NULL) {
        scratch->stack = pcre2_jit_stack_create(32 * 1024, JIT_STACK, NULL);
        if (scratch->stack != NULL) {
            pcre2_jit_stack_assign(scratch->context, NULL, scratch->stack);
            result = run_once(pattern, code, scratch, subject, length, start);
        }
    }
    if (result != PCRE2_ERROR_JIT_STACKLIMIT) return result;
    return interpret(pattern, code, scratch, subject, length, start);
}

/// The code with callouts; where PCRE2 finds the pattern too large with them, the one without.
static const pcre2_code *metered(regex_pattern *pattern) {
    if (pattern->metered == NULL && !pattern->unmeterable) {
        int code;
        PCRE2_SIZE at;
        pattern->metered = pcre2_compile((PCRE2_SPTR)pattern->text, pattern->text_length,
            options_of(pattern) | PCRE2_AUTO_CALLOUT, &code, &at, NULL);
        pattern->unmeterable = pattern->metered == NULL;
        bool wants_jit = pattern->jit || pattern->searches_left > 0;
        pattern->metered_jit = wants_jit && !pattern->unmeterable
            && pcre2_jit_compile(pattern->metered, PCRE2_JIT_COMPLETE) == 0;
    }
    return pattern->unmeterable ? pattern->code : pattern->metered;
}

int regex_match(
    regex_pattern *pattern, regex_scratch *scratch, const char *subject, size_t length, size_t start) {
    int64_t effort = EFFORT + (int64_t)length * EFFORT_PER_BYTE;
    int result = PCRE2_ERROR_MATCHLIMIT;
    if (pattern->searches_left > 0 && --pattern->searches_left == 0) {
        pattern->jit = pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE) == 0;
    }
    scratch->left = effort;
    scratch->position = start;
    if (length == 0) subject = "";
    if (length <= SHORT_LENGTH) {
        set_limit(scratch, SHORT_STEPS / (uint32_t)(length < 8 ? 8 : length));
        result = run(pattern, pattern->code, scratch, subject, length, start);
        if (result == PCRE2_ERROR_MATCHLIMIT) scratch->left -= SHORT_STEPS;
    }
    if (result == PCRE2_ERROR_MATCHLIMIT) {
        set_limit(scratch, STEPS);
        result = run(pattern, metered(pattern), scratch, subject, length, start);
    }
    scratch->cost = effort - scratch->left;
    if (result > 0) return REGEX_MATCH;
    return result == PCRE2_ERROR_NOMATCH ? REGEX_NO_MATCH : REGEX_LIMIT;
}

bool regex_may_match(const regex_pattern *pattern, regex_scratch *scratch, const char *beginning, size_t length) {
    if (length == 0) return true;
    scratch->left = EFFORT;
    scratch->position = 0;
    set_limit(scratch, SHORT_STEPS / (uint32_t)(length < 8 ? 8 : length));
    pcre2_match_data *data = pcre2_match_data_create_from_pattern(pattern->code, NULL);
    if (data == NULL) return true;
    int result = pcre2_match(pattern->code, (PCRE2_SPTR)beginning, length, 0, PCRE2_NO_JIT | PCRE2_PARTIAL_HARD, data,
        scratch->context);
    pcre2_match_data_free(data);
    return result != PCRE2_ERROR_NOMATCH;
}

struct ailua_guard {
    regex_pattern pattern;
    regex_scratch scratch;
};

ailua_guard *ailua_guard_open(
    const char *pattern, size_t length, char *error, size_t capacity, size_t *offset) {
    *offset = 0;
    if (capacity > 0) error[0] = 0;
    ailua_guard *guard = calloc(1, sizeof *guard);
    if (guard == NULL) return NULL;
    if (regex_scratch_init(&guard->scratch)) {
        if (regex_compile(&guard->pattern, length > 0 ? pattern : "", length, SEARCHES_FIRST, error, capacity, offset)) {
            return guard;
        }
        regex_scratch_free(&guard->scratch);
    }
    free(guard);
    return NULL;
}

void ailua_guard_close(ailua_guard *guard) {
    if (guard == NULL) return;
    regex_free(&guard->pattern);
    regex_scratch_free(&guard->scratch);
    free(guard);
}

bool ailua_guard_may_match(ailua_guard *guard, const uint8_t *beginning, size_t length) {
    return regex_may_match(&guard->pattern, &guard->scratch, (const char *)beginning, length);
}

int ailua_guard_test(ailua_guard *guard, const uint8_t *line, size_t length) {
    return regex_match(&guard->pattern, &guard->scratch, (const char *)line, length, 0);
}
