#include "regex.h"
#include "CLuaHost.h"

#include <stdlib.h>
#include <string.h>

// 1 M steps are about 10 ms of machine code. A match at the end of a 1 MiB line takes up to ten steps a byte,
// so the limit grows with the subject: too low a limit would miss lines that do match.
enum { STEPS = 1000000, STEPS_PER_BYTE = 16, HEAP_KIB = 16 * 1024, JIT_STACK = 1024 * 1024 };

bool regex_scratch_init(regex_scratch *scratch) {
    memset(scratch, 0, sizeof *scratch);
    scratch->context = pcre2_match_context_create(NULL);
    if (scratch->context == NULL) return false;
    scratch->match_limit = STEPS;
    pcre2_set_match_limit(scratch->context, STEPS);
    pcre2_set_depth_limit(scratch->context, STEPS);
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

bool regex_compile(
    regex_pattern *pattern, const char *text, size_t length, char *error, size_t capacity, size_t *offset) {
    memset(pattern, 0, sizeof *pattern);
    pattern->utf = wants_utf(text, length);
    // In byte mode "(*UTF)" inside a pattern would turn every invalid line into an error.
    uint32_t options = PCRE2_NEVER_BACKSLASH_C
        | (pattern->utf ? PCRE2_UTF | PCRE2_MATCH_INVALID_UTF : PCRE2_NEVER_UTF);
    int code = 0;
    PCRE2_SIZE at = 0;
    pattern->code = pcre2_compile((PCRE2_SPTR)text, length, options, &code, &at, NULL);
    if (pattern->code == NULL) {
        if (capacity > 0) {
            error[0] = 0;
            pcre2_get_error_message(code, (PCRE2_UCHAR *)error, capacity);
        }
        *offset = at;
        return false;
    }
    pattern->jit = pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE) == 0;
    pcre2_pattern_info(pattern->code, PCRE2_INFO_CAPTURECOUNT, &pattern->groups);
    pattern->data = pcre2_match_data_create_from_pattern(pattern->code, NULL);
    if (pattern->data == NULL) {
        regex_free(pattern);
        if (capacity > 0) {
            strncpy(error, "no memory for the pattern", capacity - 1);
            error[capacity - 1] = 0;
        }
        *offset = 0;
        return false;
    }
    pattern->spans = pcre2_get_ovector_pointer(pattern->data);
    return true;
}

void regex_free(regex_pattern *pattern) {
    pcre2_match_data_free(pattern->data);
    pcre2_code_free(pattern->code);
    memset(pattern, 0, sizeof *pattern);
}

size_t regex_size(const regex_pattern *pattern) {
    size_t code = 0, jit = 0;
    pcre2_pattern_info(pattern->code, PCRE2_INFO_SIZE, &code);
    pcre2_pattern_info(pattern->code, PCRE2_INFO_JITSIZE, &jit);
    return code + jit + (pattern->groups + 1) * 2 * sizeof(PCRE2_SIZE) + 512;
}

static int run(regex_pattern *pattern, regex_scratch *scratch, const char *subject, size_t length, size_t start) {
    // The short way leaves out PCRE2's checks of its arguments; it knows nothing of invalid UTF-8.
    if (pattern->jit && !pattern->utf) {
        return pcre2_jit_match(
            pattern->code, (PCRE2_SPTR)subject, length, start, 0, pattern->data, scratch->context);
    }
    return pcre2_match(pattern->code, (PCRE2_SPTR)subject, length, start, 0, pattern->data, scratch->context);
}

int regex_match(
    regex_pattern *pattern, regex_scratch *scratch, const char *subject, size_t length, size_t start) {
    uint32_t limit = STEPS;
    if (length > STEPS / STEPS_PER_BYTE) {
        limit = length < UINT32_MAX / STEPS_PER_BYTE ? (uint32_t)length * STEPS_PER_BYTE : UINT32_MAX;
    }
    if (limit != scratch->match_limit) {
        scratch->match_limit = limit;
        pcre2_set_match_limit(scratch->context, limit);
        pcre2_set_depth_limit(scratch->context, limit);
    }
    if (length == 0) subject = "";
    int result = run(pattern, scratch, subject, length, start);
    if (result == PCRE2_ERROR_JIT_STACKLIMIT && scratch->stack == NULL) {
        scratch->stack = pcre2_jit_stack_create(32 * 1024, JIT_STACK, NULL);
        if (scratch->stack != NULL) {
            pcre2_jit_stack_assign(scratch->context, NULL, scratch->stack);
            result = run(pattern, scratch, subject, length, start);
        }
    }
    if (result == PCRE2_ERROR_JIT_STACKLIMIT) {
        // The interpreter keeps its stack on the heap, within HEAP_KIB.
        result = pcre2_match(
            pattern->code, (PCRE2_SPTR)subject, length, start, PCRE2_NO_JIT, pattern->data, scratch->context);
    }
    if (result > 0) return REGEX_MATCH;
    return result == PCRE2_ERROR_NOMATCH ? REGEX_NO_MATCH : REGEX_LIMIT;
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
        if (regex_compile(&guard->pattern, length > 0 ? pattern : "", length, error, capacity, offset)) return guard;
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

int ailua_guard_test(ailua_guard *guard, const uint8_t *line, size_t length) {
    return regex_match(&guard->pattern, &guard->scratch, (const char *)line, length, 0);
}
