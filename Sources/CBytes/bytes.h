// What bytes are, sixteen at a time. In C, as Swift has no way to a register's byte masks: its SIMD types take the
// lanes one by one, fifty times slower.
#pragma once
#include <stddef.h>
#include <stdint.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#if defined(__SSE2__)
// Bytes from `low` on, `width` values.
static inline __m128i ailogger_within(__m128i bytes, char low, char width) {
    __m128i offset = _mm_sub_epi8(bytes, _mm_set1_epi8(low));
    return _mm_cmpeq_epi8(_mm_min_epu8(offset, _mm_set1_epi8(width - 1)), offset);
}

static inline __m128i ailogger_equal(__m128i bytes, char byte) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte)); }

static inline void ailogger_classify16(
    const uint8_t *bytes, uint64_t *ends, uint64_t *closer, uint64_t *marks, uint64_t *hexadecimal
) {
    __m128i b = _mm_loadu_si128((const __m128i *)bytes);
    __m128i folded = _mm_or_si128(b, _mm_set1_epi8(0x20));
    __m128i quote = ailogger_equal(b, '"');
    __m128i odd = _mm_or_si128(ailogger_equal(b, '@'), ailogger_equal(b, '\\'));
    __m128i colons = ailogger_within(b, ':', 5);
    __m128i stops = _mm_or_si128(_mm_or_si128(quote, ailogger_equal(b, '\'')), ailogger_within(b, '(', 2));
    stops = _mm_or_si128(stops, _mm_or_si128(ailogger_equal(b, ','), ailogger_within(b, '{', 3)));
    stops = _mm_or_si128(stops, _mm_or_si128(ailogger_equal(b, '['), ailogger_equal(b, ']')));
    __m128i spaces = ailogger_within(b, 0, 0x21);
    *ends = (uint64_t)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(colons, stops), spaces));
    *closer = (uint64_t)_mm_movemask_epi8(_mm_or_si128(odd, ailogger_within(b, '.', 2)));
    __m128i numbers = _mm_or_si128(ailogger_within(b, '.', 13), ailogger_equal(b, '='));
    *marks = (uint64_t)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(odd, quote), numbers));
    *hexadecimal = (uint64_t)_mm_movemask_epi8(ailogger_within(folded, 'a', 6));
}
#else
// White space and control bytes, and `=()[]{},;"'<>|:`.
static inline int ailogger_ends(uint8_t byte) {
    return byte <= 0x20 || byte == '"' || byte == '\'' || byte == '(' || byte == ')' || byte == ',' ||
           (byte >= ':' && byte <= '>') || byte == '[' || byte == ']' || (byte >= '{' && byte <= '}');
}
// `./@\`
static inline int ailogger_closer(uint8_t byte) { return byte == '.' || byte == '/' || byte == '@' || byte == '\\'; }
// What makes a word vary or ends it in a way that has to be looked at: those, digits, and `"=:`.
static inline int ailogger_marks(uint8_t byte) {
    return (byte >= '.' && byte <= ':') || byte == '@' || byte == '\\' || byte == '"' || byte == '=';
}
static inline int ailogger_hexadecimal(uint8_t byte) { return (uint8_t)((byte | 0x20) - 'a') < 6; }

static inline void ailogger_classify16(
    const uint8_t *bytes, uint64_t *ends, uint64_t *closer, uint64_t *marks, uint64_t *hexadecimal
) {
    *ends = *closer = *marks = *hexadecimal = 0;
    for (int i = 0; i < 16; i++) {
        *ends |= (uint64_t)ailogger_ends(bytes[i]) << i;
        *closer |= (uint64_t)ailogger_closer(bytes[i]) << i;
        *marks |= (uint64_t)ailogger_marks(bytes[i]) << i;
        *hexadecimal |= (uint64_t)ailogger_hexadecimal(bytes[i]) << i;
    }
}
#endif

// The same of fewer than sixteen bytes at the end of `count`; behind them everything is an end.
static inline void ailogger_classify_rest(
    const uint8_t *bytes, size_t count, size_t rest, uint64_t *ends, uint64_t *closer, uint64_t *marks,
    uint64_t *hexadecimal
) {
    size_t skipped = 0;
    if (count >= 16) {
        skipped = 16 - rest;
        ailogger_classify16(bytes + count - 16, ends, closer, marks, hexadecimal);
    } else {
        uint8_t copy[16] = {0};
        for (size_t i = 0; i < rest; i++) copy[i] = bytes[i];
        ailogger_classify16(copy, ends, closer, marks, hexadecimal);
    }
    *ends = *ends >> skipped | (0xFFFF ^ ((1u << rest) - 1));
    *closer >>= skipped;
    *marks >>= skipped;
    *hexadecimal >>= skipped;
}

// Four masks for each 64 bytes: where words end, what asks for a closer look, what has to be looked at, and the last of eight
// letters of `a` to `f`. Behind the last byte everything is an end. `masks` has room for 4 * (count / 64 + 1).
static inline void ailogger_classify(const uint8_t *bytes, size_t count, uint64_t *masks) {
    uint64_t before = 0;
    for (size_t word = 0; word <= count / 64; word++) {
        uint64_t ends = 0, closer = 0, marks = 0, hexadecimal = 0;
        for (size_t k = 0; k < 64; k += 16) {
            size_t i = word * 64 + k;
            uint64_t e = 0xFFFF, c = 0, m = 0, h = 0;
            if (i + 16 <= count) {
                ailogger_classify16(bytes + i, &e, &c, &m, &h);
            } else if (i < count) {
                ailogger_classify_rest(bytes, count, count - i, &e, &c, &m, &h);
            }
            ends |= e << k;
            closer |= c << k;
            marks |= m << k;
            hexadecimal |= h << k;
        }
        unsigned __int128 run = (unsigned __int128)hexadecimal << 64 | before;
        run &= run << 1;
        run &= run << 2;
        run &= run << 4;
        before = hexadecimal;
        masks[4 * word] = ends;
        masks[4 * word + 1] = closer;
        masks[4 * word + 2] = marks;
        masks[4 * word + 3] = (uint64_t)(run >> 64);
    }
}

#if defined(__SSE2__)
static inline void ailogger_head16(const uint8_t *bytes, uint64_t *blanks, uint64_t *colons, uint64_t *digits, uint64_t *names) {
    __m128i b = _mm_loadu_si128((const __m128i *)bytes);
    __m128i number = ailogger_within(b, '0', 10);
    __m128i letter = ailogger_within(_mm_or_si128(b, _mm_set1_epi8(0x20)), 'a', 26);
    __m128i mark = _mm_or_si128(ailogger_within(b, '-', 2), ailogger_equal(b, '_'));
    *blanks = (uint64_t)_mm_movemask_epi8(ailogger_equal(b, ' '));
    *colons = (uint64_t)_mm_movemask_epi8(ailogger_equal(b, ':'));
    *digits = (uint64_t)_mm_movemask_epi8(number);
    *names = (uint64_t)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(number, letter), mark));
}
#else
static inline void ailogger_head16(const uint8_t *bytes, uint64_t *blanks, uint64_t *colons, uint64_t *digits, uint64_t *names) {
    *blanks = *colons = *digits = *names = 0;
    for (int i = 0; i < 16; i++) {
        uint8_t b = bytes[i];
        uint64_t number = (uint8_t)(b - '0') < 10;
        *blanks |= (uint64_t)(b == ' ') << i;
        *colons |= (uint64_t)(b == ':') << i;
        *digits |= number << i;
        *names |= (number | ((uint8_t)((b | 0x20) - 'a') < 26) | (b == '-') | (b == '.') | (b == '_')) << i;
    }
}
#endif

// What a byte is to who looks at a word: one bit each.
enum {
    AILOGGER_SPACE = 1,
    AILOGGER_STOP = 2,
    AILOGGER_COLON = 4,
    AILOGGER_DIGIT = 8,
    AILOGGER_DOT = 16,
    AILOGGER_SLASH = 32,
    AILOGGER_ODD = 64,
    AILOGGER_PATH_STOP = 128,
};

// A table in C is a constant of the program. One in Swift is an object, whose references are counted for every message.
static inline uint8_t ailogger_word_class(uint8_t byte) {
    enum { both = AILOGGER_STOP | AILOGGER_PATH_STOP };
    static const uint8_t classes[256] = {
        [0 ... 0x20] = AILOGGER_SPACE | AILOGGER_PATH_STOP,
        ['='] = AILOGGER_STOP, ['('] = AILOGGER_STOP, ['['] = AILOGGER_STOP, ['{'] = AILOGGER_STOP,
        [')'] = both, [']'] = both, ['}'] = both, [','] = both, [';'] = both, ['"'] = both, ['\''] = both,
        ['<'] = both, ['>'] = both, ['|'] = both,
        ['0' ... '9'] = AILOGGER_DIGIT,
        ['@'] = AILOGGER_ODD, ['\\'] = AILOGGER_ODD,
        [':'] = AILOGGER_COLON, ['.'] = AILOGGER_DOT, ['/'] = AILOGGER_SLASH,
    };
    return classes[byte];
}

// Masks of 48 bytes: blanks, colons, digits, and what the names of hosts are written in: letters, digits, `-._`.
typedef struct {
    uint64_t blanks, colons, digits, names;
} ailogger_head_masks;

static inline ailogger_head_masks ailogger_head(const uint8_t *bytes) {
    ailogger_head_masks masks = {0, 0, 0, 0};
    for (int k = 0; k < 48; k += 16) {
        uint64_t blanks, colons, digits, names;
        ailogger_head16(bytes + k, &blanks, &colons, &digits, &names);
        masks.blanks |= blanks << k;
        masks.colons |= colons << k;
        masks.digits |= digits << k;
        masks.names |= names << k;
    }
    return masks;
}

// Asks for the memory at a place that is read soon. Any address may be given; Swift has no such thing.
static inline void ailogger_prefetch(const void *place) { __builtin_prefetch(place); }
