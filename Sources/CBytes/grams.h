// Where a text may hold one of many words: four bytes of it are looked up at every fourth offset, eight looks at a time.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

// Factors of a gram's halves, odd and below 2^15, so that a sum can't overflow. With these and the shift the 62,000 grams of some
// logs lie as evenly over 8,192 places as by chance; without the shift three times less so.
enum { ailogger_gram_low = 0x4CC9, ailogger_gram_high = 0x3F51, ailogger_gram_shift = 12 };

// Where the groups of a gram stand, in small letters; `mask` is one less than a power of two, up to 2^15.
static inline uint32_t ailogger_gram_place(uint32_t gram, uint32_t mask) {
    uint32_t sum = (uint32_t)((int16_t)gram * ailogger_gram_low + (int16_t)(gram >> 16) * ailogger_gram_high);
    return (sum ^ sum >> ailogger_gram_shift) & mask;
}

#if defined(__SSE2__)
static inline __m128i ailogger_gram_places4(const uint8_t *text, __m128i mask) {
    __m128i small = _mm_or_si128(_mm_loadu_si128((const __m128i *)text), _mm_set1_epi8(0x20));
    __m128i sum = _mm_madd_epi16(small, _mm_set1_epi32(ailogger_gram_high << 16 | ailogger_gram_low));
    return _mm_and_si128(_mm_xor_si128(sum, _mm_srli_epi32(sum, ailogger_gram_shift)), mask);
}
#endif

static inline uint32_t ailogger_gram_at(const uint8_t *text, uint32_t mask) {
    uint32_t gram;
    memcpy(&gram, text, 4);
    return ailogger_gram_place(gram | 0x20202020, mask);
}

// The looks in `text` that pass, from `start` on in `count` blocks of 32 bytes, of which the last needs four bytes behind it.
// A place's low byte are the groups of the grams there, its high one the groups of those that it follows: a look passes if its
// gram and the next one have a group in common. `passed` has room for `count`: a block's offset, and in the low byte its looks.
// Without a branch: what passes does so by chance, which none foretells.
static inline size_t ailogger_gram_blocks(
    const uint8_t *text, size_t start, size_t count, const uint16_t *groups, uint32_t mask, uint64_t *passed
) {
    size_t found = 0;
#if defined(__SSE2__)
    __m128i masks = _mm_set1_epi32((int)mask);
    __m128i last = _mm_cvtsi32_si128(groups[ailogger_gram_at(text + start, mask)]);
    for (size_t i = start; i < start + 32 * count; i += 32) {
        __m128i places = _mm_packs_epi32(
            ailogger_gram_places4(text + i + 4, masks), ailogger_gram_places4(text + i + 20, masks));
        uint64_t low = (uint64_t)_mm_cvtsi128_si64(places);
        uint64_t high = (uint64_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(places, places));
        __m128i next = _mm_cvtsi32_si128(groups[low & 0xFFFF]);
        next = _mm_insert_epi16(next, groups[low >> 16 & 0xFFFF], 1);
        next = _mm_insert_epi16(next, groups[low >> 32 & 0xFFFF], 2);
        next = _mm_insert_epi16(next, groups[low >> 48], 3);
        next = _mm_insert_epi16(next, groups[high & 0xFFFF], 4);
        next = _mm_insert_epi16(next, groups[high >> 16 & 0xFFFF], 5);
        next = _mm_insert_epi16(next, groups[high >> 32 & 0xFFFF], 6);
        next = _mm_insert_epi16(next, groups[high >> 48], 7);
        __m128i own = _mm_or_si128(_mm_slli_si128(next, 2), last);
        last = _mm_srli_si128(next, 14);
        __m128i common = _mm_and_si128(_mm_slli_epi16(own, 8), next);
        __m128i none = _mm_cmpeq_epi16(common, _mm_setzero_si128());
        uint32_t looks = 0xFF & ~(uint32_t)_mm_movemask_epi8(_mm_packs_epi16(none, none));
        passed[found] = (uint64_t)i << 8 | looks;
        found += looks != 0;
    }
#else
    uint32_t own = groups[ailogger_gram_at(text + start, mask)];
    for (size_t i = start; i < start + 32 * count; i += 32) {
        uint32_t looks = 0;
        for (int k = 0; k < 8; k++) {
            uint32_t next = groups[ailogger_gram_at(text + i + 4 * k + 4, mask)];
            looks |= (uint32_t)((own & next >> 8) != 0) << k;
            own = next & 0xFF;
        }
        passed[found] = (uint64_t)i << 8 | looks;
        found += looks != 0;
    }
#endif
    return found;
}
